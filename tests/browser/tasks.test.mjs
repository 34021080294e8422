// What its users come for, from the first click to the saved file.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { Bench, data, noProgram, noRealImages, runProgram, samples, samplesFolder, shippedModel, temporaryFolder, write } from "./page.mjs";

const bench = new Bench();
before(() => bench.start());
after(() => bench.stop());

const kManifest = join(data, "breakhis/manifest.csv");

/** Paths of real images by the rows of their table, as many as asked for, spread over all patients. */
function realImages(count) {
  const [header, ...lines] = readFileSync(kManifest, "utf8").trim().split("\n");
  const columns = header.split(",");
  const rows = lines.map((line) => Object.fromEntries(line.split(",").map((field, i) => [columns[i], field])));
  return Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]);
}

/** A folder benign/ and malignant/ of copies, as people have them. */
function labelledFolder(t, rows) {
  const folder = join(temporaryFolder(t), "set");
  for (const { path, label } of rows) {
    mkdirSync(join(folder, label), { recursive: true });
    copyFileSync(join(data, "breakhis", path), join(folder, label, basename(path)));
  }
  return folder;
}

async function chooseFiles(visit, button, paths) {
  const [chooser] = await Promise.all([visit.page.waitForEvent("filechooser"), button.click()]);
  await chooser.setFiles(paths);
}

/** Of the evaluation that is shown. */
const reportOf = (visit) => visit.saved(() => visit.page.locator('[id="save-report.html"]').click());

/** Tab until what has the focus fits. */
async function tabTo(visit, selector) {
  for (let tabs = 0; tabs < 80; ++tabs) {
    await visit.page.keyboard.press("Tab");
    if (await visit.page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  assert.fail(`Tab never reaches ${selector}`);
}

test("a clinician: one image, its call, where the network looked, and a report", { skip: noRealImages() }, async (t) => {
  const visit = await bench.open(t, {}, "");
  await visit.modelReady();
  const [image] = realImages(9).slice(4);
  await chooseFiles(visit, visit.page.locator("#start .primary"), join(data, "breakhis", image.path));
  await visit.settled(1);
  assert.match(await visit.page.locator("#call").innerText(), /benign|malignant|no result/i);
  assert.match(await visit.page.locator("#result").innerText(), /For Research Use Only/);
  await visit.page.locator("#cam-toggle").click();
  assert.equal(await visit.page.locator("#cam-toggle").getAttribute("aria-pressed"), "true");
  const { text } = await visit.save("case_report.html");
  assert.match(text, new RegExp(basename(image.path).replace(".jpg", "")));
  assert.match(text, /data:image\/(jpeg|png|webp);base64,/);
  assert.match(text, /Not for use in diagnostic procedures/);
  assert.deepEqual(visit.errors, []);
  assert.deepEqual(visit.foreign, []);
});

test("a clinician by keyboard alone: a sample, its label, the heat map, a report", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  await tabTo(visit, "#samples button");
  await visit.page.keyboard.press("Enter");
  await visit.settled(1);
  await visit.page.keyboard.press("m");
  await visit.page.locator('#label-malignant[aria-pressed="true"]').waitFor();
  await visit.page.keyboard.press("c");
  await visit.page.locator('#cam-toggle[aria-pressed="true"]').waitFor();
  const { name } = await visit.saved(async () => {
    await visit.page.keyboard.press("Control+k");
    await visit.page.keyboard.type("Save case_report.html");
    await visit.page.keyboard.press("Enter");
  });
  assert.equal(name, "case_report.html");
});

test("a clinician: a case of forty images and a broken file", { skip: noProgram() }, async (t) => {
  const folder = temporaryFolder(t);
  runProgram("phantom", join(folder, "all"), "--patients", "4", "--images-per-patient", "10");
  const pngs = readdirSync(join(folder, "all"), { recursive: true }).filter((name) => name.endsWith(".png"));
  assert.equal(pngs.length, 40);
  const whole = readFileSync(join(folder, "all", pngs[0]));
  write(folder, "broken.png", whole.subarray(0, whole.length / 2));
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(...pngs.map((name) => join(folder, "all", name)), join(folder, "broken.png"));
  await visit.settled(41);
  assert.match(await visit.page.locator("#progress-text").innerText(), /40 of 41 classified · 1 not read/);
  const failed = await visit.select("broken.png");
  assert.match(await failed.innerText(), /broken\.png[\s\S]*(truncated|damaged|cut|ends)/i);
  assert.ok((await visit.page.locator(".patient-row .case-call").count()) > 0, "patients have a call");
  await visit.page.locator("#filter-call").selectOption("failed");
  await visit.page.locator("#case-count", { hasText: "1 of 41" }).waitFor();
  const { text } = await visit.save("case_report_coded.html");
  assert.equal(text.match(/Image \d+/g).length >= 40, true);
  assert.doesNotMatch(text, /PHANTOM_/);
  const csv = await visit.save("predictions.csv");
  assert.equal(csv.text.trim().split("\n").length, 41);
  assert.deepEqual(visit.errors, []);
});

const kLabelled = process.env.LOBULE_LONG ? 500 : 100; // of a folder: five hundred take minutes

test("a researcher: a labelled folder, evaluated as the program evaluates it", { skip: noRealImages() || noProgram(), timeout: 600_000 }, async (t) => {
  const rows = realImages(kLabelled);
  const visit = await bench.open(t, {}, "");
  await visit.modelReady();
  await visit.drop(labelledFolder(t, rows));
  await visit.page.waitForFunction(
    (count) => (document.getElementById("progress-text")?.textContent ?? "").startsWith(`${count} of ${count} classified`),
    kLabelled,
    { timeout: 480_000 },
  );
  await visit.page.getByRole("button", { name: "Evaluate" }).click();
  await visit.page.locator("#count-training").waitFor(); // they are all of patients whom the model learned from
  assert.equal(await visit.page.locator("#figures").count(), 0);
  await visit.countTraining();
  await visit.page.locator("#figures").waitFor();
  assert.match(await visit.page.locator("#evaluation h2").innerText(), new RegExp(`^${kLabelled} labelled images`));
  await visit.page.locator("#threshold-high").fill("0.6");
  await visit.page.locator("#threshold-high").press("Enter");
  await visit.page.locator("#evaluation .thresholds", { hasText: "No result between" }).waitFor();
  const predictions = await visit.save("predictions.csv");
  const evaluation = await visit.save("evaluation.json");
  const folder = temporaryFolder(t);
  const out = join(folder, "out");
  runProgram("evaluate", "--predictions", write(folder, "predictions.csv", predictions.text), "--out", out);
  assert.equal(evaluation.text, readFileSync(join(out, "evaluation.json"), "utf8"));
  const report = readFileSync(join(out, "report.html"), "utf8").replaceAll("Evaluation of predictions.csv", "lobule evaluation");
  assert.equal((await reportOf(visit)).text, report);
  const cell = visit.page.locator("#evaluation .cell").first();
  const count = await cell.innerText();
  await cell.click();
  await visit.page.locator("#case-count", { hasText: new RegExp(`^${count}( of ${kLabelled})?$`) }).waitFor();
  assert.deepEqual(visit.errors, []);
});

test("an educator: the teaching model, an image that it calls wrong, and how it was trained", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(...samples().map(({ file }) => join(samplesFolder, file)));
  await visit.settled(samples().length);
  // The right label turned round stands for a wrong call: what the page shows of it is the same.
  const chosen = samples()[0];
  await visit.select(chosen.file);
  await visit.page.locator(chosen.label === "malignant" ? "#label-benign" : "#label-malignant").click();
  await visit.page.locator("#filter-call").selectOption("wrong");
  await visit.page.locator("#case-count", { hasText: `1 of ${samples().length}` }).waitFor();
  assert.match(await visit.page.locator(".case-row .wrong").innerText(), /^label /);
  await visit.page.locator("#cam-toggle").click();
  await visit.page.locator("#model-chip").click();
  await visit.page.locator("#model-facts summary", { hasText: "Training" }).click();
  await visit.page.locator("#model-facts .history").waitFor();
  await visit.page.keyboard.press("Escape");
  await visit.page.getByRole("button", { name: "Evaluate" }).click();
  const { text } = await reportOf(visit);
  assert.match(text, /ROC curve/);
  assert.deepEqual(visit.errors, []);
});

