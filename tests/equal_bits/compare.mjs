// Runs core_manifest's builds over files and prints how many of their lines differ from the first build's.
//
//   node tests/equal_bits/compare.mjs BUILD_FOLDER [--all] [--data FOLDER] [--drawn FOLDER]
//
// Without --all: all of corpus and a few of the rest, always the same ones. Ends with status 1 when a line differs.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../browser/page.mjs";
import { chromiumManifest } from "./chromium_manifest.mjs";

// Every nth file of a folder without --all.
const kEvery = { breakhis: 40, corpus: 1, idc: 200, out_of_scope: 10, slides: 1 };
const kNative = ["gcc-O3", "gcc-O0", "gcc-O3-native", "clang-O3"];
const kWasm = ["wasm", "wasm-simd"];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: "boolean" }, data: { type: "string" }, drawn: { type: "string" } },
});
const builds = positionals[0];

function imagesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(png|jpe?g|bmp|csv)$/i.test(entry.name) && entry.name !== "manifest.csv")
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** The sets of files, by name. */
function fileSets() {
  const sets = new Map();
  if (options.drawn) {
    const drawn = imagesOf(options.drawn);
    sets.set("drawn", drawn.filter((path) => !path.endsWith(".csv")));
    sets.set("table of 2000 predictions", drawn.filter((path) => path.endsWith(".csv")));
  }
  for (const [name, every] of Object.entries(kEvery)) {
    const folder = options.data ? join(options.data, name) : "";
    if (!existsSync(folder)) {
      console.error(`skipped: no ${name} ${options.data ? `at ${folder}` : "(no --data)"}`);
      continue;
    }
    const images = imagesOf(folder);
    sets.set(name, options.all ? images : images.filter((_, index) => index % every === 0));
  }
  return sets;
}

/** The lines that a program prints. */
function linesOf(command, ...values) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, values, { stdio: ["ignore", "pipe", "inherit"] });
    const parts = [];
    child.stdout.on("data", (part) => parts.push(part));
    child.on("error", reject);
    child.on("close", (status) => {
      if (status !== 0) reject(new Error(`${command} ${values.join(" ")}: status ${status}`));
      else resolve(Buffer.concat(parts).toString("utf8").split("\n").slice(0, -1));
    });
  });
}

/** Builds that turned out the same program would show nothing. */
function checkBuildsDiffer() {
  const programs = [
    ...kNative.map((name) => join(builds, name, "bin/core_manifest")),
    ...kWasm.map((name) => join(builds, name, "bin/core_manifest.wasm")),
  ];
  const seen = new Map();
  for (const path of programs) {
    const program = readFileSync(path).toString("latin1");
    if (seen.has(program)) throw new Error(`${path} and ${seen.get(program)} are the same program`);
    seen.set(program, path);
  }
}

/** [name, how its lines are made] of every build; the first one is what the others are compared with. */
function runs(list, paths) {
  const module = (name) => join(builds, name, "bin/core_manifest.mjs");
  const nodeProgram = join(root, "tests/equal_bits/node_manifest.mjs");
  return [
    ...kNative.map((name) => [name, () => linesOf(join(builds, name, "bin/core_manifest"), list)]),
    ...kWasm.map((name) => [`${name} node`, () => linesOf(process.execPath, nodeProgram, module(name), list)]),
    ...kWasm.map((name) => [`${name} Chromium`, () => chromiumManifest(module(name), paths)]),
  ];
}

/** As many at a time as there are processors; results in order. */
async function inParallel(tasks) {
  const results = [];
  let next = 0;
  const work = async () => {
    while (next < tasks.length) {
      const index = next++;
      results[index] = await tasks[index]();
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}

async function timed(name, task) {
  const start = performance.now();
  const lines = await task();
  console.error(`${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return lines;
}

function printTable(names, sets, lines, paths) {
  const columns = ["files", "count", "refused", ...names.slice(1)];
  const rows = [];
  let first = 0;
  for (const [name, files] of sets) {
    const range = files.map((_, index) => first + index);
    const differing = lines.slice(1).map((of) => range.filter((index) => of[index] !== lines[0][index]));
    const refused = range.filter((index) => lines[0][index].startsWith("refused")).length;
    rows.push([name, files.length, refused, ...differing.map((indices) => indices.length)]);
    differing.forEach((indices, build) => {
      for (const index of indices.slice(0, 3))
        console.log(`${paths[index]}\n  ${names[0]}: ${lines[0][index]}\n  ${names[build + 1]}: ${lines[build + 1][index]}`);
    });
    first += files.length;
  }
  console.log(`Files whose hashes (pixels, resized images, tensor, quality, stain, evaluation, comparison) or refusal differ from those of ${names[0]}:\n`);
  console.log(`| ${columns.join(" | ")} |\n|${columns.map(() => "---|").join("")}`);
  for (const row of rows) console.log(`| ${row.join(" | ")} |`);
  return rows.flatMap((row) => row.slice(3)).reduce((sum, count) => sum + count, 0);
}

const sets = fileSets();
const paths = [...sets.values()].flat();
if (paths.length === 0) throw new Error("no files: give --data or --drawn");
checkBuildsDiffer();
const work = mkdtempSync(join(tmpdir(), "lobule-equal-bits-"));
try {
  const list = join(work, "list.txt");
  writeFileSync(list, paths.map((path) => `${path}\n`).join(""));
  const all = runs(list, paths);
  const lines = await inParallel(all.map(([name, task]) => () => timed(name, task)));
  for (const of of lines) if (of.length !== paths.length) throw new Error(`${of.length} lines for ${paths.length} files`);
  writeFileSync(
    join(builds, "manifest.tsv"),
    paths.map((path, index) => `${basename(dirname(path))}/${basename(path)}\t${lines[0][index]}\n`).join(""),
  );
  const differences = printTable(all.map(([name]) => name), sets, lines, paths);
  console.log(`\n${differences} differences`);
  process.exitCode = differences === 0 ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
