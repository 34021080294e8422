// core_manifest's WebAssembly build, in node and in Chromium: the same bytes of code in both.
import { WasmModule } from "../../web/wasm_module.js";

export class ManifestModule {
  /** @param {WasmModule} wasm */
  constructor(wasm) {
    this.wasm = wasm;
  }

  /**
   * @param {string} path of core_manifest.mjs, from the repository's root
   * @param {object} [options] of Emscripten's module
   */
  static async load(path, options = {}) {
    return new ManifestModule(await WasmModule.load(`../${path}`, options));
  }

  /**
   * A file's line of hashes, as the native program prints it.
   * @param {string} name
   * @param {Uint8Array} bytes
   */
  line(name, bytes) {
    const call = name.endsWith(".csv") ? "core_manifest_table" : "core_manifest_image";
    return this.wasm.text(call, bytes, bytes.byteLength);
  }
}
