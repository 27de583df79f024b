// Listening closely: the ribbon grows while the song is heard, pictures lie under it, parts are judged and played alone, and a
// point on the plane follows the playback.

import assert from "node:assert/strict";
import { test } from "node:test";
import { hum, silence, song, songFile, wav } from "./audio.mjs";
import { barShares, choose, site, verdict } from "./harness.mjs";

const SECONDS = 40;
const page = site();

/** Keeps hold of the media element, and notes how the page looked when the first moods were drawn. */
const SCRIPT = `{
  const Real = Audio;
  window.Audio = function () { const made = new Real(); window.players = [...(window.players ?? []), made]; return made; };
  window.seen = [];
  new MutationObserver(() => {
    if (!document.body?.classList.contains("growing")) return;
    const segments = document.getElementById("segments");
    const right = Math.max(0, ...[...segments.children].map((part) => parseFloat(part.style.left) + parseFloat(part.style.width)));
    const last = window.seen.at(-1);
    if (right > 0 && right !== last?.right) window.seen.push({ right, verdict: document.getElementById("verdict").textContent, opacity: getComputedStyle(document.getElementById("result")).pointerEvents });
  }).observe(document, { subtree: true, childList: true, attributes: true });
}`;

/** @param {import("node:test").TestContext} t @param {Buffer} [file] @param {import("playwright-core").BrowserContextOptions} [context] */
async function withSong(t, file = songFile(SECONDS), context = {}) {
  const { page: tab, watch } = await page.open(t, { script: SCRIPT, context });
  await choose(tab, "song.wav", file);
  await verdict(tab);
  return { tab, watch };
}

/** The page's player is the one with an address; others only looked at a file's length. @param {import("playwright-core").Page} tab */
const playerTime = (tab) => tab.evaluate(() => /** @type {any} */ (window).players.find((/** @type {HTMLAudioElement} */ audio) => audio.src).currentTime);

/** @param {import("playwright-core").Page} tab */
const selected = async (tab) => Promise.all(["select-start", "select-end"].map(async (id) => Number(await tab.getByTestId(id).getAttribute("aria-valuenow"))));

/** @param {import("playwright-core").Page} tab */
const judged = async (tab) => {
  await tab.getByTestId("part-words").filter({ hasText: "alone:" }).waitFor();
  return (await tab.getByTestId("part-words").textContent()) ?? "";
};

/** How much of the picture is painted, and its colours. @param {import("playwright-core").Page} tab */
const painted = (tab) => tab.locator("#picture").evaluate((node) => {
  const canvas = /** @type {HTMLCanvasElement} */ (node);
  const { data } = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).getImageData(0, 0, canvas.width, canvas.height);
  let opaque = 0;
  const colours = new Set();
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] > 0) opaque += 1;
    colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
  }
  return { share: opaque / (data.length / 4), colours: colours.size };
});

/** @param {number} value @param {number} expected @param {number} within */
const near = (value, expected, within) => assert.ok(Math.abs(value - expected) <= within, `${value} is not near ${expected}`);

/** @typedef {{ x: number, y: number, width: number, height: number }} Box */
/** @param {import("playwright-core").Locator} of @returns {Promise<Box>} */
const boxOf = async (of) => {
  await of.scrollIntoViewIfNeeded();
  return /** @type {Box} */ (await of.boundingBox());
};

test("moods are drawn while the song is still being heard, from left to right", async (t) => {
  const { tab, watch } = await withSong(t, songFile(180, 22_050));
  const seen = await tab.evaluate(() => /** @type {any} */ (window).seen);
  assert.ok(seen.length >= 2, `drawn ${seen.length} times on the way`);
  assert.ok(seen[0].right < 70, `the first moods reach to ${seen[0].right} %`);
  for (let i = 1; i < seen.length; i += 1) assert.ok(seen[i].right > seen[i - 1].right);
  assert.match(seen[0].verdict, /^So far: \w+\.$/);
  assert.equal(seen[0].opacity, "auto", "it can be used meanwhile");
  watch.assertClean();
});

test("a song that is cancelled half drawn gives way to the one before", async (t) => {
  const { tab, watch } = await withSong(t, wav([hum(14)]));
  const before = await barShares(tab);
  await choose(tab, "long.wav", wav([song(900, 16_000)], 16_000));
  await tab.locator("body.growing .segment").first().waitFor();
  assert.equal(await tab.getByTestId("source-name").textContent(), "long.wav");
  await tab.getByTestId("cancel").click();
  await tab.getByTestId("source-name").filter({ hasText: "song.wav" }).waitFor();
  assert.deepEqual(await barShares(tab), before);
  assert.equal(await tab.locator("body").getAttribute("class"), "");
  await tab.getByTestId("play").click();
  await tab.waitForFunction(() => document.getElementById("clock-now")?.textContent !== "0:00");
  // Its parts can still be judged: the worker kept it.
  await tab.getByTestId("select").click();
  await judged(tab);
  watch.assertClean();
});

