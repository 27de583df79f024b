// <song-mood> as the packed archive has it, on the example page of the documentation.

import assert from "node:assert/strict";
import { cp, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "../../scripts/chromium.mjs";
import { root } from "../../scripts/process.mjs";
import { serve } from "../../scripts/serve.mjs";
import { installPackage } from "../node/support/installed.mjs";
import { hum, songFile, wav } from "./audio.mjs";
import { PATIENCE_MS, Watch, fakeMicrophone } from "./harness.mjs";

/** @type {Awaited<ReturnType<typeof installPackage>>} */
let installed;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** @type {import("playwright-core").Browser} */
let browser;
const microphone = fakeMicrophone(wav([hum(30, { sampleRate: 48_000 })], 48_000));

before(async () => {
  installed = await installPackage("www");
  await cp(join(root, "docs", "examples", "element"), installed.project, { recursive: true });
  await writeFile(join(installed.project, "song.wav"), songFile(30));
  await writeFile(join(installed.project, "text.wav"), "This is no sound.");
  server = await serve({ port: 0, repository: installed.folder });
  browser = await launch(microphone.flags);
});
after(async () => {
  await browser?.close();
  await server?.close();
  await installed?.remove();
  microphone.remove();
});

/**
 * The example page; every event of its elements is noted in `told`.
 *
 * @param {import("node:test").TestContext} t
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
async function open(t, options = {}) {
  const context = await browser.newContext(options);
  t.after(() => context.close());
  context.setDefaultTimeout(PATIENCE_MS);
  const watch = new Watch(context);
  await context.addInitScript(() => {
    /** @type {string[]} */
    const told = [];
    Object.assign(window, { told });
    document.addEventListener("DOMContentLoaded", () => {
      for (const element of document.querySelectorAll("song-mood")) {
        const name = element.hasAttribute("microphone") ? "microphone" : "song";
        for (const type of ["window", "verdict", "error"]) {
          element.addEventListener(type, (event) => {
            const { detail } = /** @type {CustomEvent} */ (event);
            told.push(`${name} ${type}${type === "error" ? ` ${detail.code}` : ""}`);
          });
        }
      }
    });
  });
  const page = await context.newPage();
  await page.goto(server.url);
  return { page, watch };
}

/** @param {import("playwright-core").Page} page @param {string} what @param {number} [count] */
const until = (page, what, count = 1) =>
  page.waitForFunction(([what, count]) => /** @type {any} */ (window).told.filter((/** @type {string} */ one) => one === what).length >= count, /** @type {[string, number]} */ ([what, count]));

/** How many pixels of the ribbon are not blank. @param {import("playwright-core").Locator} ribbon */
const drawn = (ribbon) =>
  ribbon.evaluate((canvas) => {
    const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
    const { data } = /** @type {CanvasRenderingContext2D} */ (/** @type {HTMLCanvasElement} */ (canvas).getContext("2d")).getImageData(0, 0, width, height);
    return data.filter((value, i) => i % 4 === 3 && value > 0).length;
  });

test("a song is heard, told of window by window, drawn, and read out by its slider", async (t) => {
  const { page, watch } = await open(t);
  const song = page.locator("song-mood[src]");
  await until(page, "song verdict");
  const { verdict, windows, told } = await page.evaluate(() => {
    const element = /** @type {any} */ (document.querySelector("song-mood[src]"));
    return { verdict: element.verdict, windows: element.windows.length, told: /** @type {any} */ (window).told };
  });
  assert.equal(told.filter((/** @type {string} */ one) => one === "song window").length, windows);
  assert.equal(told.at(-1), "song verdict");
  assert.ok(Math.abs(verdict.analysis.durationS - 30) < 0.1);
  const words = await song.getByRole("status").textContent();
  assert.match(words ?? "", new RegExp(`${verdict.mood}, ${Math.round(verdict.probability * 100)}\u00a0%$`, "i"));
  assert.ok((await drawn(song.locator("[part=ribbon]"))) > 1000);

  const slider = song.getByRole("slider", { name: "Position in the song" });
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.match((await slider.getAttribute("aria-valuetext")) ?? "", /^0:02 of 0:30, [a-z]+ \d+\u00a0%$/);
  assert.equal(await song.evaluate((element) => Math.round(/** @type {any} */ (element).currentTime)), 2);
  await page.keyboard.press("End");
  assert.equal(await slider.getAttribute("aria-valuenow"), "30.0");
  await page.keyboard.press("Home");
  await page.keyboard.press("Space");
  await song.getByRole("button", { name: "Pause" }).waitFor();
  await page.waitForFunction(() => /** @type {any} */ (document.querySelector("song-mood[src]")).currentTime > 0.2);
  await page.keyboard.press("Space");
  await song.getByRole("button", { name: "Play" }).click();
  await song.getByRole("button", { name: "Pause" }).click();
  watch.assertClean();
});

