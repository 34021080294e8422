import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { axeSource, Bench, labelledSamples, noProgram, runProgram, samples, temporaryFolder, tissueModel, write } from "./page.mjs";

const bench = new Bench();
before(() => bench.start());
after(() => bench.stop());

/** A page with a labelled folder of drawn tissue, classified and evaluated. */
async function openEvaluated(t, options = {}) {
  const folder = labelledSamples(t);
  const visit = await bench.open(t, options);
  await visit.modelReady();
  await visit.drop(folder);
  await visit.settled(samples().length);
  await visit.page.getByRole("button", { name: "Evaluate" }).click();
  await visit.page.locator("#figures").waitFor();
  return visit;
}

const exported = (visit, name) => visit.saved(() => visit.page.locator(`[id="save-${name}"]`).click());

/** The table with the answers of its first image turned round. */
function otherModelsTable(csv) {
  const [header, first, ...rest] = csv.split("\n");
  const columns = header.split(",");
  const fields = first.split(",");
  const [benign, malignant] = ["logit_benign", "logit_malignant"].map((name) => columns.indexOf(name));
  [fields[benign], fields[malignant]] = [fields[malignant], fields[benign]];
  const p = columns.indexOf("p_malignant");
  fields[p] = String(1 / (1 + Math.exp(Number(fields[benign]) - Number(fields[malignant]))));
  fields[columns.indexOf("call")] = fields[columns.indexOf("call")] === "malignant" ? "benign" : "malignant";
  return [header, fields.join(","), ...rest].join("\n");
}

/** The canvas, once two pictures of it are the same. */
async function settledCanvas({ page }) {
  const canvas = page.locator("#canvas");
  for (let before = await canvas.screenshot(), tries = 0; tries < 20; ++tries) {
    await page.waitForTimeout(300);
    const now = await canvas.screenshot();
    if (now.equals(before)) return now;
    before = now;
  }
  throw new Error("the canvas does not come to rest");
}

/** Of any channel of any pixel of two PNG pictures of one size. */
async function largestDifference({ page }, ...pictures) {
  return page.evaluate(
    async (encoded) => {
      const [a, b] = await Promise.all(
        encoded.map(async (picture) => {
          const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
          const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
          const drawing = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
          drawing.drawImage(bitmap, 0, 0);
          return drawing.getImageData(0, 0, bitmap.width, bitmap.height).data;
        }),
      );
      if (a.length !== b.length) throw new Error("pictures of two sizes");
      return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0);
    },
    pictures.map((picture) => picture.toString("base64")),
  );
}

async function chooseBaseline(visit, path) {
  const [chooser] = await Promise.all([visit.page.waitForEvent("filechooser"), visit.page.locator("#choose-baseline").click()]);
  await chooser.setFiles(path);
}

test("another model's predictions.csv is compared with, as `lobule compare` does", { skip: noProgram() }, async (t) => {
  const visit = await openEvaluated(t);
  const folder = temporaryFolder(t);
  const { text } = await exported(visit, "predictions.csv");
  const own = write(folder, "own.csv", text);
  const other = write(folder, "other.csv", otherModelsTable(text));
  await chooseBaseline(visit, other);
  await visit.page.locator("#comparison .compared").waitFor();
  assert.match(await visit.page.locator("#baseline-name").innerText(), /other\.csv/);
  const { text: json } = await exported(visit, "comparison.json");
  const out = join(folder, "comparison.json");
  runProgram("compare", own, other, "--out", out);
  assert.equal(json, readFileSync(out, "utf8"));
  const { text: csv } = await exported(visit, "comparison.csv");
  assert.match(csv, /^figure,a,a_low/);

  await visit.page.locator("#show-changed").click();
  await visit.page.locator("#case-count", { hasText: `1 of ${samples().length}` }).waitFor();
  await visit.page.getByRole("button", { name: "Evaluate" }).click();
  await visit.page.locator("#clear-baseline").click();
  await visit.page.locator("#comparison .compared").waitFor({ state: "detached" });
  assert.deepEqual(visit.errors, []);
});

