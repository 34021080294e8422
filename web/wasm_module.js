// Texts and bytes across the boundary of one of our wasm modules.

/**
 * What Emscripten gives besides the exported C functions, which have a leading underscore.
 * @typedef {Record<string, (...values: any[]) => any> & {
 *   HEAPU8: Uint8Array,
 *   UTF8ToString: (pointer: number) => string,
 *   stringToUTF8: (text: string, pointer: number, bytes: number) => void,
 *   lengthBytesUTF8: (text: string) => number,
 *   _malloc: (bytes: number) => number,
 *   _free: (pointer: number) => void,
 * }} EmscriptenModule
 */

export class WasmModule {
  /** @param {EmscriptenModule} module */
  constructor(module) {
    this.module = module;
  }

  /**
   * Loads a module's .mjs file, which lies beside this one.
   * @param {string} file
   * @param {{canvas?: HTMLCanvasElement}} [options] the canvas that SDL draws on
   */
  static async load(file, options = {}) {
    const url = new URL(file, import.meta.url).href;
    const { default: instantiate } = await import(url);
    return new WasmModule(await instantiate(options));
  }

  /**
   * Calls a C function with numbers, texts (UTF-8, freed after the call) and bytes (copied in, freed after the call).
   * @param {string} name
   * @param {...(number | string | ArrayBufferView)} values
   * @returns {number}
   */
  call(name, ...values) {
    /** @type {number[]} */
    const buffers = [];
    try {
      const passed = values.map((value) => {
        if (typeof value === "number") return value;
        const pointer = typeof value === "string" ? this.copyText(value) : this.copyBytes(value);
        buffers.push(pointer);
        return pointer;
      });
      return this.module[`_${name}`](...passed);
    } finally {
      for (const pointer of buffers) this.module._free(pointer);
    }
  }

  /**
   * The same for a function that returns a text.
   * @param {string} name
   * @param {...(number | string | ArrayBufferView)} values
   */
  text(name, ...values) {
    return this.module.UTF8ToString(this.call(name, ...values));
  }

  /**
   * A copy of bytes that lie in the module's memory.
   * @param {number} pointer
   * @param {number} length
   */
  bytes(pointer, length) {
    return this.module.HEAPU8.slice(pointer, pointer + length);
  }

  /** @param {number} bytes */
  allocate(bytes) {
    const pointer = this.module._malloc(Math.max(bytes, 1));
    if (pointer === 0) throw new Error("there is not enough memory for it");
    return pointer;
  }

  /** @param {string} text */
  copyText(text) {
    const bytes = this.module.lengthBytesUTF8(text) + 1;
    const pointer = this.allocate(bytes);
    this.module.stringToUTF8(text, pointer, bytes);
    return pointer;
  }

  /** @param {ArrayBufferView} view */
  copyBytes(view) {
    const pointer = this.allocate(view.byteLength);
    this.module.HEAPU8.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), pointer);
    return pointer;
  }
}
