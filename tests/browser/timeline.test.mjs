// The timeline: it seeks by pointer and by keys, follows the player, and can be read without eyes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { songFile } from "./audio.mjs";
import { barShares, choose, site, verdict } from "./harness.mjs";

const SECONDS = 20;
const page = site();

/** @param {import("node:test").TestContext} t */
async function withSong(t) {
  // The media element is not in the document; the test keeps hold of it to read its time.
  const script = "{ const Real = Audio; window.Audio = function () { return (window.player = new Real()); }; }";
  const { page: tab, watch } = await page.open(t, { script });
  await choose(tab, "song.wav", songFile(SECONDS));
  await verdict(tab);
  return { tab, watch };
}

/** @param {import("playwright-core").Page} tab */
const playerTime = (tab) => tab.evaluate(() => /** @type {any} */ (window).player.currentTime);

/** @param {import("playwright-core").Page} tab */
const sliderTime = async (tab) => Number(await tab.getByTestId("track").getAttribute("aria-valuenow"));

/** @param {number} value @param {number} expected @param {number} within */
const near = (value, expected, within = 0.4) => assert.ok(Math.abs(value - expected) <= within, `${value} is not near ${expected}`);

test("a click seeks the player, and the cursor stands where the click was", async (t) => {
  const { tab, watch } = await withSong(t);
  const track = tab.getByTestId("track");
  const box = /** @type {{ x: number, y: number, width: number, height: number }} */ (await track.boundingBox());
  await track.click({ position: { x: box.width * 0.77, y: box.height / 2 } });
  near(await playerTime(tab), SECONDS * 0.77);
  near(await sliderTime(tab), SECONDS * 0.77);
  const cursor = /** @type {{ x: number, width: number }} */ (await tab.getByTestId("cursor").boundingBox());
  near(cursor.x + cursor.width / 2, box.x + box.width * 0.77, 2);
  assert.equal(await tab.getByTestId("clock-now").textContent(), "0:15");
  watch.assertClean();
});

test("dragging scrubs", async (t) => {
  const { tab } = await withSong(t);
  await tab.getByTestId("track").scrollIntoViewIfNeeded();
  const box = /** @type {{ x: number, y: number, width: number, height: number }} */ (await tab.getByTestId("track").boundingBox());
  await tab.mouse.move(box.x + box.width * 0.2, box.y + 20);
  await tab.mouse.down();
  await tab.mouse.move(box.x + box.width * 0.6, box.y + 20, { steps: 5 });
  near(await playerTime(tab), SECONDS * 0.6);
  await tab.mouse.move(box.x + box.width * 0.4, box.y + 20, { steps: 5 });
  await tab.mouse.up();
  near(await playerTime(tab), SECONDS * 0.4);
  await tab.mouse.move(box.x + box.width * 0.9, box.y + 20);
  near(await playerTime(tab), SECONDS * 0.4);
});

test("keys seek: arrows, page, home and end, within the song", async (t) => {
  const { tab, watch } = await withSong(t);
  const track = tab.getByTestId("track");
  await track.focus();
  await tab.keyboard.press("ArrowRight");
  near(await playerTime(tab), 1);
  await tab.keyboard.press("ArrowRight");
  await tab.keyboard.press("ArrowLeft");
  near(await playerTime(tab), 1);
  await tab.keyboard.press("PageUp");
  near(await playerTime(tab), 3);
  await tab.keyboard.press("End");
  near(await playerTime(tab), SECONDS);
  await tab.keyboard.press("ArrowRight");
  near(await sliderTime(tab), SECONDS);
  await tab.keyboard.press("Home");
  await tab.keyboard.press("ArrowLeft");
  near(await sliderTime(tab), 0);
  watch.assertClean();
});

test("it plays, the cursor moves, and space stops it", async (t) => {
  const { tab } = await withSong(t);
  await tab.getByTestId("play").click();
  const left = (await tab.getByTestId("cursor").boundingBox())?.x ?? 0;
  await tab.waitForFunction((before) => (document.getElementById("cursor")?.getBoundingClientRect().x ?? 0) > before + 10, left);
  await tab.getByTestId("track").focus();
  await tab.keyboard.press("Space");
  await tab.getByRole("button", { name: "Play", exact: true }).waitFor();
  const stopped = await playerTime(tab);
  await tab.waitForTimeout(300);
  near(await playerTime(tab), stopped, 0.05);
  near(await sliderTime(tab), stopped, 0.1);
});

