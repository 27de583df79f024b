// The microphone's recording, its pause, and the choice of devices.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { hum, wav } from "./audio.mjs";
import { choose, fakeMicrophone, site, verdict } from "./harness.mjs";

const microphone = fakeMicrophone(wav([hum(20)]));
after(() => microphone.remove());
const page = site({ flags: () => microphone.flags });

/** Keeps what the page asked for and was given; devices can be taken away. */
const SCRIPT = `if (navigator.mediaDevices) {
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.asked = [];
  window.streams = [];
  navigator.mediaDevices.getUserMedia = async (wish) => {
    window.asked.push(wish.audio.deviceId?.exact ?? "");
    if (window.gone?.includes(wish.audio.deviceId?.exact)) throw new OverconstrainedError("deviceId", "not there");
    const stream = await real(wish);
    window.streams.push(stream);
    return stream;
  };
}`;

/** Listens until the first mood. @param {import("node:test").TestContext} t */
async function listening(t) {
  const { page: tab, watch } = await page.open(t, { script: SCRIPT });
  await tab.getByTestId("mic").click();
  await tab.locator("#segments .segment").first().waitFor();
  return { tab, watch };
}

/** @param {import("playwright-core").Page} tab */
async function heard(tab) {
  await tab.getByTestId("mic").click();
  await tab.getByTestId("kept").waitFor();
}

/** @param {import("playwright-core").Page} tab */
const states = (tab) => tab.evaluate(() => /** @type {MediaStream[]} */ (/** @type {any} */ (window).streams).map((stream) => stream.getAudioTracks()[0].readyState));

test("what was heard can be replayed, saved as WAV and analysed as a file", async (t) => {
  const { tab, watch } = await listening(t);
  assert.match((await tab.getByTestId("granted").textContent()) ?? "", /kept in this tab, the last 60 minutes/);
  await heard(tab);
  assert.match((await tab.getByTestId("kept-words").textContent()) ?? "", /^0:\d\d of sound is kept, in this tab alone/);

  const [download] = await Promise.all([tab.waitForEvent("download"), tab.getByTestId("kept-save").click()]);
  assert.match(download.suggestedFilename(), /^songmood \d{4}-\d\d-\d\d \d\d\.\d\d\.wav$/);
  const file = readFileSync(await download.path());
  assert.equal(file.toString("latin1", 0, 4), "RIFF");
  const rate = file.readUInt32LE(24);
  const seconds = (file.length - 44) / 2 / rate;
  assert.equal(file.readUInt32LE(40), file.length - 44);
  assert.ok(seconds > 4, `${seconds} s for a mood that needs four`);
  let peak = 0;
  for (let at = 44; at < file.length; at += 2) peak = Math.max(peak, Math.abs(file.readInt16LE(at)));
  assert.ok(peak > 1000, "the sound is in it");

  await tab.getByTestId("play").click();
  await tab.getByRole("button", { name: "Pause", exact: true }).waitFor();
  await tab.waitForFunction(() => Number(document.getElementById("track")?.getAttribute("aria-valuenow")) > 0 || document.getElementById("clock-now")?.textContent !== "0:00");
  await tab.getByTestId("track").focus();
  await tab.keyboard.press("End");

  await tab.getByTestId("kept-analyse").click();
  assert.match(await verdict(tab), /\w+/);
  assert.equal(await tab.getByTestId("source-name").textContent(), download.suggestedFilename());
  assert.match((await tab.getByTestId("facts").textContent()) ?? "", new RegExp(`Length0:0${Math.floor(seconds)}|Length0:${Math.floor(seconds)}`));
  assert.equal(await tab.getByTestId("kept").isVisible(), false);
  watch.assertClean();
});

test("an analysis of the recording that is cancelled loses nothing", async (t) => {
  const { tab, watch } = await listening(t);
  await heard(tab);
  await choose(tab, "long.wav", wav([hum(900, { sampleRate: 16_000 })], 16_000));
  await tab.locator("body.growing .segment").first().waitFor();
  await tab.getByTestId("cancel").click();
  await tab.locator('body[data-state="heard"]').waitFor();
  await tab.getByTestId("kept").waitFor();
  assert.equal(await tab.getByTestId("source-name").textContent(), "Microphone");
  await tab.getByTestId("play").click();
  await tab.getByRole("button", { name: "Pause", exact: true }).waitFor();
  watch.assertClean();
});

