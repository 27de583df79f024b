// Networks that somebody trained: loaded from disk, chosen, kept, removed; wrong files refused with the reason.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hum, wav } from "./audio.mjs";
import { SITE, choose, site, verdict } from "./harness.mjs";

const page = site();

/**
 * A shipped model file under another name, all of whose songs are angry.
 *
 * @param {string} shipped
 * @param {string} name
 */
function angry(shipped, name) {
  const file = readFileSync(join(SITE, "models", shipped));
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString("utf8", 8, 8 + length));
  const weights = Buffer.from(file.subarray(8 + length));
  const labels = JSON.parse(header.__metadata__.labels);
  const [at] = header["head.bias"].data_offsets;
  assert.equal(header["head.bias"].dtype, "F16");
  // 24 as a half-precision number.
  weights.writeUInt16LE(0x4e00, at + 2 * labels.indexOf("angry"));
  header.__metadata__.name = name;
  // The shipped networks call tension angry or fearful by its arousal.
  header.__metadata__.tension = JSON.stringify("apart");
  const text = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, 0x20)]);
  size.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([size, padded, weights]);
}

/** @param {string} name @param {Buffer} buffer */
const weights = (name, buffer) => ({ name, mimeType: "application/octet-stream", buffer });
const PAIR = () => [weights("my-cnn.safetensors", angry("music-cnn.safetensors", "my music CNN")), weights("my-rnn.safetensors", angry("music-rnn.safetensors", "my music RNN"))];

/** @param {import("playwright-core").Page} tab */
const isReady = (tab) => tab.getByTestId("cards-voice").locator("thead").waitFor();
/** @param {import("playwright-core").Page} tab */
const likeliest = (tab) => tab.locator("#bars tr.likeliest").getAttribute("data-mood");

test("a pair is loaded, used at once for the song at hand, shown with its card, switched and removed", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await isReady(tab);
  await choose(tab, "song.wav", wav([hum(14)]));
  const shipped = await verdict(tab);
  const mood = await likeliest(tab);
  assert.notEqual(mood, "angry");
  await tab.getByTestId("own-file").setInputFiles(PAIR());
  await tab.waitForFunction(() => document.querySelector("#bars tr.likeliest")?.getAttribute("data-mood") === "angry");
  assert.match((await tab.getByTestId("own-hint").textContent()) ?? "", /Music: judged by your my-cnn \+ my-rnn/);
  const own = tab.getByTestId("own-set");
  assert.equal(await own.count(), 1);
  await own.locator("summary").click();
  assert.match((await own.locator(".cards").textContent()) ?? "", /CNN.*RNN.*UAR.*Emotify/s);
  assert.equal(await tab.locator("#bars thead th[title]").first().getAttribute("title"), "my music CNN");
  await tab.getByRole("radio", { name: "The shipped networks" }).check();
  await tab.waitForFunction((before) => document.querySelector("#bars tr.likeliest")?.getAttribute("data-mood") === before, mood);
  assert.equal(await verdict(tab), shipped);
  assert.equal(await tab.getByTestId("own-hint").isVisible(), false);
  await tab.getByRole("radio", { name: "my-cnn + my-rnn" }).check();
  await tab.waitForFunction(() => document.querySelector("#bars tr.likeliest")?.getAttribute("data-mood") === "angry");
  await tab.getByRole("button", { name: "Remove my-cnn + my-rnn" }).click();
  await tab.waitForFunction((before) => document.querySelector("#bars tr.likeliest")?.getAttribute("data-mood") === before, mood);
  assert.equal(await own.count(), 0);
  watch.assertClean();
});

test("they are there again at the next visit, until they are removed; a voice keeps the shipped ones", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await isReady(tab);
  await tab.getByTestId("own-file").setInputFiles(PAIR());
  await tab.getByTestId("own-set").waitFor();
  await tab.reload();
  await tab.getByTestId("own-hint").waitFor();
  await choose(tab, "song.wav", wav([hum(14)]));
  await verdict(tab);
  assert.equal(await likeliest(tab), "angry");
  await tab.getByTestId("kind-voice").check({ force: true });
  await tab.waitForFunction(() => document.querySelector("#bars thead th[title]")?.getAttribute("title") === "songmood voice CNN");
  await tab.getByRole("button", { name: /^Remove/ }).click();
  await tab.reload();
  await isReady(tab);
  await choose(tab, "song.wav", wav([hum(14)]));
  await verdict(tab);
  assert.notEqual(await likeliest(tab), "angry");
  assert.equal(await tab.getByTestId("own-set").count(), 0);
  watch.assertClean();
});

test("dropped weights are taken for weights, one network alone will do, and the songs that wait are heard by it", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await isReady(tab);
  const bytes = [...angry("music-cnn.safetensors", "mine")];
  await tab.evaluate((file) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([new Uint8Array(file)], "mine.safetensors"));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }, bytes);
  await tab.getByTestId("own-hint").waitFor();
  await tab.getByTestId("file").setInputFiles(["a", "b"].map((name, i) => ({ name: `${name}.wav`, mimeType: "audio/wav", buffer: wav([hum(5, { hertz: 200 + 100 * i })]) })));
  await tab.locator("#songs:not(.at-work)").waitFor();
  assert.deepEqual(await tab.locator(".song-verdict .name").allTextContents().then((all) => all.map((text) => text.split(",")[0])), ["Angry", "Angry"]);
  watch.assertClean();
});

/** @type {[what: string, file: () => Buffer, says: RegExp][]} */
const WRONG = [
  ["a file that is no weights", () => Buffer.from("no weights at all, only words"), /safetensors|header|unreadable/i],
  ["weights of something else", () => readFileSync(join(SITE, "tests", "golden", "study_cnn.safetensors")), /\w+/],
  ["weights cut off", () => angry("music-cnn.safetensors", "cut").subarray(0, 20_000), /\w+/],
];
for (const [what, file, says] of WRONG) {
  test(`${what}: refused with the reason, and the shipped networks stay`, async (t) => {
    const { page: tab } = await page.open(t);
    await isReady(tab);
    await tab.getByTestId("own-file").setInputFiles([weights("wrong.safetensors", file())]);
    const notice = tab.getByTestId("notice");
    await notice.waitFor();
    assert.match((await notice.textContent()) ?? "", /wrong\.safetensors.*cannot be used/s);
    assert.match((await notice.locator(".notice-reason").textContent()) ?? "", says);
    assert.equal(await tab.getByTestId("own-set").count(), 0);
    await choose(tab, "song.wav", wav([hum(4)]));
    await verdict(tab);
    assert.equal(await tab.locator("#bars thead th[title]").first().getAttribute("title"), "songmood music CNN");
  });
}
