// What cannot be heard is refused with a reason, and the page stays usable.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { hum, silence, wav } from "./audio.mjs";
import { barShares, choose, site, verdict } from "./harness.mjs";

const page = site();

/** Bytes that look random and begin like no format. @param {number} length */
const rubbish = (length) => Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 2_654_435_761 * (i + 7)) >>> 13));

/**
 * @param {import("playwright-core").Page} tab
 * @param {string} code
 */
async function refusedWith(tab, code) {
  const notice = tab.getByTestId("notice");
  await notice.waitFor();
  assert.equal(await notice.getAttribute("data-code"), code);
  assert.equal(await notice.getAttribute("role"), "alert");
  assert.equal(await tab.getByTestId("progress").isVisible(), false);
  return (await notice.textContent()) ?? "";
}

/** @param {import("playwright-core").Page} tab */
async function stillWorks(tab) {
  await choose(tab, "good.wav", wav([hum(4)]));
  await verdict(tab);
  assert.equal(await tab.getByTestId("notice").isVisible(), false);
}

/** @type {[what: string, name: string, bytes: Buffer, mimeType: string, code: string, says: RegExp][]} */
const FILES = [
  ["an empty file", "empty.wav", Buffer.alloc(0), "audio/wav", "empty-file", /empty/],
  ["a file of wrong bytes named .mp3", "song.mp3", rubbish(60_000), "audio/mpeg", "not-audio", /no sound/],
  ["a picture named .mp3", "song.mp3", Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), rubbish(5000)]), "audio/mpeg", "not-audio", /It is a picture/],
  ["a text", "notes.txt", Buffer.from("This is no song, only words about one.\n".repeat(20)), "text/plain", "not-audio", /plain text/],
  ["one byte", "one.wav", Buffer.from([1]), "audio/wav", "not-audio", /no sound/],
  ["a header without its sound", "cut.wav", wav([hum(2)]).subarray(0, 44), "audio/wav", "damaged", /cut off, damaged/],
];

for (const [what, name, bytes, mimeType, code, says] of FILES) {
  test(`${what} is refused with a reason`, async (t) => {
    const { page: tab, watch } = await page.open(t);
    await choose(tab, name, bytes, mimeType);
    const text = await refusedWith(tab, code);
    assert.match(text, says);
    assert.ok(text.includes(name), "the notice names the file");
    await stillWorks(tab);
    watch.assertClean();
  });
}

test("a song on the page survives a bad file", async (t) => {
  const { page: tab } = await page.open(t);
  await choose(tab, "good.wav", wav([hum(4)]));
  const words = await verdict(tab);
  await choose(tab, "bad.mp3", rubbish(3000), "audio/mpeg");
  await refusedWith(tab, "not-audio");
  assert.equal(await tab.getByTestId("verdict").textContent(), words);
  await tab.getByTestId("play").click();
  await tab.getByRole("button", { name: "Pause" }).waitFor();
});

test("hours of sound are refused before they are decoded: of what the browser decodes as a whole, and of what is read in pieces", async (t) => {
  const { page: tab, watch } = await page.open(t);
  const folder = mkdtempSync(join(tmpdir(), "songmood-long-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  /** So many seconds at 8 kHz, one byte a sample, with nothing written to the disk but the header. @param {string} name @param {number} seconds @param {number} format */
  const night = (name, seconds, format) => {
    const header = Buffer.from(wav([silence(0)]).subarray(0, 44));
    const length = seconds * 8000;
    header.writeUInt32LE(36 + length, 4);
    header.writeUInt16LE(format, 20);
    header.writeUInt32LE(8000, 24);
    header.writeUInt32LE(8000, 28);
    header.writeUInt16LE(1, 32);
    header.writeUInt16LE(8, 34);
    header.writeUInt32LE(length, 40);
    writeFileSync(join(folder, name), header);
    truncateSync(join(folder, name), 44 + length);
    return join(folder, name);
  };
  const [PCM, MU_LAW] = [1, 7];
  for (const file of [night("eighty minutes.wav", 80 * 60, MU_LAW), night("six hours.wav", 6 * 3600, PCM)]) {
    await tab.getByTestId("file").setInputFiles(file);
    assert.match(await refusedWith(tab, "too-long"), /5 hours of mp3, m4a, ogg, FLAC and WAV, 75 minutes of others/);
    await stillWorks(tab);
  }
  watch.assertClean();
});

test("a silent file is told to be silent, not given a mood", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await choose(tab, "silence.wav", wav([silence(6)]));
  assert.match(await verdict(tab), /nothing to hear/i);
  assert.equal(await tab.getByTestId("verdict").getAttribute("data-state"), "silent");
  assert.match((await tab.getByTestId("track").getAttribute("aria-valuetext")) ?? "", /silent/);
  for (const moods of Object.values(await barShares(tab))) assert.ok(moods.every((share) => share === 0), "no bars for silence");
  watch.assertClean();
});

test("text dropped instead of a file is answered", async (t) => {
  const { page: tab } = await page.open(t);
  const transfer = await tab.evaluateHandle(() => {
    const data = new DataTransfer();
    data.setData("text/plain", "la la la");
    return data;
  });
  await tab.dispatchEvent("main", "drop", { dataTransfer: transfer });
  await refusedWith(tab, "no-file");
});

/** @type {[what: string, glob: string, answer: { status?: number, body?: string | Buffer }, code: string][]} */
const SITES = [
  ["models that are not there", "**/models/index.json", { status: 404 }, "models-missing"],
  ["a model file that is not there", "**/models/voice-rnn.safetensors", { status: 404 }, "models-missing"],
  ["a model file of rubbish", "**/models/voice-cnn.safetensors", { status: 200, body: rubbish(4000) }, "models-refused"],
  ["a program that is not there", "**/pkg/songmood_bg.wasm", { status: 404 }, "program-missing"],
  ["glue that is not there", "**/pkg/songmood.js", { status: 404 }, "program-missing"],
  ["a program that is not wasm", "**/pkg/songmood_bg.wasm", { status: 200, body: "<!doctype html>" }, "program-refused"],
];

for (const [what, glob, answer, code] of SITES) {
  test(`${what}: said at once, and again when a song comes; fixed, it works without a reload`, async (t) => {
    const { page: tab, context } = await page.open(t, { url: "about:blank" });
    await context.route(glob, (route) => route.fulfill(answer));
    await tab.goto(page.url);
    await refusedWith(tab, code);
    await choose(tab, "good.wav", wav([hum(4)]));
    await tab.getByTestId("notice").filter({ hasText: "good.wav" }).waitFor();
    await refusedWith(tab, code);
    // A module that failed to load stays failed for the life of its realm; the new worker is a new realm.
    await context.unroute(glob);
    await stillWorks(tab);
    await tab.getByTestId("cards-voice").locator("thead").waitFor();
  });
}

test("WebAssembly switched off is told", async (t) => {
  const { page: tab } = await page.open(t, { script: "delete globalThis.WebAssembly;" });
  await refusedWith(tab, "wasm-missing");
});