test("it can be discarded", async (t) => {
  const { tab, watch } = await listening(t);
  await heard(tab);
  await tab.getByTestId("kept-discard").click();
  assert.equal(await tab.locator("body").getAttribute("data-state"), "start");
  assert.equal(await tab.evaluate(() => document.activeElement?.id), "mic");
  watch.assertClean();
});

test("a pause stops time, hearing and recording, and it goes on afterwards", async (t) => {
  const { tab, watch } = await listening(t);
  const pause = tab.getByTestId("pause");
  await pause.click();
  assert.equal(await pause.getAttribute("aria-pressed"), "true");
  await tab.getByTestId("verdict").filter({ hasText: "Paused." }).waitFor();
  assert.match((await tab.getByTestId("status").textContent()) ?? "", /Paused/);
  // What was on its way when the button was pressed has arrived by now.
  await tab.waitForTimeout(500);
  const clock = await tab.getByTestId("clock-now").textContent();
  await tab.waitForTimeout(2500);
  assert.equal(await tab.getByTestId("clock-now").textContent(), clock);
  assert.deepEqual(await states(tab), ["live"]);
  assert.equal(await tab.getByTestId("verdict").textContent(), "Paused.");
  await tab.getByRole("button", { name: "Go on" }).click();
  await tab.waitForFunction((before) => document.getElementById("clock-now")?.textContent !== before, clock);
  await tab.waitForFunction(() => document.getElementById("verdict")?.textContent !== "Paused.");
  watch.assertClean();
});

test("another device is taken without a break in the moods", async (t) => {
  const { tab, watch } = await listening(t);
  const device = tab.getByTestId("device");
  const names = await device.locator("option").allTextContents();
  assert.ok(names.length >= 2, names.join());
  const [, second] = await device.locator("option").evaluateAll((options) => options.map((option) => /** @type {HTMLOptionElement} */ (option).value));
  const before = Number(await tab.getByTestId("track").getAttribute("aria-valuenow"));
  await device.selectOption(second);
  await tab.waitForFunction(() => /** @type {any} */ (window).streams.length === 2);
  await tab.waitForFunction((known) => Number(document.getElementById("track")?.getAttribute("aria-valuenow")) > known, before);
  assert.deepEqual(await states(tab), ["ended", "live"], "the first is let go");
  assert.equal(await tab.locator("body").getAttribute("data-state"), "live");
  // The next time, it is the one that was chosen.
  await heard(tab);
  await tab.getByTestId("mic").click();
  await tab.locator('body[data-state="live"]').waitFor();
  assert.deepEqual(await tab.evaluate(() => /** @type {any} */ (window).asked), ["", second, second]);
  assert.equal(await device.inputValue(), second);
  watch.assertClean();
});

test("a chosen device that is not there any more is told; listening goes on, and the next start takes what there is", async (t) => {
  const { tab } = await listening(t);
  const device = tab.getByTestId("device");
  const [first, second] = await device.locator("option").evaluateAll((options) => options.map((option) => /** @type {HTMLOptionElement} */ (option).value));
  await device.selectOption(second);
  await tab.waitForFunction(() => /** @type {any} */ (window).streams.length === 2);
  await tab.evaluate((gone) => (/** @type {any} */ (window).gone = gone), [first, second]);
  await device.selectOption(first);
  const notice = tab.getByTestId("notice");
  await notice.waitFor();
  assert.equal(await notice.getAttribute("data-code"), "mic-chosen-gone");
  assert.equal(await tab.locator("body").getAttribute("data-state"), "live");
  assert.equal(await device.inputValue(), second);

  await heard(tab);
  await tab.getByTestId("mic").click();
  await notice.getByRole("button", { name: "Try again" }).click();
  await tab.locator('body[data-state="live"]').waitFor();
  assert.equal((await tab.evaluate(() => /** @type {any} */ (window).asked)).at(-1), "");
});

test("a device that vanishes leaves its recording", async (t) => {
  const { tab } = await listening(t);
  await tab.evaluate(() => {
    const [track] = /** @type {any} */ (window).streams[0].getAudioTracks();
    track.stop();
    track.dispatchEvent(new Event("ended"));
  });
  await tab.getByTestId("kept").waitFor();
  assert.equal(await tab.getByTestId("notice").getAttribute("data-code"), "mic-gone");
  assert.match((await tab.getByTestId("notice").textContent()) ?? "", /the recording/);
  await tab.getByTestId("play").click();
  await tab.getByRole("button", { name: "Pause", exact: true }).waitFor();
});
