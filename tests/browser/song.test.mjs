// A song in, its moods out.

import assert from "node:assert/strict";
import { test } from "node:test";
import { hum, songFile, wav } from "./audio.mjs";
import { barShares, choose, site, verdict } from "./harness.mjs";

const page = site();

/** @param {number[]} shares */
const sum = (shares) => shares.reduce((total, share) => total + share, 0);

test("a chosen file gives a verdict and both networks' moods", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await choose(tab, "two halves.wav", songFile(12));
  assert.match(await verdict(tab), /\w+/);
  assert.match((await tab.getByTestId("verdict-detail").textContent()) ?? "", /\d+%/);
  assert.equal(await tab.getByTestId("source-name").textContent(), "two halves.wav");

  const shares = await barShares(tab);
  assert.deepEqual(Object.keys(shares).sort(), ["cnn", "rnn"]);
  for (const [model, moods] of Object.entries(shares)) {
    assert.equal(moods.length, 8);
    assert.ok(Math.abs(sum(moods) - 1) < 1e-3, `${model}'s moods sum to ${sum(moods)}`);
  }
  // Trained networks do not give the same answer, and not a flat one.
  assert.notDeepEqual(shares.cnn, shares.rnn);
  assert.ok(Math.max(...shares.cnn) > 0.2);

  const facts = (await tab.getByTestId("facts").textContent()) ?? "";
  assert.match(facts, /0:12/);
  assert.match(facts, /44,100 Hz, stereo/);
  for (const scale of ["valence", "arousal"]) {
    const value = Number(await tab.getByTestId(scale).getByRole("meter").getAttribute("aria-valuenow"));
    assert.ok(value >= -1 && value <= 1);
  }
  watch.assertClean();
});

test("what the page shows is what the moods say: the mood in the verdict has the longest pair of bars", async (t) => {
  const { page: tab } = await page.open(t);
  await choose(tab, "hum.wav", wav([hum(8)]));
  await verdict(tab);
  const { cnn, rnn } = await barShares(tab);
  const both = cnn.map((share, i) => (share + rnn[i]) / 2);
  const likeliest = await tab.locator("#bars tr.likeliest").getAttribute("data-mood");
  const moods = await tab.locator("#bars tr[data-mood]").evaluateAll((rows) => rows.map((row) => row.dataset.mood));
  assert.equal(likeliest, moods[both.indexOf(Math.max(...both))]);
});

test("every sample rate is decoded at its own rate", async (t) => {
  const { page: tab, watch } = await page.open(t);
  for (const rate of [8_000, 22_050, 48_000, 96_000]) {
    await choose(tab, `${rate}.wav`, wav([hum(4, { sampleRate: rate })], rate));
    await tab.getByTestId("source-name").filter({ hasText: `${rate}.wav` }).waitFor();
    await verdict(tab);
    const facts = ((await tab.getByTestId("facts").textContent()) ?? "").replace(/[\s,]/g, "");
    assert.ok(facts.includes(`${rate}Hzmono`), `${rate}: ${facts}`);
  }
  watch.assertClean();
});

test("a recording shorter than a window is judged too", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await choose(tab, "short.wav", wav([hum(0.6)]));
  await verdict(tab);
  for (const moods of Object.values(await barShares(tab))) assert.ok(Math.abs(sum(moods) - 1) < 1e-3);
  watch.assertClean();
});

test("one click on the built-in sample shows and plays it, with moods that change", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await tab.getByTestId("sample").click();
  await verdict(tab);
  assert.match((await tab.getByTestId("source-name").textContent()) ?? "", /sample/);
  await tab.getByTestId("play").and(tab.getByRole("button", { name: "Pause" })).waitFor();
  await tab.waitForFunction(() => document.getElementById("clock-now")?.textContent !== "0:00");
  assert.ok((await tab.getByTestId("segments").locator(".segment").count()) >= 2, "the sample is made to change its mood");
  watch.assertClean();
});

test("a dropped file is taken, over the whole page", async (t) => {
  const { page: tab, watch } = await page.open(t);
  const bytes = [...wav([hum(4)])];
  const transfer = await tab.evaluateHandle((file) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(file)], "dropped.wav", { type: "audio/wav" }));
    return data;
  }, bytes);
  await tab.dispatchEvent("main", "dragenter", { dataTransfer: transfer });
  await tab.getByTestId("drop-veil").waitFor({ state: "visible" });
  await tab.dispatchEvent(".about", "drop", { dataTransfer: transfer });
  await verdict(tab);
  assert.equal(await tab.getByTestId("drop-veil").isVisible(), false);
  assert.equal(await tab.getByTestId("source-name").textContent(), "dropped.wav");
  watch.assertClean();
});

test("a pasted file is taken", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await tab.evaluate((file) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([new Uint8Array(file)], "pasted.wav", { type: "audio/wav" }));
    document.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, [...wav([hum(4)])]);
  await verdict(tab);
  assert.equal(await tab.getByTestId("source-name").textContent(), "pasted.wav");
  watch.assertClean();
});

test("a new song takes the place of one that is still being analysed", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await choose(tab, "long.wav", wav([hum(240, { sampleRate: 22_050 })], 22_050));
  await tab.getByTestId("progress").waitFor();
  await choose(tab, "second.wav", wav([hum(4)]));
  await verdict(tab);
  assert.equal(await tab.getByTestId("source-name").textContent(), "second.wav");
  // Nothing of the first arrives afterwards.
  await tab.waitForTimeout(1500);
  assert.equal(await tab.getByTestId("source-name").textContent(), "second.wav");
  assert.equal(await tab.getByTestId("notice").isVisible(), false);
  watch.assertClean();
});

test("an analysis can be cancelled, and the page goes on", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await choose(tab, "long.wav", wav([hum(240, { sampleRate: 22_050 })], 22_050));
  await tab.getByTestId("cancel").click();
  assert.equal(await tab.getByTestId("progress").isVisible(), false);
  assert.equal(await tab.locator("body").getAttribute("data-state"), "start");
  await choose(tab, "after.wav", wav([hum(4)]));
  await verdict(tab);
  watch.assertClean();
});

test("the sentences of the model cards come out of the model files", async (t) => {
  const { page: tab } = await page.open(t);
  const cards = tab.getByTestId("cards-voice");
  await cards.locator("thead").waitFor();
  const text = (await cards.textContent()) ?? "";
  assert.match(text, /CNN/);
  assert.match(text, /RNN/);
  assert.match(text, /RAVDESS/);
  assert.match(text, /UAR/);
  assert.match(text, /\d%/);
});

test("a file is heard as music until the person says that it is a voice", async (t) => {
  const { page: tab, watch } = await page.open(t);
  await choose(tab, "hum.wav", wav([hum(14)]));
  await verdict(tab);
  const facts = tab.getByTestId("facts");
  assert.match((await facts.textContent()) ?? "", /Listened formusic/);
  assert.match((await facts.textContent()) ?? "", /12\.0 s, every/);
  await tab.getByTestId("kind-voice").check({ force: true });
  await tab.waitForFunction(() => /Listened fora voice/.test(document.querySelector("[data-testid=facts]")?.textContent ?? ""));
  assert.match((await facts.textContent()) ?? "", /4\.1 s, every/);
  assert.equal(await tab.locator("body").getAttribute("data-state"), "song");
  watch.assertClean();
});
