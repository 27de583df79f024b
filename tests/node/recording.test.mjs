// Recording, Overview and circumplex in Node: moods on the way, parts alone, pictures, and errors that say what to do.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { MOODS, assertCode, assertMoods } from "./support/assertions.mjs";
import { importFrom, installPackage, modelFiles } from "./support/installed.mjs";
import { largestDifference, tune } from "./support/signals.mjs";

/** @typedef {import("../../pkg/songmood.js").Handout} Handout */

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

/** @param {Float32Array} pcm @param {number} length */
function* pieces(pcm, length) {
  for (let at = 0; at < pcm.length; at += length) yield pcm.subarray(at, at + length);
}

describe("Recording", () => {
  const seconds = 17.3;
  const rate = 32_000;
  const pcm = tune({ seconds, sampleRate: rate });

  test("gives windows while it comes in, and in the end what classify gives", () => {
    const recording = classifier.recording(rate);
    const early = [...pieces(pcm, 70_000)].flatMap((piece) => recording.push(piece));
    early.forEach(assertMoods);
    /** @type {[number, number][]} */
    const progress = [];
    const analysis = recording.finish({ onProgress: (done, total) => progress.push([done, total]) });
    const whole = classifier.classify(pcm, rate);
    assert.ok(early.length > 5 && early.length >= whole.windows.length - 2, `${early.length} of ${whole.windows.length}`);
    assert.deepEqual(analysis.windows.map(({ startS, endS }) => [startS, endS]), whole.windows.map(({ startS, endS }) => [startS, endS]));
    for (const mood of MOODS) assert.ok(Math.abs(analysis.moods[mood] - whole.moods[mood]) < 1e-5);
    for (const window of early) {
      const same = analysis.windows.find(({ startS }) => startS === window.startS);
      assert.ok(same && Math.abs(same.moods.calm - window.moods.calm) < 1e-6);
    }
    assert.ok(progress.every(([done, total]) => done <= total));
    recording.free();
  });

  test("says the same, whatever length it was told to expect", () => {
    const told = [NaN, -1, 0, seconds, 2 * seconds, 1e300].map((length) => {
      const recording = classifier.recording(rate);
      recording.expect(length);
      for (const piece of pieces(pcm, 70_000)) recording.push(piece);
      const { windows } = recording.finish();
      assertCode(() => recording.expect(seconds), "recording-finished");
      recording.free();
      return JSON.stringify(windows);
    });
    assert.equal(new Set(told).size, 1);
  });

  test("hands out windows that another classifier judges, and takes them back in any order", async () => {
    const other = new songmood.Classifier(await modelFiles());
    const recording = classifier.recording(rate);
    const early = recording.push(pcm.subarray(0, 200_000));
    const handouts = [...pieces(pcm.subarray(200_000), 70_000)].flatMap((piece) => recording.handOut(piece) ?? []);
    assert.ok(handouts.length > 3);
    const [kept, lost, ...rest] = /** @type {[Handout, Handout, ...Handout[]]} */ (handouts);
    for (const { id, frames, starts } of rest.reverse()) early.push(...recording.takeBack(id, other.judgeHandout(frames, starts)));
    early.push(...recording.takeBack(lost.id));
    assertCode(() => recording.takeBack(lost.id), "invalid-handout");
    assertCode(() => recording.takeBack(kept.id, new Float32Array(5)), "invalid-handout");
    assertCode(() => other.judgeHandout(kept.frames.subarray(1), kept.starts), "invalid-handout");
    assertCode(() => other.judgeHandout(kept.frames, Uint32Array.of(4_000_000_000)), "invalid-handout");
    // `kept` never comes back.
    const { windows, moods, timings } = recording.finish();
    const whole = classifier.classify(pcm, rate);
    assert.deepEqual([windows, moods], [whole.windows, whole.moods]);
    assert.ok(timings.forwardMs > 0);
    early.forEach((window) => assert.ok(windows.some(({ startS, moods: { calm } }) => startS === window.startS && calm === window.moods.calm)));
    assertCode(() => recording.takeBack(kept.id), "recording-finished");
    assertCode(() => recording.handOut(pcm), "recording-finished");
    recording.free();
    other.free();
  });

  test("mixes channels down to their mean", () => {
    const said = (/** @type {Float32Array | Float32Array[]} */ samples) => {
      const [recording, overview] = [classifier.recording(rate), new songmood.Overview(rate)];
      recording.push(samples);
      overview.push(samples);
      overview.finish();
      const { windows } = recording.finish();
      const { data } = overview.waveform();
      recording.free();
      overview.free();
      return { windows, data };
    };
    const [left, right] = [pcm, pcm.map((sample, i) => 0.3 * sample + 0.1 * Math.sin(i / 7))];
    const third = pcm.map((sample) => -sample);
    /** Rounded after each step, as the library does. @param {Float32Array} first @param {Float32Array[]} others */
    const mean = (first, ...others) => others.reduce((sum, other) => sum.map((sample, i) => sample + (other[i] ?? NaN)), first).map((sum) => sum / (1 + others.length));
    assert.deepEqual(said([left]), said(left));
    assert.deepEqual(said([left, right]), said(mean(left, right)));
    assert.deepEqual(said([left, right, third]), said(mean(left, right, third)));
    const recording = classifier.recording(rate);
    const wrong = /** @type {any[]} */ ([[], [left, right.subarray(1)], [left, [0, 1]], 7, undefined, "tune"]);
    for (const samples of wrong) assertCode(() => recording.push(samples), "invalid-samples");
    recording.free();
  });

  test("judges parts alone", () => {
    const recording = classifier.recording(rate);
    recording.push(pcm);
    recording.finish();
    const part = recording.excerpt(3.2, 12.9);
    assertMoods(part);
    assert.ok(Math.abs(part.durationS - 9.7) < 1e-6);
    assert.ok(part.windows.length >= 2);
    for (const { startS, endS } of part.windows) assert.ok(startS >= 3.2 && endS <= 12.9 + 0.03);
    const short = recording.excerpt(5, 6);
    assert.equal(short.windows.length, 1);
    assert.notDeepEqual(short.moods, part.moods);
    for (const [start, end] of /** @type {[number, number][]} */ ([[-1, 2], [4, 4], [5, 3], [20, 30], [NaN, 3], [1, NaN]])) {
      assertCode(() => recording.excerpt(start, end), "invalid-excerpt");
    }
    recording.free();
  });

  test("is told in which order to do things, and survives what it refuses", () => {
    const recording = classifier.recording(rate);
    assertCode(() => recording.excerpt(0, 1), "recording-unfinished");
    assertCode(() => recording.push(pcm.with(3, NaN)), "invalid-samples");
    recording.push(pcm);
    const thrown = new Error("stop");
    assert.throws(() => recording.finish({ onProgress: () => { throw thrown; } }), (error) => error === thrown);
    assertMoods(recording.excerpt(0, 5));
    assertCode(() => recording.push(pcm), "recording-finished");
    assertCode(() => recording.finish(), "recording-finished");
    recording.free();
    assertCode(() => classifier.recording(rate).finish(), "empty-audio");
    assertCode(() => classifier.recording(1), "unsupported-sample-rate");
  });
});

