// Many songs at once: files and folders that come in, the queue, what it keeps in memory.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { song, wav } from "./audio.mjs";
import { site, verdict } from "./harness.mjs";
import { RATE, add, named, names, row, settled, short } from "./songs-support.mjs";

const page = site({ flags: () => ["--js-flags=--expose-gc"] });

/** A file of a length that takes a while. */
const long = () => wav([song(900, RATE)], RATE);

test("two hundred files at once: all are heard in order, bad ones say why, and the page stays usable", async (t) => {
  const { page: tab, watch } = await page.open(t);
  const files = Array.from({ length: 200 }, (_, i) => {
    const name = `song ${i + 1}.wav`;
    return i % 50 === 7 ? named(name, Buffer.from("no sound but words")) : named(name, short(i));
  });
  await add(tab, files);
  await tab.getByTestId("songs").waitFor();
  assert.equal(await tab.getByTestId("song-row").count(), 200);
  const bar = tab.getByTestId("songs-bar");
  await tab.waitForFunction(() => Number(document.getElementById("songs-bar")?.getAttribute("aria-valuenow")) > 10);
  assert.ok(Number(await bar.getAttribute("aria-valuenow")) <= 100);
  // A song can be opened while others wait.
  await row(tab, "song 1.wav").getByRole("button", { name: "song 1.wav" }).click();
  await verdict(tab);
  assert.equal(await tab.getByTestId("source-name").textContent(), "song 1.wav");
  await settled(tab);
  assert.deepEqual(await names(tab), files.map(({ name }) => name));
  assert.match((await tab.getByTestId("songs-count").textContent()) ?? "", /^196 of 200 songs heard; 4 could not be heard\.$/);
  assert.equal(await tab.locator('[data-testid=song-row][data-state="done"]').count(), 196);
  const failed = tab.locator('[data-testid=song-row][data-state="failed"]');
  assert.equal(await failed.count(), 4);
  assert.match((await failed.first().textContent()) ?? "", /song 8\.wav.*no sound.*plain text/);
  watch.assertClean();
});

test("samples of songs that are done are let go", async (t) => {
  const script = `{
    const decode = BaseAudioContext.prototype.decodeAudioData;
    window.buffers = [];
    BaseAudioContext.prototype.decodeAudioData = async function (bytes) {
      const buffer = await decode.call(this, bytes);
      window.buffers.push(new WeakRef(buffer));
      return buffer;
    };
  }`;
  const { page: tab } = await page.open(t, { script });
  // A coding that the browser decodes as a whole: μ-law, a byte for each sample.
  const whole = (/** @type {number} */ i) => {
    const plain = short(i, 40);
    const file = Buffer.concat([plain.subarray(0, 44), plain.subarray(44).filter((_, at) => at % 2 === 1)]);
    for (const [at, width, value] of [[4, 4, file.length - 8], [20, 2, 7], [28, 4, RATE], [32, 2, 1], [34, 2, 8], [40, 4, file.length - 44]]) file.writeUIntLE(value, at, width);
    return file;
  };
  await add(tab, Array.from({ length: 12 }, (_, i) => named(`${i}.wav`, whole(i))));
  await settled(tab);
  await tab.waitForFunction(() => {
    const all = /** @type {WeakRef<AudioBuffer>[]} */ (/** @type {any} */ (window).buffers);
    /** @type {any} */ (window).gc();
    return all.length === 12 && all.every((ref) => ref.deref() === undefined);
  }, undefined, { polling: 200 });
  // The worker with its copy is ended too: one is left, the page's own.
  assert.equal(tab.workers().length, 1);
});

test("one song is called off and asked again; then all are", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await add(tab, [named("long.wav", long()), named("next.wav", short(1)), named("later.wav", short(2))]);
  await row(tab, "long.wav").and(tab.locator('[data-state="working"]')).getByRole("progressbar").waitFor();
  await row(tab, "next.wav").getByRole("button", { name: "Call off next.wav" }).click();
  await row(tab, "long.wav").getByRole("button", { name: "Call off long.wav" }).click();
  await settled(tab);
  assert.equal(await row(tab, "long.wav").getAttribute("data-state"), "cancelled");
  assert.equal(await row(tab, "next.wav").getAttribute("data-state"), "cancelled");
  assert.equal(await row(tab, "later.wav").getAttribute("data-state"), "done");
  await row(tab, "next.wav").getByRole("button", { name: "Try again: next.wav" }).click();
  await row(tab, "next.wav").and(tab.locator('[data-state="done"]')).waitFor();
  await row(tab, "long.wav").getByRole("button", { name: "Try again: long.wav" }).click();
  await add(tab, [named("more.wav", short(3))]);
  await tab.getByTestId("songs-cancel").click();
  await settled(tab);
  assert.equal(await row(tab, "long.wav").getAttribute("data-state"), "cancelled");
  assert.equal(await row(tab, "more.wav").getAttribute("data-state"), "cancelled");
  assert.match((await tab.getByTestId("songs-count").textContent()) ?? "", /2 of 4 songs heard; 2 called off/);
  watch.assertClean();
});

