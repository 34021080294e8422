import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Bench, samples, samplesFolder, shippedModel, temporaryFolder, write } from "./page.mjs";

const bench = new Bench();
before(() => bench.start());
after(() => bench.stop());

test("a dropped model replaces the one in use after its checks, and open cases are classified again", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(join(samplesFolder, samples()[0].file));
  await visit.settled(1);
  const before = await visit.page.locator("#probability").innerText();
  await visit.drop(write(temporaryFolder(t), "mine.onnx", readFileSync(shippedModel)));
  await visit.page.locator(".notice.done", { hasText: "is the model now" }).waitFor();
  await visit.settled(1);
  assert.equal(await visit.page.locator("#probability").innerText(), before);
});

test("a model with a flipped byte, a file that is no model, and a plain ONNX file are refused; the old model stays", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  const name = await visit.page.locator("#model-name").innerText();
  const digest = await visit.page.locator("#model-digest").innerText();
  const folder = temporaryFolder(t);
  const bytes = readFileSync(shippedModel);
  const flipped = Buffer.from(bytes);
  flipped[flipped.length - 1] ^= 1;
  // ir_version 8, producer_name "x", opset 17, and an empty graph: ONNX, and not ours.
  const plain = Buffer.from([8, 8, 18, 1, 120, 58, 0, 66, 2, 16, 17]);
  const refused = [
    [write(folder, "flipped.onnx", flipped), /digest|wire|ONNX|model/i],
    [write(folder, "half.onnx", bytes.subarray(0, bytes.length >> 1)), /ONNX|cut short|truncated/i],
    [write(folder, "text.onnx", "no model at all"), /ONNX/i],
    [write(folder, "plain.onnx", plain), /lobule/i],
    [write(folder, "empty.onnx", ""), /empty/],
  ];
  for (const [path, cause] of refused) {
    const file = path.split("/").pop();
    await visit.drop(path);
    const notice = visit.page.locator(".notice.error", { hasText: file });
    await notice.waitFor();
    const text = await notice.innerText();
    assert.match(text, cause);
    assert.match(text, /stays in use/);
    await notice.getByRole("button", { name: "Dismiss" }).click();
  }
  assert.equal(await visit.page.locator("#model-name").innerText(), name);
  assert.equal(await visit.page.locator("#model-digest").innerText(), digest);
  await visit.drop(join(samplesFolder, samples()[0].file));
  await visit.settled(1);
  assert.match(await visit.page.locator("#call").innerText(), /Benign|Malignant|No result/);
});
