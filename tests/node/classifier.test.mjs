// Classifier and LiveClassifier in Node, with the shipped networks: the shapes that the types promise, live
// equal to whole, and errors that leave everything working.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { MOODS, assertCode, assertMoods } from "./support/assertions.mjs";
import { importFrom, installPackage, modelFiles } from "./support/installed.mjs";
import { tune } from "./support/signals.mjs";

/** @type {Awaited<ReturnType<typeof installPackage>>} */
let installed;
/** @type {Awaited<ReturnType<typeof importFrom>>} */
let songmood;
/** @type {Uint8Array<ArrayBuffer>[]} */
let files;
/** @type {import("../../pkg/songmood.js").Classifier} */
let classifier;

before(async () => {
  installed = await installPackage();
  songmood = await importFrom(installed.project);
  await songmood.default();
  files = await modelFiles();
  classifier = new songmood.Classifier(files);
});
after(async () => {
  classifier?.free();
  await installed?.remove();
});

describe("Classifier", () => {
  test("says what its networks are", () => {
    assert.deepEqual(classifier.models.map(({ kind }) => kind).sort(), ["cnn", "rnn"]);
    for (const model of classifier.models) {
      assert.deepEqual(model.labels, MOODS);
      assert.ok(model.parameters > 1000);
      assert.match(model.trainedOn, /RAVDESS/);
      assert.ok(Object.values(model.scores).every((score) => score > 0 && score <= 1));
      assert.ok(Object.keys(model.scores).length > 0);
    }
    const { windowS, hopS, sureAbove, tension } = classifier.settings;
    assert.ok(windowS > 0 && hopS > 0 && hopS <= windowS);
    assert.ok(sureAbove > 0 && sureAbove <= 1);
    assert.equal(tension, "apart", "angry and fearful voices are learnt apart");
  });

  test("gives an analysis whose parts fit together", () => {
    const seconds = 9.7;
    /** @type {[number, number][]} */
    const progress = [];
    const analysis = classifier.classify(tune({ seconds, sampleRate: 32_000 }), 32_000, {
      onProgress: (done, total) => progress.push([done, total]),
    });
    assert.ok(Math.abs(analysis.durationS - seconds) < 1e-3);
    assert.equal(analysis.sampleRate, 32_000);
    assertMoods(analysis);
    const [likeliest] = MOODS.toSorted((a, b) => analysis.moods[b] - analysis.moods[a]);
    assert.equal(analysis.verdict.mood, likeliest);
    assert.ok(Math.abs(analysis.verdict.probability - analysis.moods[analysis.verdict.mood]) < 1e-6);
    assert.deepEqual(analysis.models.map(({ name }) => name), classifier.models.map(({ name }) => name));
    for (const model of analysis.models) assert.equal(model.moods[model.mood], Math.max(...Object.values(model.moods)));

    assert.ok(analysis.windows.length > 1);
    for (const [i, window] of analysis.windows.entries()) {
      assertMoods(window);
      assert.ok(window.startS >= 0 && window.startS < window.endS);
      assert.ok(window.endS <= analysis.durationS, `${window.endS} s of ${analysis.durationS} s`);
      assert.ok(i === 0 || window.startS > (analysis.windows[i - 1]?.startS ?? NaN));
      assert.deepEqual(window.models.map(({ name }) => name), analysis.models.map(({ name }) => name));
    }
    assert.equal(analysis.windows[0]?.startS, 0);
    for (const ms of Object.values(analysis.timings)) assert.ok(ms >= 0);

    const total = progress.at(-1)?.[1];
    assert.ok(progress.every(([, of]) => of === total));
    const counts = progress.map(([done]) => done);
    assert.deepEqual(counts, [...new Set(counts)].sort((a, b) => a - b));
    assert.equal(counts.at(-1), total);
  });

  test("does not care in what form options are left out, nor changes the samples", () => {
    const pcm = tune({ seconds: 3, sampleRate: 16_000 });
    const copy = pcm.slice();
    const { timings: _, ...expected } = classifier.classify(pcm, 16_000);
    for (const options of [undefined, null, {}, { onProgress: undefined }]) {
      const { timings: __, ...analysis } = classifier.classify(pcm, 16_000, /** @type {undefined} */ (options));
      assert.deepEqual(analysis, expected);
    }
    assert.deepEqual(pcm, copy);
  });

  test("hears silence as silence", () => {
    const { windows, verdict } = classifier.classify(new Float32Array(22_050 * 4), 22_050);
    assert.ok(windows.length > 0 && windows.every(({ silent }) => silent));
    assert.equal(verdict.unsure, true);
  });

  test("passes on what a progress callback throws, and works on", () => {
    const pcm = tune({ seconds: 5, sampleRate: 22_050 });
    const thrown = new Error("stop");
    const onProgress = () => {
      throw thrown;
    };
    assert.throws(() => classifier.classify(pcm, 22_050, { onProgress }), (error) => error === thrown);
    assert.ok(classifier.classify(pcm, 22_050).windows.length > 0);
  });

  test("refuses audio and options that it cannot use", () => {
    const pcm = tune({ seconds: 3, sampleRate: 22_050 });
    assertCode(() => classifier.classify(new Float32Array(0), 22_050), "empty-audio");
    assertCode(() => classifier.classify(pcm.with(40_000, NaN), 22_050), "invalid-samples");
    assertCode(() => classifier.classify(pcm, 7_999), "unsupported-sample-rate");
    assertCode(() => classifier.classify(pcm, 44_100.1), "unsupported-sample-rate");
    const list = /** @type {unknown} */ ([0.1, 0.2]);
    assertCode(() => classifier.classify(/** @type {Float32Array} */ (list), 22_050), "invalid-samples");
    const wrong = /** @type {unknown} */ ({ onProgress: 3 });
    assertCode(() => classifier.classify(pcm, 22_050, /** @type {undefined} */ (wrong)), "invalid-options");
    assert.ok(classifier.classify(pcm, 22_050).windows.length > 0);
  });

  test("refuses model files that are none", () => {
    const file = files[0] ?? new Uint8Array();
    const make = (/** @type {unknown} */ list) => () =>
      new songmood.Classifier(/** @type {Uint8Array[]} */ (list));
    for (const none of [[], undefined, "mood-cnn", [null], ["mood-cnn.safetensors"], [new ArrayBuffer(4)]]) {
      assertCode(make(none), "no-models");
    }
    const cut = [7, 500, -1].map((end) => file.subarray(0, end));
    for (const bytes of [new Uint8Array(0), new Uint8Array(100), ...cut]) assertCode(make([bytes]), "model-unreadable");
    assert.equal(new songmood.Classifier([file]).models.length, 1);
  });

  test("is gone once it is freed", () => {
    const other = new songmood.Classifier(files);
    other.free();
    assert.throws(() => other.classify(tune({ seconds: 3, sampleRate: 22_050 }), 22_050), Error);
    assert.ok(classifier.models.length > 0);
  });
});