test("waveform, mel spectrogram and MFCC lie under the ribbon, and a click in them seeks", async (t) => {
  const { tab, watch } = await withSong(t);
  const picture = tab.getByTestId("picture");
  const words = tab.getByTestId("picture-words");
  await words.filter({ hasText: /^Waveform: loudest near 0:[23]\d/ }).waitFor({ state: "attached" });
  assert.ok((await painted(tab)).share > 0.1);
  const ribbon = await boxOf(tab.getByTestId("ribbon"));
  for (const [kind, text] of [["mel", /^Mel spectrogram: 128 bands up to 11 kilohertz/], ["mfcc", /^MFCC heat map: 40 coefficients/]]) {
    await tab.getByTestId(`picture-${kind}`).check({ force: true });
    await words.filter({ hasText: text }).waitFor({ state: "attached" });
    const { share, colours } = await painted(tab);
    assert.ok(share > 0.99, `${kind}: ${share}`);
    assert.ok(colours > 40, `${kind}: ${colours} colours`);
    const box = await boxOf(picture);
    near(box.x, ribbon.x, 0.5);
    near(box.width, ribbon.width, 0.5);
  }
  const columns = Number(await picture.getAttribute("data-columns"));
  assert.ok(columns > 100 && columns <= 2048);
  const box = await boxOf(picture);
  await tab.mouse.click(box.x + box.width * 0.6, box.y + box.height / 2);
  near(await playerTime(tab), SECONDS * 0.6, 0.4);
  const cursor = await boxOf(tab.getByTestId("cursor"));
  assert.ok(cursor.y < ribbon.y && cursor.y + cursor.height > box.y + box.height - 1, "the cursor goes through both");
  // The test itself reads the picture more than once.
  watch.assertClean(/willReadFrequently/);
});

test("the pictures follow the theme", async (t) => {
  const { tab } = await withSong(t);
  await tab.getByTestId("picture-mel").check({ force: true });
  await tab.getByTestId("picture-words").filter({ hasText: "Mel" }).waitFor({ state: "attached" });
  const dark = async () => tab.locator("#picture").evaluate((node) => [.../** @type {CanvasRenderingContext2D} */ (/** @type {HTMLCanvasElement} */ (node).getContext("2d")).getImageData(3, 3, 1, 1).data].slice(0, 3).reduce((a, b) => a + b) < 300);
  await tab.emulateMedia({ colorScheme: "light" });
  assert.equal(await dark(), false, "the quiet top is light");
  await tab.emulateMedia({ colorScheme: "dark" });
  assert.equal(await dark(), true, "the quiet top is dark");
});

test("a part is selected by a button, moved by keys, judged alone and left again", async (t) => {
  const { tab, watch } = await withSong(t);
  const whole = await barShares(tab);
  await tab.getByTestId("select").click();
  assert.match(await judged(tab), /^0:00 to 0:12 alone: .+\d%/);
  assert.equal(await tab.evaluate(() => document.activeElement?.id), "select-end");
  assert.equal(await tab.getByTestId("scope-part").isChecked(), true);
  const first = await barShares(tab);
  assert.notDeepEqual(first, whole);
  for (const moods of Object.values(first)) near(moods.reduce((sum, share) => sum + share, 0), 1, 1e-3);

  await tab.keyboard.press("End");
  await tab.keyboard.press("Shift+Tab");
  for (let i = 0; i < 7; i += 1) await tab.keyboard.press("PageUp");
  assert.deepEqual(await selected(tab), [28, 40]);
  await tab.getByTestId("part-words").filter({ hasText: "0:28 to 0:40 alone" }).waitFor();
  assert.notDeepEqual(await barShares(tab), first);
  assert.match((await tab.getByTestId("status").textContent()) ?? "", /^0:28 to 0:40 alone: /, "screen readers hear the verdict");
  for (const [id, name] of [["select-start", "Start of the selected part"], ["select-end", "End of the selected part"]]) {
    await tab.getByRole("slider", { name }).and(tab.getByTestId(id)).waitFor();
  }

  await tab.keyboard.press("Escape");
  assert.equal(await tab.getByTestId("selection").isVisible(), false);
  assert.equal(await tab.evaluate(() => document.activeElement?.id), "track");
  assert.deepEqual(await barShares(tab), whole);
  assert.equal(await tab.getByTestId("scope-part").isVisible(), false);
  watch.assertClean();
});

