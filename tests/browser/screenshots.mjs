// Pictures of the page's states, on a desktop and on a phone, light and dark:
//   node tests/browser/screenshots.mjs OUTDIR [REPOSITORY [STATE,STATE…]]
// They are made to be looked at; nothing is asserted.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { launch } from "../../scripts/chromium.mjs";
import { root } from "../../scripts/process.mjs";
import { serve } from "../../scripts/serve.mjs";
import { hum, silence, songFile, wav } from "./audio.mjs";
import { PATIENCE_MS, choose, fakeMicrophone, verdict } from "./harness.mjs";

const [out, repository = root, only] = process.argv.slice(2);
if (!out) {
  console.error("usage: node tests/browser/screenshots.mjs OUTDIR [REPOSITORY [STATE,STATE…]]");
  process.exit(2);
}
mkdirSync(out, { recursive: true });

const SIZES = {
  desktop: { viewport: { width: 1280, height: 860 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};

const TITLES = ["Platform", "Rain on the line", "A whistle, far off", "Night express to nowhere in particular", "Tunnel", "Signal box", "Sleepers", "Dining car", "Home"];

/** An album of hummed songs, with a file that is none and a silent one. */
function album() {
  const sampleRate = 11_025;
  const songs = TITLES.map((title, i) => {
    const [low, high] = [hum(8 + 7 * ((i * 5) % 7), { hertz: 90 + 41 * i, gain: 0.1 + 0.08 * i, sampleRate }), hum(12 + 3 * i, { hertz: 640 - 60 * i, gain: 0.8, sampleRate })];
    return { name: `${String(i + 1).padStart(2, "0")} ${title}.wav`, mimeType: "audio/wav", buffer: wav([Float32Array.from([...low, ...high])], sampleRate) };
  });
  songs.splice(3, 0, { name: "cover.mp3", mimeType: "audio/mpeg", buffer: Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(4000, 7)]) });
  songs.push({ name: "10 Epilogue.wav", mimeType: "audio/wav", buffer: wav([silence(9)]) });
  return songs;
}
/** @type {ReturnType<typeof album> | undefined} */
let made;

/** @param {import("playwright-core").Page} page */
const chooseAlbum = (page) => page.getByTestId("file").setInputFiles((made ??= album()));

/** @param {import("playwright-core").Page} page */
async function heardAlbum(page) {
  await chooseAlbum(page);
  await page.locator("#songs:not(.at-work)").waitFor();
}

/** @type {Record<string, (page: import("playwright-core").Page) => Promise<unknown>>} */
const STATES = {
  start: (page) => page.getByTestId("cards-voice").locator("thead").waitFor(),
  result: async (page) => {
    await page.getByTestId("sample").click();
    await verdict(page);
    await page.getByTestId("play").click();
    await page.getByTestId("track").click({ position: { x: 0.45 * ((await page.getByTestId("track").boundingBox())?.width ?? 0), y: 40 } });
    await page.mouse.move(0, 0);
  },
  "result-whole": async (page) => {
    await choose(page, "two halves.wav", songFile(90));
    await verdict(page);
    await page.getByTestId("table-details").locator("summary").click();
  },
  spectrogram: async (page) => {
    await choose(page, "three minutes.wav", songFile(180));
    await verdict(page);
    await page.getByTestId("picture-mel").check({ force: true });
    await page.getByTestId("track").press("PageUp");
    await page.getByTestId("select").click();
    await page.getByTestId("part-words").filter({ hasText: "alone" }).waitFor();
  },
  mfcc: async (page) => {
    await page.getByTestId("sample").click();
    await verdict(page);
    await page.getByTestId("play").click();
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
    await chooseAlbum(page);
    await page.locator('[data-testid=song-row][data-state="done"]').nth(3).waitFor();
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
    await page.getByTestId("cards-voice").locator("thead").waitFor();
    const folder = join(resolve(repository), "models");
    await page.getByTestId("own-file").setInputFiles(["music-cnn", "music-rnn"].map((name) => join(folder, `${name}.safetensors`)));
    await page.getByTestId("own-set").locator("summary").click();
  },
  live: async (page) => {
    await page.getByTestId("mic").click();
    await page.locator('body[data-state="live"]').waitFor();
    await page.waitForTimeout(12_000);
  },
  heard: async (page) => {
    await page.getByTestId("mic").click();
    await page.locator("#segments .segment").first().waitFor();
    await page.getByTestId("mic").click();
    await page.getByTestId("kept").waitFor();
  },
  error: async (page) => {
    await choose(page, "holiday.mp3", Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(4000, 7)]), "audio/mpeg");
    await page.getByTestId("notice").waitFor();
  },
};

const microphone = fakeMicrophone(wav([hum(20)]));
const server = await serve({ port: 0, repository: resolve(repository) });
const browser = await launch(microphone.flags);
try {
  for (const [size, options] of Object.entries(SIZES)) {
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      for (const [state, reach] of Object.entries(STATES)) {
        if (only && !only.split(",").includes(state)) continue;
        const context = await browser.newContext({ ...options, colorScheme });
        context.setDefaultTimeout(PATIENCE_MS);
        const page = await context.newPage();
        await page.goto(server.url);
        await reach(page);
        // Colours fade in for most of a second.
        await page.waitForTimeout(1200);
        await page.screenshot({ path: join(out, `${state}-${size}-${colorScheme}.png`), fullPage: true });
        await context.close();
      }
    }
  }
} finally {
  await browser.close();
  await server.close();
  microphone.remove();
}
console.log(`the pictures lie in ${resolve(out)}`);
