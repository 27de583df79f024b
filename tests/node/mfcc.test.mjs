// mfcc and sampleRateOf in Node: librosa's numbers, the options, and errors that leave everything working.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../scripts/process.mjs";
import { assertCode } from "./support/assertions.mjs";
import { importFrom, installPackage } from "./support/installed.mjs";
import { largestDifference, readNpy, transpose, tune, wav } from "./support/signals.mjs";

/** @type {Awaited<ReturnType<typeof installPackage>>} */
let installed;
/** @type {Awaited<ReturnType<typeof importFrom>>} */
let songmood;

before(async () => {
  installed = await installPackage();
  songmood = await importFrom(installed.project);
  await songmood.default();
});
after(() => installed?.remove());

describe("mfcc", () => {
  for (const name of ["silence_1s", "impulse", "shorter_than_a_frame", "chirp_noise_4s", "quiet_noise_2s"]) {
    test(`is librosa's of ${name}`, async () => {
      const array = async (/** @type {string} */ kind) =>
        readNpy(await readFile(join(root, "tests", "golden", `${name}.${kind}.npy`)));
      const [pcm, expected] = [await array("pcm22050"), await array("mfcc40")];
      const [coefficients = 0, frames = 0] = expected.shape;
      const result = songmood.mfcc(pcm.data, 22_050);
      assert.equal(result.frames, frames);
      assert.equal(result.coefficients, coefficients);
      const difference = largestDifference(result.data, transpose(expected.data, coefficients, frames));
      assert.ok(difference <= 1e-3, `differs by ${difference}`);
    });
  }

  test("resamples to the rate that the options name", () => {
    const pcm = tune({ seconds: 2, sampleRate: 44_100 });
    assert.equal(songmood.mfcc(pcm, 44_100).frames, 1 + Math.floor(44_100 / 512));
    assert.equal(songmood.mfcc(pcm, 44_100, { sampleRate: 44_100 }).frames, 1 + Math.floor(88_200 / 512));
  });

  test("follows its options", () => {
    const pcm = tune({ seconds: 1, sampleRate: 22_050 });
    const usual = songmood.mfcc(pcm, 22_050);
    const small = songmood.mfcc(pcm, 22_050, { nMfcc: 13, hopLength: 256 });
    assert.equal(small.coefficients, 13);
    assert.equal(small.frames, 1 + Math.floor(22_050 / 256));
    assert.equal(small.data.length, small.frames * small.coefficients);
    assert.equal(songmood.mfcc(pcm, 22_050, { padding: "none" }).frames, 1 + Math.floor((22_050 - 2048) / 512));
    /** @type {import("../../pkg/songmood.js").MfccOptions[]} */
    const different = [
      { nMels: 64 },
      { fmin: 300 },
      { fmax: 4000 },
      { topDb: 20 },
      { padding: "reflect" },
      { melScale: "htk" },
    ];
    for (const options of different) {
      const other = songmood.mfcc(pcm, 22_050, options);
      assert.ok(largestDifference(other.data, usual.data) > 1e-2, JSON.stringify(options));
    }
    for (const same of [undefined, null, {}, { nMfcc: 40, fmax: null }, { topDb: 80 }]) {
      const other = songmood.mfcc(pcm, 22_050, /** @type {undefined} */ (same));
      assert.equal(largestDifference(other.data, usual.data), 0, JSON.stringify(same));
    }
  });

  test("refuses what it cannot use", () => {
    const pcm = tune({ seconds: 0.5, sampleRate: 22_050 });
    assertCode(() => songmood.mfcc(new Float32Array(0), 22_050), "empty-audio");
    for (const value of [NaN, Infinity, -Infinity]) {
      assertCode(() => songmood.mfcc(pcm.with(100, value), 22_050), "invalid-samples");
    }
    for (const rate of [0, -1, 7_999, 192_001, 22_050.5, NaN, Infinity, 2 ** 40]) {
      assertCode(() => songmood.mfcc(pcm, rate), "unsupported-sample-rate");
    }
    for (const options of [
      { nMfcc: 0 },
      { nMfcc: 200 },
      { nFft: 0 },
      { hopLength: 0 },
      { nMels: 0 },
      { nMfcc: -1 },
      { nMfcc: "many" },
      { padding: "wrap" },
      { melScale: "bark" },
      { fmin: 9000, fmax: 100 },
      { topDb: -1 },
      { nFft: 2 ** 31 },
    ]) {
      const given = /** @type {import("../../pkg/songmood.js").MfccOptions} */ (options);
      assertCode(() => songmood.mfcc(pcm, 22_050, given), "invalid-options");
    }
    assert.equal(songmood.mfcc(pcm, 22_050).frames, 22);
  });
});

describe("sampleRateOf", () => {
  test("reads a WAV header, and says nothing of other bytes", () => {
    for (const rate of [8_000, 44_100, 48_000, 96_000]) {
      assert.equal(songmood.sampleRateOf(wav(new Float32Array(8), rate)), rate);
    }
    const cut = wav(new Float32Array(8), 44_100).subarray(0, 20);
    for (const bytes of [new Uint8Array(0), new Uint8Array(1000), cut, Buffer.from("not audio")]) {
      assert.equal(songmood.sampleRateOf(bytes), undefined);
    }
  });
});
