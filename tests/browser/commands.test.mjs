import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Bench, axeSource, noProgram, runProgram, samples, samplesFolder, shippedModel, temporaryFolder, write } from "./page.mjs";

const bench = new Bench();
before(() => bench.start());
after(() => bench.stop());

/** A page with every sample case, classified. */
async function openSamples(t, options = {}) {
  const visit = await bench.open(t, options);
  await visit.modelReady();
  await visit.drop(...samples().map(({ file }) => join(samplesFolder, file)));
  await visit.settled(samples().length);
  return visit;
}

async function runCommand(visit, words) {
  await visit.page.keyboard.press("Control+k");
  await visit.page.keyboard.type(words);
  await visit.page.keyboard.press("Enter");
}

const listedIs = (visit, count) => visit.page.locator("#case-count", { hasText: new RegExp(`^${count}$`) }).waitFor();
const listed = (visit) => visit.page.locator("#case-count").innerText();

test("the palette finds a command by the beginnings of its words, runs it, and gives focus back", async (t) => {
  const visit = await openSamples(t);
  await visit.page.locator("#filter-text").focus();
  await runCommand(visit, "ev sh");
  assert.equal(await visit.page.evaluate(() => document.body.dataset.view), "evaluate");
  assert.equal(await visit.page.evaluate(() => document.activeElement.id), "filter-text");
  await visit.page.keyboard.press("Control+k");
  await visit.page.keyboard.type("no such thing");
  await visit.page.locator("#command-none").waitFor();
  await visit.page.keyboard.press("Escape");
  assert.ok(!(await visit.page.locator("#commands").isVisible()));
  assert.deepEqual(visit.errors, []);
});

test("the palette offers only what can be done, and axe finds nothing in it", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.page.keyboard.press("Control+k");
  const empty = await visit.page.locator("#command-list").innerText();
  assert.doesNotMatch(empty, /Remove|Undo|Save/);
  assert.match(empty, /Add images[\s\S]*Theme: dark/);
  await visit.page.evaluate(axeSource());
  const { violations } = await visit.page.evaluate(() => window.axe.run());
  assert.deepEqual(violations.map(({ id }) => id), []);
});

test("undo and redo of a removal and a label, by key and by button", async (t) => {
  const visit = await openSamples(t);
  const total = samples().length;
  await visit.page.locator(".case-row").first().click();
  await visit.page.keyboard.press("m");
  await visit.page.keyboard.press("Delete");
  await listedIs(visit, total - 1);
  await visit.page.keyboard.press("Control+z");
  await listedIs(visit, total);
  await visit.page.keyboard.press("Control+Shift+Z");
  await listedIs(visit, total - 1);
  assert.ok(await visit.page.locator("#redo").isDisabled());
  await visit.page.locator("#undo").click();
  await listedIs(visit, total);
  await visit.page.locator("#redo").click();
  await listedIs(visit, total - 1);
});

test("the theme can be chosen, is remembered, and reaches the canvas", async (t) => {
  const visit = await bench.open(t, { colorScheme: "light" });
  await visit.modelReady();
  const surface = () => visit.page.evaluate(() => getComputedStyle(document.body).getPropertyValue("--surface").trim());
  assert.equal(await surface(), "#ffffff");
  await runCommand(visit, "theme dark");
  assert.equal(await surface(), "#101317");
  await visit.page.reload();
  await visit.modelReady();
  assert.equal(await surface(), "#101317");
  await visit.page.locator("#page-menu-button").click();
  assert.equal(await visit.page.locator("#theme").inputValue(), "dark");
  await visit.page.locator("#theme").selectOption("system");
  assert.equal(await surface(), "#ffffff");
  await visit.page.emulateMedia({ colorScheme: "dark" });
  assert.equal(await surface(), "#101317");
});

test("the list is put in order and narrowed, says by what, and comes back whole", async (t) => {
  const visit = await openSamples(t);
  const total = samples().length;
  await visit.page.locator("#filter-button").click();
  await visit.page.locator("#filter-order").selectOption("most_positive");
  await visit.page.locator("#filter-low").fill("0.5");
  await visit.page.locator("#filter-low").press("Enter");
  await visit.page.keyboard.press("Escape");
  assert.match(await visit.page.locator("#filter-line").innerText(), /probability 0\.50 to 1\.00/);
  assert.match(await listed(visit), new RegExp(`^\\d of ${total}$`));
  const shown = (await visit.page.locator(".case-figures").allInnerTexts()).map((text) => Number(text.replace(/[<>]/, "").split("\n")[0]));
  assert.ok(shown.length > 0 && shown.every((p) => p >= 0.5), String(shown));
  assert.deepEqual(shown, [...shown].sort((a, b) => b - a));
  assert.equal(await visit.page.locator(".patient-row").count(), 0);
  await visit.page.locator("#filter-all").click();
  assert.equal(await listed(visit), String(total));
});

test("a copy of an image is named as one", async (t) => {
  const [{ file }] = samples();
  const folder = temporaryFolder(t);
  copyFileSync(join(samplesFolder, file), join(folder, "again.png"));
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(join(samplesFolder, file), join(folder, "again.png"));
  await visit.settled(2);
  await visit.page.locator(".case-name", { hasText: "same pixels as" }).first().waitFor();
  await runCommand(visit, "show copies");
  assert.equal(await listed(visit), "1 of 2");
});

