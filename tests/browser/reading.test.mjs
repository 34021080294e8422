// Reading before the model, images of training patients, and several cases at once.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { axeSource, Bench, labelledSamples, noProgram, runProgram, samples, samplesFolder, temporaryFolder, write } from "./page.mjs";

const bench = new Bench();
before(() => bench.start());
after(() => bench.stop());

/** A page with the samples in folders that say what they are. */
async function openLabelled(t, options = {}) {
  const folder = labelledSamples(t);
  const visit = await bench.open(t, options);
  await visit.modelReady();
  await visit.drop(folder);
  await visit.settled(samples().length);
  return visit;
}

const said = (visit, text) => visit.page.waitForFunction((sought) => document.getElementById("live").textContent.includes(sought), text);
const listText = (visit) => visit.page.locator("#case-list").innerText();
const rows = (visit) => visit.page.locator(".case-row");
const countIs = (visit, text) => visit.page.waitForFunction((sought) => document.getElementById("case-count").textContent === sought, text);

const readIs = (visit, count) =>
  visit.page.waitForFunction((sought) => document.getElementById("reading-words").textContent.startsWith(`${sought} of `), count);

async function assertAxeClean(page, where) {
  await page.evaluate(axeSource());
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(violations.map(({ id }) => id), [], where);
}

test("reading first, by keyboard: label, see the call, change the label; Evaluate compares reader, model and both", async (t) => {
  const visit = await openLabelled(t);
  const { page } = visit;
  const total = samples().length;
  await rows(visit).first().click();
  await page.keyboard.press("r");
  await said(visit, "Read first");
  await page.locator("#read-prompt").waitFor();
  await rows(visit).filter({ hasText: /Image [0-9a-f]{6}/ }).first().waitFor();
  await readIs(visit, 0);
  const hidden = `${await listText(visit)} ${await page.locator("#result").innerText()} ${await page.locator("#canvas").getAttribute("aria-label")}`;
  assert.doesNotMatch(hidden, /benign\/|malignant\/|label (benign|malignant)|\.png|Probability/i);
  assert.match(hidden, /Label it to see the call/);
  assert.equal(await page.locator("#result [aria-pressed=true]").count(), 0);
  await rows(visit).first().click(); // they stand in another order now

  for (let place = 0; place < total; place += 1) {
    await page.keyboard.press("b");
    await readIs(visit, place + 1);
    await page.locator("#probability").waitFor();
    if (place === 0) {
      assert.match(await page.locator("#first-reading").innerText(), /At first: benign/);
      await page.keyboard.press("m");
      await page.locator("#label-malignant[aria-pressed=true]").waitFor();
      assert.match(await page.locator("#first-reading").innerText(), /At first: benign/);
    }
    await page.keyboard.press("ArrowDown");
  }
  await page.locator(".views button", { hasText: "Evaluate" }).click();
  assert.equal(await page.locator("#figures").count(), 0);
  await page.locator("#reading-end-figures").click();
  await page.locator("#reading").waitFor();
  assert.match(await page.locator("#reading").innerText(), /Reader with model[\s\S]*Readings changed\s+1 of/);
  await assertAxeClean(page, "Evaluate with readings");

  const figures = JSON.parse((await visit.save("reading.json")).text);
  assert.equal(figures.images, total);
  assert.equal(figures.changed.n, 1);
  const csv = (await visit.save("reading.csv")).text.trim().split("\n");
  assert.equal(csv.length, total + 1);
  assert.equal(csv.filter((line) => line.includes(",benign,malignant,")).length, 1);
  assert.deepEqual(visit.errors, []);
});

test("read first is remembered, is switched in the menu, and an undone reading hides the call again", async (t) => {
  const visit = await openLabelled(t);
  const { page } = visit;
  await page.locator("#page-menu-button").click();
  await page.locator("#read-first").check();
  await page.keyboard.press("Escape");
  await page.reload();
  await visit.modelReady();
  await visit.drop(...samples().map(({ file }) => join(samplesFolder, file)));
  await visit.settled(samples().length);
  await page.locator("#reading-line").waitFor();
  await rows(visit).first().click();
  await page.locator("#read-prompt").waitFor();
  await page.keyboard.press("m");
  await page.locator("#probability").waitFor();
  await page.keyboard.press("Control+z");
  await page.locator("#read-prompt").waitFor();
  assert.equal(await page.locator("#probability").count(), 0);
  await assertAxeClean(page, "Classify while reading first");
  await page.locator("#save-button").click();
  await page.locator("#save-menu", { hasText: "hold the calls that the page hides" }).waitFor();
  await assertAxeClean(page, "Save while reading first");
  await page.keyboard.press("Escape");
  await page.locator("#reading-end").click();
  await page.locator("#probability").waitFor();
  assert.deepEqual(visit.errors, []);
});

