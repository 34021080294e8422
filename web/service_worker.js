// Keeps every file of this version of the page and answers from them. Adds the headers that isolate the page, so that threads work on
// any static server too (from the second load on). The build fills in version and files.

const kCache = "lobule @LOBULE_VERSION@";
const kFiles = ["@LOBULE_FILES@"];

const worker = /** @type {import("./types").ServiceWorkerScope} */ (/** @type {unknown} */ (self));

worker.addEventListener("install", (event) => {
  // Past the browser's own cache, which may hold files of another version.
  const store = async () =>
    (await caches.open(kCache)).addAll(["./", ...kFiles].map((file) => new Request(file, { cache: "no-cache" })));
  event.waitUntil(store());
});

worker.addEventListener("activate", (event) => {
  const takeOver = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("lobule ") && name !== kCache);
    await Promise.all(old.map((name) => caches.delete(name)));
    await worker.clients.claim(); // the first load, too, can lose its network at once
  };
  event.waitUntil(takeOver());
});

worker.addEventListener("message", (event) => {
  if (event.data === "take over") worker.skipWaiting();
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  event.respondWith(answer(request));
});

/** @param {Request} request */
async function answer(request) {
  const cache = await caches.open(kCache);
  const kept = await cache.match(request, { ignoreSearch: true });
  return isolated(kept ?? (await fetch(request)));
}

/** @param {Response} response */
function isolated(response) {
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  const hasBody = response.status !== 204 && response.status !== 304;
  return new Response(hasBody ? response.body : null, {
    status: response.status,
    statusText: response.statusText,
    headers,
  });
}