describe("LiveClassifier", () => {
  test("completes the windows that the whole recording has, with the same scores", () => {
    const sampleRate = 48_000;
    const pcm = tune({ seconds: 8, sampleRate, pitch: 260 });
    const live = classifier.live(sampleRate);
    const windows = [];
    // An AudioWorklet's blocks.
    for (let at = 0; at < pcm.length; at += 128) {
      const window = live.push(pcm.subarray(at, at + 128));
      if (window) windows.push(window);
    }
    live.free();
    const whole = classifier.classify(pcm, sampleRate).windows;
    assert.ok(windows.length > 1);
    for (const window of windows) {
      const twin = whole.find(({ startS }) => Math.abs(startS - window.startS) < 1e-6);
      assert.ok(twin, `no window starts at ${window.startS} s`);
      for (const mood of MOODS) {
        assert.ok(Math.abs(twin.moods[mood] - window.moods[mood]) < 1e-5, `${mood} at ${window.startS} s`);
      }
      assertMoods(window);
    }
  });

  test("starts anew after reset", () => {
    const pcm = tune({ seconds: 6, sampleRate: 22_050 });
    const live = classifier.live(22_050);
    const first = live.push(pcm);
    live.reset();
    assert.deepEqual(live.push(pcm), first);
    assert.ok(first);
    live.free();
  });

  test("refuses what it cannot use, and goes on", () => {
    for (const rate of [0, 7_999, 200_000, NaN, 44_100.5]) {
      assertCode(() => classifier.live(rate), "unsupported-sample-rate");
    }
    const live = classifier.live(22_050);
    assertCode(() => live.push(new Float32Array([0, NaN])), "invalid-samples");
    assert.equal(live.push(new Float32Array(0)), undefined);
    assert.ok(live.push(tune({ seconds: 6, sampleRate: 22_050 })));
    live.free();
  });

  test("outlives the classifier that it came from", () => {
    const other = new songmood.Classifier(files);
    const live = other.live(22_050);
    other.free();
    assert.ok(live.push(tune({ seconds: 6, sampleRate: 22_050 })));
    live.free();
  });
});
