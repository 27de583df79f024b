// A Chromium whose tabs are hidden when another one is in front. Playwright's own browsers keep every page visible and awake;
// here hidden pages get no frames, and their timers run once a second, as on anyone's desk.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FLAGS, ensureChromium } from "../../../scripts/chromium.mjs";

/**
 * @param {import("node:test").TestContext} t ends it
 * @param {string[]} [flags]
 * @returns {Promise<import("playwright-core").BrowserContext>}
 */
export async function browserWithTabs(t, flags = []) {
  const { chromium } = await import("playwright-core");
  const profile = mkdtempSync(join(tmpdir(), "songmood-tabs-"));
  const args = [...FLAGS, ...flags, "--no-first-run", "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"];
  const child = spawn(await ensureChromium(), args, { stdio: ["ignore", "ignore", "pipe"] });
  const gone = new Promise((resolve) => child.once("close", resolve));
  t.after(async () => {
    child.kill();
    await gone;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  const address = await new Promise((resolve, reject) => {
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text) => {
      said += text;
      const found = /DevTools listening on (ws:\S+)/.exec(said);
      if (found) resolve(found[1]);
    });
    child.once("close", () => reject(new Error(`Chromium ended: ${said}`)));
  });
  const browser = await chromium.connectOverCDP(address, { noDefaults: true, isLocal: true });
  return browser.contexts()[0];
}

/**
 * Puts another tab in front of this one.
 *
 * @param {import("playwright-core").Page} page
 * @returns {Promise<() => Promise<void>>} shows this one again
 */
export async function hide(page) {
  const [front] = await Promise.all([page.context().waitForEvent("page"), page.evaluate(() => void window.open("about:blank"))]);
  await front.bringToFront();
  await page.waitForFunction(() => document.visibilityState === "hidden", undefined, { polling: 100 });
  return async () => {
    await front.close();
    await page.bringToFront();
    await page.waitForFunction(() => document.visibilityState === "visible", undefined, { polling: 100 });
  };
}
