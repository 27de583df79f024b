// What memory a browser's tabs have taken.

import { readFileSync } from "node:fs";

/**
 * The most that any of the browser's tabs has held since it began, in bytes; null where the system does not tell.
 *
 * @param {import("playwright-core").Browser} browser
 */
export async function peakMemory(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const peaks = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => {
    try {
      return 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? NaN);
    } catch {
      return NaN;
    }
  });
  const most = Math.max(...peaks.filter(Number.isFinite));
  return Number.isFinite(most) ? most : null;
}