test("the bars show the whole song or the moods at the cursor", async (t) => {
  const { tab } = await withSong(t);
  const whole = await barShares(tab);
  const track = tab.getByTestId("track");
  await track.focus();
  await tab.keyboard.press("End");
  assert.equal(await tab.getByTestId("scope-cursor").isChecked(), true);
  const end = await barShares(tab);
  await tab.keyboard.press("Home");
  const start = await barShares(tab);
  assert.notDeepEqual(start, end);
  for (const moods of [...Object.values(start), ...Object.values(end)]) {
    assert.ok(Math.abs(moods.reduce((total, share) => total + share, 0) - 1) < 1e-3);
  }
  await tab.getByTestId("scope-whole").check({ force: true });
  assert.deepEqual(await barShares(tab), whole);
  // Once chosen, the switch stays where it was put.
  await track.focus();
  await tab.keyboard.press("End");
  assert.deepEqual(await barShares(tab), whole);
});

test("the ribbon is drawn in the moods' colours", async (t) => {
  const { tab } = await withSong(t);
  const share = await tab.getByTestId("ribbon").evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let painted = 0;
    for (let i = 3; i < data.length; i += 4) painted += data[i] > 100 ? 1 : 0;
    return painted / (data.length / 4);
  });
  assert.ok(share > 0.05 && share < 0.9, `${share} of the ribbon is painted`);
});

test("the timeline can be read without eyes: a slider that says mood and time, and a table", async (t) => {
  const { tab } = await withSong(t);
  const track = tab.getByRole("slider", { name: "Position in the song" });
  assert.match((await track.getAttribute("aria-valuetext")) ?? "", /^0:00 of 0:20, \w+ \d+%$/);
  assert.equal(Number(await track.getAttribute("aria-valuemax")), SECONDS);
  await tab.getByTestId("table-details").locator("summary").click();
  const rows = await tab.getByTestId("timeline-table").locator("tbody tr").evaluateAll((list) => list.map((row) => [...row.cells].map((cell) => cell.textContent)));
  assert.ok(rows.length >= 1);
  assert.equal(rows[0][0], "0:00");
  assert.equal(rows.at(-1)?.[1], "0:20");
  rows.slice(1).forEach((row, i) => assert.equal(row[0], rows[i][1]));
  for (const [, , mood, sure] of rows) {
    assert.match(mood ?? "", /^(Neutral|Calm|Happy|Sad|Angry|Fearful|Disgust|Surprised)(, not sure)?$/);
    assert.match(sure ?? "", /^\d+%$/);
  }
  assert.match((await tab.getByTestId("status").textContent()) ?? "", /^Done\. /);
});

for (const locale of ["en-GB", "de-DE", "zh-CN"]) {
  test(`${locale}: a passage bears its whole name where that fits, and no name is cut off`, async (t) => {
    const { page: tab } = await page.open(t, { context: { locale, viewport: { width: 1280, height: 800 } } });
    await tab.getByTestId("sample").first().click();
    await verdict(tab);
    const passages = () => tab.locator("#segments .segment").evaluateAll((list) => list.map((part) => {
      const name = /** @type {HTMLElement} */ (part.firstElementChild);
      return { kind: part.className, text: name.textContent ?? "", cut: name.scrollWidth > name.clientWidth };
    }));
    const whole = new Map((await passages()).map(({ kind, text }) => [kind, text]));
    assert.ok(whole.size >= 2);
    let shortened = 0;
    for (const width of [320, 390, 480, 768]) {
      await tab.setViewportSize({ width, height: 800 });
      await tab.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      for (const { kind, text, cut } of await passages()) {
        assert.ok(!cut, `${text} is cut off at ${width}`);
        shortened += text === whole.get(kind) ? 0 : 1;
      }
      // Would the whole name of a shortened one have fitted, small as it may be?
      const wasted = await tab.locator("#segments .segment").evaluateAll((list, names) => list.filter((part) => {
        const name = /** @type {HTMLElement} */ (part.firstElementChild);
        const full = new Map(names).get(part.className);
        if (!full || full === name.textContent) return false;
        const before = name.textContent;
        name.textContent = full;
        name.style.fontSize = "0.68rem";
        const range = document.createRange();
        range.selectNodeContents(name);
        const spare = name.clientWidth - range.getBoundingClientRect().width;
        name.textContent = before;
        name.style.fontSize = "";
        return spare > 6;
      }).map((part) => part.textContent), [...whole]);
      assert.deepEqual(wasted, [], `at ${width}`);
    }
    t.diagnostic(`${shortened} were shortened`);
  });
}
