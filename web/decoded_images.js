// Which decoded images the core keeps: the ones used last, within a bound, so that a folder of thousands costs no more than a few.

const kMostImages = 8;
const kMostPixels = 60_000_000; // the largest image allowed, and some beside it

export class DecodedImages {
  /** @param {import("./core_module.js").Core} core */
  constructor(core) {
    this.core = core;
    /** @type {Map<number, {width: number, height: number, pixel_sha256: string}>} used last comes last */
    this.images = new Map();
  }

  /**
   * The image's size and hash; decodes it when it is not kept.
   * @param {number} caseId
   * @param {Blob} file
   */
  async open(caseId, file) {
    let image = this.images.get(caseId);
    if (image === undefined) {
      const bytes = await readFile(file);
      image = this.core.decode(caseId, bytes);
    }
    this.images.delete(caseId);
    this.images.set(caseId, image);
    this.dropOldest();
    return image;
  }

  /** @param {number} caseId */
  forget(caseId) {
    if (this.images.delete(caseId)) this.core.forget(caseId);
  }

  dropOldest() {
    const pixels = () => [...this.images.values()].reduce((sum, { width, height }) => sum + width * height, 0);
    while (this.images.size > 1 && (this.images.size > kMostImages || pixels() > kMostPixels)) {
      this.forget(/** @type {number} */ (this.images.keys().next().value));
    }
  }
}

const kMostBytes = 256 * 1024 * 1024; // an uncompressed image of the largest size allowed

/**
 * @param {Blob} file
 * @returns {Promise<Uint8Array>}
 */
export async function readFile(file) {
  if (file.size === 0) throw new Error("the file is empty");
  if (file.size > kMostBytes) {
    throw new Error(`the file has ${Math.round(file.size / 1048576)} MiB; the limit is ${kMostBytes / 1048576} MiB`);
  }
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new Error("the file can no longer be read: it was moved, changed or deleted");
  }
}
