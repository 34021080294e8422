import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Bench, axeSource, data, noProgram, noRealImages, patchModel, runProgram, samples, samplesFolder, tissueModel } from "./page.mjs";

const bench = new Bench();
before(() => bench.start());
after(() => bench.stop());

/** A page with the model that it opens by itself. */
async function openWithTissueModel(t, options = {}) {
  const visit = await bench.open(t, options, "");
  await visit.modelReady();
  return visit;
}

/** So many images from below a folder of the real data, evenly over their names. */
function someOf(folder, count) {
  const all = readdirSync(join(data, folder), { recursive: true })
    .filter((path) => path.endsWith(".jpg"))
    .sort();
  return Array.from({ length: count }, (_, i) => join(data, folder, all[Math.floor((i * all.length) / count)]));
}

/** The page's and the program's predictions of these images: the same calls for the same reasons. */
async function predictionsOfBoth(visit, model, paths) {
  const page = JSON.parse((await visit.save("predictions.json")).text).predictions;
  const native = JSON.parse(runProgram("predict", model, ...paths, "--json")).predictions;
  for (const expected of native) {
    const got = page.find(({ path }) => expected.path.endsWith(path));
    assert.deepEqual([got.call, got.refused, got.reason], [expected.call, expected.refused, expected.reason], expected.path);
  }
  return { page, native };
}

test("the page opens with the model of real tissue, and its facts say when it gives no result", async (t) => {
  const visit = await openWithTissueModel(t);
  assert.match(await visit.page.locator("#model-name").innerText(), /BreaKHis/);
  assert.match(await visit.page.locator("#start-model").innerText(), /AUC 0\.81 .*5 models trained like it were tested on \d+ images.*Without the \d+ images that it refuses the AUC is 0\.84/s);
  await visit.page.locator("#model-chip").click();
  const facts = await visit.page.locator("#model-facts").innerText();
  assert.match(facts, /When it gives no result/);
  assert.match(facts, /photo\s+\d+ of 120/);
  assert.match(facts, /always at 40X, where its AUC is 0\.\d\d/);
  await visit.page.evaluate(axeSource());
  const { violations } = await visit.page.evaluate(() => window.axe.run());
  assert.deepEqual(violations.map(({ id }) => id), []);
  assert.deepEqual(visit.errors, []);
});

test("a sample opens with the teaching model and says so; the model of real tissue is one click away", async (t) => {
  const visit = await openWithTissueModel(t);
  await visit.page.locator("#samples button").first().click();
  await visit.settled(1);
  assert.match(await visit.page.locator("#model-name").innerText(), /seed_cnn/);
  assert.match(await visit.page.locator("#notices").innerText(), /The teaching model is in use/);
  assert.equal(await visit.page.locator("#origin-warning").count(), 0);
  await visit.page.locator("#model-chip").click();
  await visit.page.locator("#use-breakhis").click();
  await visit.page.locator("#model-name", { hasText: "BreaKHis" }).waitFor();
  await visit.settled(1);
  assert.match(await visit.page.locator("#origin-warning").innerText(), /This tissue is drawn/);
});

test("an image that the model was not made for has no result, with the program's reason, and no figure counts it", { skip: noProgram() || noRealImages() }, async (t) => {
  const visit = await openWithTissueModel(t);
  const outside = [...someOf("out_of_scope/photo", 2), ...someOf("out_of_scope/other_organ_he", 3)];
  const paths = [...outside, ...someOf("breakhis", 4)];
  await visit.drop(...paths);
  await visit.settled(paths.length);
  const { page, native } = await predictionsOfBoth(visit, tissueModel, paths);
  assert.ok(native.filter(({ refused }) => refused).length >= 3);
  const photo = native.find(({ path, refused }) => path === paths[0] && refused);
  assert.ok(photo, "the photo is refused");
  const result = await visit.select(paths[0].split("/").pop());
  assert.equal(await result.locator("#call").innerText(), "No result");
  assert.match(await result.innerText(), /Unlike the tissue|Does not look like haematoxylin and eosin/);
  assert.equal(await result.locator("#probability").count(), 0);
  await visit.countTraining(); // the four are of this model's training
  const evaluation = JSON.parse((await visit.save("evaluation.json")).text);
  const labelled = page.filter(({ label }) => label !== "");
  assert.equal(evaluation.images.refused, labelled.filter(({ refused }) => refused).length);
});

test("the model of small patches names its own classes, as the program does", { skip: noProgram() || noRealImages() }, async (t) => {
  const visit = await openWithTissueModel(t);
  await visit.page.locator("#model-chip").click();
  await visit.page.locator("#use-idc").click();
  await visit.page.locator("#model-name", { hasText: "IDC patches" }).waitFor();
  const paths = [...someOf("idc", 6), ...someOf("out_of_scope/photo", 2)];
  await visit.drop(...paths);
  await visit.settled(paths.length);
  const { native } = await predictionsOfBoth(visit, patchModel, paths);
  const answered = native.filter(({ call }) => call === "idc" || call === "no_idc");
  assert.ok(answered.length >= 3, "most patches have a call");
  const result = await visit.select(answered[0].path.split("/").pop());
  assert.equal(await result.locator("#call").innerText(), answered[0].call);
  assert.deepEqual(visit.errors, []);
});

test("a real image beside the teaching model is offered the other one", { skip: noRealImages() }, async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(someOf("breakhis", 1)[0]);
  await visit.settled(1);
  await visit.page.locator("#use-tissue-model").click();
  await visit.page.locator("#model-name", { hasText: "BreaKHis" }).waitFor();
  await visit.settled(1);
  await visit.page.locator("#origin-warning").waitFor({ state: "detached" });
});

test("a drawn sample that is dropped beside the model of real tissue is not judged without a word", async (t) => {
  const visit = await openWithTissueModel(t);
  await visit.drop(join(samplesFolder, samples()[0].file));
  await visit.settled(1);
  assert.match(await visit.page.locator("#origin-warning").innerText(), /This tissue is drawn/);
});
