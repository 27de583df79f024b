// Learning a voice with the microphone on: what is learnt is kept in the browser, used again, and forgotten when asked to.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { ENOUGH_S, teachWords } from "../../www/js/voice-teacher.js";
import { hum, wav } from "./audio.mjs";
import { fakeMicrophone, site } from "./harness.mjs";

const KEY = "songmood-voice";

/** @param {import("playwright-core").Page} tab */
const stored = (tab) => tab.evaluate((key) => JSON.parse(localStorage.getItem(key) ?? "null"), KEY);

/** Something is kept before the page opens; the empty page that comes before it can keep nothing. @param {string} text */
const keeping = (text) => `if (location.protocol === "http:") localStorage.setItem("${KEY}", ${JSON.stringify(text)});`;

/** A voice of which a time was learnt. @param {number} seconds */
const voiceOf = (seconds) => {
  const count = seconds * (22_050 / 512);
  return JSON.stringify({ count, sum: Array(60).fill(0), squares: Array(60).fill(400 * count) });
};

/** @param {import("playwright-core").Page} tab */
async function listen(tab) {
  await tab.getByTestId("mic").click();
  await tab.locator('body[data-state="live"]').waitFor();
}

test("what is said about learning fits where it stands", () => {
  assert.match(teachWords({ learntS: 0, learning: false, known: false }), /usual for you/);
  assert.match(teachWords({ learntS: 23, learning: true, known: true }), /^0:23 of 1:00/);
  assert.match(teachWords({ learntS: ENOUGH_S, learning: false, known: true }), /relative to your voice \(1:00/);
});

describe("with a microphone that hums", () => {
  const microphone = fakeMicrophone(wav([hum(20)]));
  after(() => microphone.remove());
  const page = site({ flags: () => microphone.flags });

  test("a voice is learnt, kept, used after a reload, and forgotten", async (t) => {
    const { page: tab, watch } = await page.open(t);
    await listen(tab);
    assert.equal(await stored(tab), null, "nothing is learnt unasked");
    await tab.getByTestId("teach-button").click();
    await tab.waitForFunction(() => Number(document.getElementById("teach-ring")?.getAttribute("aria-valuenow")) > 0);
    assert.match((await tab.getByTestId("teach-words").textContent()) ?? "", /learnt\. Go through several moods/);
    await tab.getByRole("button", { name: "Stop learning" }).click();
    const { count, sum } = await stored(tab);
    assert.ok(count > 0 && sum.length === 60);

    await tab.reload();
    await listen(tab);
    assert.match((await tab.getByTestId("teach-words").textContent()) ?? "", /relative to your voice/);
    await tab.locator("#segments .segment").first().waitFor();
    await tab.getByTestId("teach-forget").click();
    assert.equal(await stored(tab), null);
    assert.match((await tab.getByTestId("teach-words").textContent()) ?? "", /^A minute of your voice/);
    assert.equal(await tab.getByTestId("teach-forget").isVisible(), false);
    watch.assertClean();
  });

  test("learning ends by itself after a minute", async (t) => {
    const { page: tab, watch } = await page.open(t, { script: keeping(voiceOf(ENOUGH_S - 0.5)) });
    await listen(tab);
    await tab.getByRole("button", { name: "Learn more of my voice" }).click();
    await tab.locator("#teach:not(.learning)").getByText(/relative to your voice \(1:0/).waitFor();
    assert.equal(await tab.getByTestId("teach-button").isVisible(), false);
    assert.equal(await tab.getByTestId("teach-ring").getAttribute("aria-valuenow"), "100");
    watch.assertClean();
  });

  test("what was kept and is damaged is forgotten, and the microphone works on", async (t) => {
    for (const text of ["{", '{"count":1,"sum":[1],"squares":[1]}', '"voice"']) {
      const { page: tab, watch } = await page.open(t, { script: keeping(text) });
      await listen(tab);
      await tab.getByText(/^A minute of your voice/).waitFor();
      await tab.locator("#segments .segment").first().waitFor();
      watch.assertClean();
    }
  });

  test("music has no voice to learn", async (t) => {
    const { page: tab, watch } = await page.open(t);
    await tab.getByRole("radio", { name: "Music" }).check({ force: true });
    await listen(tab);
    await tab.locator("#segments").waitFor();
    assert.equal(await tab.getByTestId("teach").isVisible(), false);
    watch.assertClean();
  });
});
