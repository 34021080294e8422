// ONNX Runtime Web as the worker sees it. Runs in the worker: its own proxy stays off, creating and running are never at once.

/** @typedef {typeof import("onnxruntime-web")} Ort */
/** @typedef {import("onnxruntime-web").InferenceSession} InferenceSession */
/** @typedef {{logits: Float32Array, features: Float32Array, cam: Float32Array, camShape: readonly number[]}} Answer */

// More threads than this gain nothing with networks that fit into a page.
const kMostThreads = 4;

export class Engine {
  /** @param {Ort} ort */
  constructor(ort) {
    this.ort = ort;
  }

  /**
   * Threads need shared memory, which a browser gives only to a page that is cross-origin isolated.
   * @param {boolean} isolated
   */
  static async load(isolated) {
    const folder = new URL("ort/", import.meta.url);
    /** @type {Ort} */
    const ort = await import(new URL("ort.wasm.bundle.min.mjs", folder).href);
    ort.env.wasm.proxy = false;
    ort.env.wasm.numThreads = isolated ? Math.min(kMostThreads, navigator.hardwareConcurrency || 1) : 1;
    ort.env.wasm.wasmPaths = { wasm: new URL("ort-wasm-simd-threaded.wasm", folder).href };
    ort.env.logLevel = "error";
    return new Engine(ort);
  }

  get threads() {
    return this.ort.env.wasm.numThreads ?? 1;
  }

  /** @param {Uint8Array} bytes */
  async open(bytes) {
    return new Model(this.ort, await this.ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] }));
  }
}

export class Model {
  /**
   * @param {Ort} ort
   * @param {InferenceSession} session
   */
  constructor(ort, session) {
    this.ort = ort;
    this.session = session;
  }

  /**
   * @param {import("./core_module.js").Tensor} input
   * @returns {Promise<Answer>}
   */
  async run({ data, shape }) {
    const input = new this.ort.Tensor("float32", data, shape);
    const outputs = await this.session.run({ [this.session.inputNames[0]]: input }, ["logits", "cam", "features"]);
    const answer = {
      logits: Float32Array.from(/** @type {Float32Array} */ (outputs.logits.data)),
      features: Float32Array.from(/** @type {Float32Array} */ (outputs.features.data)),
      cam: Float32Array.from(/** @type {Float32Array} */ (outputs.cam.data)),
      camShape: outputs.cam.dims.slice(1), // [classes, height, width]
    };
    for (const tensor of [input, ...Object.values(outputs)]) tensor.dispose();
    return answer;
  }

  release() {
    return this.session.release();
  }
}
