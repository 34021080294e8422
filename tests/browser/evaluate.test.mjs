import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Bench, labelledSamples, noProgram, runProgram, samples, temporaryFolder, write } from "./page.mjs";

const bench = new Bench();
before(() => bench.start());
after(() => bench.stop());

/** A folder with one folder a class, as people have them; with notes in it that are no images. */
function labelledFolder(t) {
  const folder = labelledSamples(t);
  write(folder, "notes.txt", "not an image");
  return folder;
}

async function openLabelled(visit, folder) {
  await visit.modelReady();
  await visit.drop(folder);
  await visit.settled(samples().length);
  await visit.page.getByRole("button", { name: "Evaluate" }).click();
  await visit.page.locator("#figures").waitFor();
}

test("the offer to show the evaluation is taken with the keyboard, and focus goes to that view", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(labelledFolder(t));
  await visit.settled(samples().length);
  const offer = visit.page.locator(".notice").getByRole("button", { name: "Show it" });
  for (let tabs = 0; tabs < 60 && !(await offer.evaluate((button) => button === document.activeElement)); ++tabs) {
    await visit.page.keyboard.press("Tab");
  }
  await visit.page.keyboard.press("Enter");
  await visit.page.locator("#figures").waitFor();
  assert.equal(await visit.page.locator(".notice").count(), 0);
  assert.equal(await visit.page.evaluate(() => document.activeElement.textContent), "Evaluate");
});

test("a dropped labelled folder is evaluated: accuracy, precision, recall and F1 stand beside their n", async (t) => {
  const visit = await bench.open(t);
  await openLabelled(visit, labelledFolder(t));
  for (const figure of ["accuracy", "precision", "recall", "f1"]) {
    const cell = visit.page.locator(`#figures td[data-figure="${figure}"]`).first();
    assert.match(await cell.innerText(), /^(\d\.\d{3}|undefined)[\s\S]*(n\s=\s\d|of\s\d|no )/, figure);
  }
  assert.match(
    await visit.page.locator("#evaluation h2").innerText(),
    new RegExp(`${samples().length} labelled images`),
  );
  assert.deepEqual(visit.errors, []);
});

test("a click on a point of the ROC curve lists the images that its threshold calls positive", async (t) => {
  const visit = await bench.open(t);
  await openLabelled(visit, labelledFolder(t));
  const { page } = visit;
  const count = page.locator("#case-count");
  assert.equal(await count.innerText(), String(samples().length));
  const { x, y } = await page.locator("#canvas").boundingBox();
  // The curve of drawn tissue goes by the corner where all is right; about there it is clicked.
  for (let step = 0; step < 60 && !/ of /.test(await count.innerText()); ++step) {
    await page.mouse.click(x + 45 + 12 * (step % 6), y + 30 + 12 * Math.floor(step / 6));
    await page.waitForTimeout(100);
  }
  assert.match(await count.innerText(), new RegExp(`^[12] of ${samples().length}$`));
  const low = Number(await page.locator("#filter-low").inputValue());
  assert.ok(low > 0 && low <= 1, String(low));
  assert.deepEqual(visit.errors, []);
});

test(
  "the saved predictions.csv gives the program the page's evaluation.json, byte for byte",
  { skip: noProgram() },
  async (t) => {
    const visit = await bench.open(t);
    await openLabelled(visit, labelledFolder(t));
    const csv = await visit.saved(() => visit.page.locator('[id="save-predictions.csv"]').click());
    const evaluation = await visit.saved(() => visit.page.locator('[id="save-evaluation.json"]').click());
    const report = await visit.saved(() => visit.page.locator('[id="save-classification_report.txt"]').click());
    assert.equal(csv.name, "predictions.csv");
    const folder = temporaryFolder(t);
    const out = join(folder, "out");
    runProgram("evaluate", "--predictions", write(folder, "predictions.csv", csv.text), "--out", out);
    assert.equal(evaluation.text, readFileSync(join(out, "evaluation.json"), "utf8"));
    assert.equal(report.text, readFileSync(join(out, "classification_report.txt"), "utf8"));
  },
);

test("a dropped predictions.csv opens as an evaluation, and is saved again with the same bytes", async (t) => {
  const visit = await bench.open(t);
  await openLabelled(visit, labelledFolder(t));
  const { text } = await visit.saved(() => visit.page.locator('[id="save-predictions.csv"]').click());
  const other = await bench.open(t);
  await other.modelReady();
  await other.drop(write(temporaryFolder(t), "predictions.csv", text));
  await other.page.locator("#figures").waitFor();
  const again = await other.saved(() => other.page.locator('[id="save-predictions.csv"]').click());
  assert.equal(again.text, text);
});

test("a table without the needed columns is refused by name", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(write(temporaryFolder(t), "table.csv", "a,b\n1,2\n"));
  assert.match(await visit.page.locator(".notice.error").innerText(), /table\.csv was not opened/);
});

test("without labelled cases Evaluate says how to get there", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.page.getByRole("button", { name: "Evaluate" }).click();
  assert.match(await visit.page.locator("#evaluate-empty").innerText(), /benign and malignant[\s\S]*predictions\.csv/);
  await visit.page.getByRole("button", { name: "Classify" }).click();
  assert.ok(!(await visit.page.locator("#evaluate-empty").isVisible()), "it belongs to Evaluate alone");
});

test("a folder without images is refused by name", async (t) => {
  const folder = join(temporaryFolder(t), "notes");
  mkdirSync(folder);
  write(folder, "readme.txt", "nothing here");
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(folder);
  assert.match(await visit.page.locator(".notice.error").innerText(), /notes[\s\S]*no images/);
});

test("moving the thresholds changes the confusion counts and can be undone", async (t) => {
  const visit = await bench.open(t);
  await openLabelled(visit, labelledFolder(t));
  const head = visit.page.locator("#evaluation h2");
  const before = await head.innerText();
  await visit.page.locator("#threshold-low").fill("0");
  await visit.page.locator("#threshold-high").fill("1");
  await visit.page.locator("#threshold-high").press("Tab");
  await head.filter({ hasText: "without result" }).waitFor();
  for (let presses = 0; presses < 4 && (await head.innerText()) !== before; ++presses) {
    await visit.page.locator("#undo").click();
    await visit.page.waitForTimeout(250); // the panel follows within 150 ms
  }
  assert.equal(await head.innerText(), before);
});
