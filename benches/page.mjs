// How long a song takes on the page, and how long the page is blocked meanwhile:
//   node benches/page.mjs [FILE | SECONDS]
// Without a file, a stereo WAV of so many seconds (180) is made. Prints milliseconds from the drop to the first moods and to the
// whole ribbon, and the longest task of the page's main thread, as the browser's own observer saw it.

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { launch } from "../scripts/chromium.mjs";
import { serve } from "../scripts/serve.mjs";
import { songFile } from "../tests/browser/audio.mjs";
import { PATIENCE_MS, choose } from "../tests/browser/harness.mjs";

const [given = "180"] = process.argv.slice(2);
const seconds = Number(given);
const [name, bytes] = Number.isFinite(seconds) ? [`${seconds} s of made-up sound`, songFile(seconds, 22_050)] : [basename(given), readFileSync(given)];

const WATCH = () => {
  const scope = /** @type {any} */ (window);
  scope.longest = 0;
  scope.at = {};
  new PerformanceObserver((list) => {
    for (const { duration, startTime } of list.getEntries()) if (scope.at.drop && startTime > scope.at.drop) scope.longest = Math.max(scope.longest, duration);
  }).observe({ type: "longtask" });
  document.addEventListener("change", () => (scope.at.drop ??= performance.now()), { capture: true });
  new MutationObserver(() => {
    if (!scope.at.drop || !document.body) return;
    if (document.querySelector("#segments .segment")) scope.at.first ??= performance.now();
    if (document.body.dataset.state === "song" && !document.body.classList.contains("busy")) scope.at.whole ??= performance.now();
  }).observe(document, { subtree: true, childList: true, attributes: true });
};

const server = await serve({ port: 0 });
const browser = await launch();
try {
  console.log(name);
  console.log("first moods  whole ribbon  longest task (ms; tasks under 50 ms are not told)");
  for (let round = 0; round < 3; round += 1) {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.addInitScript(WATCH);
    await page.goto(server.url);
    await page.getByTestId("cards-voice").locator("thead").waitFor();
    await choose(page, "song.wav", bytes, "");
    await page.waitForFunction(() => /** @type {any} */ (window).at.whole !== undefined);
    await page.waitForTimeout(500);
    const { at, longest } = await page.evaluate(() => ({ at: /** @type {any} */ (window).at, longest: /** @type {any} */ (window).longest }));
    console.log([at.first - at.drop, at.whole - at.drop, longest].map((ms, i) => String(Math.round(ms)).padStart([11, 14, 14][i])).join(""));
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
}
