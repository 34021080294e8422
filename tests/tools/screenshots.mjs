// Pictures of the page's views for docs/: node tests/tools/screenshots.mjs FOLDER
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bench, runProgram, samples, samplesFolder, tissueModel } from "../browser/page.mjs";

const kDesk = { width: 1440, height: 900 };
const kPhone = { width: 390, height: 844 };
const kPatients = 12;
const kImages = 4; // of each

const folder = process.argv[2];
if (!folder) throw new Error("usage: node tests/tools/screenshots.mjs FOLDER");
mkdirSync(folder, { recursive: true });

const scratch = mkdtempSync(join(tmpdir(), "lobule-screenshots-"));
const phantoms = join(scratch, "phantoms");
runProgram("phantom", phantoms, "--patients", String(kPatients), "--images-per-patient", String(kImages));
const bench = new Bench();
await bench.start();

/** Opens the page, brings it into a state, and takes its picture. */
async function shoot(name, viewport, colorScheme, arrange, model = undefined) {
  const after = [];
  const visit = await bench.open({ after: (run) => after.push(run) }, { viewport, colorScheme }, model);
  await visit.modelReady();
  await arrange(visit);
  await visit.page.waitForTimeout(1500); // tiles, and notices that come with the last result
  for (const close of await visit.page.locator(".notice button[aria-label^='Dismiss']").all()) await close.click().catch(() => {});
  await visit.page.screenshot({ path: join(folder, `${name}.jpg`), type: "jpeg", quality: 60 });
  for (const run of after) await run();
}

const pane = (visit, name) => visit.page.locator(`.panes button[data-pane="${name}"]`).click();

async function classify(visit) {
  await visit.drop(phantoms);
  await visit.settled(kPatients * kImages);
  await visit.page.locator("#cam-toggle").click();
}

async function evaluate(visit) {
  await visit.drop(phantoms);
  await visit.settled(kPatients * kImages);
  await visit.page.locator(".views button[data-view='evaluate']").click();
  await visit.page.locator("#figures").waitFor({ state: "attached" });
}

async function compare(visit) {
  await evaluate(visit);
  await visit.drop(tissueModel);
  await visit.page.locator("#comparison .compared").waitFor({ timeout: 120_000 });
  await visit.settled(kPatients * kImages);
  await visit.page.locator("#comparison").scrollIntoViewIfNeeded();
}

async function sideBySide(visit) {
  await visit.drop(...samples().map(({ file }) => join(samplesFolder, file)));
  await visit.settled(samples().length);
  await visit.page.keyboard.press("k");
  await visit.page.keyboard.press("ArrowDown");
}

await shoot("start", kDesk, "light", async () => {}, "");
await shoot("classify", kDesk, "light", classify);
await shoot("classify-dark", kDesk, "dark", classify);
await shoot("evaluate", kDesk, "light", evaluate);
await shoot("evaluate-dark", kDesk, "dark", evaluate);
await shoot("compare-models", kDesk, "light", compare);
await shoot("side-by-side", kDesk, "dark", sideBySide);
await shoot("stain", kDesk, "light", async (visit) => {
  await visit.drop(...samples().map(({ file }) => join(samplesFolder, file)));
  await visit.settled(samples().length);
  await visit.page.keyboard.press("s");
});
await shoot("phone-start", kPhone, "light", async () => {}, "");
await shoot("phone-result", kPhone, "light", async (visit) => {
  await classify(visit);
  await visit.page.locator(".case-row").first().click().catch(() => {});
  await pane(visit, "result");
});
await shoot("phone-image-dark", kPhone, "dark", async (visit) => {
  await classify(visit);
  await pane(visit, "image");
});
await shoot("phone-charts-dark", kPhone, "dark", async (visit) => {
  await evaluate(visit);
  await pane(visit, "image");
});
await bench.stop();
rmSync(scratch, { recursive: true, force: true });
