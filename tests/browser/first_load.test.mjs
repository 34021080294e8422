import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { serve } from "../../scripts/serve.mjs";
import { Bench, dist, samples } from "./page.mjs";

const bench = new Bench();
before(() => bench.start());
after(() => bench.stop());

test("the page loads without an error and asks no other origin for anything", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  assert.deepEqual(visit.errors, []);
  assert.deepEqual(visit.foreign, []);
  await visit.page.locator("#privacy-button").click();
  assert.equal(await visit.page.locator("#foreign-requests").textContent(), "0");
});

test("the first screen says what it is, names its model and offers three synthetic samples", async (t) => {
  const visit = await bench.open(t);
  await visit.modelReady();
  const start = visit.page.locator("#start");
  assert.match(await start.innerText(), /nothing is uploaded/);
  assert.match(await start.innerText(), /research only/);
  assert.match(await start.locator("#start-model").innerText(), /AUC 0\.\d\d|AUC 1\.00/);
  const buttons = start.locator("#samples button");
  assert.equal(await buttons.count(), 3);
  for (const text of await buttons.allInnerTexts()) assert.match(text, /Synthetic/);
  assert.match(
    await visit.page.locator(".statusbar").innerText(),
    /For Research Use Only\. Not for use in diagnostic procedures\./,
  );
});

test("the server sends a strict policy and isolates the page, and the page has threads", async (t) => {
  const visit = await bench.open(t);
  const { headers } = await fetch(visit.address);
  const policy = headers.get("content-security-policy") ?? "";
  for (const rule of [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "connect-src 'self'",
    "style-src 'self'",
  ]) {
    assert.ok(policy.includes(rule), `${rule} is missing in: ${policy}`);
  }
  assert.equal(headers.get("cross-origin-opener-policy"), "same-origin");
  assert.equal(headers.get("cross-origin-embedder-policy"), "require-corp");
  assert.match(await visit.page.locator("meta[http-equiv]").getAttribute("content"), /^default-src 'none'/);
  assert.equal(await visit.page.evaluate(() => crossOriginIsolated), true);
  await visit.modelReady();
  const processors = await visit.page.evaluate(() => navigator.hardwareConcurrency);
  const threads = Math.min(4, processors);
  assert.equal(
    await visit.page.locator("#engine").textContent(),
    `WebAssembly SIMD, ${threads} ${threads === 1 ? "thread" : "threads"}`,
  );
});

test("the policy holds: a script cannot send anything elsewhere", async (t) => {
  const visit = await bench.open(t);
  const outcome = await visit.page.evaluate(() =>
    fetch("https://example.org/").then(
      () => "sent",
      () => "blocked",
    ),
  );
  assert.equal(outcome, "blocked");
  assert.deepEqual(visit.foreign, []);
});

test("the first load before the model is below 5 MB compressed, besides ONNX Runtime's wasm", () => {
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  let bytes = 0;
  for (const entry of files) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (/\.onnx$|ort-wasm-simd-threaded\.wasm$|\/licenses\//.test(path)) continue;
    bytes += gzipSync(readFileSync(path)).length;
  }
  console.log(`first load besides ONNX Runtime's wasm and the model: ${(bytes / 1e6).toFixed(2)} MB gzip`);
  assert.ok(bytes < 5e6, `${bytes} bytes`);
});

test("after the first load the page opens and classifies without its server", async (t) => {
  const server = await serve({ root: dist });
  const visit = await bench.open(t);
  await visit.page.goto(server.address);
  await visit.modelReady();
  await visit.page.locator("#offline", { hasText: "Stored" }).waitFor({ timeout: 60_000 });
  await server.close();
  await visit.page.reload();
  await visit.modelReady();
  await visit.page.locator("#samples button").first().click();
  await visit.settled(1);
  assert.match(await visit.page.locator("#call").innerText(), /Benign|Malignant|No result/);
});

test("on a server without the headers the service worker isolates the page from the second load on", async (t) => {
  // A plain static server: it knows content types and nothing else.
  const { createServer } = await import("node:http");
  const types = {
    html: "text/html",
    css: "text/css",
    js: "text/javascript",
    mjs: "text/javascript",
    wasm: "application/wasm",
    svg: "image/svg+xml",
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0];
    try {
      const body = readFileSync(join(dist, path.endsWith("/") ? `${path}index.html` : path));
      response
        .writeHead(200, {
          "content-type":
            types[path.split(".").pop()] ?? (path.endsWith("/") ? "text/html" : "application/octet-stream"),
        })
        .end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  t.after(() => server.closeAllConnections() ?? server.close());
  const visit = await bench.open(t);
  await visit.page.goto(`http://127.0.0.1:${server.address().port}/`);
  await visit.modelReady();
  assert.match(await visit.page.locator("#engine").textContent(), /1 thread$/);
  await visit.page.locator("#offline", { hasText: "Stored" }).waitFor({ timeout: 60_000 });
  await visit.page.reload();
  await visit.modelReady();
  assert.equal(await visit.page.evaluate(() => crossOriginIsolated), true);
});

test("each sample's own file says that it is synthetic", () => {
  for (const { file } of samples()) assert.match(file, /phantom/i);
});
