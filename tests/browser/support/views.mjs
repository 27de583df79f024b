// Every view of the page, and how one gets there: for tests that look at all of them, and for the screenshots.

import { join } from "node:path";
import { hum, silence, song, songFile, wav } from "../audio.mjs";
import { SITE, choose, verdict } from "../harness.mjs";

/** @typedef {import("playwright-core").Page} Page */

const TITLES = ["Platform", "Rain on the line", "A whistle, far off", "Night express to nowhere in particular", "Tunnel", "Signal box", "Sleepers", "Dining car", "Home"];

/** Bytes that begin as a picture does. */
const PICTURE = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(4000, 7)]);

/** An album of hummed songs, with a file that is none and a silent one. */
function album() {
  const sampleRate = 11_025;
  const songs = TITLES.map((title, i) => {
    const [low, high] = [hum(4 + 3 * ((i * 5) % 7), { hertz: 90 + 41 * i, gain: 0.1 + 0.08 * i, sampleRate }), hum(8 + 2 * i, { hertz: 640 - 60 * i, gain: 0.8, sampleRate })];
    return { name: `${String(i + 1).padStart(2, "0")} ${title}.wav`, mimeType: "audio/wav", buffer: wav([Float32Array.from([...low, ...high])], sampleRate) };
  });
  songs.splice(3, 0, { name: "cover.mp3", mimeType: "audio/mpeg", buffer: PICTURE });
  songs.push({ name: "10 Epilogue.wav", mimeType: "audio/wav", buffer: wav([silence(9)]) });
  return songs;
}
/** @type {ReturnType<typeof album> | undefined} */
let made;

/** @param {Page} page */
const chooseAlbum = (page, more = /** @type {ReturnType<typeof album>} */ ([])) => page.getByTestId("file").setInputFiles([...(made ??= album()), ...more]);

/** @param {Page} page */
async function heardAlbum(page) {
  await chooseAlbum(page);
  await page.locator("#songs:not(.at-work)").waitFor();
}

/** @param {Page} page */
async function sample(page) {
  await page.getByTestId("sample").click();
  await verdict(page);
  await page.getByTestId("play").click();
}

/** @param {Page} page */
const cards = (page) => page.getByTestId("cards-voice").locator("thead").waitFor();

/** @param {Page} page */
async function listening(page) {
  await page.getByTestId("mic").click();
  await page.locator("#segments .segment").first().waitFor();
}

/** @type {Record<string, (page: Page) => Promise<unknown>>} */
export const VIEWS = {
  start: cards,
  dropping: async (page) => {
    await cards(page);
    await page.getByTestId("drop-veil").evaluate((veil) => (veil.hidden = false));
  },
  result: async (page) => {
    await sample(page);
    await page.getByTestId("track").click({ position: { x: 0.34 * ((await page.getByTestId("track").boundingBox())?.width ?? 0), y: 40 } });
    await page.mouse.move(0, 0);
  },
  "result-whole": async (page) => {
    await choose(page, "two halves.wav", songFile(48));
    await verdict(page);
    await page.getByTestId("table-details").locator("summary").click();
  },
  spectrogram: async (page) => {
    await choose(page, "a minute.wav", songFile(60));
    await verdict(page);
    await page.getByTestId("picture-mel").check({ force: true });
    await page.getByTestId("track").press("PageUp");
    await page.getByTestId("select").click();
    // Its times and, once it is judged, its verdict.
    await page.getByTestId("part-words").filter({ hasText: /\d.*\d.*[:：].*[.。]/ }).waitFor();
  },
  mfcc: async (page) => {
    await sample(page);
    await page.getByTestId("picture-mfcc").check({ force: true });
  },
  growing: async (page) => {
    await choose(page, "long.wav", songFile(700, 16_000));
    await page.locator("body.growing .segment").first().waitFor();
  },
  silent: async (page) => {
    await choose(page, "nothing.wav", wav([silence(6)]));
    await verdict(page);
  },
  "songs-at-work": async (page) => {
    await chooseAlbum(page, [{ name: "11 The whole night.wav", mimeType: "audio/wav", buffer: wav([song(600, 8_000)], 8_000) }, { name: "12 Morning.wav", mimeType: "audio/wav", buffer: wav([silence(9)]) }]);
    // It takes the longest, and the list scrolls.
    await page.locator('[data-testid=song-row][data-state="working"]').filter({ hasText: "The whole night" }).scrollIntoViewIfNeeded();
  },
  songs: heardAlbum,
  "songs-open": async (page) => {
    await heardAlbum(page);
    await page.getByTestId("sort-certainty").click();
    await page.locator(".song-name").nth(1).click();
    await verdict(page);
  },
  compare: async (page) => {
    await heardAlbum(page);
    for (const i of [0, 4]) await page.locator("#songs-table input:enabled").nth(i).check();
    await page.getByTestId("songs-compare").click();
    await page.locator("#compare .track").first().focus();
    for (let i = 0; i < 3; i += 1) await page.keyboard.press("PageUp");
  },
  "own-networks": async (page) => {
    await cards(page);
    await page.getByTestId("own-file").setInputFiles(["music-cnn", "music-rnn"].map((name) => join(SITE, "models", `${name}.safetensors`)));
    await page.getByTestId("own-set").locator("summary").click();
  },
  live: listening,
  learning: async (page) => {
    await page.getByTestId("mic").click();
    await page.getByTestId("teach-button").click();
    await page.waitForFunction(() => Number(document.getElementById("teach-ring")?.getAttribute("aria-valuenow")) > 5);
  },
  paused: async (page) => {
    await listening(page);
    await page.getByTestId("pause").click();
  },
  heard: async (page) => {
    await listening(page);
    await page.getByTestId("mic").click();
    await page.getByTestId("kept").waitFor();
  },
  error: async (page) => {
    await choose(page, "holiday.mp3", PICTURE, "audio/mpeg");
    await page.getByTestId("notice").waitFor();
  },
  update: async (page) => {
    await cards(page);
    // As the service worker says it when another tab took a newer version; at first the page may not listen yet.
    await page.waitForFunction(() => {
      navigator.serviceWorker.dispatchEvent(new MessageEvent("message", { data: { songmood: "in use" } }));
      return !document.getElementById("update")?.hidden;
    });
  },
};
