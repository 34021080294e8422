import assert from "node:assert/strict";
import { createHash } from "node:crypto";
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

/**
 * The shipped model with one operator's name exchanged for another of its length, and a right digest.
 * @param {string} from
 * @param {string} to
 */
function resigned(from, to) {
  const bytes = readFileSync(shippedModel);
  const at = bytes.indexOf(Buffer.from([0x22, from.length, ...Buffer.from(from)])); // NodeProto.op_type
  assert.ok(at > 0);
  bytes.write(to, at + 2);
  bytes.fill("0", bytes.length - 64);
  bytes.write(createHash("sha256").update(bytes).digest("hex"), bytes.length - 64);
  return bytes;
}

test("a model with a flipped byte or an operator of no classifier, a file that is no model, and a plain ONNX file are refused; the old model stays", async (t) => {
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
    [write(folder, "operator.onnx", resigned("Flatten", "NonZero")), /\(NonZero\) is an operator that is not supported/],
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
