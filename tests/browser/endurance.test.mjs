// Long and hard: hours of microphone and a thousand songs in one tab. Some minutes and some hundred songs by default;
// SONGMOOD_MICROPHONE_S=3600 and SONGMOOD_SONGS=1000 for the figures in docs/reliability.md.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { hum, wav } from "./audio.mjs";
import { fakeMicrophone, site } from "./harness.mjs";
import { add, named, names, settled, short } from "./songs-support.mjs";
import { memoryNow } from "./support/memory.mjs";
import { quickMicrophone, quickState } from "./support/quick-microphone.mjs";

const LISTEN_S = Number(process.env.SONGMOOD_MICROPHONE_S ?? 240);
const SONGS = Number(process.env.SONGMOOD_SONGS ?? 120);

/** Longest wait for the next step. */
const PATIENCE = { timeout: 1_200_000, polling: 200 };

const mb = (/** @type {number | null} */ bytes) => (bytes === null ? "?" : `${Math.round(bytes / 1e6)} MB`);

/** @param {{ objects: number, tab: number | null }} memory */
const words = ({ objects, tab }) => `${mb(objects)} of objects in a tab of ${mb(tab)}`;

describe("a microphone for long", () => {
  const microphone = fakeMicrophone(wav([hum(2)]));
  after(() => microphone.remove());
  const page = site({ flags: () => microphone.flags });

  test("every window comes, in order, and memory stays as it is", async (t) => {
    const { page: tab, watch } = await page.open(t, { script: quickMicrophone(LISTEN_S) });
    const began = performance.now();
    await tab.getByTestId("mic").click();
    await tab.locator("#segments .segment").first().waitFor();
    const reach = (/** @type {number} */ share) => tab.waitForFunction((seconds) => /** @type {any} */ (window).quick.lastEndS >= seconds, share * LISTEN_S, PATIENCE);
    await reach(0.25);
    const early = await memoryNow(tab, page.browser);
    await reach(0.5);
    const half = await memoryNow(tab, page.browser);
    await tab.waitForFunction(() => /** @type {any} */ (window).quick.over, undefined, PATIENCE);
    // The last window ends less than a hop before the sound.
    await reach(1 - 1.5 / LISTEN_S);
    const late = await memoryNow(tab, page.browser);
    const { windows, outOfOrder, heardS } = await quickState(tab);
    const sampleLength = await tab.getByTestId("clock-now").textContent();
    t.diagnostic(`${Math.round(heardS)} s in ${Math.round((performance.now() - began) / 1000)} s, ${windows} windows; ${words(early)} after a quarter, ${words(half)} after half, ${words(late)} at the end`);
    assert.equal(outOfOrder, 0);
    // Windows of four seconds, one a hop.
    assert.ok(Math.abs(windows - (LISTEN_S - 4)) < 0.01 * LISTEN_S, `${windows} windows`);
    await tab.getByTestId("mic").click();
    await tab.getByTestId("kept").waitFor();
    const clock = `${LISTEN_S >= 3600 ? `${Math.floor(LISTEN_S / 3600)}:${String(Math.floor((LISTEN_S % 3600) / 60)).padStart(2, "0")}` : Math.floor(LISTEN_S / 60)}:${String(LISTEN_S % 60).padStart(2, "0")}`;
    assert.equal(sampleLength, clock);
    assert.match((await tab.getByTestId("kept-words").textContent()) ?? "", /of sound (is|are) kept/);
    // What stays are the windows: half a kilobyte of numbers each.
    assert.ok(late.objects - early.objects < 2e6 + windows * 4e3, words(late));
    if (late.tab && early.tab) assert.ok(late.tab - early.tab < 6e7, `${words(early)}, then ${words(late)}`);
    watch.assertClean();
  });
});

describe("many songs", () => {
  const page = site();

  test("all are heard in order, and memory stays as it is", async (t) => {
    const { page: tab, watch } = await page.open(t);
    const began = performance.now();
    const songs = Array.from({ length: SONGS }, (_, i) => named(`song ${i + 1}.wav`, short(i, 3)));
    // In lots, as a message with all of them would be large.
    const LOT = 40;
    for (let at = 0; at < SONGS; at += LOT) await add(tab, songs.slice(at, at + LOT));
    const reach = (/** @type {number} */ count) => tab.waitForFunction((count) => document.querySelectorAll('[data-testid=song-row][data-state="done"]').length >= count, count, PATIENCE);
    await reach(Math.ceil(SONGS / 4));
    const early = await memoryNow(tab, page.browser);
    await reach(SONGS);
    await settled(tab);
    const late = await memoryNow(tab, page.browser);
    t.diagnostic(`${SONGS} songs in ${Math.round((performance.now() - began) / 1000)} s; ${words(early)} after a quarter, ${words(late)} at the end`);
    assert.deepEqual(await names(tab), songs.map(({ name }) => name));
    // A row with its picture, and the song's numbers.
    assert.ok(late.objects - early.objects < 2e6 + SONGS * 2e4, words(late));
    if (late.tab && early.tab) assert.ok(late.tab - early.tab < 6e7 + SONGS * 2e4, `${words(early)}, then ${words(late)}`);
    watch.assertClean();
  });
});
