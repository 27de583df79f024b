// Nothing leaves the machine: no request goes elsewhere, and none could.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { hum, wav } from "./audio.mjs";
import { choose, fakeMicrophone, site, verdict } from "./harness.mjs";

const microphone = fakeMicrophone(wav([hum(10)]));
const page = site({ flags: () => microphone.flags });

/** Somebody else's server, which would answer anyone. */
let stranger = "";
/** @type {string[]} */
const knocks = [];
const server = createServer((request, response) => {
  knocks.push(request.url ?? "");
  response.writeHead(200, { "Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript" });
  response.end("export default 1;");
});
before(async () => {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
  stranger = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/`;
});
after(() => {
  server.closeAllConnections();
  server.close();
  microphone.remove();
});

test("a file, the sample and the microphone make no request beyond the page's own files", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await choose(tab, "private diary.wav", wav([hum(4)]));
  await verdict(tab);
  await tab.getByTestId("play").click();
  await tab.getByTestId("sample").click();
  await verdict(tab);
  await tab.getByTestId("mic").click();
  await tab.locator("#segments .segment").first().waitFor();
  await tab.getByTestId("mic").click();

  const own = new URL(tab.url()).origin;
  const elsewhere = watch.requests.filter((url) => !url.startsWith(own) && !url.startsWith(`blob:${own}`) && !url.startsWith("data:"));
  assert.deepEqual(elsewhere, []);
  assert.ok(watch.requests.length > 10, "the watch sees requests");
  for (const url of watch.requests) assert.doesNotMatch(decodeURIComponent(url), /diary/);
  watch.assertClean();
});

test("the policy forbids the page and its worker to reach anyone else", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await tab.getByTestId("cards-voice").locator("thead").waitFor();
  const reach = (/** @type {string} */ url) => fetch(url).then(() => "reached", (error) => error.name);
  assert.equal(await tab.evaluate(reach, stranger), "TypeError");
  const [worker] = tab.workers();
  assert.ok(worker, "the networks run in a worker");
  assert.equal(await worker.evaluate(reach, stranger), "TypeError");
  assert.equal(await worker.evaluate((url) => import(url).then(() => "reached", (error) => error.name), `${stranger}code.js`), "TypeError");
  assert.deepEqual(knocks, []);
  // Without the policy these would have been let through: the stranger allows everyone.
  assert.equal((await fetch(stranger)).status, 200);
  assert.ok(watch.problems.some((problem) => /Content Security Policy/.test(problem)));
});

test("code and styles in the page's text would not run", async (t) => {
  const { page: tab } = await page.open(t);
  const ran = await tab.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.head.append(script);
    document.body.insertAdjacentHTML("beforeend", '<img src="data:," onerror="window.ran = true">');
    return new Promise((resolve) => setTimeout(() => resolve(/** @type {any} */ (window).ran ?? false), 200));
  });
  assert.equal(ran, false);
});

test("a file name with markup is shown as text", async (t) => {
  const { page: tab, watch } = await page.open(t);
  const name = '<img src=x onerror="window.pwned=1"><b>bold</b>.wav';
  await choose(tab, name, wav([hum(4)]));
  await verdict(tab);
  assert.equal(await tab.getByTestId("source-name").textContent(), name);
  assert.equal(await tab.getByTestId("source-name").locator("*").count(), 0);
  await choose(tab, name, Buffer.from("words, only words, and no sound at all"));
  await tab.getByTestId("notice").waitFor();
  assert.ok(((await tab.getByTestId("notice").textContent()) ?? "").includes(name));
  assert.equal(await tab.getByTestId("notice").locator("img, b").count(), 0);
  assert.equal(await tab.evaluate(() => /** @type {any} */ (window).pwned), undefined);
  watch.assertClean();
});
