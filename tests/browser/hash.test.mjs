import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Bench, noProgram, runProgram, samples, samplesFolder, shippedModel } from "./page.mjs";

const bench = new Bench();
before(() => bench.start());
after(() => bench.stop());

test("the copied tensor hash is what lobule inspect --tensor-sha256 prints", { skip: noProgram() }, async (t) => {
  const visit = await bench.open(t, { permissions: ["clipboard-read", "clipboard-write"] });
  await visit.modelReady();
  const image = join(samplesFolder, samples()[0].file);
  await visit.drop(image);
  await visit.settled(1);
  const expected = runProgram("inspect", image, "--tensor-sha256", "--model", shippedModel).trim();
  assert.match(expected, /^[0-9a-f]{64}$/);
  assert.equal(await visit.page.locator("#result .hash span").innerText(), expected.slice(0, 12));
  await visit.page.getByRole("button", { name: "Copy the tensor's SHA-256" }).click();
  await visit.page.getByRole("button", { name: "Copy the tensor's SHA-256" }).filter({ hasText: "Copied" }).waitFor();
  assert.equal(await visit.page.evaluate(() => navigator.clipboard.readText()), expected);
});
