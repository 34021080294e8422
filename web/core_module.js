// lobule_core as the worker sees it: one method a function of core_api.h, its answers parsed, its errors thrown.
import { WasmModule } from "./wasm_module.js";

/** @typedef {import("./types").ModelFacts} ModelFacts */
/** @typedef {{data: Float32Array, shape: number[]}} Tensor */
/** @typedef {{width: number, height: number, rgba: Uint8ClampedArray<ArrayBuffer>}} Pixels */
/** @typedef {Pixels & {ownStains: boolean}} TilePixels ownStains: channels are told apart by the image's own stains */

export class Core {
  /** @param {WasmModule} wasm */
  constructor(wasm) {
    this.wasm = wasm;
  }

  static async load() {
    return new Core(await WasmModule.load("lobule_core.mjs"));
  }

  /**
   * @param {string} name
   * @param {...(number | string | ArrayBufferView)} values
   */
  ask(name, ...values) {
    const answer = JSON.parse(this.wasm.text(name, ...values));
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  /**
   * @param {Uint8Array} bytes
   * @returns {{facts: ModelFacts, golden: number}}
   */
  openModel(bytes) {
    return this.ask("core_open_model", bytes, bytes.byteLength);
  }

  /**
   * @param {number} index
   * @returns {Tensor}
   */
  goldenInput(index) {
    return this.tensor(this.ask("core_golden_input", index).shape);
  }

  /**
   * @param {number} index
   * @param {Float32Array} logits
   */
  checkGolden(index, logits) {
    this.ask("core_check_golden", index, logits, logits.length);
  }

  acceptModel() {
    this.ask("core_accept_model");
  }

  /**
   * @param {number} caseId
   * @param {Uint8Array} bytes
   * @returns {{width: number, height: number, pixel_sha256: string}}
   */
  decode(caseId, bytes) {
    return this.ask("core_decode", caseId, bytes, bytes.byteLength);
  }

  /** @param {number} caseId */
  forget(caseId) {
    this.wasm.call("core_forget", caseId);
  }

  /**
   * @param {number} caseId
   * @returns {import("./types").Quality}
   */
  quality(caseId) {
    return this.ask("core_quality", caseId);
  }

  /**
   * Why the model in use must not answer for a kept image; "" where it may.
   * @param {number} caseId
   * @param {Float32Array} features
   * @param {string} path which may say the magnification
   * @returns {string}
   */
  refusal(caseId, features, path) {
    return this.ask("core_refusal", caseId, features, features.length, path).reason;
  }

  /**
   * @param {number} caseId
   * @returns {Tensor & {sha256: string}}
   */
  preprocess(caseId) {
    const answer = this.ask("core_preprocess", caseId);
    return { ...this.tensor(answer.shape), sha256: answer.tensor_sha256 };
  }

  /**
   * @param {number} caseId
   * @param {number} level
   * @param {number} x
   * @param {number} y
   * @param {string} channel
   * @returns {TilePixels}
   */
  tile(caseId, level, x, y, channel) {
    const answer = this.ask("core_tile", caseId, level, x, y, channel);
    return { ...this.pixels(answer), ownStains: answer.own_stains };
  }

  /**
   * @param {number} caseId
   * @param {number} side
   */
  thumbnail(caseId, side) {
    return this.pixels(this.ask("core_thumbnail", caseId, side));
  }

  /**
   * @param {number[]} shape
   * @returns {Tensor}
   */
  tensor(shape) {
    const count = shape.reduce((product, side) => product * side, 1);
    const bytes = this.wasm.bytes(this.wasm.call("core_tensor"), 4 * count);
    return { data: new Float32Array(bytes.buffer), shape };
  }

  /**
   * @param {{width: number, height: number}} size
   * @returns {Pixels}
   */
  pixels({ width, height }) {
    const bytes = this.wasm.bytes(this.wasm.call("core_pixels"), 4 * width * height);
    return { width, height, rgba: new Uint8ClampedArray(/** @type {ArrayBuffer} */ (bytes.buffer)) };
  }
}
