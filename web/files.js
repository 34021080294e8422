// Files in and out: choosing, sorting by kind, saving.
import { byId } from "./dom.js";

/** @typedef {import("./types").DroppedFile} DroppedFile */

const kImageEnding = /\.(png|jpe?g|bmp|tiff?|gif|webp|svs|ndpi)$/i;

/**
 * What was dropped or chosen, by what the page does with it. Inside folders only images count: a data set's own tables and notes are not
 * what was meant. Names decide only where to look; the core decides what a file is.
 * @param {DroppedFile[]} files
 */
export function sortFiles(files) {
  /** @type {{images: DroppedFile[], models: File[], tables: File[], documents: File[], unknown: File[], skipped: number}} */
  const kinds = { images: [], models: [], tables: [], documents: [], unknown: [], skipped: 0 };
  for (const dropped of files) {
    const { file, path } = dropped;
    const isInFolder = path.includes("/");
    if (kImageEnding.test(file.name) || file.type.startsWith("image/")) kinds.images.push(dropped);
    else if (isInFolder) kinds.skipped += 1;
    else if (/\.onnx$/i.test(file.name)) kinds.models.push(file);
    else if (/\.csv$/i.test(file.name)) kinds.tables.push(file);
    else if (/\.json$/i.test(file.name)) kinds.documents.push(file);
    else kinds.unknown.push(file);
  }
  const collator = new Intl.Collator("en", { numeric: true });
  kinds.images.sort((a, b) => collator.compare(a.path, b.path));
  return kinds;
}

/**
 * Connects every [data-choose] button with its hidden file input.
 * @param {(files: DroppedFile[]) => void} onFiles
 */
export function watchChoosers(onFiles) {
  for (const kind of ["files", "folder", "table"]) {
    const input = byId(`choose-${kind}`, HTMLInputElement);
    input.onchange = () => {
      const files = [...(input.files ?? [])];
      input.value = ""; // the same file can be chosen again
      onFiles(files.map((file) => ({ file, path: file.webkitRelativePath || file.name })));
    };
    for (const button of document.querySelectorAll(`[data-choose="${kind}"]`)) {
      button.addEventListener("click", () => input.click());
    }
  }
}

/** @type {Record<string, string>} */
const kTypes = { csv: "text/csv", json: "application/json", txt: "text/plain", html: "text/html", svg: "image/svg+xml" };

/**
 * Saves a text as a file of the browser's downloads.
 * @param {string} name
 * @param {string} text
 */
export function saveText(name, text) {
  const type = kTypes[name.split(".").pop() ?? ""] ?? "application/octet-stream";
  saveBlob(name, new Blob([text], { type }));
}

/** @param {string} name @param {Blob} blob */
export function saveBlob(name, blob) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