test("Shift selects on the timeline itself, by arrow keys and by dragging", async (t) => {
  const { tab } = await withSong(t);
  const track = tab.getByTestId("track");
  await track.focus();
  for (let i = 0; i < 10; i += 1) await tab.keyboard.press("ArrowRight");
  for (let i = 0; i < 4; i += 1) await tab.keyboard.press("Shift+ArrowRight");
  assert.deepEqual(await selected(tab), [10, 14]);
  near(await playerTime(tab), 10, 0.1);
  for (let i = 0; i < 6; i += 1) await tab.keyboard.press("Shift+ArrowLeft");
  assert.deepEqual(await selected(tab), [8, 10]);
  await tab.keyboard.press("Escape");

  const box = await boxOf(track);
  await tab.keyboard.down("Shift");
  await tab.mouse.move(box.x + box.width * 0.75, box.y + 30);
  await tab.mouse.down();
  await tab.mouse.move(box.x + box.width * 0.25, box.y + 30, { steps: 6 });
  await tab.mouse.up();
  await tab.keyboard.up("Shift");
  const [start, end] = await selected(tab);
  near(start, 10, 0.2);
  near(end, 30, 0.2);
  assert.match(await judged(tab), /^0:\d+ to 0:\d+ alone: /);
  // The pointer moves an edge as well.
  const handle = await boxOf(tab.getByTestId("select-end"));
  await tab.mouse.move(handle.x + handle.width / 2, handle.y + 20);
  await tab.mouse.down();
  await tab.mouse.move(box.x + box.width * 0.9, box.y + 20, { steps: 4 });
  await tab.mouse.up();
  near((await selected(tab))[1], 36, 0.2);
  await tab.getByTestId("select-clear").click();
  assert.equal(await tab.getByTestId("selection").isVisible(), false);
});

test("a finger selects, too", async (t) => {
  const { tab } = await withSong(t, songFile(SECONDS), { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await tab.getByTestId("select").tap();
  await judged(tab);
  const track = await boxOf(tab.getByTestId("track"));
  const end = await boxOf(tab.getByTestId("select-end"));
  assert.ok(end.width >= 24 && end.height >= 24, "large enough for a finger");
  const touches = await tab.context().newCDPSession(tab);
  const y = end.y + end.height / 2;
  const at = (/** @type {number} */ x) => ({ touchPoints: [{ x, y }] });
  await touches.send("Input.dispatchTouchEvent", { type: "touchStart", ...at(end.x + end.width / 2) });
  for (const share of [0.4, 0.5, 0.6]) await touches.send("Input.dispatchTouchEvent", { type: "touchMove", ...at(track.x + track.width * share) });
  await touches.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  near((await selected(tab))[1], 24, 0.5);
});

test("with a part selected, only the part is played", async (t) => {
  const { tab } = await withSong(t);
  const track = tab.getByTestId("track");
  await track.focus();
  for (let i = 0; i < 20; i += 1) await tab.keyboard.press("ArrowRight");
  for (let i = 0; i < 2; i += 1) await tab.keyboard.press("Shift+ArrowRight");
  await tab.keyboard.press("Home");
  await tab.getByTestId("play").click();
  await tab.getByRole("button", { name: "Pause", exact: true }).waitFor();
  assert.ok((await playerTime(tab)) >= 20, "it begins with the part");
  await tab.getByRole("button", { name: "Play", exact: true }).waitFor();
  near(await playerTime(tab), 22, 0.1);
});

test("a silent part is called silent, in a song that is not", async (t) => {
  const half = song(16);
  const whole = new Float32Array(half.length + 44_100 * 16);
  whole.set(half);
  whole.set(silence(16), half.length);
  const { tab } = await withSong(t, wav([whole]));
  const track = tab.getByTestId("track");
  await track.focus();
  await tab.keyboard.press("End");
  for (let i = 0; i < 8; i += 1) await tab.keyboard.press("Shift+ArrowLeft");
  assert.match(await judged(tab), /alone: There is nothing to hear\./);
});

test("the plane has names, places and the song's path, and its point follows the cursor", async (t) => {
  const { tab } = await withSong(t);
  const plane = tab.getByTestId("plane");
  const text = await plane.locator("text").allTextContents();
  for (const word of ["pleasant", "unpleasant", "stirred", "still", "Neutral", "Calm", "Happy", "Sad", "Angry", "Fearful", "Disgust", "Surprised"]) assert.ok(text.includes(word), word);
  assert.match((await plane.locator(".plane-path").getAttribute("d")) ?? "", /^M.+L/);
  assert.match((await tab.getByTestId("plane-words").textContent()) ?? "", /^On the whole .+\(valence .+, arousal .+\), nearest to \w+\. It begins .+, and ends /);
  const point = async () => [Number(await plane.locator(".plane-point").getAttribute("cx")), -Number(await plane.locator(".plane-point").getAttribute("cy"))];
  const track = tab.getByTestId("track");
  await track.focus();
  await tab.keyboard.press("End");
  const end = await point();
  await tab.keyboard.press("Home");
  const start = await point();
  assert.notDeepEqual(start, end);
  // It stands where the readouts say.
  for (const [i, scale] of ["valence", "arousal"].entries()) {
    near(Number(await tab.getByTestId(scale).getByRole("meter").getAttribute("aria-valuenow")), start[i], 0.011);
  }
  await tab.getByTestId("play").click();
  await tab.waitForFunction((from) => document.querySelector(".plane-point")?.getAttribute("cx") !== from, start[0].toFixed(3));
});
