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