test("readings come back with a session", async (t) => {
  const visit = await openLabelled(t);
  await rows(visit).first().click();
  await visit.page.keyboard.press("r");
  await visit.page.keyboard.press("m");
  await readIs(visit, 1);
  const { text } = await visit.save("session.json");
  const other = await bench.open(t);
  await other.modelReady();
  await other.drop(write(temporaryFolder(t), "session.json", text));
  await other.page.locator(".notice", { hasText: "session.json is open" }).waitFor();
  assert.equal((await other.save("session.json")).text, text);
  assert.match((await other.save("reading.csv")).text, /,malignant,,/);
});

test("several cases are chosen with Shift, Ctrl and Ctrl+A, and labelled or removed in one step", async (t) => {
  const visit = await openLabelled(t);
  const { page } = visit;
  const total = samples().length;
  await rows(visit).first().click();
  await page.keyboard.press("Shift+ArrowDown");
  await said(visit, "2 selected");
  assert.equal(await page.locator('#case-list [role=row][aria-selected="true"]').count(), 2);
  await assertAxeClean(page, "two cases selected");
  await page.keyboard.press("Escape");
  await said(visit, "Selection ended");
  assert.equal(await page.locator('#case-list [role=row][aria-selected="true"]').count(), 1);

  await rows(visit).first().click();
  await rows(visit).nth(2).click({ modifiers: ["Shift"] });
  await said(visit, "3 selected");
  await rows(visit).nth(1).click({ modifiers: ["Control"] });
  await said(visit, "2 selected");
  await page.keyboard.press("u");
  await said(visit, "Label removed");
  await page.locator(".views button", { hasText: "Evaluate" }).click();
  if (total > 3) assert.match(await page.locator("#evaluation h2").innerText(), /2 not labelled/);
  await page.locator(".views button", { hasText: "Classify" }).click();
  await page.keyboard.press("Control+z");
  await said(visit, "Undone: label of 2 cases");

  await page.keyboard.press("Control+a");
  await said(visit, `${total} selected`);
  assert.equal(await page.locator("#selection-words").innerText(), `${total} selected`);
  await page.keyboard.press("Delete");
  await said(visit, `Removed ${total} cases`);
  await countIs(visit, "0");
  await page.keyboard.press("Control+z");
  await countIs(visit, String(total));
  assert.deepEqual(visit.errors, []);
});

test("images of training patients are marked, here and in the saved table, left out of the figures, and counted when asked for", { skip: noProgram() }, async (t) => {
  const folder = temporaryFolder(t);
  const path = (name) => join(folder, name);
  runProgram("phantom", path("images"), "--patients", "12", "--images-per-patient", "2", "--size", "96x64");
  runProgram("split", path("images"), "--out", path("split.csv"));
  const small = ["--epochs", "1", "--batch-size", "8", "--input-size", "48x32", "--threads", "1"];
  runProgram("train", path("images"), "--split", path("split.csv"), "--out", path("run"), ...small);
  runProgram("export", path("run"), "--out", path("model.onnx"), "--with-patients");

  const visit = await bench.open(t);
  const { page } = visit;
  await visit.modelReady();
  await visit.drop(path("model.onnx"));
  await page.locator(".notice", { hasText: "is the model now" }).waitFor();
  await visit.drop(path("images"));
  await visit.settled(24);
  await page.locator(".case-row .mark").first().waitFor();
  await page.locator("#filter-button").click();
  await page.locator("#filter-training").selectOption("in");
  await page.keyboard.press("Escape");
  const [inTraining] = (await page.locator("#case-count").innerText()).split(" of ").map(Number);
  assert.ok(inTraining > 0 && inTraining < 24, String(inTraining));
  await rows(visit).first().click();
  await page.locator("#training-mark").waitFor();
  await page.locator("#filter-all").click();

  await page.locator(".views button", { hasText: "Evaluate" }).click();
  await page.locator("#figures").waitFor();
  assert.match(await page.locator("#training-words").innerText(), new RegExp(`^${inTraining} images left out`));
  await assertAxeClean(page, "Evaluate with the switch");
  const same = async (count) => {
    const { text } = await visit.save("predictions.csv");
    assert.equal(text.trim().split("\n").length, 1 + 24);
    assert.equal(text.split("\n").filter((line) => line.endsWith(",yes")).length, 24 - count);
    const predictions = write(folder, "predictions.csv", text);
    const evaluation = (await visit.save("evaluation.json")).text;
    assert.equal(JSON.parse(evaluation).images.n, count);
    runProgram("evaluate", "--predictions", predictions, "--out", path(`out${count}`));
    assert.equal(readFileSync(join(path(`out${count}`), "evaluation.json"), "utf8"), evaluation);
  };
  await same(24 - inTraining);
  await page.locator("#count-training").check();
  await page.waitForFunction(() => document.getElementById("training-words").textContent.includes("flatter"));
  await same(24);
  assert.deepEqual(visit.errors, []);
});
