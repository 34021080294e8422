// Hands chosen files to a worker, as the page that ships does, and keeps its lines where the test fetches them.
const worker = new Worker(`worker.js${location.search}`, { type: "module" });
const input = /** @type {HTMLInputElement} */ (document.querySelector("input"));

/** @returns {Promise<string[]>} the lines of the files chosen last */
globalThis.manifestLines = () =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message || "the worker did not start"));
    worker.postMessage([...(input.files ?? [])]);
  });
