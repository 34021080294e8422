// What a page without a core of its own would do, in Chromium: createImageBitmap, drawImage, getImageData. Prints a line for each step,
// its name, a tab and milliseconds, the fastest run. canvas_bench.mjs IMAGE
import { readFileSync } from "node:fs";
import { launchChromium } from "../browser/page.mjs";

const [path] = process.argv.slice(2);
if (!path) {
  console.error("usage: canvas_bench.mjs IMAGE");
  process.exit(2);
}

/** Runs in the page. @param {string} base64 */
async function measure(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const mean = [0.485, 0.456, 0.406];
  const stddev = [0.229, 0.224, 0.225];

  const decode = () => createImageBitmap(new Blob([bytes]));
  // Pixels that are read back are kept in memory, not on a graphics card.
  const canvasOf = (width, height) => new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  const resize = (image, width, height) => {
    const context = canvasOf(width, height);
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, width, height);
    return context.getImageData(0, 0, width, height).data;
  };
  const preprocess = (image) => {
    const rgba = resize(image, 336, 224);
    const pixels = rgba.length / 4;
    const tensor = new Float32Array(3 * pixels);
    for (let channel = 0; channel < 3; ++channel) {
      for (let i = 0; i < pixels; ++i) tensor[channel * pixels + i] = (rgba[4 * i + channel] / 255 - mean[channel]) / stddev[channel];
    }
    return tensor;
  };

  const bitmap = await decode();
  const steps = [
    ["decode", decode],
    ["preprocess to 336x224", () => preprocess(bitmap)],
    ["whole way: decode, preprocess", async () => preprocess(await decode())],
  ];
  for (const [fromWidth, fromHeight, width, height] of [
    [700, 460, 336, 224],
    [700, 460, 144, 96],
    [2048, 1536, 336, 224],
    [4000, 3000, 224, 224],
    [224, 224, 336, 336],
  ]) {
    const source = canvasOf(fromWidth, fromHeight);
    source.drawImage(bitmap, 0, 0, fromWidth, fromHeight);
    const image = await createImageBitmap(source.canvas);
    steps.push([`resize ${fromWidth}x${fromHeight} to ${width}x${height}, bilinear`, () => resize(image, width, height)]);
  }

  const runs = 15;
  const fastest = steps.map(() => Infinity);
  for (let run = -1; run < runs; ++run) {
    for (const [number, [, work]] of steps.entries()) {
      const start = performance.now();
      await work();
      if (run >= 0) fastest[number] = Math.min(fastest[number], performance.now() - start);
    }
  }
  return steps.map(([name], number) => [name, fastest[number]]);
}

const browser = await launchChromium();
try {
  const page = await browser.newPage();
  for (const [name, milliseconds] of await page.evaluate(measure, readFileSync(path).toString("base64"))) {
    console.log(`${name}\t${milliseconds.toFixed(4)}`);
  }
} finally {
  await browser.close();
}
