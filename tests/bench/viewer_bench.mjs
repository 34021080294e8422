// The viewer with an image of 50 million pixels, in Chromium: processor time of the frames and what goes to the graphics card, while a person zooms
// and pans there for the first time and again. Prints a table in Markdown. viewer_bench.mjs [IMAGE]
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bench } from "../browser/page.mjs";
import { samplePaths } from "../browser/viewing.mjs";

const [width, height] = [8192, 6100]; // as large as lobule takes
const folder = mkdtempSync(join(tmpdir(), "lobule-viewer-bench-"));

/** Runs in the page before its own script: notes each frame's milliseconds and bytes of texture. */
function watchFrames() {
  const frames = [];
  let bytes = 0;
  globalThis.takeFrames = () => frames.splice(0);
  const request = globalThis.requestAnimationFrame.bind(globalThis);
  globalThis.requestAnimationFrame = (callback) =>
    request((time) => {
      const start = performance.now();
      callback(time);
      frames.push({ ms: performance.now() - start, bytes });
      bytes = 0; // tiles come between frames
    });
  for (const name of ["texImage2D", "texSubImage2D"]) {
    const original = WebGL2RenderingContext.prototype[name];
    WebGL2RenderingContext.prototype[name] = function (...parts) {
      const [columns, rows] = name === "texImage2D" ? parts.slice(3, 5) : parts.slice(4, 6);
      bytes += 4 * columns * rows;
      return original.apply(this, parts);
    };
  }
}

/** A JPEG of that size, of a sample case over and over. Runs in the page. */
async function drawLarge([base64, columns, rows]) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const sample = await createImageBitmap(new Blob([bytes]));
  const canvas = new OffscreenCanvas(columns, rows);
  const context = canvas.getContext("2d");
  for (let y = 0; y < rows; y += sample.height) for (let x = 0; x < columns; x += sample.width) context.drawImage(sample, x, y);
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",")[1]);
    reader.readAsDataURL(blob);
  });
}

const at = (share, sorted) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

/**
 * Processor seconds of the page's main thread since it began, whatever it waited for: what the page's own script, style and layout took, and all of it, Chromium's
 * part included, but for the commands by which this bench moves the mouse.
 */
async function processorSeconds(client) {
  const { metrics } = await client.send("Performance.getMetrics");
  const seconds = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  return {
    page: seconds.ScriptDuration + seconds.RecalcStyleDuration + seconds.LayoutDuration,
    thread: seconds.TaskDuration - seconds.DevToolsCommandDuration,
  };
}

function row(name, frames, before, after) {
  const sorted = frames.map(({ ms }) => ms).sort((a, b) => a - b);
  const uploaded = frames.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20;
  const uploads = frames.filter(({ bytes }) => bytes > 0).length;
  const times = [0.5, 0.95, 1].map((share) => at(share, sorted).toFixed(1)).join(" / ");
  const [own, all] = ["page", "thread"].map((part) => ((1000 * (after[part] - before[part])) / frames.length).toFixed(1));
  return `| ${name} | ${frames.length} | ${own} / ${all} | ${times} | ${uploads} | ${uploaded.toFixed(1)} |`;
}

/** Gestures of a person, by name; each ends as it began, fitted. */
function gesturesOf({ page }, { x, y, width: across, height: down }) {
  const [left, top] = [x + across * 0.4, y + down * 0.4];
  const wheel = async (step) => {
    for (let i = 0; i < 24; ++i) {
      await page.mouse.wheel(0, step);
      await page.waitForTimeout(25);
    }
  };
  return {
    "wheel, in to pixels and out again": async () => {
      await page.mouse.move(left, top);
      await wheel(-100);
      await wheel(100);
    },
    "drag at 1:1": async () => {
      await page.getByRole("button", { name: "1:1" }).click();
      await page.mouse.move(left, top);
      await page.mouse.down();
      await page.mouse.move(left + across * 0.3, top + down * 0.3, { steps: 40 });
      await page.mouse.move(left - across * 0.3, top - down * 0.3, { steps: 80 });
      await page.mouse.move(left, top, { steps: 40 });
      await page.mouse.up();
      await page.getByRole("button", { name: "Fit" }).click();
    },
  };
}

const bench = new Bench();
await bench.start();
try {
  const visit = await bench.open({ after() {} });
  const { page } = visit;
  await visit.modelReady();
  await page.addInitScript(watchFrames);
  await page.reload();
  await visit.modelReady();
  let path = process.argv[2];
  if (!path) {
    path = join(folder, "large.jpg");
    writeFileSync(path, await page.evaluate(drawLarge, [readFileSync(samplePaths()[0]).toString("base64"), width, height]), "base64");
  }
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable", { timeDomain: "threadTicks" });
  let before = await processorSeconds(client);
  const dropped = Date.now();
  await visit.drop(path);
  await visit.settled(1);
  const seconds = (Date.now() - dropped) / 1000;
  await page.waitForTimeout(2000); // tiles arrive
  const [size, memory] = [await page.locator("#result .facts dd", { hasText: "pixels" }).first().innerText(), statSync(path).size / 2 ** 20];
  console.log(`${size}, ${memory.toFixed(1)} MiB; dropped, decoded and classified in ${seconds.toFixed(1)} s\n`);
  console.log("| gesture | frames | processor time a frame, mean, ms: page / main thread | frame from begin to end, ms: median / 95 % / most | frames that sent texture | sent, MiB |\n|---|---|---|---|---|---|");
  console.log(row("the image comes", await page.evaluate(() => takeFrames()), before, await processorSeconds(client)));
  for (const [name, gesture] of Object.entries(gesturesOf(visit, await page.locator("#canvas").boundingBox()))) {
    for (const time of ["first time", "again"]) {
      before = await processorSeconds(client);
      await gesture();
      await page.waitForTimeout(2000);
      console.log(row(`${name}, ${time}`, await page.evaluate(() => takeFrames()), before, await processorSeconds(client)));
    }
  }
  if (visit.errors.length > 0) throw new Error(visit.errors.join("\n"));
} finally {
  await bench.stop();
  rmSync(folder, { recursive: true });
}
