// The native build and the wasm, in Node and in Chromium, say the same of the same samples.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { launch } from "../../scripts/chromium.mjs";
import { root } from "../../scripts/process.mjs";
import { serve } from "../../scripts/serve.mjs";
import { importFrom, installPackage, modelFiles } from "./support/installed.mjs";
import { largestDifference, readNpy, transpose, tune, wav } from "./support/signals.mjs";

const TOLERANCE = 1e-4;

// `npm test` builds it; SONGMOOD_BIN names another.
const PROGRAM = process.env.SONGMOOD_BIN ?? join(root, "target", "release", "songmood");

const SOUNDS = [
  { name: "at 22 050 Hz", sampleRate: 22_050, seconds: 4 },
  { name: "at 48 kHz", sampleRate: 48_000, seconds: 5.3, pitch: 330 },
  { name: "at 8 kHz", sampleRate: 8_000, seconds: 3.1, pitch: 140 },
  { name: "at 44.1 kHz, faint", sampleRate: 44_100, seconds: 3.5, gain: 1 / 300 },
  { name: "at 22 050 Hz, shorter than a frame", sampleRate: 22_050, seconds: 0.05 },
].map(({ name, gain = 1, ...sound }, seed) => ({
  name,
  sampleRate: sound.sampleRate,
  pcm: tune({ ...sound, seed }).map((value) => gain * value),
}));

/**
 * @typedef {import("../../pkg/songmood.js").Analysis} Analysis
 * @typedef {{ frames: number, coefficients: number, data: ArrayLike<number>, analysis: Analysis }} Said
 */

/** What the program says of each sound. @type {Map<string, Said>} */
const native = new Map();

before(async () => {
  assert.ok(existsSync(PROGRAM), `${PROGRAM} is not there; build it with: cargo build --release --features cli`);
  const folder = await mkdtemp(join(tmpdir(), "songmood-agreement-"));
  try {
    const [audio, array] = [join(folder, "sound.wav"), join(folder, "mfcc.npy")];
    const call = (/** @type {string[]} */ ...args) =>
      execFileSync(PROGRAM, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    for (const { name, sampleRate, pcm } of SOUNDS) {
      await writeFile(audio, wav(pcm, sampleRate));
      call("mfcc", audio, "-o", array);
      const { shape, data } = readNpy(await readFile(array));
      const [coefficients = 0, frames = 0] = shape;
      const [analysis] = JSON.parse(call("classify", "--json", audio));
      native.set(name, { frames, coefficients, data: transpose(data, coefficients, frames), analysis });
      await rm(array);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

/**
 * @param {string} name
 * @param {Said} wasm
 */
function assertAgree(name, wasm) {
  const expected = native.get(name);
  assert.ok(expected);
  assert.equal(wasm.frames, expected.frames);
  assert.equal(wasm.coefficients, expected.coefficients);
  const difference = largestDifference(wasm.data, expected.data);
  assert.ok(difference <= TOLERANCE, `MFCCs differ by ${difference}`);
  assert.ok(expected.analysis.windows.length > 0);
  assertClose(numbersOf(wasm.analysis), numbersOf(expected.analysis));
}

/**
 * Every value of an analysis under its path; what a clock measured is left out.
 *
 * @param {unknown} value
 * @param {string} path
 * @param {Map<string, unknown>} found
 */
function numbersOf(value, path = "", found = new Map()) {
  if (value !== null && typeof value === "object") {
    for (const [key, inner] of Object.entries(value)) {
      if (key !== "timings" && key !== "path") numbersOf(inner, `${path}.${key}`, found);
    }
  } else {
    found.set(path, value);
  }
  return found;
}

/**
 * @param {Map<string, unknown>} actual
 * @param {Map<string, unknown>} expected
 */
function assertClose(actual, expected) {
  assert.deepEqual([...actual.keys()].sort(), [...expected.keys()].sort());
  for (const [path, value] of expected) {
    const other = actual.get(path);
    if (typeof value !== "number") assert.equal(other, value, path);
    else assert.ok(Math.abs(Number(other) - value) <= TOLERANCE, `${path}: ${other} in wasm, ${value} natively`);
  }
}

describe("wasm in Node agrees with the native build", () => {
  /** @type {Awaited<ReturnType<typeof installPackage>>} */
  let installed;
  /** @type {Awaited<ReturnType<typeof importFrom>>} */
  let songmood;
  /** @type {import("../../pkg/songmood.js").Classifier} */
  let classifier;
  before(async () => {
    installed = await installPackage();
    songmood = await importFrom(installed.project);
    await songmood.default();
    classifier = new songmood.Classifier(await modelFiles());
  });
  after(async () => {
    classifier?.free();
    await installed?.remove();
  });

  for (const { name, sampleRate, pcm } of SOUNDS) {
    test(`on a sound ${name}`, () => {
      assertAgree(name, { ...songmood.mfcc(pcm, sampleRate), analysis: classifier.classify(pcm, sampleRate) });
    });
  }
});

describe("wasm in Chromium agrees with the native build", () => {
  /** @type {Awaited<ReturnType<typeof serve>>} */
  let server;
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {import("playwright-core").Page} */
  let page;
  before(async () => {
    server = await serve({ port: 0 });
    browser = await launch();
    page = await browser.newPage();
    // A page without a script of its own; samples travel as bytes, so that they are the same to the last bit.
    await page.route("**/test-page", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
    await page.route("**/test-sound/*", (route) => {
      const sound = SOUNDS[Number(new URL(route.request().url()).pathname.split("/").at(-1))];
      return sound ? route.fulfill({ body: Buffer.from(sound.pcm.buffer) }) : route.abort();
    });
    await page.goto(`${server.url}test-page`);
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  for (const [index, { name, sampleRate }] of SOUNDS.entries()) {
    test(`on a sound ${name}`, async () => {
      const said = await page.evaluate(sayInPage, { index, sampleRate });
      assertAgree(name, said);
    });
  }
});

/**
 * Runs in the page.
 *
 * @param {{ index: number, sampleRate: number }} sound
 * @returns {Promise<Said>}
 */
async function sayInPage({ index, sampleRate }) {
  const fetched = async (/** @type {string} */ path) => (await fetch(path)).arrayBuffer();
  /** @type {typeof import("../../pkg/songmood.js")} */
  const songmood = await import(new URL("/pkg/songmood.js", document.baseURI).href);
  await songmood.default();
  const { models } = await (await fetch("/models/index.json")).json();
  const file = async (/** @type {string} */ name) => new Uint8Array(await fetched(`/models/${name}`));
  const classifier = new songmood.Classifier(await Promise.all(models.map(file)));
  try {
    const pcm = new Float32Array(await fetched(`/test-sound/${index}`));
    const { frames, coefficients, data } = songmood.mfcc(pcm, sampleRate);
    return { frames, coefficients, data: [...data], analysis: classifier.classify(pcm, sampleRate) };
  } finally {
    classifier.free();
  }
}
