// The files behind the cases, and their small pictures. Files are handles: their bytes stay on disk until the worker reads them.
// A removed case keeps its file, since a removal can be undone.

export class CaseFiles {
  constructor() {
    /** @type {Map<number, File>} */
    this.files = new Map();
    /** @type {Map<number, string>} addresses of the small pictures */
    this.thumbnails = new Map();
    /** @type {Map<number, Blob>} */
    this.pictures = new Map();
  }

  /** @param {number} caseId @param {File} file */
  add(caseId, file) {
    this.files.set(caseId, file);
  }

  /** @param {number} caseId */
  file(caseId) {
    return this.files.get(caseId);
  }

  /** @param {number} caseId @param {Blob} picture */
  setThumbnail(caseId, picture) {
    this.pictures.set(caseId, picture);
    const old = this.thumbnails.get(caseId);
    if (old) URL.revokeObjectURL(old);
    this.thumbnails.set(caseId, URL.createObjectURL(picture));
  }

  /** @param {number} caseId */
  thumbnail(caseId) {
    return this.thumbnails.get(caseId) ?? "";
  }

  /**
   * The small picture as a text that a page can hold.
   * @param {number} caseId
   * @returns {Promise<string>} data:image/...;base64,..., or ""
   */
  picture(caseId) {
    const picture = this.pictures.get(caseId);
    if (!picture) return Promise.resolve("");
    return new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result));
      reader.onerror = () => resolve("");
      reader.readAsDataURL(picture);
    });
  }
}