test("a table that cannot be compared with says why, and nothing is lost", async (t) => {
  const visit = await openEvaluated(t);
  const folder = temporaryFolder(t);
  await chooseBaseline(visit, write(folder, "idc.csv", "path,label,p_idc\na.png,idc,0.9\nb.png,no_idc,0.2\n"));
  await visit.page.locator(".notice", { hasText: "its positive class is idc, here it is malignant" }).waitFor();
  await chooseBaseline(visit, write(folder, "elsewhere.csv", "path,label,p_malignant\na.png,malignant,0.9\nb.png,benign,0.2\n"));
  await visit.page.locator("#comparison", { hasText: "it has none of these images" }).waitFor();
  assert.equal(await visit.page.locator("#figures").count(), 1);
});

test("a new model is compared with the one before, and the list says what that one called", async (t) => {
  const visit = await openEvaluated(t);
  await visit.drop(tissueModel);
  await visit.page.locator("#model-name", { hasText: "BreaKHis" }).waitFor({ timeout: 60_000 });
  // The status line may still be that of the model before: the comparison grows until it has all images.
  const comparison = visit.page.locator("#comparison", { hasText: /3 labelled images of \d patients/ });
  await comparison.waitFor({ timeout: 120_000 });
  const text = await comparison.innerText();
  assert.match(text, /With .*phantoms/i);
  // Drawn tissue is refused by the model of real tissue: no call to pair.
  assert.match(text, /Not decided by both\s+3/);
  assert.deepEqual(visit.errors, []);
});

test("the model before and this one are looked at side by side", async (t) => {
  const visit = await openEvaluated(t);
  const { page } = visit;
  const canvasSays = (pattern) =>
    page.waitForFunction((source) => new RegExp(source).test(document.getElementById("canvas").getAttribute("aria-label")), pattern.source);
  await page.getByRole("button", { name: "Classify" }).click();
  assert.equal(await page.locator("#compare-models").isVisible(), false);
  await visit.drop(tissueModel);
  await page.locator("#model-name", { hasText: "BreaKHis" }).waitFor({ timeout: 60_000 });
  await visit.settled(samples().length);
  await page.locator("#compare-models").click();
  const evidence = String.raw`Evidence for (benign|malignant), \d+ × \d+ cells`;
  await canvasSays(new RegExp(`^Compared: .*: .*phantoms.*: (benign|malignant).*${evidence}.*; with EfficientNet-Lite0 on BreaKHis: no result.*${evidence}`));
  const { x, y, width, height } = await page.locator("#canvas").boundingBox();
  const halfAt = (/** @type {number} */ left) => page.screenshot({ clip: { x: left, y, width: width / 2, height } });
  assert.notDeepEqual(await halfAt(x), await halfAt(x + width / 2)); // other maps
  await page.locator("#canvas").focus();
  await page.keyboard.press("ArrowDown");
  await canvasSays(/^Compared: .*phantoms.*; with EfficientNet/);
  await page.keyboard.press("k"); // cases or models
  await canvasSays(/Pinned: select another case/);
  await page.keyboard.press("k");
  await page.keyboard.press("o");
  await canvasSays(/^Compared: .*phantoms/);
  await page.keyboard.press("o");
  await canvasSays(/^(?!Compared)/);
  assert.deepEqual(visit.errors, []);
});