test("an image that could not be read is read again when asked for", async (t) => {
  const folder = temporaryFolder(t);
  write(folder, "broken.png", "no image");
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(join(folder, "broken.png"), join(samplesFolder, samples()[0].file));
  await visit.settled(2);
  assert.match(await visit.page.locator("#progress-text").innerText(), /1 not read/);
  await visit.page.locator("#retry").click();
  await visit.settled(2);
  assert.match(await visit.page.locator("#progress-text").innerText(), /1 of 2 classified · 1 not read/);
  assert.deepEqual(visit.errors, []);
});

test("a cell of the confusion matrix lists its images; predictive values follow the prevalence", async (t) => {
  const visit = await openSamples(t);
  await visit.page.locator(".views button", { hasText: "Evaluate" }).click();
  const cell = visit.page.locator(".figures .cell").first();
  const count = await cell.innerText();
  await cell.click();
  assert.equal(await listed(visit), `${count} of ${samples().length}`);
  assert.match(await visit.page.locator("#filter-line").innerText(), /label \w+ · called \w+/);
  const values = () => visit.page.locator("#predictive-values").innerText();
  await visit.page.locator("#prevalence").fill("0.5");
  await visit.page.locator("#prevalence").press("Enter");
  const even = await values();
  await visit.page.locator("#prevalence").fill("0.02");
  await visit.page.locator("#prevalence").press("Enter");
  assert.match(even, /Positive predictive value[\s\S]*Images\s+(\d\.\d{3}|undefined)/);
  await visit.page.locator("#prevalence").fill("7");
  await visit.page.locator("#prevalence").press("Enter");
  assert.match(await values(), /Between 0\.01 and 0\.99/);
});

test("an address with a sample's name opens it, and a link to a case finds it again in a dropped folder", async (t) => {
  const { file } = samples()[1];
  const context = await bench.browser.newContext({ viewport: { width: 1440, height: 900 }, permissions: ["clipboard-read", "clipboard-write"] });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${bench.server.address}?model=seed_cnn_phantoms#case=${encodeURIComponent(file)}`);
  await page.locator("#result .facts dd").filter({ hasText: file }).first().waitFor({ timeout: 60_000 });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("copy a link");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.getElementById("live").textContent.includes("clipboard"));
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(new URL(link).hash, `#${new URLSearchParams({ case: file })}`);
});

test("a saved session opens again without its images, which come back when they are dropped", async (t) => {
  const visit = await openSamples(t);
  const total = samples().length;
  await visit.page.locator(".case-row").first().click();
  await visit.page.keyboard.press("b");
  const { text } = await visit.save("session.json");
  const csv = await visit.save("predictions.csv");
  const other = await bench.open(t);
  await other.modelReady();
  await other.drop(write(temporaryFolder(t), "session.json", text));
  await other.page.locator(".notice", { hasText: "session.json is open" }).waitFor();
  assert.equal((await other.save("predictions.csv")).text, csv.text);
  await other.drop(...samples().map(({ file }) => join(samplesFolder, file)));
  await other.settled(total);
  assert.equal(await listed(other), String(total));
  assert.equal((await other.save("predictions.csv")).text, csv.text);
  assert.equal((await other.save("session.json")).text, text);
  assert.deepEqual(other.errors, []);
});

test("a JSON file that is no session is refused by name", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(write(temporaryFolder(t), "other.json", "{}"));
  assert.match(await visit.page.locator(".notice.error").innerText(), /other\.json was not opened[\s\S]*not a session/);
});

test("the program confirms a session that the page saved", { skip: noProgram() }, async (t) => {
  const visit = await openSamples(t);
  const { text } = await visit.save("session.json");
  const answer = runProgram("verify", write(temporaryFolder(t), "session.json", text), shippedModel, samplesFolder);
  assert.match(answer, new RegExp(`^${samples().length} of ${samples().length} images as in the session; 0 differ, 0 missing`));
});

test("a case report has every image with its picture; the coded one has no name of a file or patient", async (t) => {
  const visit = await openSamples(t);
  const named = await visit.save("case_report.html");
  const coded = await visit.save("case_report_coded.html");
  for (const { file } of samples()) {
    assert.ok(named.text.includes(file));
    assert.ok(!coded.text.includes(file.replace(/\.\w+$/, "")), file);
  }
  for (const { text } of [named, coded]) {
    assert.equal(text.match(/<img alt="" src="data:image\//g).length, samples().length);
    assert.match(text, /For Research Use Only/);
  }
  // It is a page of its own, which needs nothing and runs nothing.
  const page = await visit.page.context().newPage();
  await page.setContent(named.text);
  assert.equal(await page.locator("table.cases tbody tr").count(), samples().length);
  assert.ok(await page.locator("table.cases img").first().evaluate((picture) => picture.naturalWidth > 0));
});

test("the model's facts show how it was trained", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.page.locator("#model-chip").click();
  await visit.page.locator("#model-facts summary", { hasText: "Training" }).click();
  const curves = visit.page.locator("#model-facts img.history");
  await curves.waitFor();
  await visit.page.waitForFunction(() => document.querySelector("img.history").naturalWidth > 0);
  assert.match(await visit.page.locator("#model-facts .curve-points").innerText(), /Loss, training[\s\S]*\(best\)/);
  assert.deepEqual(visit.errors, []);
});
