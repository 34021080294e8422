import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { axeSource, Bench, bmp, data, noRealImages, temporaryFolder, write } from "./page.mjs";
import { canvasSays, canvasText, eventually, openWith, samplePaths } from "./viewing.mjs";

const bench = new Bench();
before(() => bench.start());
after(() => bench.stop());

/** Colours of the canvas at places given as shares of its sides, each the mean of 5 x 5 pixels. */
async function coloursAt(visit, ...places) {
  const png = await visit.page.locator("#canvas").screenshot();
  return visit.page.evaluate(
    async ([encoded, shares]) => {
      const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const drawing = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
      drawing.drawImage(picture, 0, 0);
      return shares.map(([x, y]) => {
        const left = Math.round(x * picture.width) - 2;
        const { data: rgba } = drawing.getImageData(left, Math.round(y * picture.height) - 2, 5, 5);
        return [0, 1, 2].map((channel) => rgba.filter((_, i) => i % 4 === channel).reduce((sum, value) => sum + value) / 25);
      });
    },
    [png.toString("base64"), places],
  );
}

// Dark enough in red for Macenko's method, which looks at what takes 0.15 of density from each colour.
const kHaematoxylin = [90, 70, 150];
const kEosin = [175, 80, 140];
const kGlass = [244, 242, 245];

/** The left third eosin with nuclei of haematoxylin in its upper half, the rest glass. */
const section = () => bmp((x, y) => (x >= 100 ? [...kGlass] : y >= 120 ? [...kHaematoxylin] : [...kEosin])); // rows from below

/** Places on the canvas of an image of 300 x 240 pixels, fitted, by its own coordinates. */
async function placesOf(visit, ...points) {
  const { width, height } = await visit.page.locator("#canvas").boundingBox();
  const scale = Math.min((width - 32) / 300, (height - 32) / 240, 4);
  return points.map(([x, y]) => [0.5 + ((x - 150) * scale) / width, 0.5 + ((y - 120) * scale) / height]);
}

const kNucleus = [50, 60];
const kStroma = [50, 180];
const kClear = [220, 120];

