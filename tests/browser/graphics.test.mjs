import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Bench, tissueModel } from "./page.mjs";
import { canvasSays, eventually, openWith, samplePaths } from "./viewing.mjs";

const bench = new Bench();
before(() => bench.start());
after(() => bench.stop());

/** Takes the graphics away, as a driver's reset or a phone's sleep does, and gives them back. */
async function loseGraphics(visit) {
  await visit.page.evaluate(async () => {
    const canvas = document.getElementById("canvas");
    const happens = (event) => new Promise((resolve) => canvas.addEventListener(event, resolve, { once: true }));
    const graphics = canvas.getContext("webgl2").getExtension("WEBGL_lose_context");
    const lost = happens("webglcontextlost");
    graphics.loseContext();
    await lost;
    await new Promise((resolve) => setTimeout(resolve, 200)); // frames that cannot be drawn
    const restored = happens("webglcontextrestored");
    graphics.restoreContext();
    await restored;
  });
}

test("a frame waits for no answer of WebGL's, and what was seen is not sent again", async (t) => {
  const visit = await openWith(bench, t, samplePaths());
  const { page } = visit;
  const calls = await page.evaluateHandle(() => {
    const counts = { asked: 0, sent: 0, drawn: 0 };
    for (const [name, what] of Object.entries({ getParameter: "asked", texImage2D: "sent", texSubImage2D: "sent", drawElements: "drawn" })) {
      const original = WebGL2RenderingContext.prototype[name];
      WebGL2RenderingContext.prototype[name] = function (...values) {
        counts[what] += 1;
        return original.apply(this, values);
      };
    }
    return counts;
  });
  const { x, y, width, height } = await page.locator("#canvas").boundingBox();
  await page.mouse.move(x + width / 3, y + height / 3);
  const look = async () => {
    for (const step of [...Array(12).fill(-100), ...Array(12).fill(100)]) {
      await page.mouse.wheel(0, step);
      await page.waitForTimeout(30);
    }
    await page.keyboard.press("f");
    await page.waitForTimeout(800); // tiles arrive, the camera rests
    return calls.evaluate((counts) => ({ ...counts }));
  };
  const first = await look();
  const again = await look();
  assert.ok(again.drawn > first.drawn, "it was drawn");
  assert.equal(again.asked, 0);
  assert.equal(again.sent, first.sent);
});

test("graphics that are lost and come back draw the same: an image with its map, a stain, two cases, two models", async (t) => {
  const visit = await openWith(bench, t, samplePaths());
  const { page } = visit;
  const picture = () => page.locator("#canvas").screenshot();
  const comesBack = async (what) => {
    await page.waitForTimeout(800); // tiles arrive, the camera rests
    const before = await picture();
    await loseGraphics(visit);
    await eventually(async () => before.equals(await picture()), (same) => same, what);
  };
  await page.locator("#canvas").focus();
  await page.keyboard.press("c");
  await comesBack("an image with its heat map");
  await page.keyboard.press("s");
  await canvasSays(visit, /Haematoxylin/);
  await comesBack("a stain");
  await page.keyboard.press("k");
  await page.keyboard.press("ArrowDown");
  await canvasSays(visit, /^Compared: /);
  await comesBack("two cases");
  await page.keyboard.press("k");
  await visit.drop(tissueModel);
  await page.locator("#model-name", { hasText: "BreaKHis" }).waitFor({ timeout: 60_000 });
  await page.locator("#compare-models").click();
  await canvasSays(visit, /^Compared: .*phantoms.*Evidence.*; with EfficientNet.*Evidence/);
  await comesBack("two models");
  assert.deepEqual(visit.errors, []);
});
