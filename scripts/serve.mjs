// A static server for the page, with the headers it is meant to be served with. Node 18 or newer, no packages.
//
//   node scripts/serve.mjs [--root build/wasm/dist] [--port 8420] [--host 127.0.0.1]
//
// Takes the next free port when the one asked for is taken; --port 0 lets the system choose. Prints the address once it listens.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const contentTypes = {
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".onnx": "application/octet-stream",
  ".otf": "font/otf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};
const compressible = new Set([".css", ".csv", ".html", ".js", ".json", ".mjs", ".otf", ".svg", ".txt", ".wasm", ".webmanifest"]);

// Nothing but the page's own origin, no eval, and the isolation that threads need.
export const securityHeaders = {
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "connect-src 'self'",
    "img-src 'self' blob: data:",
    "style-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

const compress = {
  // Quality 5: a few hundred milliseconds for ONNX Runtime's wasm, once; 11 would take half a minute.
  br: (body) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (body) => promisify(gzip)(body),
};

/** Compressed bodies by path, time and encoding: a page's worth, kept for as long as the server runs. */
const compressed = new Map();

/** The file below root that a request names, or null. Links that lead out of root don't count. */
async function fileFor(root, requestUrl) {
  let path;
  try {
    path = decodeURIComponent(new URL(requestUrl, "http://localhost").pathname);
  } catch {
    return null;
  }
  if (path.includes("\0")) return null;
  if (path.endsWith("/")) path += "index.html";
  try {
    const file = await realpath(join(root, path));
    if (!file.startsWith(root + sep)) return null;
    const facts = await stat(file);
    return facts.isFile() ? { file, size: facts.size, modified: facts.mtime } : null;
  } catch {
    return null;
  }
}

function chosenEncoding(request, type) {
  if (!compressible.has(type)) return "";
  const accepted = String(request.headers["accept-encoding"] ?? "")
    .split(",")
    .map((item) => item.replaceAll(" ", ""))
    .filter((item) => !/;q=0(\.0*)?$/.test(item))
    .map((item) => item.split(";")[0]);
  return Object.keys(compress).find((name) => accepted.includes(name)) ?? "";
}

async function answer(root, request, response) {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { Allow: "GET, HEAD" }).end();
    return;
  }
  const found = await fileFor(root, request.url ?? "/");
  if (!found) {
    response.writeHead(404, { "Content-Type": "text/plain; charset=utf-8" }).end("Not found\n");
    return;
  }
  const type = extname(found.file);
  const encoding = chosenEncoding(request, type);
  const key = `${found.file} ${found.modified.getTime()} ${found.size} ${encoding}`;
  const etag = `"${createHash("sha256").update(key).digest("hex").slice(0, 32)}"`;
  response.setHeader("Content-Type", contentTypes[type] ?? "application/octet-stream");
  response.setHeader("Cache-Control", "no-cache"); // kept by the browser, asked about each time
  response.setHeader("ETag", etag);
  response.setHeader("Last-Modified", found.modified.toUTCString());
  if (compressible.has(type)) response.setHeader("Vary", "Accept-Encoding");
  if (request.headers["if-none-match"] === etag) {
    response.writeHead(304).end();
    return;
  }
  if (!encoding) {
    response.writeHead(200, { "Content-Length": found.size });
    if (request.method === "HEAD") response.end();
    else createReadStream(found.file).on("error", () => response.destroy()).pipe(response);
    return;
  }
  if (!compressed.has(key)) compressed.set(key, readFile(found.file).then(compress[encoding]));
  const body = await compressed.get(key);
  response.writeHead(200, { "Content-Encoding": encoding, "Content-Length": body.length });
  response.end(request.method === "HEAD" ? undefined : body);
}

/**
 * Serves a folder; resolves once it listens.
 * @param {{ root: string, port?: number, host?: string }} options
 * @returns {Promise<{ address: string, close: () => Promise<void> }>}
 */
export async function serve({ root, port = 0, host = "127.0.0.1" }) {
  const realRoot = await realpath(resolve(root));
  const server = createServer((request, response) => {
    answer(realRoot, request, response).catch((error) => {
      console.error(`${request.url}: ${error.message}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  for (let attempt = 0; ; attempt += 1) {
    try {
      await new Promise((done, failed) => {
        server.once("error", failed);
        server.listen(port === 0 ? 0 : port + attempt, host, () => {
          server.off("error", failed);
          done(undefined);
        });
      });
      break;
    } catch (error) {
      if (error.code !== "EADDRINUSE" || attempt === 50) throw error;
    }
  }
  const { port: listening } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const close = () =>
    new Promise((done) => {
      server.close(() => done(undefined));
      server.closeAllConnections();
    });
  return { address: `http://${host}:${listening}/`, close };
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      root: { type: "string", default: "build/wasm/dist" },
      port: { type: "string", default: "8420" },
      host: { type: "string", default: "127.0.0.1" },
    },
  });
  const { address } = await serve({ root: values.root, port: Number(values.port), host: values.host });
  console.log(address);
}