test("an evaluation.json of the program opens as it is, and gives its report back", { skip: noProgram() }, async (t) => {
  const visit = await openEvaluated(t);
  const folder = temporaryFolder(t);
  const table = join(folder, "table.csv");
  const rows = Array.from({ length: 40 }, (_, i) => `img${i}.png,${i % 3 ? "malignant" : "benign"},p${i % 10},${((i * 37) % 100) / 100}`);
  write(folder, "table.csv", `path,label,patient,p_malignant\n${rows.join("\n")}\n`);
  const out = join(folder, "out");
  runProgram("evaluate", "--predictions", table, "--out", out);
  await visit.drop(join(out, "evaluation.json"));
  const note = visit.page.locator("#opened-evaluation");
  await note.waitFor();
  assert.match(await visit.page.locator("#evaluation h2").innerText(), /^40 labelled images/);
  assert.equal(await visit.page.locator("#threshold-low").count(), 0);
  assert.equal((await exported(visit, "evaluation.json")).text, readFileSync(join(out, "evaluation.json"), "utf8"));
  const report = readFileSync(join(out, "report.html"), "utf8").replaceAll("Evaluation of table.csv", "lobule evaluation");
  assert.equal((await exported(visit, "report.html")).text, report);
  const charts = await settledCanvas(visit);
  const alone = await bench.open(t);
  await alone.modelReady();
  await alone.drop(join(out, "evaluation.json"));
  await alone.page.locator("#opened-evaluation").waitFor();
  const difference = await largestDifference(visit, charts, await settledCanvas(alone));
  assert.ok(difference <= 4, `axes are those of this evaluation, not of the one before: ${difference} of 255`); // lines' edges round otherwise
  await visit.page.locator("#close-evaluation").click();
  await visit.page.locator("#evaluation h2", { hasText: `${samples().length} labelled images` }).waitFor();

  await visit.drop(write(folder, "broken.json", '{"kind": "lobule evaluation", "schema_version": 1}'));
  await visit.page.locator(".notice", { hasText: "broken.json was not opened" }).waitFor();
  assert.deepEqual(visit.errors, []);
});

test("each chart is saved as SVG, PNG and CSV, and the SVG draws by itself", async (t) => {
  const visit = await openEvaluated(t);
  const elsewhere = await visit.page.context().newPage(); // where no policy of the page holds
  for (const chart of ["roc", "precision_recall", "reliability", "histogram", "decision_curve", "confusion_matrix"]) {
    const svg = await exported(visit, `${chart}-svg`);
    assert.equal(svg.name, `${chart}.svg`);
    assert.match(svg.text, /^<svg xmlns[\s\S]*For Research Use Only/);
    const faults = await elsewhere.evaluate((text) => new DOMParser().parseFromString(text, "image/svg+xml").querySelectorAll("parsererror").length, svg.text);
    assert.equal(faults, 0, chart);
    const csv = await exported(visit, `${chart}-csv`);
    assert.ok(csv.text.split("\n").length > 3, chart);
  }
  const [download] = await Promise.all([visit.page.waitForEvent("download"), visit.page.locator("#save-roc-png").click()]);
  const png = readFileSync(await download.path());
  assert.deepEqual([...png.subarray(1, 4)], [..."PNG"].map((letter) => letter.charCodeAt(0)));
  assert.ok(png.readUInt32BE(16) > 900, "three pixels a unit");
  assert.deepEqual(visit.errors, []);
});

test("axe finds nothing in a comparison and in an opened evaluation", async (t) => {
  const visit = await openEvaluated(t);
  const { text } = await exported(visit, "predictions.csv");
  const evaluation = await exported(visit, "evaluation.json");
  await chooseBaseline(visit, write(temporaryFolder(t), "other.csv", otherModelsTable(text)));
  await visit.page.locator("#comparison .compared").waitFor();
  const violations = async () => {
    await visit.page.evaluate(axeSource());
    return (await visit.page.evaluate(() => window.axe.run())).violations.map(({ id }) => id);
  };
  assert.deepEqual(await violations(), []);
  await visit.drop(write(temporaryFolder(t), "evaluation.json", evaluation.text));
  await visit.page.locator("#opened-evaluation").waitFor();
  assert.deepEqual(await violations(), []);
});
