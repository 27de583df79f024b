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

const DOMAINS = /** @type {const} */ (["voice", "music"]);

// `npm test` builds it; SONGMOOD_BIN names another.
const PROGRAM = process.env.SONGMOOD_BIN ?? join(root, "target", "release", "songmood");

const SOUNDS = [
  { name: "at 22 050 Hz", sampleRate: 22_050, seconds: 4 },
  { name: "at 32 kHz, several windows of music long", sampleRate: 32_000, seconds: 15, pitch: 220 },
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
 * @typedef {"voice" | "music"} Domain
 * @typedef {{ frames: number, coefficients: number, data: ArrayLike<number>, analyses: Record<Domain, Analysis> }} Said
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
      const analysis = (/** @type {Domain} */ domain) => JSON.parse(call("classify", "--json", "--as", domain, audio))[0];
      const analyses = { voice: analysis("voice"), music: analysis("music") };
      native.set(name, { frames, coefficients, data: transpose(data, coefficients, frames), analyses });
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
  for (const domain of DOMAINS) {
    assert.ok(expected.analyses[domain].windows.length > 0);
    assertClose(numbersOf(wasm.analyses[domain]), numbersOf(expected.analyses[domain]));
  }
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
  /** @type {Record<Domain, import("../../pkg/songmood.js").Classifier> | undefined} */
  let classifiers;
  before(async () => {
    installed = await installPackage();
    songmood = await importFrom(installed.project);
    await songmood.default();
    const classifier = async (/** @type {Domain} */ domain) => new songmood.Classifier(await modelFiles(domain));
    classifiers = { voice: await classifier("voice"), music: await classifier("music") };
  });
  after(async () => {
    for (const domain of DOMAINS) classifiers?.[domain].free();
    await installed?.remove();
  });

  for (const { name, sampleRate, pcm } of SOUNDS) {
    test(`on a sound ${name}`, () => {
      assert.ok(classifiers);
      const analyses = { voice: classifiers.voice.classify(pcm, sampleRate), music: classifiers.music.classify(pcm, sampleRate) };
      assertAgree(name, { ...songmood.mfcc(pcm, sampleRate), analyses });
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
async function sayInPage({ index: sound, sampleRate }) {
  const fetched = async (/** @type {string} */ path) => (await fetch(path)).arrayBuffer();
  /** @type {typeof import("../../pkg/songmood.js")} */
  const songmood = await import(new URL("/pkg/songmood.js", document.baseURI).href);
  await songmood.default();
  const index = await (await fetch("/models/index.json")).json();
  const file = async (/** @type {string} */ name) => new Uint8Array(await fetched(`/models/${name}`));
  const pcm = new Float32Array(await fetched(`/test-sound/${sound}`));
  const analysis = async (/** @type {Domain} */ domain) => {
    const classifier = new songmood.Classifier(await Promise.all(index[domain].map(file)));
    try {
      return classifier.classify(pcm, sampleRate);
    } finally {
      classifier.free();
    }
  };
  const { frames, coefficients, data } = songmood.mfcc(pcm, sampleRate);
  return { frames, coefficients, data: [...data], analyses: { voice: await analysis("voice"), music: await analysis("music") } };
}
