// node tests/equal_bits/node_manifest.mjs core_manifest.mjs LIST.txt: what the native core_manifest prints, by its WebAssembly build.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../browser/page.mjs";
import { ManifestModule } from "./manifest_module.js";

const [modulePath, listPath] = process.argv.slice(2);
// The module is made for a worker of a page; what it asks of one before it runs is its address. node's fetch knows no files.
globalThis.self = { location: { href: pathToFileURL(modulePath).href } };
const wasmBinary = readFileSync(modulePath.replace(/\.mjs$/, ".wasm"));
const manifest = await ManifestModule.load(relative(root, modulePath), { wasmBinary });
const paths = readFileSync(listPath, "utf8").split("\n").filter(Boolean);
for (const path of paths) process.stdout.write(`${manifest.line(path, readFileSync(path))}\n`);
