// What every page test needs: the server, a browser, and a page that notes whatever goes wrong.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { launch } from "../../scripts/chromium.mjs";
import { root } from "../../scripts/process.mjs";
import { serve } from "../../scripts/serve.mjs";

/** Longest wait for anything on the page; slow machines run networks slowly. */
export const PATIENCE_MS = 180_000;

/** Whose www/, pkg/ and models/ are tested: this checkout's, unless SONGMOOD_SITE names another's. */
export const SITE = process.env.SONGMOOD_SITE ?? root;

/**
 * A microphone that plays a WAV file, and a permission that is given without asking.
 *
 * @param {Buffer} file
 * @returns {{ flags: string[], remove: () => void }}
 */
export function fakeMicrophone(file) {
  const folder = mkdtempSync(join(tmpdir(), "songmood-mic-"));
  const path = join(folder, "microphone.wav");
  writeFileSync(path, file);
  return {
    flags: ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-audio-capture=${path}`],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Notes what a page does that it should not, and what it asks the network for. */
export class Watch {
  /** @type {string[]} */
  problems = [];
  /** @type {string[]} */
  requests = [];

  /** @param {import("playwright-core").BrowserContext} context */
  constructor(context) {
    context.on("console", (message) => {
      // CSP violations are console errors as well.
      if (message.type() === "error" || message.type() === "warning") this.problems.push(`${message.type()}: ${message.text()}`);
    });
    context.on("weberror", (error) => this.problems.push(`uncaught: ${error.error().message}`));
    context.on("request", (request) => this.requests.push(request.url()));
  }

  /** @param {RegExp} [but] problems that belong to the test */
  assertClean(but) {
    assert.deepEqual(this.problems.filter((problem) => !but?.test(problem)), []);
  }
}

/**
 * Starts server and browser for the tests of a file, and ends them.
 *
 * @param {{ flags?: () => string[] }} [options]
 */
export function site({ flags = () => [] } = {}) {
  /** @type {Awaited<ReturnType<typeof serve>>} */
  let server;
  /** @type {import("playwright-core").Browser} */
  let browser;
  before(async () => {
    server = await serve({ port: 0, repository: SITE });
    browser = await launch(flags());
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  return {
    get url() {
      return server.url;
    },
    get browser() {
      return browser;
    },
    /**
     * A fresh page at the start, watched.
     *
     * @param {import("node:test").TestContext} t
     * @param {{ url?: string, context?: import("playwright-core").BrowserContextOptions, script?: string }} [options]
     */
    async open(t, { url = server.url, context: options = {}, script } = {}) {
      const context = await browser.newContext(options);
      t.after(() => context.close());
      context.setDefaultTimeout(PATIENCE_MS);
      const watch = new Watch(context);
      if (script) await context.addInitScript(script);
      const page = await context.newPage();
      await page.goto(url);
      return { page, watch, context };
    },
  };
}

/**
 * Gives the page a file, as the file dialogue does.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} name
 * @param {Buffer} buffer
 * @param {string} [mimeType]
 */
export const choose = (page, name, buffer, mimeType = "audio/wav") => page.getByTestId("file").setInputFiles({ name, mimeType, buffer });

/** Waits for the verdict and gives its words. @param {import("playwright-core").Page} page */
export async function verdict(page) {
  await page.locator('body[data-state="song"]:not(.busy)').waitFor();
  return /** @type {string} */ (await page.getByTestId("verdict").textContent());
}

/**
 * The shares that the bars show, by network.
 *
 * @param {import("playwright-core").Page} page
 * @returns {Promise<Record<string, number[]>>}
 */
export const barShares = (page) =>
  page.getByTestId("bars").evaluate((table) => {
    /** @type {Record<string, number[]>} */
    const shares = {};
    for (const cell of table.querySelectorAll("td[data-model]")) {
      const fill = cell.querySelector(".bar-fill");
      (shares[cell.dataset.model] ??= []).push(Number(fill.dataset.share));
    }
    return shares;
  });
