// Many songs at once: the queue, its table, what is opened, compared and saved.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { hum, silence, song, wav } from "./audio.mjs";
import { choose, site, verdict } from "./harness.mjs";

const RATE = 8_000;
const page = site({ flags: () => ["--js-flags=--expose-gc"] });

/** @param {string} name @param {Buffer} buffer */
const named = (name, buffer) => ({ name, mimeType: "audio/wav", buffer });

/** A short song at a low rate; each number gives another. @param {number} [number] @param {number} [seconds] */
const short = (number = 0, seconds = 1) => wav([hum(seconds, { hertz: 110 * 2 ** ((number % 36) / 12), gain: 0.1 + 0.1 * (number % 7), sampleRate: RATE })], RATE);

/** A file of a length that takes a while. */
const long = () => wav([song(900, RATE)], RATE);

/** @param {import("playwright-core").Page} tab */
const names = (tab) => tab.locator("#songs-table .song-name").allTextContents();

/** Waits until nothing waits any more. @param {import("playwright-core").Page} tab */
const settled = (tab) => tab.locator("#songs:not(.at-work)").waitFor();

/** @param {import("playwright-core").Page} tab @param {{ name: string, mimeType: string, buffer: Buffer }[]} files */
const add = (tab, files) => tab.getByTestId("file").setInputFiles(files);

/** The row of a song. @param {import("playwright-core").Page} tab @param {string} name */
const row = (tab, name) => tab.getByTestId("song-row").filter({ has: tab.getByRole("button", { name, exact: true }) });

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
  await add(tab, Array.from({ length: 12 }, (_, i) => named(`${i}.wav`, short(i, 40))));
  await settled(tab);
  await tab.waitForFunction(() => {
    const all = /** @type {WeakRef<AudioBuffer>[]} */ (/** @type {any} */ (window).buffers);
    /** @type {any} */ (window).gc();
    return all.length === 12 && all.every((ref) => ref.deref() === undefined);
  }, undefined, { polling: 200 });
  // The worker with its copy is ended too: one is left, the page's own.
  assert.equal(tab.workers().length, 1);
});

