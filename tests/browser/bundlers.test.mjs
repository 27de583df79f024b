// The packed package in an app: unbundled, and built by Vite, webpack and esbuild. Everywhere it has to say what Node says.

import assert from "node:assert/strict";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "../../scripts/chromium.mjs";
import { root } from "../../scripts/process.mjs";
import { serve } from "../../scripts/serve.mjs";
import { BUNDLERS, buildApp, viteServer } from "../bundled/bundlers.mjs";
import { importFrom, installPackage, modelFiles } from "../node/support/installed.mjs";
import { floats, song } from "./audio.mjs";
import { PATIENCE_MS, Watch } from "./harness.mjs";

/** Not the rate that browsers like best, so that decoding at another one would show. */
const RATE = 22_050;

/** @type {Awaited<ReturnType<typeof installPackage>>} */
let installed;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** @type {import("playwright-core").Browser} */
let browser;
/** What Node says. @type {{ whole: { mood: string, probability: number, windows: number }, live: { endS: number, moods: Record<string, number> }[] }} */
let expected;

before(async () => {
  installed = await installPackage("www");
  const { project, folder } = installed;
  await cp(join(root, "tests", "bundled", "app"), join(project, "app"), { recursive: true });
  // As floats, since browsers scale whole numbers each in their own way.
  const samples = song(12, RATE);
  await writeFile(join(project, "song.wav"), floats(samples, RATE));
  expected = await inNode(samples);
  server = await serve({ port: 0, repository: folder });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.close();
  await installed?.remove();
});

/** @param {Float32Array} samples */
async function inNode(samples) {
  const { default: init, Classifier } = await importFrom(installed.project);
  await init();
  const classifier = new Classifier(await modelFiles("voice"));
  const { verdict, windows } = classifier.classify(samples, RATE);
  const listener = classifier.live(RATE);
  const live = [];
  // Whole blocks, as an AudioWorklet gives them; the last is filled up with silence.
  for (let i = 0; i < samples.length; i += 128) {
    const block = new Float32Array(128);
    block.set(samples.subarray(i, i + 128));
    const window = listener.push(block);
    if (window) live.push({ endS: window.endS, moods: window.moods });
  }
  return { whole: { mood: verdict.mood, probability: verdict.probability, windows: windows.length }, live };
}

/** @param {any} got @param {string} where */
function assertSame(got, where) {
  const { probability, ...rest } = got;
  const { probability: wanted, ...others } = expected.whole;
  assert.deepEqual(rest, others, where);
  assert.ok(Math.abs(probability - wanted) < 1e-4, `${where}: ${probability} instead of ${wanted}`);
}

/** @param {import("node:test").TestContext} t @param {string} url the app's */
async function assertSays(t, url) {
  const context = await browser.newContext();
  t.after(() => context.close());
  context.setDefaultTimeout(PATIENCE_MS);
  const watch = new Watch(context);
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => "result" in window);
  const result = await page.evaluate(() => /** @type {any} */ (window).result);
  assertSame(result.here, "on the page");
  assertSame(result.own, "in the app's worker");
  for (const how of ["whole", "bytes", "buffer"]) assertSame(result.client[how], `the client, ${how}`);
  assert.equal(result.client.told, expected.whole.windows);
  assert.deepEqual(result.client.stages, ["waiting", "loading", "decoding", "listening"]);
  assert.ok(expected.live.length > 1);
  assert.deepEqual(result.live.windows.map((/** @type {{ endS: number }} */ { endS }) => endS), expected.live.map(({ endS }) => endS));
  result.live.windows.forEach((/** @type {{ moods: Record<string, number> }} */ { moods }, /** @type {number} */ i) => {
    for (const [mood, share] of Object.entries(expected.live[i].moods)) assert.ok(Math.abs(moods[mood] - share) < 1e-4, `live window ${i}, ${mood}`);
  });
  watch.assertClean();
}

for (const bundler of BUNDLERS) {
  test(`an app with ${bundler === "none" ? "no bundler" : bundler} says what Node says`, async (t) => {
    const out = await buildApp(bundler, installed.project);
    await assertSays(t, new URL(`${out}/index.html`, server.url).href);
  });
}

test("an app in Vite's development server says what Node says", async (t) => {
  const vite = await viteServer(installed.project);
  t.after(() => vite.close());
  await assertSays(t, vite.url);
});
