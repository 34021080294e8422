// A thousand images through the page: none is dropped, and memory does not grow with their number. `scripts/test --long` runs it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Bench, noProgram, runProgram, temporaryFolder } from "./page.mjs";

const kImages = 1000;
const kWarm = 250; // caches of thumbnails and decoded images are full by then
const kGrowth = 60; // MiB that the pages' processes may grow by from then on

const bench = new Bench();
before(() => bench.start());
after(() => bench.stop());

const skip = process.env.LOBULE_LONG ? noProgram() : "takes minutes: scripts/test --long";

/** Resident memory of all renderers, MiB. */
async function rendererMemory() {
  const client = await bench.browser.newBrowserCDPSession();
  const { processInfo } = await client.send("SystemInfo.getProcessInfo");
  await client.detach();
  const resident = processInfo
    .filter(({ type }) => type === "renderer")
    .map(({ id }) => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? 0));
  return resident.reduce((sum, kilobytes) => sum + kilobytes, 0) / 1024;
}

const classified = (visit, count) =>
  visit.page.waitForFunction(
    (least) => Number(/^(\d+) of/.exec(document.getElementById("progress-text")?.textContent ?? "")?.[1] ?? 0) >= least,
    count,
    { timeout: 900_000 },
  );

test("a thousand images are classified, each once, in memory that does not grow", { skip, timeout: 1_200_000 }, async (t) => {
  const folder = join(temporaryFolder(t), "phantoms");
  runProgram("phantom", folder, "--patients", "100", "--images-per-patient", String(kImages / 100));
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(folder);
  await classified(visit, kWarm);
  const warm = await rendererMemory();
  await visit.page.waitForFunction(
    (count) => (document.getElementById("progress-text")?.textContent ?? "").startsWith(`${count} of ${count} classified`),
    kImages,
    { timeout: 900_000 },
  );
  const end = await rendererMemory();
  t.diagnostic(`renderers: ${warm.toFixed(0)} MiB after ${kWarm} images, ${end.toFixed(0)} MiB after ${kImages}`);
  assert.ok(end - warm < kGrowth, `from ${warm.toFixed(0)} to ${end.toFixed(0)} MiB`);

  const { text } = await visit.save("predictions.csv");
  const rows = text.trim().split("\n").slice(1);
  assert.equal(rows.length, kImages);
  assert.equal(new Set(rows.map((row) => row.split(",")[0])).size, kImages);
  assert.deepEqual(visit.errors, []);
});
