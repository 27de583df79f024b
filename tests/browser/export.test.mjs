// What was heard, saved: tables, JSON, a picture.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { choose, site, verdict } from "./harness.mjs";
import { add, named, settled, short } from "./songs-support.mjs";

const page = site();

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
