// The microphone: live moods, and clear words where there are none.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { hum, wav } from "./audio.mjs";
import { barShares, choose, fakeMicrophone, site, verdict } from "./harness.mjs";

/** Keeps hold of the stream that the page was given. */
const KEEP_STREAM = `{
  const real = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
  if (real) navigator.mediaDevices.getUserMedia = async (wish) => {
    window.wish = wish;
    return (window.stream = await real(wish));
  };
}`;

/** @param {import("playwright-core").Page} tab */
const trackState = (tab) => tab.evaluate(() => /** @type {any} */ (window).stream.getAudioTracks()[0].readyState);

/** @param {import("playwright-core").Page} tab @param {string} code */
async function refusedWith(tab, code) {
  const notice = tab.getByTestId("notice");
  await notice.waitFor();
  assert.equal(await notice.getAttribute("data-code"), code);
  assert.equal(await tab.getByTestId("mic").textContent().then((text) => text?.trim()), "Use the microphone");
  await choose(tab, "good.wav", wav([hum(4)]));
  await verdict(tab);
}

describe("with a microphone that hums", () => {
  const microphone = fakeMicrophone(wav([hum(20)]));
  after(() => microphone.remove());
  const page = site({ flags: () => microphone.flags });

  test("live moods come, the level moves, and stop lets go of the device", async (t) => {
    const { page: tab, watch } = await page.open(t, { script: KEEP_STREAM });
    await tab.getByTestId("mic").click();
    await tab.locator('body[data-state="live"]').waitFor();
    assert.deepEqual(await tab.evaluate(() => /** @type {any} */ (window).wish), {
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
    const granted = (await tab.getByTestId("granted").textContent()) ?? "";
    assert.match(granted, /echo cancellation (on|off|not told), noise suppression (on|off|not told),? and automatic gain (on|off|not told)/);
    assert.match((await tab.getByTestId("facts").textContent()) ?? "", /Hz/);
    await tab.waitForFunction(() => Number(document.getElementById("level")?.getAttribute("aria-valuenow")) > -50);

    // The second window shows that it goes on.
    await tab.locator("#segments .segment").first().waitFor();
    const first = await barShares(tab);
    for (const moods of Object.values(first)) assert.ok(Math.abs(moods.reduce((total, share) => total + share, 0) - 1) < 1e-3);
    const knownTo = Number(await tab.getByTestId("track").getAttribute("aria-valuenow"));
    await tab.waitForFunction((before) => Number(document.getElementById("track")?.getAttribute("aria-valuenow")) > before, knownTo);
    assert.notEqual(await tab.getByTestId("verdict").textContent(), "Listening…");
    assert.equal(await trackState(tab), "live");

    await tab.getByTestId("mic").click();
    await tab.locator('body[data-state="heard"]').waitFor();
    assert.equal(await trackState(tab), "ended");
    assert.ok((await tab.locator("#segments .segment").count()) >= 1, "what was heard stays");
    assert.match((await tab.getByTestId("verdict-detail").textContent()) ?? "", /^Over the whole time/);
    const clock = await tab.getByTestId("clock-now").textContent();
    await tab.waitForTimeout(1500);
    assert.equal(await tab.getByTestId("clock-now").textContent(), clock, "nothing comes after stop");
    watch.assertClean();
  });

  test("it can be switched on again, and a song switches it off", async (t) => {
    const { page: tab, watch } = await page.open(t, { script: KEEP_STREAM });
    for (let round = 0; round < 2; round += 1) {
      await tab.getByTestId("mic").click();
      await tab.locator('body[data-state="live"]').waitFor();
      await tab.getByRole("button", { name: "Stop listening" }).first().click();
      await tab.waitForFunction(() => document.body.dataset.state !== "live");
      assert.equal(await trackState(tab), "ended");
    }
    await tab.getByTestId("mic").click();
    await tab.locator('body[data-state="live"]').waitFor();
    await choose(tab, "song.wav", wav([hum(4)]));
    await verdict(tab);
    assert.equal(await trackState(tab), "ended");
    watch.assertClean();
  });

  test("a device that goes away in the middle is told, and what was heard stays", async (t) => {
    const { page: tab } = await page.open(t, { script: KEEP_STREAM });
    await tab.getByTestId("mic").click();
    await tab.locator("#segments .segment").first().waitFor();
    await tab.evaluate(() => {
      const [track] = /** @type {any} */ (window).stream.getAudioTracks();
      track.stop();
      // A page's own stop() is silent; an unplugged device fires this.
      track.dispatchEvent(new Event("ended"));
    });
    await tab.locator('body[data-state="heard"]').waitFor();
    assert.ok((await tab.locator("#segments .segment").count()) >= 1);
    await refusedWith(tab, "mic-gone");
  });

  test("audio that never starts is told", async (t) => {
    const { page: tab } = await page.open(t, { script: "AudioContext.prototype.resume = () => new Promise(() => {});", url: "about:blank" });
    await tab.clock.install();
    await tab.goto(page.url);
    await tab.getByTestId("mic").click();
    await tab.getByTestId("mic").filter({ hasText: "Stop listening" }).waitFor();
    // The wait for it begins once the device is open, which takes a moment.
    while (!(await tab.getByTestId("notice").isVisible())) await tab.clock.runFor(2_000);
    assert.match((await tab.getByTestId("notice").textContent()) ?? "", /sound output/);
    await tab.clock.resume();
    await refusedWith(tab, "mic-busy");
  });

  test("a browser without AudioWorklet is told", async (t) => {
    const { page: tab } = await page.open(t, { script: "delete window.AudioWorkletNode;" });
    await tab.getByTestId("mic").click();
    await refusedWith(tab, "no-worklet");
  });
});

describe("with a microphone that is silent", () => {
  const microphone = fakeMicrophone(wav([new Float32Array(44_100 * 10)]));
  after(() => microphone.remove());
  const page = site({ flags: () => microphone.flags });

  test("silence is called silence, and the meter says that it is quiet", async (t) => {
    const { page: tab } = await page.open(t);
    await tab.getByTestId("mic").click();
    await tab.getByTestId("verdict").and(tab.getByText("Silence.")).waitFor();
    assert.match((await tab.getByTestId("level-hint").textContent()) ?? "", /quiet/);
  });
});

describe("without permission", () => {
  const page = site({ flags: () => ["--use-fake-device-for-media-stream", "--deny-permission-prompts"] });

  test("a denied microphone says how to allow it", async (t) => {
    const { page: tab, watch } = await page.open(t, { context: { permissions: [] } });
    await tab.getByTestId("mic").click();
    await refusedWith(tab, "mic-denied");
    watch.assertClean();
  });
});

describe("without a device", () => {
  const page = site({ flags: () => ["--use-fake-ui-for-media-stream"] });

  test("no microphone is told", async (t) => {
    // Whatever the machine has: the answer of a browser that finds nothing.
    const script = `navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("Requested device not found", "NotFoundError"); };`;
    const { page: tab } = await page.open(t, { script });
    await tab.getByTestId("mic").click();
    await refusedWith(tab, "mic-none");
  });
});

describe("at an insecure address", () => {
  const page = site({ flags: () => ["--host-resolver-rules=MAP songmood.test 127.0.0.1"] });

  test("the microphone's refusal is explained, and files work", async (t) => {
    const { page: tab } = await page.open(t, { url: page.url.replace("127.0.0.1", "songmood.test") });
    assert.equal(await tab.evaluate(() => window.isSecureContext), false);
    await tab.getByTestId("mic").click();
    await refusedWith(tab, "insecure-context");
  });
});