test("stain channels come one after the other with S, each with its own pixels and a caption that names its stains", async (t) => {
  const visit = await openWith(bench, t, [write(temporaryFolder(t), "section.bmp", section())]);
  const places = await placesOf(visit, kNucleus, kStroma, kClear);
  const shown = () => coloursAt(visit, ...places);
  const spread = ([red, green, blue]) => Math.max(red, green, blue) - Math.min(red, green, blue);
  const near = (colour, other) => colour.every((value, i) => Math.abs(value - other[i]) < 4);
  await eventually(shown, ([nucleus, stroma]) => near(nucleus, kHaematoxylin) && near(stroma, kEosin), "as scanned");

  await visit.page.keyboard.press("s");
  await canvasSays(visit, /Haematoxylin, by this image's own stains \(Macenko 2009\)/);
  assert.equal(await visit.page.locator("#channel").inputValue(), "haematoxylin");
  await eventually(shown, ([nucleus, stroma]) => near(nucleus, kHaematoxylin) && Math.min(...stroma) > 245, "haematoxylin alone");
  await visit.page.keyboard.press("s");
  await canvasSays(visit, /Eosin, by this image's own stains/);
  await eventually(shown, ([nucleus, stroma]) => Math.min(...nucleus) > 245 && near(stroma, kEosin), "eosin alone");
  await visit.page.keyboard.press("s");
  await canvasSays(visit, /Optical density: white 0, black 1 or more/);
  await eventually(shown, ([nucleus, stroma, glass]) => [nucleus, stroma, glass].every((colour) => spread(colour) < 2) && nucleus[0] < stroma[0], "grey");
  await visit.page.keyboard.press("s");
  await canvasSays(visit, /Tissue found: 33\.\d % of the area, at least 5\.0 % is asked for/);
  const dimmed = kGlass.map((value) => value * 0.3);
  const isDimmed = ([nucleus, stroma, glass]) => near(nucleus, kHaematoxylin) && near(stroma, kEosin) && near(glass, dimmed);
  await eventually(shown, isDimmed, "background dimmed");
  await visit.page.keyboard.press("s");
  await eventually(shown, ([, , glass]) => near(glass, kGlass), "as scanned again");
  assert.doesNotMatch(await canvasText(visit), /Tissue|Eosin/);
  assert.deepEqual(visit.errors, []);
});

test("an image that cannot tell its own stains says that Ruifrok's are used", async (t) => {
  const visit = await openWith(bench, t, [write(temporaryFolder(t), "glass.bmp", bmp(() => [...kGlass]))]);
  await visit.page.locator("#channel").selectOption({ label: "eosin" });
  await canvasSays(visit, /Eosin, by Ruifrok's stains: this image cannot tell its own/);
});

test("a channel is found among the commands", async (t) => {
  const visit = await openWith(bench, t, samplePaths().slice(0, 1));
  await visit.page.keyboard.press("Control+k");
  await visit.page.keyboard.type("tissue found");
  await visit.page.keyboard.press("Enter");
  await canvasSays(visit, /Tissue found: \d/);
});

test("the heat map shows evidence for the call or for and against it, with a legend, and its words say the same", async (t) => {
  const visit = await openWith(bench, t, samplePaths().slice(0, 1));
  assert.doesNotMatch(await canvasText(visit), /Evidence/);
  const before = await visit.page.locator("#canvas").screenshot();
  await visit.page.keyboard.press("c");
  await canvasSays(visit, /Evidence for (benign|malignant), \d+ × \d+ cells, 0 to [\d.e-]+/);
  await visit.page.waitForTimeout(300);
  const onlyFor = await visit.page.locator("#canvas").screenshot();
  assert.ok(!before.equals(onlyFor));
  await visit.page.locator("#cam-sign").selectOption({ label: "for and against" });
  await canvasSays(visit, /Evidence for and against (benign|malignant), \d+ × \d+ cells, −([\d.e-]+) to \2/);
  // The legend's bar lies under the caption: blue, white, vermilion.
  const { width, height } = await visit.page.locator("#canvas").boundingBox();
  const at = (x) => [x / width, 39 / height];
  const isRight = ([against, none, speaksFor]) => against[2] > against[0] + 80 && Math.min(...none) > 225 && speaksFor[0] > speaksFor[2] + 80;
  await eventually(() => coloursAt(visit, at(16), at(92), at(168)), isRight, "the legend");
  await visit.page.keyboard.press("c");
  assert.equal(await visit.page.locator("#cam-toggle").getAttribute("aria-pressed"), "false");
  assert.doesNotMatch(await canvasText(visit), /Evidence/);
  await visit.page.locator("#cam-sign").selectOption({ label: "evidence for" });
  await canvasSays(visit, /Evidence for (benign|malignant)/);
});

/** Two plain images, one blue and one green; no tissue, so nothing hides their colour. */
function plainPair(t) {
  const folder = temporaryFolder(t);
  return [write(folder, "a_blue.bmp", bmp(() => [40, 60, 200])), write(folder, "b_green.bmp", bmp(() => [40, 180, 60]))];
}

const isBlue = ([red, , blue]) => blue > red + 100;
const isGreen = ([red, green]) => green > red + 80;

test("a case that is kept stands beside the next one; zoom and pan are linked; the same key lets it go", async (t) => {
  const visit = await openWith(bench, t, plainPair(t));
  await visit.select("a_blue.bmp");
  await visit.page.locator("#compare").click();
  await canvasSays(visit, /a_blue\.bmp: .*Pinned: select another case to compare it with/);
  await visit.select("b_green.bmp");
  await canvasSays(visit, /^Compared: a_blue\.bmp: .*; with b_green\.bmp: /);
  await eventually(() => coloursAt(visit, [0.25, 0.5], [0.75, 0.5]), ([left, right]) => isBlue(left) && isGreen(right), "side by side");

  // Dragged on one half to the right, both images leave their half's left edge, which shows the page's own colour.
  const box = await visit.page.locator("#canvas").boundingBox();
  await visit.page.mouse.move(box.x + 0.2 * box.width, box.y + box.height / 2);
  await visit.page.mouse.down();
  await visit.page.mouse.move(box.x + 0.3 * box.width, box.y + box.height / 2, { steps: 8 });
  await visit.page.mouse.move(box.x + 0.4 * box.width, box.y + box.height / 2, { steps: 8 });
  await visit.page.mouse.up();
  const edges = () => coloursAt(visit, [0.12, 0.5], [0.62, 0.5], [0.4, 0.5], [0.9, 0.5]);
  await eventually(edges, ([left, right, blue, green]) => !isBlue(left) && !isGreen(right) && isBlue(blue) && isGreen(green), "panned together");
  // Zoomed on the other half, both fill theirs.
  await visit.page.mouse.move(box.x + 0.85 * box.width, box.y + box.height / 2);
  for (let notch = 0; notch < 6; ++notch) await visit.page.mouse.wheel(0, -120);
  const fills = ([left, right]) => isBlue(left) && isGreen(right);
  await eventually(() => coloursAt(visit, [0.02, 0.5], [0.52, 0.5]), fills, "zoomed together");
  await visit.page.keyboard.press("f");
  await eventually(() => coloursAt(visit, [0.005, 0.5], [0.505, 0.5]), (colours) => !fills(colours), "fitted, with margins");
  await eventually(() => coloursAt(visit, [0.25, 0.5], [0.75, 0.5]), ([left, right]) => isBlue(left) && isGreen(right), "fitted again");

  await visit.page.keyboard.press("k");
  assert.equal(await visit.page.locator("#compare").getAttribute("aria-pressed"), "false");
  await eventually(() => coloursAt(visit, [0.4, 0.5], [0.6, 0.5]), ([left, right]) => isGreen(left) && isGreen(right), "one again");
  assert.match(await canvasText(visit), /^b_green\.bmp: /);
  assert.deepEqual(visit.errors, []);
});

test("a kept case that is removed is let go; on a narrow canvas both are stacked", async (t) => {
  const visit = await openWith(bench, t, plainPair(t), { viewport: { width: 390, height: 844 } });
  const pane = (name) => visit.page.locator(".panes").getByRole("button", { name }).click();
  await pane("Cases");
  await visit.page.locator(".case-row", { hasText: "a_blue" }).click();
  await visit.page.keyboard.press("k");
  await pane("Cases");
  await visit.page.locator(".case-row", { hasText: "b_green" }).click();
  await pane("Image");
  await canvasSays(visit, /^Compared: a_blue/);
  await eventually(() => coloursAt(visit, [0.5, 0.25], [0.5, 0.75]), ([upper, lower]) => isBlue(upper) && isGreen(lower), "stacked");
  assert.equal(await visit.page.evaluate(() => document.documentElement.scrollWidth), 390);
  await pane("Cases");
  await visit.page.locator(".case-row", { hasText: "a_blue" }).click();
  await visit.page.keyboard.press("Delete");
  await canvasSays(visit, /^b_green\.bmp: /);
  assert.equal(await visit.page.locator("#compare").getAttribute("aria-pressed"), "false");
});

test("what is compared keeps its heat maps, and axe-core finds nothing", async (t) => {
  const visit = await openWith(bench, t, samplePaths().slice(0, 2));
  await visit.page.keyboard.press("c");
  await visit.page.keyboard.press("k");
  await visit.page.keyboard.press("ArrowDown");
  if (!/^Compared/.test(await canvasText(visit))) await visit.page.keyboard.press("ArrowUp");
  await canvasSays(visit, /^Compared: .*Evidence for .*; with .*Evidence for /);
  await visit.page.evaluate(axeSource());
  const { violations } = await visit.page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(violations.map(({ id }) => id), []);
});

test("the pixel size that a person gives draws the scale bar, also of the next image of that size", async (t) => {
  const folder = temporaryFolder(t);
  const paths = ["one.bmp", "two.bmp"].map((name, i) => write(folder, name, bmp(() => [200, 120 + i, 180])));
  const visit = await openWith(bench, t, paths);
  await visit.select("one.bmp");
  const { width, height } = await visit.page.locator("#canvas").boundingBox();
  const bar = [[110 / width, 1 - 13 / height]]; // at the lower left, beside the zoom
  const [surface] = await coloursAt(visit, ...bar);
  await visit.page.locator("#pixel-size").fill("0.25");
  await visit.page.locator("#pixel-size").press("Enter");
  await eventually(() => coloursAt(visit, ...bar), ([colour]) => colour[0] < surface[0] - 60, "a bar");
  await visit.select("two.bmp");
  assert.equal(await visit.page.locator("#pixel-size").inputValue(), "0.25");
  await visit.page.locator("#pixel-size").fill("");
  await visit.page.locator("#pixel-size").press("Enter");
  await eventually(() => coloursAt(visit, ...bar), ([colour]) => colour[0] > surface[0] - 60, "no bar");
  assert.deepEqual(visit.errors, []);
});

test("the size of BreaKHis' pixels is known and not asked for", { skip: noRealImages() }, async (t) => {
  const all = readdirSync(join(data, "breakhis"), { recursive: true });
  const path = all.filter((name) => /-400-\d+\.(png|jpg)$/.test(name)).sort()[0];
  const visit = await openWith(bench, t, [join(data, "breakhis", path)]);
  assert.match(await visit.page.locator("#result .facts").last().innerText(), /Pixel size\s+0\.05 µm \(BreaKHis\)/);
  assert.equal(await visit.page.locator("#pixel-size").count(), 0);
});
