// Browsers that lack something: a clear word for what cannot be done, and whatever still works. What is missing is taken away
// before the page loads; AudioWorklet, the permission and the secure address are in microphone.test.mjs.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { hum, wav } from "./audio.mjs";
import { SITE, choose, site, verdict } from "./harness.mjs";
import { add, named, row, short } from "./songs-support.mjs";

const page = site();

/** Storage that refuses, as it does where cookies are blocked. */
const NOTHING_KEPT = `
  for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) {
    Object.defineProperty(window, name, { get() { throw new DOMException("The operation is insecure.", "SecurityError"); } });
  }
  if (window.ServiceWorkerContainer) ServiceWorkerContainer.prototype.register = async () => { throw new DOMException("The operation is insecure.", "SecurityError"); };
`;

test("without a service worker all works, only not without a network", async (t) => {
  const { page: tab, watch } = await page.open(t, { script: "delete Navigator.prototype.serviceWorker;" });
  assert.equal(await tab.evaluate(() => "serviceWorker" in navigator), false);
  await choose(tab, "song.wav", wav([hum(5)]));
  await verdict(tab);
  watch.assertClean();
});

test("where nothing may be kept, songs are heard, own networks and languages last as long as the page", async (t) => {
  const { page: tab, watch } = await page.open(t, { script: NOTHING_KEPT });
  await choose(tab, "song.wav", wav([hum(5)]));
  await verdict(tab);
  await tab.getByTestId("own-file").setInputFiles(["music-cnn", "music-rnn"].map((name) => join(SITE, "models", `${name}.safetensors`)));
  await tab.getByTestId("own-hint").filter({ hasText: "music-cnn + music-rnn" }).waitFor();
  await tab.getByTestId("language").selectOption("de");
  await tab.waitForFunction(() => document.documentElement.lang === "de");
  await add(tab, [named("a.wav", short(1)), named("b.wav", short(2))]);
  await row(tab, "b.wav").and(tab.locator('[data-state="done"]')).waitFor();
  watch.assertClean();
});

test("a browser without SIMD is told what it lacks, and songs wait instead of failing one by one", async (t) => {
  const { page: tab } = await page.open(t, { script: "WebAssembly.validate = () => false;" });
  const notice = tab.getByTestId("notice").and(tab.locator('[data-code="simd-missing"]'));
  assert.match((await notice.textContent()) ?? "", /This browser cannot run songmood\..*128-bit SIMD/);
  await add(tab, [named("a.wav", short(1)), named("b.wav", short(2))]);
  await tab.getByTestId("notice").filter({ hasText: "2 songs wait" }).waitFor();
  assert.equal(await tab.locator('[data-testid=song-row][data-state="waiting"]').count(), 2);
});

test("a browser without WebAssembly is told what it lacks", async (t) => {
  const { page: tab } = await page.open(t, { script: "delete globalThis.WebAssembly;" });
  const notice = tab.getByTestId("notice").and(tab.locator('[data-code="wasm-missing"]'));
  assert.match((await notice.textContent()) ?? "", /This browser cannot run songmood\..*WebAssembly/);
});

test("without workers it is told, and nothing hangs", async (t) => {
  const { page: tab } = await page.open(t, { script: "window.Worker = function () { throw new DOMException('The operation is insecure.', 'SecurityError'); };" });
  await choose(tab, "song.wav", wav([hum(5)]));
  const notice = tab.getByTestId("notice");
  await notice.waitFor();
  assert.match((await notice.textContent()) ?? "", /[A-Z][^.]{10,}\./);
  // The notice may be the networks' own, which are loaded before any song: the song's failure comes a moment later.
  await tab.getByTestId("progress").waitFor({ state: "hidden", timeout: 10_000 });
});
