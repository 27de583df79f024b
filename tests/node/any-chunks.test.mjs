// In the wasm, too, the pieces that a sound comes in change nothing: not in a recording, not live. Pieces are drawn by seeds; a
// failure names its seed. Natively tests/any_chunks.rs says so, and agreement.test.mjs that both say the same.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { importFrom, installPackage, modelFiles } from "./support/installed.mjs";
import { tune } from "./support/signals.mjs";

const SEEDS = Number(process.env.SONGMOOD_SEEDS ?? 12);
const RATES = [8_000, 16_000, 22_050, 44_100, 48_000, 96_000];

/** @type {Awaited<ReturnType<typeof installPackage>>} */
let installed;
/** @type {Record<"voice" | "music", import("../../pkg/songmood.js").Classifier>} */
let classifiers;

before(async () => {
  installed = await installPackage();
  const songmood = await importFrom(installed.project);
  await songmood.default();
  classifiers = { voice: new songmood.Classifier(await modelFiles("voice")), music: new songmood.Classifier(await modelFiles("music")) };
});
after(async () => {
  classifiers?.voice.free();
  classifiers?.music.free();
  await installed?.remove();
});

/** Numbers in 0 … 1, the same every time (mulberry32). @param {number} seed */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Pieces of lengths that differ by orders of magnitude; some are empty. @param {Float32Array} pcm @param {() => number} random */
function* pieces(pcm, random) {
  const scale = 10 ** (2.5 + 3 * random());
  for (let at = 0; at < pcm.length; ) {
    const length = Math.floor(scale * random());
    yield pcm.subarray(at, at + length);
    at += length;
  }
}

/** @param {import("../../pkg/songmood.js").Analysis} analysis */
const untimed = ({ timings: _, ...analysis }) => analysis;

test("any pieces give the windows and the verdict of the whole, to the last bit, and so does a second time", () => {
  let heard = 0;
  for (let seed = 0; seed < SEEDS; seed += 1) {
    const random = numbers(seed);
    const kind = seed % 3 === 0 ? "music" : "voice";
    const classifier = classifiers[kind];
    const sampleRate = RATES[Math.floor(RATES.length * random())] ?? 22_050;
    const seconds = (kind === "music" ? 25 : 12) * random();
    // A pause and a part that is faint: windows begin anew with the first sound.
    const pcm = tune({ seconds: seconds + 0.1, sampleRate, pitch: 110 + 300 * random(), seed });
    pcm.fill(0, 0, Math.floor(pcm.length * 0.4 * random()));
    for (let i = Math.floor(pcm.length * random()); i < pcm.length; i += 1) pcm[i] = (pcm[i] ?? 0) / 64;
    const about = `seed ${seed}: ${pcm.length} samples at ${sampleRate} Hz for ${kind}`;
    const whole = untimed(classifier.classify(pcm, sampleRate));
    assert.deepEqual(untimed(classifier.classify(pcm, sampleRate)), whole, about);

    const recording = classifier.recording(sampleRate);
    for (const piece of pieces(pcm, random)) recording.push(piece);
    assert.deepEqual(untimed(recording.finish()), whole, about);
    recording.free();

    const live = classifier.live(sampleRate);
    /** @type {import("../../pkg/songmood.js").Window[]} */
    const windows = [];
    for (const piece of pieces(pcm, random)) {
      // The newest window alone is told; pieces shorter than a hop never complete two.
      for (let at = 0; at < piece.length; at += sampleRate / 2) {
        const window = live.push(piece.subarray(at, at + sampleRate / 2));
        if (window) windows.push({ ...window, endS: Math.min(window.endS, whole.durationS) });
      }
    }
    assert.deepEqual(windows, whole.windows.slice(0, windows.length), about);
    heard += windows.length;
    live.free();
  }
  assert.ok(heard > SEEDS, `only ${heard} windows`);
});
