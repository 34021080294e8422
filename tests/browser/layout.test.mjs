import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { axeSource, Bench, samples, samplesFolder } from "./page.mjs";

const bench = new Bench();
before(() => bench.start());
after(() => bench.stop());

const paths = () => samples().map(({ file }) => join(samplesFolder, file));

async function violations(page) {
  await page.evaluate(axeSource());
  const { violations: found } = await page.evaluate(() => globalThis.axe.run());
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

for (const colorScheme of ["light", "dark"]) {
  for (const [size, viewport] of Object.entries({
    desktop: { width: 1440, height: 900 },
    phone: { width: 390, height: 844 },
  })) {
    test(`axe-core finds nothing in any view, ${colorScheme}, ${size}`, async (t) => {
      const visit = await bench.open(t, { colorScheme, viewport });
      await visit.modelReady();
      assert.deepEqual(await violations(visit.page), [], "first screen");
      await visit.drop(...paths());
      await visit.settled(paths().length);
      assert.deepEqual(await violations(visit.page), [], "Classify");
      await visit.page.getByRole("button", { name: "Evaluate" }).click();
      await visit.page.locator("#figures").waitFor({ state: "attached" });
      assert.deepEqual(await violations(visit.page), [], "Evaluate");
      await visit.page.keyboard.press("?");
      assert.deepEqual(await violations(visit.page), [], "list of keys");
    });
  }
}

test("on a phone the three columns are one, with a bar to choose by, and nothing is wider than the screen", async (t) => {
  const visit = await bench.open(t, { viewport: { width: 390, height: 844 } });
  await visit.modelReady();
  const width = () => visit.page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(await width(), 390);
  await visit.drop(...paths());
  await visit.settled(paths().length);
  for (const [name, pane] of [
    ["Cases", "#cases"],
    ["Image", "#stage"],
    ["Result", "#result"],
  ]) {
    await visit.page.locator(".panes").getByRole("button", { name }).click();
    for (const other of ["#cases", "#stage", "#result"]) {
      assert.equal(await visit.page.locator(other).isVisible(), other === pane, `${other} in ${name}`);
    }
    assert.equal(await width(), 390, name);
    assert.ok(await visit.page.locator(".ruo").isVisible(), `the research-use sentence in ${name}`);
  }
});

test("by keyboard alone: open a sample, label it, remove it, undo, move the threshold, read the list of keys", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  const { keyboard } = visit.page;
  const focusIsIn = (selector) => visit.page.evaluate((s) => document.activeElement?.closest(s) !== null, selector);
  for (let tabs = 0; tabs < 40 && !(await focusIsIn("#samples")); ++tabs) await keyboard.press("Tab");
  assert.ok(await focusIsIn("#samples"), "Tab reaches the samples");
  await keyboard.press("Enter");
  await visit.settled(1);

  await keyboard.press("m");
  const pressed = (name) => visit.page.getByRole("button", { name, pressed: true });
  await pressed("Malignant M").waitFor();
  await keyboard.press("u");
  await pressed("None U").waitFor();

  const limit = visit.page.locator(".bar-threshold span").first();
  const before = await limit.innerText();
  await keyboard.press("]");
  await visit.page.waitForFunction((old) => document.querySelector(".bar-threshold span")?.textContent !== old, before);

  await keyboard.press("c");
  assert.equal(await visit.page.locator("#cam-toggle").getAttribute("aria-pressed"), "true");

  await keyboard.press("Delete");
  await visit.page.locator("#start").waitFor({ state: "visible" });
  await keyboard.press("Control+z");
  await visit.settled(1);

  await keyboard.press("?");
  assert.ok(await visit.page.locator("#keys").isVisible());
  await keyboard.press("Escape");
  assert.ok(!(await visit.page.locator("#keys").isVisible()));
});

test("removing every case offers to undo it where one looks", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(...paths());
  await visit.settled(paths().length);
  await visit.page.locator("#remove-all").click();
  await visit.page.locator("#start").waitFor({ state: "visible" });
  await visit.page.locator(".notice").getByRole("button", { name: "Undo" }).click();
  await visit.settled(paths().length);
  assert.equal(await visit.page.locator(".notice", { hasText: "Removed" }).count(), 0);
});

test("the canvas has a pixel for each pixel of a dense screen, and follows the window", async (t) => {
  const visit = await bench.open(t, { deviceScaleFactor: 2, viewport: { width: 1200, height: 700 } });
  await visit.modelReady();
  await visit.drop(...paths());
  await visit.settled(paths().length);
  const isCrisp = () => {
    const canvas = document.getElementById("canvas");
    const box = document.getElementById("canvas-box");
    const fits =
      Math.abs(canvas.clientWidth - box.clientWidth) <= 1 && Math.abs(canvas.clientHeight - box.clientHeight) <= 1;
    return (
      fits && Math.abs(canvas.width - 2 * box.clientWidth) <= 2 && Math.abs(canvas.height - 2 * box.clientHeight) <= 2
    );
  };
  await visit.page.waitForFunction(isCrisp);
  await visit.page.setViewportSize({ width: 1000, height: 600 });
  await visit.page.waitForFunction(isCrisp);
});

test("no frame is drawn while nothing changes, and one is when something does", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(...paths());
  await visit.settled(paths().length);
  await visit.page.waitForTimeout(1500); // tiles arrive, the last update settles
  const framesDuring = async (action) => {
    await visit.page.evaluate(() => {
      const original = window.requestAnimationFrame;
      window.frames_asked = 0;
      window.requestAnimationFrame = (callback) => {
        window.frames_asked += 1;
        return original.call(window, callback);
      };
    });
    await action();
    await visit.page.waitForTimeout(1000);
    return visit.page.evaluate(() => window.frames_asked);
  };
  assert.equal(await framesDuring(async () => {}), 0);
  assert.ok((await framesDuring(() => visit.page.keyboard.press("c"))) > 0);
});

test("arrow keys go through the cases", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  await visit.drop(...paths());
  await visit.settled(paths().length);
  const current = () => visit.page.locator('.case-row[aria-current="true"] .case-name').innerText();
  const first = await current();
  await visit.page.keyboard.press("ArrowDown");
  assert.notEqual(await current(), first);
  await visit.page.keyboard.press("ArrowUp");
  assert.equal(await current(), first);
});
