// Without a network: kept on the first visit, whole and of one version; updates are offered and never forced.

import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { serve } from "../../scripts/serve.mjs";
import { writeSite } from "../../scripts/site.mjs";
import { hum, wav } from "./audio.mjs";
import { SITE, choose, site, verdict } from "./harness.mjs";

const page = site();

/** @param {import("node:test").TestContext} t */
function scratch(t) {
  const folder = mkdtempSync(join(tmpdir(), "songmood-offline-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A copy of what the page is made of, to be edited. @param {import("node:test").TestContext} t */
function copyOfSite(t) {
  const folder = scratch(t);
  for (const name of ["www", "pkg", "models", "LICENSE", "LICENSE-WEIGHTS"]) cpSync(join(SITE, name), join(folder, name), { recursive: true, dereference: true });
  return folder;
}

/** Deploys a copy under a path, as project pages of code hosts are. @param {import("node:test").TestContext} t */
async function deployed(t) {
  const repository = copyOfSite(t);
  const host = scratch(t);
  const deploy = () => writeSite(join(host, "www", "some", "where"), repository);
  await deploy();
  let server = await serve({ port: 0, repository: host });
  t.after(() => server.close().catch(() => {}));
  return {
    url: `${server.url}some/where/`,
    /** Changes a script and deploys again. */
    async update() {
      appendFileSync(join(repository, "www", "js", "format.js"), 'export const NEWS = "news";\n');
      await deploy();
    },
    stop: () => server.close(),
  };
}

/** Waits until the page is kept. @param {import("playwright-core").Page} tab */
const kept = (tab) => tab.evaluate(() => navigator.serviceWorker.ready.then(({ active }) => new Promise((resolve) => {
  const look = () => active?.state === "activated" && resolve(null);
  active?.addEventListener("statechange", look);
  look();
})));

/** Does the page run the updated script? @param {import("playwright-core").Page} tab */
const isNew = (tab) => tab.evaluate(() => import(new URL("js/format.js", document.baseURI).href).then((module) => "NEWS" in module));

/** @param {import("playwright-core").Page} tab @param {string} name */
async function hears(tab, name) {
  await choose(tab, name, wav([hum(4)]));
  await tab.getByTestId("source-name").filter({ hasText: name }).waitFor();
  return verdict(tab);
}

test("the deployed folder works under a path, and then with its server gone", async (t) => {
  const host = await deployed(t);
  const { page: tab, watch } = await page.open(t, { url: host.url });
  const online = await hears(tab, "online.wav");
  await kept(tab);
  for (const url of watch.requests) assert.ok(url.startsWith(host.url) || url.startsWith("blob:"), url);
  watch.assertClean();
  await host.stop();
  await assert.rejects(fetch(host.url));
  for (const address of [host.url, `${host.url}index.html`, `${host.url}?anything=1`]) {
    await tab.goto(address);
    assert.equal(await hears(tab, "offline.wav"), online);
  }
  await tab.getByTestId("sample").click();
  await tab.getByTestId("source-name").filter({ hasText: "sample" }).waitFor();
  await verdict(tab);
  // The look for an update cannot reach the server; nothing else goes wrong.
  watch.assertClean(/ERR_CONNECTION_REFUSED|fetching the script|update a ServiceWorker/i);
});

test("what npm start serves is kept too, and an edit is seen at the next reload all the same", async (t) => {
  const repository = copyOfSite(t);
  const server = await serve({ port: 0, repository });
  t.after(() => server.close().catch(() => {}));
  const { page: tab, watch } = await page.open(t, { url: server.url });
  await kept(tab);
  assert.equal(await isNew(tab), false);
  appendFileSync(join(repository, "www", "js", "format.js"), 'export const NEWS = "news";\n');
  await tab.reload();
  assert.equal(await isNew(tab), true);
  await tab.getByTestId("cards-voice").locator("thead").waitFor();
  await hears(tab, "online.wav");
  // The new list is taken over in silence.
  await tab.waitForFunction(async () => (await caches.keys()).length === 1);
  assert.equal(await tab.getByTestId("update").isVisible(), false);
  watch.assertClean();
  await server.close();
  await tab.goto(server.url);
  await hears(tab, "offline.wav");
  assert.equal(await isNew(tab), true);
});

test("an update is offered; until it is taken, the page stays as it was, whole", async (t) => {
  const host = await deployed(t);
  const { page: tab } = await page.open(t, { url: host.url });
  await kept(tab);
  await tab.reload();
  assert.equal(await tab.getByTestId("update").isVisible(), false);
  await host.update();
  await tab.reload();
  await tab.getByTestId("update").waitFor();
  assert.equal(await isNew(tab), false);
  await hears(tab, "old.wav");
  await tab.getByTestId("update-later").click();
  assert.equal(await tab.getByTestId("update").isVisible(), false);
  await tab.reload();
  assert.equal(await isNew(tab), false);
  await tab.getByTestId("update").waitFor();
  await Promise.all([tab.waitForEvent("load"), tab.getByTestId("update-use").click()]);
  assert.equal(await isNew(tab), true);
  await hears(tab, "new.wav");
  await tab.waitForFunction(async () => (await caches.keys()).length === 1);
  await host.stop();
  await tab.reload();
  assert.equal(await isNew(tab), true);
  await hears(tab, "offline.wav");
});

test("a tab is not reloaded because another one took the update", async (t) => {
  const host = await deployed(t);
  const { page: first, context } = await page.open(t, { url: host.url });
  await kept(first);
  await first.reload();
  const second = await context.newPage();
  await second.goto(host.url);
  await hears(second, "kept.wav");
  await host.update();
  await first.reload();
  await Promise.all([first.waitForEvent("load"), first.getByTestId("update-use").click()]);
  await second.getByTestId("update").filter({ hasText: "another tab" }).waitFor();
  assert.equal(await second.getByTestId("source-name").textContent(), "kept.wav");
  await Promise.all([second.waitForEvent("load"), second.getByTestId("update-use").click()]);
  assert.equal(await isNew(second), true);
});

test("a deployment that is half done is not kept", async (t) => {
  const host = await deployed(t);
  const { page: tab, context } = await page.open(t, { url: "about:blank" });
  // The list is of one version, a file of another.
  const other = `${readFileSync(join(SITE, "www", "js", "format.js"), "utf8")}\n// other bytes`;
  await context.route("**/js/format.js", (route) => route.fulfill({ contentType: "text/javascript", body: other }));
  await tab.goto(host.url);
  await hears(tab, "works.wav");
  await tab.waitForFunction(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return !registration || (!registration.installing && !registration.active);
  });
  assert.equal(await tab.evaluate(() => caches.keys().then((names) => Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length))).then((counts) => counts.reduce((a, b) => a + b, 0))), 0);
});

