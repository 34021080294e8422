import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { axeSource, Bench, bmp, noProgram, runProgram, samples, samplesFolder, temporaryFolder, write } from "./page.mjs";

const bench = new Bench();
before(() => bench.start());
after(() => bench.stop());

const sample = () => join(samplesFolder, samples()[0].file);

/** Pink to purple without an edge anywhere. */
const soft = () => bmp((x, y) => [200 - (x >> 2), 120 - (y >> 3), 180 - (x >> 3)]);
const glass = () => bmp(() => [243, 242, 240]);

/** The figures that the panel shows: [name, text] in turns. */
function figures(visit) {
  return visit.page
    .locator("#quality .facts")
    .evaluate((list) => [...list.querySelectorAll("dt")].map((term) => [term.textContent, term.nextElementSibling.textContent]));
}

test("a good image shows its figures and no advice", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(sample());
  await visit.settled(1);
  const shown = Object.fromEntries(await figures(visit));
  assert.match(shown.Focus, /^\d+\.\d grey levels²$/);
  assert.match(shown.Tissue, /^\d+\.\d % of the area$/);
  assert.equal(await visit.page.locator("#quality-advice").count(), 0);
  assert.deepEqual(visit.errors, []);
});

test("the page's figures are the program's, word for word", { skip: noProgram() }, async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(sample());
  await visit.settled(1);
  const { quality } = JSON.parse(runProgram("inspect", sample(), "--json"));
  assert.deepEqual(
    await figures(visit),
    quality.measures.map(({ name, text }) => [name, text]),
  );
});

test("an image that is out of focus gets advice, and its call all the same", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(write(temporaryFolder(t), "soft.bmp", soft()));
  await visit.settled(1);
  const advice = await visit.page.locator("#quality-advice").innerText();
  assert.match(advice, /^Out of focus: refocus and take the image again\.\s+Advice on the image\. It does not change the call\.$/);
  assert.match(Object.fromEntries(await figures(visit)).Focus, /should be at least 30\.0$/);
  assert.match(await visit.page.locator("#call").innerText(), /^(Benign|Malignant)$/);
});

test("empty glass is called that, and what it cannot tell says so", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(write(temporaryFolder(t), "glass.bmp", glass()));
  await visit.settled(1);
  assert.match(await visit.page.locator("#quality-advice").innerText(), /^Almost only empty glass/);
  assert.equal(Object.fromEntries(await figures(visit)).Focus, "not judged: too little tissue");
});

test("axe-core finds nothing in a result with advice", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(write(temporaryFolder(t), "soft.bmp", soft()));
  await visit.settled(1);
  await visit.page.evaluate(axeSource());
  const { violations } = await visit.page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(
    violations.map(({ id }) => id),
    [],
  );
});