test("sorted by a press on a heading: this way, that way, as they came; songs without a value last", async (t) => {
  const { page: tab } = await page.open(t);
  await add(tab, [named("b 10.wav", short(3, 2)), named("words.wav", Buffer.from("only words")), named("a.wav", short(20, 5)), named("b 9.wav", short(11, 3)), named("still.wav", wav([silence(4, RATE)], RATE))]);
  await settled(tab);
  const came = await names(tab);
  const press = tab.getByTestId("sort-name");
  await press.click();
  assert.deepEqual(await names(tab), ["a.wav", "b 9.wav", "b 10.wav", "still.wav", "words.wav"]);
  assert.equal(await tab.locator("th", { has: press }).getAttribute("aria-sort"), "ascending");
  await press.click();
  assert.deepEqual((await names(tab))[0], "words.wav");
  assert.equal(await tab.locator("th", { has: press }).getAttribute("aria-sort"), "descending");
  await press.click();
  assert.deepEqual(await names(tab), came);
  assert.equal(await tab.locator("th", { has: press }).getAttribute("aria-sort"), null);
  await tab.getByTestId("sort-length").focus();
  await tab.keyboard.press("Enter");
  assert.deepEqual(await names(tab), ["a.wav", "still.wav", "b 9.wav", "b 10.wav", "words.wav"]);
  await tab.getByTestId("sort-certainty").click();
  const shares = (await tab.locator("#songs-table tbody tr td.number:nth-child(4)").allTextContents()).slice(0, 3).map((text) => parseInt(text, 10));
  assert.deepEqual(shares, [...shares].sort((a, b) => b - a));
  assert.deepEqual((await names(tab)).slice(3), ["words.wav", "still.wav"]);
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

test("a row opens its song, from there to the next in the table's order, and back", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await add(tab, [named("b.wav", short(1, 3)), named("a.wav", short(20, 4)), named("c.wav", short(9, 2))]);
  await settled(tab);
  assert.equal(await tab.getByTestId("result").isVisible(), false);
  await tab.getByTestId("sort-name").click();
  await row(tab, "a.wav").locator(".song-name").click();
  const words = await verdict(tab);
  assert.ok(words.length > 3);
  assert.equal(await tab.getByTestId("source-name").textContent(), "a.wav");
  assert.equal(await tab.getByTestId("songs-where").textContent(), "1 of 3");
  assert.equal(await tab.evaluate(() => document.activeElement?.id), "verdict");
  await tab.getByTestId("songs-next").click();
  assert.equal(await tab.getByTestId("source-name").textContent(), "b.wav");
  await tab.getByTestId("play").click();
  await tab.getByRole("button", { name: "Pause" }).waitFor();
  await tab.getByTestId("songs-all").click();
  assert.equal(await tab.evaluate(() => document.activeElement?.textContent), "b.wav");
  await tab.getByTestId("songs-close").click();
  assert.equal(await tab.getByTestId("songs").isVisible(), false);
  assert.equal(await tab.getByTestId("source-name").textContent(), "b.wav");
  await choose(tab, "alone.wav", short(4));
  await tab.getByTestId("source-name").filter({ hasText: "alone.wav" }).waitFor();
  assert.equal(await tab.getByTestId("songs").isVisible(), false);
  watch.assertClean();
});

test("what a row shows is what the song shows when it is heard alone", async (t) => {
  const { page: tab } = await page.open(t);
  await choose(tab, "a.wav", short(20, 14));
  const alone = await verdict(tab);
  const detail = await tab.getByTestId("verdict-detail").textContent();
  await add(tab, [named("a.wav", short(20, 14)), named("b.wav", short(2, 3))]);
  await settled(tab);
  await row(tab, "b.wav").locator(".song-name").click();
  await row(tab, "a.wav").locator(".song-name").click();
  assert.equal(await verdict(tab), alone);
  assert.equal(await tab.getByTestId("verdict-detail").textContent(), detail);
});

test("by keyboard alone: one stop for all rows, arrows between songs, Enter opens", async (t) => {
  const { page: tab } = await page.open(t);
  await add(tab, ["a", "b", "c"].map((name, i) => named(`${name}.wav`, short(i))));
  await settled(tab);
  await tab.getByTestId("sort-length").focus();
  await tab.keyboard.press("Tab");
  assert.equal(await tab.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Compare a.wav");
  await tab.keyboard.press("ArrowDown");
  await tab.keyboard.press("ArrowDown");
  assert.equal(await tab.evaluate(() => document.activeElement?.textContent), "c.wav");
  await tab.keyboard.press("Tab");
  assert.equal(await tab.evaluate(() => document.activeElement?.closest("tbody")), null);
  await tab.keyboard.press("Shift+Tab");
  await tab.keyboard.press("Home");
  await tab.keyboard.press("Enter");
  await verdict(tab);
  assert.equal(await tab.getByTestId("source-name").textContent(), "a.wav");
});

test("songs are compared: ribbons one above the other, one cursor for all", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await add(tab, [named("one.wav", short(1, 20)), named("two.wav", short(30, 10)), named("three.wav", short(12, 5))]);
  await settled(tab);
  assert.equal(await tab.getByTestId("songs-compare").isDisabled(), true);
  for (const name of ["one.wav", "two.wav"]) await row(tab, name).getByRole("checkbox").check();
  await tab.getByTestId("songs-compare").click();
  const compared = tab.getByTestId("compared");
  assert.equal(await compared.count(), 2);
  const tops = await compared.locator("canvas").evaluateAll((list) => list.map((canvas) => canvas.getBoundingClientRect()).map(({ top, left, width }) => ({ top, left, width })));
  assert.ok(tops[1].top > tops[0].top && tops[0].left === tops[1].left && tops[0].width === tops[1].width);
  // One scale of time: the song of half the length fills half of its ribbon.
  const reach = await compared.locator("canvas").evaluateAll((list) => list.map((canvas) => {
    const { data, width, height } = /** @type {ImageData} */ (canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height - 3));
    let last = 0;
    for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) if (data[(y * width + x) * 4 + 3] > 80 && y > height * 0.9) last = Math.max(last, x);
    return last / width;
  }));
  assert.ok(reach[0] > 0.95 && reach[1] > 0.4 && reach[1] < 0.55, String(reach));
  await compared.locator(".track").first().focus();
  await tab.keyboard.press("End");
  const values = await compared.locator(".track").evaluateAll((list) => list.map((track) => track.getAttribute("aria-valuenow")));
  assert.deepEqual(values, ["20.0", "20.0"]);
  await row(tab, "three.wav").getByRole("checkbox").check();
  assert.equal(await compared.count(), 3);
  for (const name of ["one.wav", "two.wav"]) await row(tab, name).getByRole("checkbox").uncheck();
  assert.equal(await tab.getByTestId("compare").isVisible(), false);
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

test("what is saved: a table of songs, a table of windows, and all as JSON", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await add(tab, [named('=a "strange", name.wav', short(1, 14)), named("words.wav", Buffer.from("only words")), named("b.wav", short(20, 2))]);
  await settled(tab);
  /** @param {string} id */
  const saved = async (id) => {
    const [file] = await Promise.all([tab.waitForEvent("download"), tab.getByTestId(id).click()]);
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8") };
  };
  const summary = await saved("songs-summary");
  assert.equal(summary.name, "songmood.csv");
  const lines = summary.text.replace("\uFEFF", "").trimEnd().split("\r\n");
  assert.equal(lines.length, 4);
  assert.ok(lines[1].startsWith(`"'=a ""strange"", name.wav",music,`), lines[1]);
  assert.match(lines[2], /^words\.wav,,*not-audio$/);
  const json = await saved("songs-json");
  const [first, words, last] = JSON.parse(json.text);
  assert.equal(first.name, '=a "strange", name.wav');
  assert.equal(words.error.code, "not-audio");
  assert.ok(Math.abs(last.durationS - 2) < 0.1 && last.windows.length >= 1);
  const windows = await saved("songs-windows");
  assert.equal(windows.name, "songmood.windows.csv");
  assert.equal(windows.text.trimEnd().split("\r\n").length, 1 + first.windows.length + last.windows.length);
  watch.assertClean();
});

