// The page in Chromium: served by our own server, watched for errors and for requests to other origins.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "../../scripts/serve.mjs";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const dist = process.env.LOBULE_DIST || join(root, "build/wasm/dist");
export const program = process.env.LOBULE_BIN || join(root, "build/release/bin/lobule");
export const data = process.env.LOBULE_DATA || join(root, "../shared/data");
export const shippedModel = join(dist, "models/seed_cnn_phantoms.onnx");
export const tissueModel = join(dist, "models/breakhis.onnx");
export const patchModel = join(dist, "models/idc.onnx");
export const samplesFolder = join(dist, "samples");

const fromWeb = createRequire(join(root, "web/package.json"));
const { chromium } = fromWeb("playwright-core");
export const axeSource = () => readFileSync(fromWeb.resolve("axe-core/axe.min.js"), "utf8");

const browserPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const browserFlags = [
  "--no-sandbox",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

export const samples = () => JSON.parse(readFileSync(join(samplesFolder, "samples.json"), "utf8")).samples;

/** Why a test can't run here, or false. */
export const noProgram = () => (existsSync(program) ? false : `${program} is not built`);
export const noRealImages = () =>
  existsSync(join(data, "breakhis")) ? false : `no real images: ${data} does not exist`;

/** The program's answer; a refusal throws with its message. */
export function runProgram(...values) {
  return execFileSync(program, values, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** A folder that is gone when the test ends. */
export function temporaryFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), "lobule-browser-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder with the samples in one folder a class, as people have them. */
export function labelledSamples(t) {
  const folder = join(temporaryFolder(t), "cases");
  for (const { file, label } of samples()) {
    mkdirSync(join(folder, label), { recursive: true });
    copyFileSync(join(samplesFolder, file), join(folder, label, file));
  }
  return folder;
}

/** Writes a file into a folder and returns its path. */
export function write(folder, name, bytes) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** A 24-bit BMP of 300 x 240 pixels; colourAt(x, y) is [red, green, blue]. */
export function bmp(colourAt) {
  const [width, height, head] = [300, 240, 54];
  const file = Buffer.alloc(head + 3 * width * height);
  file.write("BM", 0, "latin1");
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(head, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) file.set(colourAt(x, y).reverse(), head + 3 * (y * width + x));
  }
  return file;
}

export const launchChromium = () => chromium.launch({ executablePath: browserPath, args: browserFlags });

/** A server and a browser for the tests of one file. */
export class Bench {
  async start() {
    this.server = await serve({ root: dist });
    this.browser = await launchChromium();
  }

  async stop() {
    await this.browser?.close();
    await this.server?.close();
  }

  /** A fresh visitor with that model ("": the one that the page opens by itself): empty caches, and a page that is closed when the test ends. options: of a Playwright context. */
  async open(t, options = {}, model = "seed_cnn_phantoms") {
    const context = await this.browser.newContext({
      viewport: { width: 1440, height: 900 },
      acceptDownloads: true,
      ...options,
    });
    t.after(() => context.close());
    const page = await context.newPage();
    const visit = new Visit(page, this.server.address);
    await page.goto(this.server.address + (model ? `?model=${model}` : ""));
    return visit;
  }
}

export class Visit {
  constructor(page, address) {
    this.page = page;
    this.address = address;
    this.errors = [];
    this.foreign = [];
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") this.errors.push(message.text());
    });
    page.context().on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(address) && !url.startsWith("blob:") && !url.startsWith("data:")) this.foreign.push(url);
    });
  }

  /** Until the shipped model has passed its checks. */
  async modelReady() {
    await this.page.locator("#model-tick").waitFor({ state: "visible", timeout: 60_000 });
  }

  /** Drops files or folders of this machine on the page, as a person does with the mouse. */
  async drop(...paths) {
    const client = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files: paths, dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"])
      await client.send("Input.dispatchDragEvent", { type, x: 180, y: 300, data });
    await client.detach();
  }

  /** Until nothing is being classified and `cases` have been. */
  async settled(cases) {
    await this.page.waitForFunction(
      (count) => {
        const text = document.getElementById("progress-text")?.textContent ?? "";
        const match = /^(\d+) of (\d+) classified(?: · (\d+) not read)?$/.exec(text);
        return match !== null && Number(match[1]) + Number(match[3] ?? 0) === count;
      },
      cases,
      { timeout: 120_000 },
    );
  }

  /** Images of patients whom the model learned from are in the figures from here on. */
  async countTraining() {
    await this.page.keyboard.press("Control+k");
    await this.page.keyboard.type("Count images of training patients");
    await this.page.keyboard.press("Enter");
  }

  /** What the result panel says of the case with this name. The list holds only the rows in sight, so the filter finds it. */
  async select(name) {
    await this.page.locator("#filter-text").fill(name);
    await this.page.locator(".case-row", { hasText: name }).first().click();
    await this.page.locator("#filter-text").fill("");
    await this.page.locator("#result .facts dd").filter({ hasText: name }).first().waitFor();
    return this.page.locator("#result");
  }

  /** The text of a file that the page saves after an action. */
  async saved(action) {
    const [download] = await Promise.all([this.page.waitForEvent("download"), action()]);
    return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
  }

  /** One of the files of the Save menu. */
  async save(name) {
    return this.saved(async () => {
      await this.page.locator("#save-button").click();
      await this.page.locator("#save-menu button", { hasText: name }).click();
    });
  }
}
