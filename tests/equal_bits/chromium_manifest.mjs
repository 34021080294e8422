// What the native core_manifest prints, by its WebAssembly build in a worker of a page in Chromium.
import { relative } from "node:path";
import { serve } from "../../scripts/serve.mjs";
import { launchChromium, root } from "../browser/page.mjs";

const kBatch = 200; // files handed over at a time

/**
 * @param {string} modulePath core_manifest.mjs
 * @param {string[]} paths
 * @returns {Promise<string[]>}
 */
export async function chromiumManifest(modulePath, paths) {
  const server = await serve({ root });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const query = new URLSearchParams({ module: relative(root, modulePath) });
    await page.goto(`${server.address}tests/equal_bits/page.html?${query}`);
    const lines = [];
    for (let start = 0; start < paths.length; start += kBatch) {
      await page.locator("input").setInputFiles(paths.slice(start, start + kBatch));
      lines.push(...(await page.evaluate(() => globalThis.manifestLines())));
    }
    return lines;
  } finally {
    await browser.close();
    await server.close();
  }
}
