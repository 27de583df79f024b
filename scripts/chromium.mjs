// A browser for the tests: one that is there, or else one from apt.

import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { aptInstall } from "./apt.mjs";
import { UserError, output, step, which } from "./process.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_APPS = ["Chromium", "Google Chrome"].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
/** What every headless Chromium of the tests is started with. */
export const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * A Chromium that runs: `CHROMIUM`, then PATH, then Playwright's cache.
 *
 * @returns {string | undefined} the program's path
 */
export function findChromium() {
  const named = process.env.CHROMIUM;
  if (named) {
    if (runs(named)) return named;
    throw new UserError(`CHROMIUM is set to ${named}, which does not run`);
  }
  const candidates = [...NAMES.map(which), ...MAC_APPS, ...fromPlaywright()];
  return candidates.find((path) => path !== undefined && existsSync(path) && runs(path));
}

/**
 * Finds a Chromium or installs one.
 *
 * @returns {Promise<string>} the program's path
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  const otherwise = "install Chromium or Chrome, or set CHROMIUM to a browser's path";
  try {
    await step("install Chromium (apt)", () => aptInstall(["chromium"]));
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new UserError(`the page's tests need a browser and found none: ${otherwise} (${message})`);
  }
  // Ubuntu's package of that name is a shell around a snap, which containers do not run.
  const installed = findChromium();
  if (!installed) throw new UserError(`apt's chromium does not run here: ${otherwise}`);
  return installed;
}

/**
 * Starts a headless Chromium that makes no requests of its own.
 *
 * @param {string[]} [extraArgs]
 * @returns {Promise<import("playwright-core").Browser>}
 */
export async function launch(extraArgs = []) {
  const { chromium } = await import("playwright-core");
  return chromium.launch({ executablePath: await ensureChromium(), args: [...FLAGS, ...extraArgs] });
}

/**
 * Whether a program is there and works; a snap's stub, for one, is there and does not.
 *
 * @param {string} path
 */
function runs(path) {
  return output(path, ["--version"]) !== undefined;
}

/** Browsers that Playwright has downloaded, newest first. */
function fromPlaywright() {
  const { LOCALAPPDATA, PLAYWRIGHT_BROWSERS_PATH, XDG_CACHE_HOME } = process.env;
  const caches = {
    darwin: join(homedir(), "Library", "Caches"),
    win32: LOCALAPPDATA ?? join(homedir(), "AppData", "Local"),
  };
  const system = /** @type {keyof typeof caches} */ (process.platform);
  const cache = caches[system] ?? XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const folder = PLAYWRIGHT_BROWSERS_PATH ?? join(cache, "ms-playwright");
  const inside = [
    ["chrome-linux", "chrome"],
    ["chrome-linux64", "chrome"],
    ["chrome-mac", "Chromium.app", "Contents", "MacOS", "Chromium"],
    ["chrome-win", "chrome.exe"],
  ];
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith("chromium-"))
    .sort((a, b) => b.localeCompare(a, undefined, { numeric: true }))
    .flatMap((name) => inside.map((parts) => join(folder, name, ...parts)));
}
