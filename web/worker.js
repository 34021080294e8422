// The worker: decodes, preprocesses and infers, one request after the other. Answers carry the request's id. It never dies
// silently: what it cannot survive it reports as fatal, and the page starts another one.
import { Core } from "./core_module.js";
import { DecodedImages, readFile } from "./decoded_images.js";
import { Engine } from "./inference.js";

/** @typedef {import("./types").ClassifyAnswer} ClassifyAnswer */
/** @typedef {{value: unknown, transfer?: Transferable[]}} Handled */

const kThumbnailSide = 96; // pixels

const ready = Promise.all([Core.load(), Engine.load(crossOriginIsolated)]).then(([core, engine]) => ({
  core,
  engine,
  images: new DecodedImages(core),
}));

/** @type {import("./inference.js").Model | null} the model in use */
let model = null;

/** Requests to other origins since the worker started: the page shows the sum, and it is 0. */
function foreignRequests() {
  return performance.getEntriesByType("resource").filter((entry) => new URL(entry.name).origin !== location.origin)
    .length;
}

/**
 * Opens a model file. It comes into use after its golden vectors have passed; until then, and otherwise, the old one stays.
 * @param {{file: Blob}} request
 * @returns {Promise<Handled>}
 */
async function openModel({ file }) {
  const { core, engine } = await ready;
  const bytes = await readFile(file);
  const { facts, golden } = core.openModel(bytes);
  const candidate = await engine.open(bytes);
  try {
    for (let index = 0; index < golden; ++index) {
      const { logits } = await candidate.run(core.goldenInput(index));
      core.checkGolden(index, logits);
    }
    core.acceptModel();
  } catch (error) {
    await candidate.release();
    throw error;
  }
  const old = model;
  model = candidate;
  await old?.release();
  return { value: { facts, threads: engine.threads, foreignRequests: foreignRequests() } };
}

/**
 * @param {{caseId: number, file: Blob, path: string}} request
 * @returns {Promise<Handled>}
 */
async function classify({ caseId, file, path }) {
  const { core, images } = await ready;
  if (model === null) throw new Error("no model is open");
  const start = performance.now();
  const { width, height, pixel_sha256 } = await images.open(caseId, file);
  const quality = core.quality(caseId);
  const tensor = core.preprocess(caseId);
  const { logits, features, cam, camShape } = await model.run(tensor);
  const refusal = core.refusal(caseId, features, path);
  const milliseconds = performance.now() - start;
  if (!logits.every(Number.isFinite)) throw new Error("the network's answer is not a finite number");
  /** @type {ClassifyAnswer} */
  const value = {
    result: { width, height, logits: [...logits], tensor_sha256: tensor.sha256, pixel_sha256, quality, refusal, milliseconds },
    cam: { values: cam, classes: camShape[0], height: camShape[1], width: camShape[2] },
    thumbnail: await encodeThumbnail(core.thumbnail(caseId, kThumbnailSide)),
    foreignRequests: foreignRequests(),
  };
  return { value, transfer: [cam.buffer] };
}

/** @param {import("./core_module.js").Pixels} pixels */
async function encodeThumbnail({ width, height, rgba }) {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, width, height), 0, 0);
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
}

/**
 * @param {{caseId: number, file: Blob, level: number, x: number, y: number, channel: string}} request
 * @returns {Promise<Handled>}
 */
async function tile({ caseId, file, level, x, y, channel }) {
  const { core, images } = await ready;
  await images.open(caseId, file);
  const pixels = core.tile(caseId, level, x, y, channel);
  return { value: pixels, transfer: [pixels.rgba.buffer] };
}

/**
 * @param {{caseId: number}} request
 * @returns {Promise<Handled>}
 */
async function forget({ caseId }) {
  (await ready).images.forget(caseId);
  return { value: null };
}

/** @type {Record<string, (request: any) => Promise<Handled>>} */
const handlers = { openModel, classify, tile, forget };

/**
 * A trap or an abort leaves a wasm module in a state that nothing may run on; C++ exceptions that ONNX Runtime lets through are numbers.
 * @param {unknown} error
 */
function isFatal(error) {
  return error instanceof WebAssembly.RuntimeError || typeof error === "number";
}

/** @param {{id: number, kind: string, request: any}} message */
async function answer({ id, kind, request }) {
  try {
    const { value, transfer } = await handlers[kind](request);
    self.postMessage({ id, value }, { transfer: transfer ?? [] });
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    self.postMessage(isFatal(error) ? { id, fatal: cause } : { id, error: cause });
  }
}

/** @type {Promise<void>} */
let last = Promise.resolve();
self.onmessage = (event) => {
  last = last.then(() => answer(event.data));
};
// A worker that cannot load its modules says so at once, not at the first image.
ready.catch((error) => self.postMessage({ fatal: `the image engine could not be loaded: ${error.message ?? error}` }));
