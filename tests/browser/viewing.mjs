// What tests of the viewer need besides a page.
import assert from "node:assert/strict";
import { join } from "node:path";
import { samples, samplesFolder } from "./page.mjs";

export const samplePaths = () => samples().map(({ file }) => join(samplesFolder, file));
export const canvasText = (visit) => visit.page.locator("#canvas").getAttribute("aria-label");
export const canvasSays = (visit, pattern) =>
  visit.page.waitForFunction(
    ([source, flags]) => new RegExp(source, flags).test(document.getElementById("canvas").getAttribute("aria-label")),
    [pattern.source, pattern.flags],
  );

/** A page with these files classified by the teaching model. */
export async function openWith(bench, t, paths, options = {}) {
  const visit = await bench.open(t, options);
  await visit.modelReady();
  await visit.drop(...paths);
  await visit.settled(paths.length);
  await visit.page.waitForTimeout(500); // tiles arrive
  return visit;
}

/** What the canvas shows, waited for: tiles come from the worker, and the camera comes to rest. */
export async function eventually(measure, isRight, what) {
  let last;
  for (let tries = 0; tries < 40; ++tries) {
    last = await measure();
    if (isRight(last)) return last;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`${what}: ${JSON.stringify(last)}`);
}