test("the service worker can reach nobody else", async (t) => {
  let knocks = 0;
  const stranger = createServer((_, response) => {
    knocks += 1;
    response.writeHead(200, { "Access-Control-Allow-Origin": "*" }).end("hello");
  });
  await new Promise((resolve) => stranger.listen(0, "127.0.0.1", () => resolve(null)));
  t.after(() => stranger.close());
  const address = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (stranger.address()).port}/`;
  const { page: tab, context } = await page.open(t);
  await kept(tab);
  const [worker] = context.serviceWorkers();
  assert.ok(worker);
  assert.equal(await worker.evaluate((url) => fetch(url).then(() => "reached", (error) => error.name), address), "TypeError");
  assert.equal(knocks, 0);
  assert.equal((await fetch(address)).status, 200);
});

test("files opened with the installed page are heard", async (t) => {
  const script = 'Object.defineProperty(window, "launchQueue", { value: { setConsumer(consumer) { window.launched = consumer; } } });';
  const { page: tab, watch } = await page.open(t, { script });
  const bytes = [...wav([hum(4)])];
  await tab.evaluate((bytes) => {
    const handle = (/** @type {string} */ name) => ({ getFile: async () => new File([new Uint8Array(bytes)], name, { type: "audio/wav" }) });
    /** @type {any} */ (window).launched({ files: [] });
    /** @type {any} */ (window).launched({ files: [handle("opened.wav")] });
  }, bytes);
  await verdict(tab);
  assert.equal(await tab.getByTestId("source-name").textContent(), "opened.wav");
  watch.assertClean();
});

test("files shared to the page are heard, and not again after a reload", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await kept(tab);
  // The system sends a form; here somebody else's page does, since our policy forbids forms.
  const sender = createServer((_, response) => response.writeHead(200, { "Content-Type": "text/html" })
    .end(`<form method="post" enctype="multipart/form-data" action="${page.url}share"><input type="file" name="audio" multiple><button>share</button></form>`));
  await new Promise((resolve) => sender.listen(0, "127.0.0.1", () => resolve(null)));
  t.after(() => sender.close());
  await tab.goto(`http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (sender.address()).port}/`);
  await tab.locator("input").setInputFiles([{ name: "shared.wav", mimeType: "audio/wav", buffer: wav([hum(4)]) }]);
  await tab.locator("button").click();
  await tab.waitForURL((url) => url.href.startsWith(page.url));
  await verdict(tab);
  assert.equal(await tab.getByTestId("source-name").textContent(), "shared.wav");
  assert.equal(tab.url(), page.url);
  await tab.reload();
  await tab.getByTestId("cards-voice").locator("thead").waitFor();
  assert.equal(await tab.locator("body").getAttribute("data-state"), "start");
  watch.assertClean(/favicon/);
});

test("the manifest is sound: it can be installed, and its icons have the sizes it names", async (t) => {
  const { page: tab, context } = await page.open(t);
  await kept(tab);
  const session = await context.newCDPSession(tab);
  const { errors, data } = await session.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  // A context of its own counts as incognito, where nothing is installed.
  assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito"), []);
  const manifest = JSON.parse(/** @type {string} */ (data));
  for (const { src, sizes, type } of manifest.icons) {
    if (type !== "image/png") continue;
    const file = readFileSync(join(SITE, "www", src));
    assert.equal(`${file.readUInt32BE(16)}x${file.readUInt32BE(20)}`, sizes, src);
  }
  assert.ok(manifest.share_target.params.files.length > 0 && manifest.file_handlers.length > 0);
});