test("the microphone listens from a click to a click, and its verdict is what was heard", async (t) => {
  const { page, watch } = await open(t, { permissions: ["microphone"] });
  const element = page.locator("song-mood[microphone]");
  await element.getByRole("button", { name: "Listen with the microphone" }).dblclick();
  await until(page, "microphone window", 2);
  assert.ok(await element.getByRole("meter", { name: "Input level" }).isVisible());
  assert.equal(await element.getByRole("slider").getAttribute("aria-label"), "Moods since the microphone is on");
  await element.getByRole("button", { name: "Stop listening" }).click();
  await until(page, "microphone verdict");
  const { mood, windows, listening } = await element.evaluate((one) => {
    const { verdict, listening } = /** @type {any} */ (one);
    return { mood: verdict.mood, windows: verdict.windows.length, listening };
  });
  assert.ok(windows >= 2 && !listening);
  assert.match((await element.getByRole("status").textContent()) ?? "", new RegExp(mood, "i"));
  await element.getByRole("button", { name: "Listen with the microphone" }).waitFor();
  watch.assertClean();
});

test("what cannot be heard is told in words and with a code, and the next song is heard", async (t) => {
  const { page } = await open(t);
  const song = page.locator("song-mood[src]");
  await until(page, "song verdict");
  await song.evaluate((element) => element.setAttribute("src", "nowhere.wav"));
  await until(page, "song error unreadable");
  assert.equal(await song.getByRole("status").textContent(), "This file could not be read.");
  await song.evaluate((element) => (/** @type {any} */ (element).src = "text.wav"));
  await until(page, "song error not-audio");
  await song.evaluate((element) => (/** @type {any} */ (element).src = "song.wav"));
  await until(page, "song verdict", 2);
  // Whoever takes it away calls it off.
  const windows = await song.evaluate(async (element) => {
    const one = /** @type {any} */ (element);
    one.kind = "voice";
    await new Promise((resolve) => one.addEventListener("window", resolve, { once: true }));
    one.remove();
    const { length } = one.windows;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return [length, one.windows.length];
  });
  assert.equal(windows[0], windows[1]);
});

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  test(`colours are the page's where it gives some, and nothing is out of reach, ${colorScheme}`, async (t) => {
    const { page } = await open(t, { colorScheme });
    await until(page, "song verdict");
    await page.addStyleTag({ content: ["neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"].map((mood) => `song-mood { --song-mood-${mood}: rgb(1, 200, 3) }`).join("\n") });
    await page.setViewportSize({ width: 600, height: 800 });
    const ribbon = page.locator("song-mood[src] [part=ribbon]");
    // Paler where it is less sure, and so not quite the same after the canvas has rounded it.
    await page.waitForFunction(() => {
      const canvas = document.querySelector("song-mood[src]")?.shadowRoot?.querySelector("canvas");
      const data = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      for (let i = 0; i < data.length; i += 4) if (data[i] < 9 && Math.abs(data[i + 1] - 200) < 6 && data[i + 2] < 11 && data[i + 3] > 60) return true;
      return false;
    });
    assert.ok((await drawn(ribbon)) > 1000);
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve("axe-core/axe.min.js") });
    const violations = await page.evaluate(async () => (await /** @type {any} */ (window).axe.run()).violations.map((/** @type {any} */ { id, nodes }) => `${id}: ${nodes.map((/** @type {any} */ { target }) => target).join("; ")}`));
    assert.deepEqual(violations, []);
  });
}
