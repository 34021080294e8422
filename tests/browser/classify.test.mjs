import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  Bench,
  data,
  noProgram,
  noRealImages,
  runProgram,
  samples,
  samplesFolder,
  shippedModel,
  tissueModel,
  temporaryFolder,
  write,
} from "./page.mjs";

// The networks' arithmetic differs between LibTorch and ONNX Runtime Web in the order of sums; the stated tolerances.
const kTolerance = 1e-5; // seed_cnn
const kDeepTolerance = 1e-4;

const bench = new Bench();
before(() => bench.start());
after(() => bench.stop());

/** Four images of different patients. */
function realImages() {
  const all = readdirSync(join(data, "breakhis"), { recursive: true })
    .filter((path) => path.endsWith(".jpg"))
    .sort();
  return [0, 0.25, 0.5, 0.75].map((share) => join(data, "breakhis", all[Math.floor(share * all.length)]));
}

/** Drops images on a page that has its model ready, and compares every answer with the program's by the same model. */
async function compareWithProgram(visit, paths, model = shippedModel, tolerance = kTolerance) {
  await visit.drop(...paths);
  await visit.settled(paths.length);
  const page = JSON.parse((await visit.save("predictions.json")).text);
  const native = JSON.parse(runProgram("predict", model, ...paths, "--json"));
  assert.equal(page.model_sha256, native.model_sha256);
  assert.equal(page.predictions.length, paths.length);
  for (const expected of native.predictions) {
    const got = page.predictions.find(({ path }) => expected.path.endsWith(path));
    assert.ok(got, expected.path);
    assert.equal(got.tensor_sha256, expected.tensor_sha256, expected.path);
    assert.equal(got.call, expected.call, expected.path);
    assert.equal(got.refused, expected.refused, expected.path);
    assert.equal(got.reason, expected.reason, expected.path);
    const difference = Math.abs(got.p_positive - expected.p_positive);
    assert.ok(difference <= tolerance, `${expected.path}: p differs by ${difference}`);
  }
}

test("a sample case is classified with one click", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.page.locator("#samples button").first().click();
  await visit.settled(1);
  assert.match(await visit.page.locator("#call").innerText(), /^(Benign|Malignant|No result)$/);
  assert.match(await visit.page.locator("#probability").innerText(), /^([<>]?0\.\d\d|1\.00)$/);
  assert.match(await visit.page.locator("#result").innerText(), /Synthetic: drawn by lobule/);
  assert.match(await visit.page.locator("#result").innerText(), /For Research Use Only/);
  assert.deepEqual(visit.errors, []);
  assert.deepEqual(visit.foreign, []);
});

test(
  "a dropped phantom gets the program's answer: the same tensor, the same call, p within 1e-5",
  { skip: noProgram() },
  async (t) => {
    const visit = await bench.open(t);
    await visit.modelReady();
    await compareWithProgram(
      visit,
      samples().map(({ file }) => join(samplesFolder, file)),
    );
  },
);

test(
  "a dropped real JPEG gets the program's answer: the same tensor, the same call, p within 1e-5",
  { skip: noRealImages() || noProgram() },
  async (t) => {
    const visit = await bench.open(t);
    await visit.modelReady();
    await compareWithProgram(visit, realImages());
    assert.match(await visit.page.locator("#origin-warning").innerText(), /trained on drawn tissue only/);
  },
);

test(
  "the model of real tissue, dropped, gives the program's answers for real images, and is not said to be trained on drawn ones",
  { skip: noRealImages() || noProgram() },
  async (t) => {
    const visit = await bench.open(t);
    await visit.modelReady();
    const model = tissueModel;
    await visit.drop(model);
    await visit.page.locator(".notice.done", { hasText: "is the model now" }).waitFor();
    await compareWithProgram(visit, realImages(), model, kDeepTolerance);
    assert.equal(await visit.page.locator("#origin-warning").count(), 0);
    await visit.page.locator("#model-chip").click();
    const tested = "5 models trained like it were tested on 1255 images of 49 patients, each on those it had not seen.";
    assert.ok((await visit.page.locator("#model-facts").innerText()).includes(tested));
    await visit.page.keyboard.press("Escape");
    await visit.drop(join(samplesFolder, samples()[0].file));
    await visit.settled(realImages().length + 1);
    assert.match(await (await visit.select(samples()[0].file)).innerText(), /This tissue is drawn, and the model was trained on real tissue/);
    assert.deepEqual(visit.errors, []);
    assert.deepEqual(visit.foreign, []);
  },
);

/** A PNG header that promises a picture of this size; with a right CRC, since headers are believed only with one. */
function pngHeader(width, height) {
  const chunk = Buffer.alloc(25);
  chunk.writeUInt32BE(13, 0);
  chunk.write("IHDR", 4, "latin1");
  chunk.writeUInt32BE(width, 8);
  chunk.writeUInt32BE(height, 12);
  chunk.set([8, 2, 0, 0, 0], 16);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 21)), 21);
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk]);
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