test("a developer: a model of one's own, compared with the one before on the same images", { skip: noProgram(), timeout: 300_000 }, async (t) => {
  const folder = temporaryFolder(t);
  const phantoms = join(folder, "phantoms");
  runProgram("phantom", phantoms, "--patients", "12", "--images-per-patient", "4");
  runProgram("train", phantoms, "--out", join(folder, "run"), "--epochs", "2", "--network", "seed_cnn", "--device", "cpu", "--name", "Mine");
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(phantoms);
  await visit.settled(48);
  await visit.drop(join(folder, "run/model.onnx"));
  await visit.page.locator("#model-name", { hasText: "Mine" }).waitFor({ timeout: 60_000 });
  await visit.settled(48);
  await visit.page.getByRole("button", { name: "Evaluate" }).click();
  await visit.page.locator("#comparison .compared").waitFor({ timeout: 60_000 });
  const comparison = await visit.save("comparison.json");
  // The same by the program alone: both models on the same images.
  runProgram("evaluate", join(folder, "run/model.onnx"), phantoms, "--out", join(folder, "new"));
  runProgram("evaluate", shippedModel, phantoms, "--out", join(folder, "old"));
  const { figures, image_calls } = JSON.parse(comparison.text);
  runProgram("compare", join(folder, "new/predictions.csv"), join(folder, "old/predictions.csv"), "--out", join(folder, "comparison.json"));
  const native = JSON.parse(readFileSync(join(folder, "comparison.json"), "utf8"));
  assert.equal(figures.patient_auc.a.value, native.figures.patient_auc.a.value);
  assert.deepEqual(image_calls, native.image_calls);
  assert.deepEqual(visit.errors, []);
});
