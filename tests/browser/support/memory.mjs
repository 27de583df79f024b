// What memory a browser's tabs take.

import { readFileSync } from "node:fs";

/**
 * A line of each tab's /proc/…/status, in bytes; null where the system does not tell.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {"VmHWM" | "RssAnon"} line
 */
async function ofTabs(browser, line) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const sizes = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => {
    try {
      return 1024 * Number(new RegExp(`${line}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? NaN);
    } catch {
      return NaN;
    }
  });
  const most = Math.max(...sizes.filter(Number.isFinite));
  return Number.isFinite(most) ? most : null;
}

/**
 * The most that any of the browser's tabs has held since it began, in bytes; null where the system does not tell.
 *
 * @param {import("playwright-core").Browser} browser
 */
export const peakMemory = (browser) => ofTabs(browser, "VmHWM");

/**
 * What a page holds by now in bytes, without what is only waiting to be collected. `tab` is null where the system does not tell.
 *
 * @param {import("playwright-core").Page} page
 * @param {import("playwright-core").Browser} browser
 * @returns {Promise<{ objects: number, tab: number | null }>} its script's objects, and the memory of its whole process
 */
export async function memoryNow(page, browser) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return { objects: usedSize, tab: await ofTabs(browser, "RssAnon") };
}
