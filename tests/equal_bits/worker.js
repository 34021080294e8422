import { ManifestModule } from "./manifest_module.js";

const path = /** @type {string} */ (new URLSearchParams(location.search).get("module"));
const ready = ManifestModule.load(path);

self.onmessage = async ({ data: files }) => {
  const manifest = await ready;
  const lines = [];
  for (const file of files) lines.push(manifest.line(file.name, new Uint8Array(await file.arrayBuffer())));
  self.postMessage(lines);
};
