// How long a song takes on the page, how long the page is blocked meanwhile, and what memory it takes:
//   node benches/page.mjs [FILE | SECONDS] [SONGS]
// Without a file, a song of so many seconds (180) is made: an mp3 where ffmpeg is at hand, otherwise a WAV. Prints milliseconds from
// the choice of the file to the first moods and to the whole ribbon, the longest task of the page's main thread and how long the
// processor worked for the one that it worked for longest, by the browser's own trace, and the most memory that the tab's process held (on Linux).
// Then the song plays while the page is scrolled, and the time from frame to frame is told. With SONGS, so many copies are chosen at once
// instead: how long all of them take, and what memory. SONGMOOD_SITE names another checkout to be measured.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { launch } from "../scripts/chromium.mjs";
import { which } from "../scripts/process.mjs";
import { serve } from "../scripts/serve.mjs";
import { writeLongSong } from "../tests/browser/audio.mjs";
import { peakMemory } from "../tests/browser/support/memory.mjs";
import { tasksDuring } from "../tests/browser/support/tasks.mjs";

const [given = "180", songs = "1"] = process.argv.slice(2);
const seconds = Number(given);
/** How long the song plays while frames are watched. */
const WATCHED_MS = 4000;
/** How long the page has been open when a file is chosen: people take that long, and the page warms its networks up meanwhile. */
const OPEN_MS = 3000;
/** An hour is long enough to be measured once. */
const ROUNDS = seconds > 600 ? 1 : 3;
const folder = mkdtempSync(join(tmpdir(), "songmood-bench-"));

/** A song of so many seconds, as people have them. */
function made() {
  const wav = join(folder, "song.wav");
  writeLongSong(wav, seconds, 44_100);
  const ffmpeg = which("ffmpeg");
  if (!ffmpeg) return wav;
  const mp3 = join(folder, "song.mp3");
  execFileSync(ffmpeg, ["-v", "error", "-i", wav, "-ac", "2", "-b:a", "192k", mp3]);
  return mp3;
}

const WATCH = () => {
  const scope = /** @type {any} */ (window);
  scope.at = {};
  document.addEventListener("change", () => (scope.at.drop ??= performance.now()), { capture: true });
  new MutationObserver(() => {
    if (scope.at.drop === undefined || !document.body) return;
    if (document.querySelector("#segments .segment")) scope.at.first ??= performance.now();
    if (document.body.dataset.state === "song" && !document.body.classList.contains("busy")) scope.at.whole ??= performance.now();
  }).observe(document, { subtree: true, childList: true, attributes: true });
};

/** @param {import("playwright-core").Page} page */
async function opened(page) {
  page.setDefaultTimeout(0);
  await page.addInitScript(WATCH);
  await page.goto(server.url);
  await page.getByTestId("cards-voice").locator("thead").waitFor();
  await page.waitForTimeout(OPEN_MS);
}

/**
 * Milliseconds from frame to frame while the song plays and the page is scrolled up and down.
 *
 * @param {import("playwright-core").Page} page
 * @returns {Promise<number[]>} in ascending order
 */
async function framesWhilePlaying(page) {
  await page.getByTestId("play").click();
  const gaps = await page.evaluate((ms) => new Promise((resolve) => {
    /** @type {number[]} */
    const gaps = [];
    const start = performance.now();
    let last = start;
    /** @param {number} now */
    const frame = (now) => {
      if (now > last) gaps.push(now - last);
      last = now;
      if (now - start > ms) return resolve(gaps.slice(1));
      window.scrollTo(0, 400 * (1 - Math.cos((now - start) / 300)));
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }), WATCHED_MS);
  await page.getByTestId("play").click();
  return gaps.sort((a, b) => a - b);
}

/** @param {string} path */
async function one(path) {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await opened(page);
    const tasks = await tasksDuring(page, async () => {
      await page.getByTestId("file").setInputFiles(path);
      await page.waitForFunction(() => /** @type {any} */ (window).at.whole !== undefined);
      await page.waitForTimeout(500);
    });
    const at = await page.evaluate(() => /** @type {any} */ (window).at);
    const memory = await peakMemory(browser);
    const gaps = await framesWhilePlaying(page);
    const walls = tasks.map(({ wallMs }) => wallMs).sort((a, b) => b - a);
    const told = [at.first - at.drop, at.whole - at.drop, walls[0], tasks[0].cpuMs, memory && memory / 1e6];
    const places = [gaps[Math.floor(gaps.length / 2)], gaps[Math.floor(gaps.length * 0.95)], gaps[gaps.length - 1]];
    console.log(
      told.map((value, i) => (value === null ? "?" : String(Math.round(value))).padStart([11, 14, 14, 14, 13][i])).join(""),
      places.map((ms) => ms.toFixed(1)).join(" / ").padStart(22), "",
      walls.filter((ms) => ms >= 50).map(Math.round).join(" "),
    );
  } finally {
    await browser.close();
  }
}

/** @param {string} path @param {number} count */
async function many(path, count) {
  const copies = Array.from({ length: count }, (_, i) => {
    const copy = join(folder, `${i + 1} ${basename(path)}`);
    symlinkSync(resolve(path), copy);
    return copy;
  });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await opened(page);
    const start = performance.now();
    await page.getByTestId("file").setInputFiles(copies);
    await page.locator("#songs:not(.at-work)").waitFor();
    const memory = await peakMemory(browser);
    const heard = await page.locator("#songs [data-state=done]").count();
    console.log(`${heard} of ${count} songs heard in ${((performance.now() - start) / 1000).toFixed(1)} s, ${memory === null ? "?" : Math.round(memory / 1e6)} MB at most`);
  } finally {
    await browser.close();
  }
}

const server = await serve({ port: 0, repository: process.env.SONGMOOD_SITE });
try {
  const path = Number.isFinite(seconds) ? made() : given;
  console.log(Number.isFinite(seconds) ? `${seconds} s of made-up sound, ${basename(path)}` : basename(path));
  if (Number(songs) > 1) {
    await many(path, Number(songs));
  } else {
    console.log("first moods  whole ribbon  longest task  of work (ms)  memory (MB)  frames: half, 95 %, all  all tasks of 50 ms and more");
    for (let round = 0; round < ROUNDS; round += 1) await one(path);
  }
} finally {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