describe("Overview", () => {
  const pcm = tune({ seconds: 6, sampleRate: 22_050 });

  test("with room for every frame, its MFCCs are those of mfcc", () => {
    const overview = new songmood.Overview(22_050);
    for (const piece of pieces(pcm, 10_000)) overview.push(piece);
    overview.finish();
    const expected = songmood.mfcc(pcm, 22_050, { topDb: null });
    const { columns, rows, columnS, data } = overview.mfcc();
    assert.deepEqual([columns, rows, columnS], [expected.frames, expected.coefficients, 512 / 22_050]);
    assert.ok(largestDifference(data, expected.data) < 1e-3);
    const mel = overview.melSpectrogram();
    assert.deepEqual([mel.columns, mel.rows, mel.data.length], [columns, 128, columns * 128]);
    assert.ok(mel.data.every((db) => db >= -100.001 && db < 60));
    assert.equal(overview.melFrequencies.length, 128);
    overview.free();
  });

  test("never has more columns than asked for, however long the sound", () => {
    const overview = new songmood.Overview(44_100, 64);
    for (let i = 0; i < 40; i += 1) {
      overview.push(pcm);
      for (const picture of [overview.melSpectrogram(), overview.mfcc(), overview.waveform()]) {
        assert.ok(picture.columns <= 64);
        assert.equal(picture.data.length, picture.columns * picture.rows);
      }
    }
    const { columns, columnS } = overview.waveform();
    assert.ok(Math.abs(columns * columnS - (40 * pcm.length) / 44_100) < columnS);
    overview.free();
  });

  test("its waveform holds the loudest sample", () => {
    const overview = new songmood.Overview(22_050, 16);
    overview.push(pcm);
    overview.finish();
    const { rows, data } = overview.waveform();
    assert.equal(rows, 3);
    const highs = data.filter((_, i) => i % 3 === 1);
    assert.equal(Math.max(...highs), pcm.reduce((top, sample) => Math.max(top, sample), -Infinity));
    overview.free();
  });

  test("refuses what it cannot use", () => {
    for (const columns of [0, 1, 7, -2, 2.5, 1e9, NaN]) assertCode(() => new songmood.Overview(22_050, columns), "invalid-options");
    assertCode(() => new songmood.Overview(1), "unsupported-sample-rate");
    const overview = new songmood.Overview(22_050);
    assertCode(() => overview.push(pcm.with(0, Infinity)), "invalid-samples");
    overview.free();
  });
});

test("circumplex places every mood on the plane that valence and arousal are on", () => {
  const places = songmood.circumplex();
  assert.deepEqual(Object.keys(places).sort(), [...MOODS].sort());
  for (const { valence, arousal } of Object.values(places)) assert.ok(Math.abs(valence) <= 1 && Math.abs(arousal) <= 1);
  // A voice's valence is the places' mean, weighted by the moods.
  const { moods, valence } = classifier.classify(tune({ seconds: 5, sampleRate: 22_050 }), 22_050);
  const expected = MOODS.reduce((sum, mood) => sum + moods[mood] * places[mood].valence, 0);
  assert.ok(Math.abs(valence - expected) < 1e-5);
});