test("a folder is walked through in order; what is no sound is left out and counted", async (t) => {
  const { page: tab, watch } = await page.open(t);
  const folder = mkdtempSync(join(tmpdir(), "songmood-album-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "album", "disc 2"), { recursive: true });
  for (const [i, name] of ["10 last.wav", "9 before.wav", "disc 2/1 first.wav"].entries()) writeFileSync(join(folder, "album", name), short(i));
  for (const name of ["cover.jpg", ".DS_Store", "notes.txt"]) writeFileSync(join(folder, "album", name), "x");
  await tab.getByTestId("folder").setInputFiles(join(folder, "album"));
  await settled(tab);
  assert.deepEqual(await names(tab), ["album/9 before.wav", "album/10 last.wav", "album/disc 2/1 first.wav"]);
  assert.match((await tab.getByTestId("songs-count").textContent()) ?? "", /3 songs, all heard; 3 other files in the folders left out/);
  watch.assertClean();
});

test("a folder without songs is told", async (t) => {
  const { page: tab } = await page.open(t);
  const folder = mkdtempSync(join(tmpdir(), "songmood-empty-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "cover.jpg"), "x");
  await tab.getByTestId("folder").setInputFiles(folder);
  assert.equal(await tab.getByTestId("notice").getAttribute("data-code"), "empty-folder");
});

test("a dropped folder and files beside it: read to the end, however many portions it comes in", async (t) => {
  const { page: tab, watch } = await page.open(t);
  const bytes = [...short(2)];
  // Scripts cannot make a folder's entry; this one answers as Chromium's do, a hundred at a time.
  await tab.evaluate((bytes) => {
    const file = (/** @type {string} */ name) => new File([new Uint8Array(bytes)], name, { type: "audio/wav" });
    const entries = Array.from({ length: 150 }, (_, i) => ({ isDirectory: false, name: `${i}.wav`, fullPath: `/box/${i}.wav`, file: (/** @type {Function} */ give) => give(file(`${i}.wav`)) }));
    const gone = { isDirectory: false, name: "gone.wav", fullPath: "/box/gone.wav", file: (/** @type {Function} */ _give, /** @type {Function} */ fail) => fail(new DOMException("it was moved", "NotFoundError")) };
    const box = { isDirectory: true, name: "box", fullPath: "/box", createReader: () => {
      const rest = [...entries, gone];
      return { readEntries: (/** @type {Function} */ give) => give(rest.splice(0, 100)) };
    } };
    const items = [{ kind: "file", webkitGetAsEntry: () => box, getAsFile: () => null }, { kind: "file", webkitGetAsEntry: () => ({ isDirectory: false }), getAsFile: () => file("beside.wav") }];
    const event = new Event("drop", { bubbles: true, cancelable: true });
    Object.defineProperty(event, "dataTransfer", { value: { items, files: [], types: ["Files"] } });
    document.body.dispatchEvent(event);
  }, bytes);
  await tab.getByTestId("songs").waitFor();
  assert.equal(await tab.getByTestId("song-row").count(), 152);
  assert.deepEqual((await names(tab)).filter((_, i) => [0, 1, 149, 150, 151].includes(i)), ["box/0.wav", "box/1.wav", "box/149.wav", "box/gone.wav", "beside.wav"]);
  assert.match((await row(tab, "box/gone.wav").textContent()) ?? "", /could not be read.*it was moved/);
  await tab.getByTestId("songs-cancel").click();
  await settled(tab);
  watch.assertClean();
});

test("networks that are missing halt the queue, and it goes on when they are there", async (t) => {
  const { page: tab, context } = await page.open(t, { url: "about:blank" });
  await context.route("**/models/index.json", (route) => route.fulfill({ status: 404 }));
  await tab.goto(page.url);
  await add(tab, ["a", "b", "c"].map((name, i) => named(`${name}.wav`, short(i))));
  await tab.getByTestId("notice").filter({ hasText: "3 songs wait" }).waitFor();
  assert.equal(await tab.locator('[data-testid=song-row][data-state="waiting"]').count(), 3);
  await context.unroute("**/models/index.json");
  await tab.getByTestId("notice").getByRole("button", { name: "Try again" }).click();
  await settled(tab);
  assert.equal(await tab.locator('[data-testid=song-row][data-state="done"]').count(), 3);
});