test("one song is saved from its own view: a picture of it, its windows, and all", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await choose(tab, "my: song.wav", short(20, 20));
  await verdict(tab);
  const [picture] = await Promise.all([tab.waitForEvent("download"), tab.getByTestId("keep-picture").click()]);
  assert.equal(picture.suggestedFilename(), "my_ song.png");
  const bytes = readFileSync(await picture.path());
  assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [1200, 630]);
  // The ribbon is in it, in the colour of the mood that the page shows.
  const share = await tab.evaluate(async ({ file, mood }) => {
    const image = await createImageBitmap(new Blob([new Uint8Array(file)], { type: "image/png" }));
    const canvas = Object.assign(document.createElement("canvas"), { width: 1200, height: 630 });
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.drawImage(image, 0, 0);
    const colour = getComputedStyle(document.documentElement).getPropertyValue(`--${mood}`).trim();
    const own = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    const { data } = context.getImageData(0, 250, 1200, 300);
    let like = 0;
    for (let i = 0; i < data.length; i += 4) if (own.every((value, c) => Math.abs(data[i + c] - value) < 70)) like += 1;
    return like / (data.length / 4);
  }, { file: [...bytes], mood: await tab.locator("#bars tr.likeliest").getAttribute("data-mood") });
  assert.ok(share > 0.01, `${share} of the picture has the mood's colour`);
  const [json] = await Promise.all([tab.waitForEvent("download"), tab.getByTestId("keep-json").click()]);
  assert.equal(JSON.parse(readFileSync(await json.path(), "utf8"))[0].name, "my: song.wav");
  const [csv] = await Promise.all([tab.waitForEvent("download"), tab.getByTestId("keep-csv").click()]);
  assert.match(readFileSync(await csv.path(), "utf8"), /^\uFEFFname,start_s,end_s/);
  watch.assertClean();
});

test("names with markup are shown as text, in the table and in a comparison", async (t) => {
  const { page: tab, watch } = await page.open(t);
  const name = '<img src=x onerror="window.pwned=1"><b>bold</b>.wav';
  await add(tab, [named(name, short(1)), named(`2${name}`, short(2)), named(`3${name}`, Buffer.from("words"))]);
  await settled(tab);
  assert.deepEqual(await names(tab), [name, `2${name}`, `3${name}`]);
  for (const box of await tab.locator("#songs-table input:enabled").all()) await box.check();
  await tab.getByTestId("songs-compare").click();
  assert.equal(await tab.locator("#songs img, #songs b, #compare img, #compare b").count(), 0);
  assert.equal(await tab.evaluate(() => /** @type {any} */ (window).pwned), undefined);
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

test("another choice of what to listen for changes the open song, in its row too", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await add(tab, [named("a.wav", short(3, 14)), named("b.wav", short(20, 14))]);
  await settled(tab);
  await row(tab, "a.wav").locator(".song-name").click();
  await verdict(tab);
  const before = await row(tab, "a.wav").textContent();
  const other = await row(tab, "b.wav").textContent();
  await tab.getByTestId("kind-voice").check({ force: true });
  await tab.waitForFunction(() => /Listened fora voice/.test(document.querySelector("[data-testid=facts]")?.textContent ?? ""));
  assert.notEqual(await row(tab, "a.wav").textContent(), before);
  assert.equal(await row(tab, "b.wav").textContent(), other);
  assert.equal(await tab.getByTestId("songs-where").textContent(), "1 of 2");
  watch.assertClean();
});
