// Puts the page together: build/wasm/dist from web/, assets/, the wasm modules and ONNX Runtime Web. Run by the build.
//
// dist/                 web/'s HTML, CSS, JavaScript and pictures, as they are; lobule_core.* and lobule_app.*
// dist/ort/             ONNX Runtime Web
// dist/models/, samples/, fonts/, licenses/
//
// In service_worker.js "@LOBULE_VERSION@" becomes a hash over all files, and ["@LOBULE_FILES@"] the list of them.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: options } = parseArgs({
  options: {
    out: { type: "string" },
    modules: { type: "string" },
    sdl: { type: "string" },
    "imgui-bundle": { type: "string" },
  },
});
const out = /** @type {string} */ (options.out);

/** Paths of all files below a folder, relative to it; none when it does not exist. */
function filesBelow(folder, skip = new Set(["node_modules"])) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !skip.has(entry.name))
    .flatMap((entry) =>
      entry.isDirectory() ? filesBelow(join(folder, entry.name), skip).map((path) => join(entry.name, path)) : [entry.name],
    )
    .sort();
}

/** @type {Map<string, Buffer>} path in dist -> content */
const page = new Map();
const add = (path, source) => page.set(path, readFileSync(source));

const pageTypes = new Set([".html", ".css", ".js", ".mjs", ".svg", ".png", ".ico", ".webmanifest"]);
for (const path of filesBelow(join(root, "web"))) {
  if (pageTypes.has(extname(path))) add(path, join(root, "web", path));
}
// The models that the page opens by itself, and no others: the service worker loads all that is here.
for (const [path, content] of [...page]) {
  if (extname(path) !== ".js") continue;
  for (const [model, name] of content.toString("utf8").matchAll(/\bmodels\/([\w.-]+\.onnx)\b/g)) add(model, join(root, "assets", name));
}
for (const module of ["lobule_core", "lobule_app"]) {
  for (const type of [".mjs", ".wasm"]) add(module + type, join(options.modules ?? "", module + type));
}
for (const path of filesBelow(join(root, "assets"))) {
  if (path.startsWith("samples/")) add(path, join(root, "assets", path));
}

const ort = join(root, "web/node_modules/onnxruntime-web");
if (!existsSync(ort)) {
  console.error("ONNX Runtime Web is missing: run scripts/setup web");
  process.exit(1);
}
for (const file of ["ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm"]) add(`ort/${file}`, join(ort, "dist", file));

// The canvas draws its text in Inter; without the package Dear ImGui's own font has to do.
const font = "/usr/share/fonts/opentype/inter/Inter-Regular.otf";
if (existsSync(font)) add("fonts/Inter-Regular.otf", font);

const licenses = {
  "lobule.txt": join(root, "LICENSE"),
  "sdl2.txt": join(options.sdl ?? "", "LICENSE.txt"),
  "dear_imgui.txt": join(options["imgui-bundle"] ?? "", "imgui/LICENSE.txt"),
  "implot.txt": join(options["imgui-bundle"] ?? "", "implot/LICENSE"),
  "onnxruntime_web.txt": join(ort, "LICENSE"),
  "nlohmann_json.txt": "/usr/share/doc/nlohmann-json3-dev/copyright",
  "protozero.txt": "/usr/share/doc/libprotozero-dev/copyright",
  "inter.txt": "/usr/share/doc/fonts-inter/copyright",
};
for (const [name, source] of Object.entries(licenses)) {
  if (existsSync(source)) add(`licenses/${name}`, source);
}

const serviceWorker = "service_worker.js";
const paths = [...page.keys()].filter((path) => path !== serviceWorker && !path.startsWith("licenses/")).sort();
const version = createHash("sha256");
for (const path of [...paths, serviceWorker]) version.update(path).update(page.get(path) ?? "");
const worker = page.get(serviceWorker);
if (worker) {
  const text = worker
    .toString("utf8")
    .replace("@LOBULE_VERSION@", version.digest("hex").slice(0, 16))
    .replace('"@LOBULE_FILES@"', paths.map((path) => JSON.stringify(path)).join(", "));
  page.set(serviceWorker, Buffer.from(text));
}

for (const path of filesBelow(out, new Set())) {
  if (!page.has(path)) rmSync(join(out, path));
}
let written = 0;
for (const [path, content] of page) {
  const target = join(out, path);
  if (existsSync(target) && statSync(target).size === content.length && readFileSync(target).equals(content)) continue;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
  written += 1;
}
console.log(`${relative(process.cwd(), out) || out}: ${page.size} files, ${written} written`);
