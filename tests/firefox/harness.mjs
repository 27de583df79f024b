// What the tests in Firefox need: the server, a sound output, a browser, and a page that notes whatever goes wrong.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { hasSoundServer, launchFirefox } from "../../scripts/firefox.mjs";
import { serve } from "../../scripts/serve.mjs";

/** Longest wait for anything on the page; slow machines run networks slowly. */
export const PATIENCE_MS = 180_000;

/** A place for files, gone after the test file. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), "songmood-firefox-"));
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/**
 * A sound output that nobody hears, where there is none.
 *
 * @param {string} folder for its socket
 */
function soundOutput(folder) {
  if (hasSoundServer()) return { env: {}, end: () => {} };
  const socket = join(folder, "sound");
  const modules = ["module-null-sink", `module-native-protocol-unix socket=${socket} auth-anonymous=1`];
  const env = { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder };
  const child = spawn("pulseaudio", ["-n", "--exit-idle-time=-1", ...modules.flatMap((module) => ["-L", module])], { env, stdio: "ignore" });
  return { env: { PULSE_SERVER: `unix:${socket}` }, end: () => child.kill() };
}

/**
 * Starts server and browser for the tests of a file, and ends them.
 *
 * @param {{ preferences?: Record<string, unknown>, sound?: boolean }} [options] `sound`: whether there is an output
 */
export function site({ preferences = {}, sound = true } = {}) {
  const folder = scratch();
  /** @type {Awaited<ReturnType<typeof serve>>} */
  let server;
  /** @type {import("puppeteer-core").Browser} */
  let browser;
  const output = sound ? soundOutput(folder) : { env: { PULSE_SERVER: "unix:/nowhere" }, end: () => {} };
  before(async () => {
    server = await serve({ port: 0 });
    browser = await launchFirefox(preferences, output.env);
  });
  after(async () => {
    await browser?.close();
    await server?.close();
    output.end();
  });
  return {
    get url() {
      return server.url;
    },
    /**
     * A fresh page at the start, watched.
     *
     * @param {import("node:test").TestContext} t
     * @param {{ script?: () => void }} [options] `script` runs in the page before its own
     */
    async open(t, { script } = {}) {
      const context = await browser.createBrowserContext();
      t.after(() => context.close());
      const tab = await context.newPage();
      tab.setDefaultTimeout(PATIENCE_MS);
      /** @type {string[]} */
      const problems = [];
      tab.on("console", (message) => {
        if (["error", "warn"].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`);
      });
      tab.on("pageerror", (error) => problems.push(`uncaught: ${/** @type {Error} */ (error).message}`));
      if (script) await tab.evaluateOnNewDocument(script);
      await tab.goto(server.url);
      return { tab, assertClean: () => assert.deepEqual(problems, []) };
    },
  };
}

/** @param {string} id */
export const byTestId = (id) => `[data-testid="${id}"]`;

/**
 * Gives the page files, as the file dialogue does.
 *
 * @param {import("puppeteer-core").Page} tab
 * @param {string[]} paths
 */
export async function choose(tab, ...paths) {
  const input = /** @type {import("puppeteer-core").ElementHandle<HTMLInputElement>} */ (await tab.waitForSelector(byTestId("file")));
  await input.uploadFile(...paths);
}

/** @param {import("puppeteer-core").Page} tab @param {string} id */
export const text = (tab, id) => tab.$eval(byTestId(id), (element) => element.textContent ?? "");

/** Waits for the verdict or a notice, and gives what is said. @param {import("puppeteer-core").Page} tab */
export async function outcome(tab) {
  await tab.waitForFunction(() => (document.body.dataset.state === "song" && !document.body.classList.contains("busy")) || document.querySelector("[data-testid=notice][data-code]"));
  const code = await tab.$eval(byTestId("notice"), (notice) => notice.getAttribute("data-code"));
  return code ?? text(tab, "verdict");
}

/** Writes a file for the page. @param {string} folder @param {string} name @param {Buffer} bytes */
export function file(folder, name, bytes) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
