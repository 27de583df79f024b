// @ts-check
/// <reference path="./types/service-worker.d.ts" />
/**
 * The service worker: keeps one version of the page's files, so that it works without a network, and takes in files that the
 * system shares. Which files, and their digests, stands in offline-files.js, which the site script or the development server
 * makes. It never asks another origin, and never takes over by itself: an update waits until the person wants it, or until
 * the last tab with the old version is closed.
 */

const worker = /** @type {ServiceWorkerScope} */ (/** @type {unknown} */ (self));

worker.importScripts("./offline-files.js");
const { version, strategy, files } = worker.OFFLINE;

const SCOPE = worker.registration.scope;
/** Several copies of songmood may live on one origin, each under its own path. */
const PREFIX = `songmood ${SCOPE} `;
const CACHE = PREFIX + version;
const PAGE = new URL("index.html", SCOPE).href;
const FROM_NETWORK_FIRST = strategy === "fresh";
const SHARE = new URL("share", SCOPE).href;

/** @param {string} path @param {string} digest */
async function fetched(path, digest) {
  const address = new URL(path, SCOPE).href;
  // Past the HTTP cache's age, and only with these very bytes: files of two versions never end up in one cache. While
  // somebody edits the files, they may be newer than the list.
  const request = new Request(address, { cache: "no-cache", ...(!FROM_NETWORK_FIRST && { integrity: `sha256-${digest}` }) });
  const response = await fetch(request);
  if (!response.ok || response.redirected) throw new Error(`${address}: ${response.status}`);
  return { address, response };
}

async function install() {
  // Where the network comes first there are no versions to choose between, and nothing to be offered.
  if (FROM_NETWORK_FIRST) await worker.skipWaiting();
  const all = await Promise.all(Object.entries(files).map(([path, digest]) => fetched(path, digest)));
  const cache = await caches.open(CACHE);
  await Promise.all(all.map(({ address, response }) => cache.put(address, response)));
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
  if (FROM_NETWORK_FIRST) return;
  for (const client of await worker.clients.matchAll()) client.postMessage({ songmood: "in use" });
}

/** Where the file for a request is kept: the page has two addresses, and any query. @param {Request} request */
function keptAs({ url }) {
  const address = new URL(url);
  address.search = "";
  address.hash = "";
  return address.href === PAGE ? SCOPE : address.href;
}

const KEPT = new Set(Object.keys(files).map((path) => new URL(path, SCOPE).href));

/** @param {FetchEvent} event */
async function answer(event) {
  const { request } = event;
  const cache = await caches.open(CACHE);
  const kept = () => cache.match(keptAs(request), { ignoreVary: true });
  if (FROM_NETWORK_FIRST) {
    try {
      const response = await fetch(request);
      // What was seen last is what there is without a network.
      if (response.ok && KEPT.has(keptAs(request))) event.waitUntil(cache.put(keptAs(request), response.clone()));
      return response;
    } catch (error) {
      const old = await kept();
      if (old) return old;
      throw error;
    }
  }
  return (await kept()) ?? fetch(request);
}

/** Files shared to the installed page come as a form; the page asks for them once it stands. @param {FetchEvent} event */
async function share(event) {
  const files = (await event.request.formData()).getAll("audio").filter((entry) => entry instanceof File);
  event.waitUntil(handOver(event.resultingClientId, files));
  return Response.redirect(new URL("?shared", SCOPE).href, 303);
}

/** @param {string} id @param {File[]} files */
async function handOver(id, files) {
  await new Promise((resolve) => {
    /** @param {MessageEvent} message */
    const listen = ({ data, source }) => {
      if (data !== "ready for shared files" || /** @type {Client | null} */ (/** @type {unknown} */ (source))?.id !== id) return;
      worker.removeEventListener("message", listen);
      resolve(null);
    };
    worker.addEventListener("message", listen);
  });
  (await worker.clients.get(id))?.postMessage({ shared: files });
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", ({ data, source }) => {
  if (data === "are you news?" && !FROM_NETWORK_FIRST) source?.postMessage({ songmood: "waiting" });
  if (data === "use the new version") void worker.skipWaiting();
});
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (!request.url.startsWith(SCOPE)) return;
  if (request.method === "POST" && request.url === SHARE) event.respondWith(share(event));
  else if (request.method === "GET") event.respondWith(answer(event));
});
