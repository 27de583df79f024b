// Pictures of every view of the page, on a desktop and on a phone, light and dark:
//   npm run screenshots -- OUTDIR [--views VIEW,VIEW…] [--language TAG]
// They are made to be looked at; nothing is asserted. SONGMOOD_SITE names another checkout to be shown.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { launch } from "../../scripts/chromium.mjs";
import { serve } from "../../scripts/serve.mjs";
import { hum, wav } from "./audio.mjs";
import { PATIENCE_MS, SITE, fakeMicrophone } from "./harness.mjs";
import { VIEWS } from "./support/views.mjs";

const { positionals: [out], values: { views, language } } = parseArgs({ allowPositionals: true, options: { views: { type: "string" }, language: { type: "string", default: "en-GB" } } });
const chosen = views?.split(",") ?? Object.keys(VIEWS);
const unknown = chosen.find((view) => !(view in VIEWS));
if (!out || unknown) {
  if (unknown) console.error(`there is no view "${unknown}"; there are ${Object.keys(VIEWS).join(", ")}`);
  console.error("usage: npm run screenshots -- OUTDIR [--views VIEW,VIEW…] [--language TAG]");
  process.exit(2);
}
mkdirSync(out, { recursive: true });

const SIZES = {
  desktop: { viewport: { width: 1280, height: 860 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};

const microphone = fakeMicrophone(wav([hum(20)]));
const server = await serve({ port: 0, repository: SITE });
const browser = await launch(microphone.flags);
try {
  for (const [size, options] of Object.entries(SIZES)) {
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      for (const view of chosen) {
        const context = await browser.newContext({ ...options, colorScheme, locale: language });
        context.setDefaultTimeout(PATIENCE_MS);
        const page = await context.newPage();
        await page.goto(server.url);
        await VIEWS[view](page);
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