test("bad files are each refused with their cause, and the batch goes on", async (t) => {
  const folder = temporaryFolder(t);
  const intact = join(samplesFolder, samples()[0].file);
  const bytes = readFileSync(intact);
  const bad = [
    [write(folder, "text.jpg", "This is no picture."), /not.*(PNG|JPEG|image)/i],
    [write(folder, "truncated.png", bytes.subarray(0, bytes.length >> 1)), /truncated|cut short|ends/i],
    [write(folder, "slide.tif", Buffer.from("II*\0\x08\0\0\0\0\0\0\0", "latin1")), /TIFF/],
    [write(folder, "huge.png", pngHeader(20000, 20000)), /20000.*limit/],
    [write(folder, "empty.png", ""), /empty/],
  ];
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(...bad.map(([path]) => path), intact);
  await visit.settled(bad.length + 1);
  assert.match(await visit.page.locator("#progress-text").innerText(), /1 of 6 classified · 5 not read/);
  for (const [path, cause] of bad) {
    const result = await visit.select(path.split("/").pop());
    assert.match(await result.locator(".reason").innerText(), cause, path);
    assert.match(await result.locator("#call").innerText(), /Not read/);
  }
  const good = await visit.select(samples()[0].file);
  assert.match(await good.locator("#call").innerText(), /Benign|Malignant|No result/);
  assert.deepEqual(visit.errors, []);
});

test("a truncated JPEG is refused", { skip: noRealImages() }, async (t) => {
  const real = readdirSync(join(data, "breakhis"), { recursive: true }).find((path) => path.endsWith(".jpg"));
  const bytes = readFileSync(join(data, "breakhis", real));
  const path = write(temporaryFolder(t), "half.jpg", bytes.subarray(0, bytes.length >> 1));
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(path);
  await visit.settled(1);
  assert.match(await visit.page.locator("#result .reason").innerText(), /truncated|cut short|ends/i);
});

test("a 1x1 PNG is refused as too small", async (t) => {
  const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
  const path = write(temporaryFolder(t), "dot.png", Buffer.from(png, "base64"));
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(path);
  await visit.settled(1);
  assert.match(await visit.page.locator("#result .reason").innerText(), /1x1 pixels.*too small|too small|at least/);
  assert.deepEqual(visit.errors, []);
});

test("a stopped batch keeps what it has, says what is left, and goes on when asked", async (t) => {
  const folder = temporaryFolder(t);
  const bytes = readFileSync(join(samplesFolder, samples()[0].file));
  const count = 40;
  const paths = Array.from({ length: count }, (_, index) => write(folder, `copy_${index}.png`, bytes));
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(...paths);
  await visit.page.locator("#stop").click();
  const text = visit.page.locator("#progress-text");
  await text.filter({ hasText: /^Stopped: \d+ not classified$/ }).waitFor();
  const left = Number(/\d+/.exec(await text.innerText())?.[0]);
  assert.ok(left > 0 && left < count, `${left} left`);
  await visit.page.getByRole("button", { name: "Classify them" }).click();
  await visit.settled(count);
});

test("between the thresholds there is no result, and the page says why", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(join(samplesFolder, samples()[0].file));
  await visit.settled(1);
  await visit.page.getByRole("button", { name: "Evaluate" }).click();
  await visit.page.locator("#threshold-low").fill("0");
  await visit.page.locator("#threshold-low").press("Tab");
  await visit.page.locator("#threshold-high").fill("1");
  await visit.page.locator("#threshold-high").press("Tab");
  await visit.page.getByRole("button", { name: "Classify" }).click();
  await visit.page.locator("#call", { hasText: "No result" }).waitFor();
  assert.match(await visit.page.locator("#result .reason").innerText(), /threshold/);
});

test("the image engine is started again when it dies, and the rest of the batch is classified", async (t) => {
  const folder = temporaryFolder(t);
  const bytes = readFileSync(join(samplesFolder, samples()[0].file));
  const paths = Array.from({ length: 8 }, (_, index) => write(folder, `copy_${index}.png`, bytes));
  const visit = await bench.open(t);
  await visit.modelReady();
  // The first worker's next answer but one is a report of its end.
  await visit.page.evaluate(() => {
    const original = Worker.prototype.postMessage;
    let sent = 0;
    Worker.prototype.postMessage = function (message, ...rest) {
      original.call(this, message, ...rest);
      if (message.kind === "classify" && ++sent === 3)
        this.dispatchEvent(new MessageEvent("message", { data: { fatal: "out of memory" } }));
    };
  });
  await visit.drop(...paths);
  await visit.settled(8);
  assert.match(await visit.page.locator("#progress-text").innerText(), /7 of 8 classified · 1 not read/);
  assert.match(await visit.page.locator(".notice.error").innerText(), /stopped and was started again/);
});
