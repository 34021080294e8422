// Dropping anywhere on the page: files, and folders walked to their end.

/** @typedef {import("./types").DroppedFile} DroppedFile */

/**
 * @param {(files: DroppedFile[]) => void} onFiles
 * @param {(isOver: boolean) => void} onHover
 * @param {(name: string) => void} onUnreadable told of a file or folder that the system would not let the page read
 */
export function watchDrops(onFiles, onHover, onUnreadable) {
  let depth = 0; // dragenter and dragleave come for every element crossed
  const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
  window.addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    depth += 1;
    onHover(true);
  });
  window.addEventListener("dragleave", (event) => {
    if (!hasFiles(event)) return;
    depth = Math.max(0, depth - 1);
    if (depth === 0) onHover(false);
  });
  window.addEventListener("dragover", (event) => event.preventDefault());
  window.addEventListener("drop", async (event) => {
    event.preventDefault();
    depth = 0;
    onHover(false);
    if (event.dataTransfer) onFiles(await readDrop(event.dataTransfer, onUnreadable));
  });
}

/**
 * @param {DataTransfer} transfer emptied by the browser as soon as this function waits for the first time
 * @param {(name: string) => void} onUnreadable
 */
async function readDrop(transfer, onUnreadable) {
  const entries = [...transfer.items].map((item) => (item.kind === "file" ? item.webkitGetAsEntry() : null));
  // Drops made by programs carry files without entries.
  if (!entries.some((entry) => entry !== null)) return [...transfer.files].map((file) => ({ file, path: file.name }));
  /** @type {DroppedFile[]} */
  const files = [];
  for (const entry of entries) if (entry) await walk(entry, files, onUnreadable);
  return files;
}

/**
 * @param {FileSystemEntry} entry
 * @param {DroppedFile[]} files
 * @param {(name: string) => void} onUnreadable
 */
async function walk(entry, files, onUnreadable) {
  try {
    if (entry.isFile) {
      const fileEntry = /** @type {FileSystemFileEntry} */ (entry);
      const file = await new Promise((/** @type {(file: File) => void} */ resolve, reject) =>
        fileEntry.file(resolve, reject),
      );
      files.push({ file, path: entry.fullPath.replace(/^\//, "") });
    } else {
      const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
      for (;;) {
        // At most a hundred entries a call, until there are none.
        const entries = await new Promise((/** @type {(entries: FileSystemEntry[]) => void} */ resolve, reject) =>
          reader.readEntries(resolve, reject),
        );
        if (entries.length === 0) break;
        for (const child of entries) await walk(child, files, onUnreadable);
      }
    }
  } catch {
    onUnreadable(entry.name);
  }
}
