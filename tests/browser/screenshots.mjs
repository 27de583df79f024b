// Pictures of every view of the page, on a desktop and on a phone, light and dark:
//   npm run screenshots -- OUTDIR [--views VIEW,VIEW…] [--sizes desktop,phone] [--themes light,dark] [--language TAG]
// They are made to be looked at; nothing is asserted. SONGMOOD_SITE names another checkout to be shown.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { launch } from "../../scripts/chromium.mjs";
import { serve } from "../../scripts/serve.mjs";
import { hum, wav } from "./audio.mjs";
import { PATIENCE_MS, SITE, fakeMicrophone } from "./harness.mjs";
import { VIEWS } from "./support/views.mjs";

const SIZES = {
  desktop: { viewport: { width: 1280, height: 860 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};
const CHOICES = { views: Object.keys(VIEWS), sizes: Object.keys(SIZES), themes: ["light", "dark"] };

const one = /** @type {const} */ ({ type: "string" });
const { positionals: [out], values } = parseArgs({ allowPositionals: true, options: { views: one, sizes: one, themes: one, language: { type: "string", default: "en-GB" } } });
/** What was chosen of a list, or all of it. @param {keyof typeof CHOICES} what */
function chosen(what) {
  const names = values[what]?.split(",") ?? CHOICES[what];
  for (const name of names) if (!CHOICES[what].includes(name)) usage(`of ${what} there are ${CHOICES[what].join(", ")}; not "${name}"`);
  return names;
}
/** @param {string} [problem] */
function usage(problem) {
  if (problem) console.error(problem);
  console.error("usage: npm run screenshots -- OUTDIR [--views VIEW,VIEW…] [--sizes desktop,phone] [--themes light,dark] [--language TAG]");
  process.exit(2);
}
if (!out) usage();
const [views, sizes, themes] = [chosen("views"), chosen("sizes"), chosen("themes")];
mkdirSync(out, { recursive: true });

const microphone = fakeMicrophone(wav([hum(20)]));
const server = await serve({ port: 0, repository: SITE });
const browser = await launch(microphone.flags);
try {
  for (const size of sizes) {
    for (const colorScheme of themes) {
      for (const view of views) {
        const context = await browser.newContext({ ...SIZES[size], colorScheme, locale: values.language });
        context.setDefaultTimeout(PATIENCE_MS);
        const page = await context.newPage();
        await page.goto(server.url);
        await VIEWS[view](page);
        // What is far below is only laid out once it comes near; a picture of the whole page has it all.
        await page.evaluate(() => { for (const part of document.querySelectorAll(".about")) part.style.contentVisibility = "visible"; });
        // Small ribbons are drawn while they are in sight.
        await page.evaluate(() => scrollTo(0, 0));
        // Colours fade in for most of a second.
        await page.waitForTimeout(1200);
        await page.screenshot({ path: join(out, `${view}-${size}-${colorScheme}.png`), fullPage: true });
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
