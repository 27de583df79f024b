// Firefox for the tests: one that is there, or else one from apt.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { aptInstall } from "./apt.mjs";
import { UserError, output, step, which } from "./process.mjs";

const NAMES = ["firefox-esr", "firefox"];
const MAC_APP = "/Applications/Firefox.app/Contents/MacOS/firefox";

/**
 * A Firefox that runs: `FIREFOX`, then PATH.
 *
 * @returns {string | undefined} the program's path
 */
export function findFirefox() {
  const named = process.env.FIREFOX;
  // A snap's stub, for one, is there and does not run.
  const runs = (/** @type {string} */ path) => output(path, ["--version"]) !== undefined;
  if (named) {
    if (runs(named)) return named;
    throw new UserError(`FIREFOX is set to ${named}, which does not run`);
  }
  return [...NAMES.map(which), MAC_APP].find((path) => path !== undefined && existsSync(path) && runs(path));
}

/**
 * Finds a Firefox or installs one.
 *
 * @returns {Promise<string>} the program's path
 */
export async function ensureFirefox() {
  const found = findFirefox();
  if (found) return found;
  const otherwise = "install Firefox, or set FIREFOX to its path";
  try {
    await step("install Firefox (apt)", () => aptInstall(["firefox-esr"]));
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new UserError(`the page's tests in Firefox found none: ${otherwise} (${message})`);
  }
  const installed = findFirefox();
  if (!installed) throw new UserError(`apt's firefox-esr does not run here: ${otherwise}`);
  return installed;
}

/** Whether something plays sound here. Firefox starts no audio otherwise, and machines in a rack have nothing. */
export const hasSoundServer = () => process.platform !== "linux" || existsSync(join(process.env.XDG_RUNTIME_DIR || "/nowhere", "pulse", "native"));

/** PulseAudio, where a sound server has to be started for the tests. */
export async function ensureSoundServer() {
  if (hasSoundServer() || which("pulseaudio")) return;
  await step("install PulseAudio (apt)", () => aptInstall(["pulseaudio"]));
}

/**
 * Starts a headless Firefox that makes no requests of its own and has a microphone that hums.
 *
 * @param {Record<string, unknown>} [preferences] of about:config
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<import("puppeteer-core").Browser>}
 */
export async function launchFirefox(preferences = {}, env = {}) {
  const { default: puppeteer } = await import("puppeteer-core");
  return puppeteer.launch({
    browser: "firefox",
    executablePath: await ensureFirefox(),
    headless: true,
    env: { ...process.env, ...env },
    extraPrefsFirefox: {
      "media.navigator.streams.fake": true,
      "media.navigator.permission.disabled": true,
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
      ...preferences,
    },
  });
}
