// What the package's tests expect of more than one function.

import assert from "node:assert/strict";

/** The eight moods in their order. */
export const MOODS = /** @type {const} */ ([
  "neutral",
  "calm",
  "happy",
  "sad",
  "angry",
  "fearful",
  "disgust",
  "surprised",
]);

/**
 * Asserts that a call throws an `Error` with this code and a message that says something.
 *
 * @param {() => unknown} work
 * @param {string} code
 */
export function assertCode(work, code) {
  assert.throws(work, (error) => {
    assert.ok(error instanceof Error, `${error} is no Error`);
    assert.equal(/** @type {Error & { code?: string }} */ (error).code, code, error.message);
    assert.ok(error.message.length > 15, `"${error.message}" says little`);
    return true;
  });
}

/**
 * Asserts that probabilities are some, sum to 1 and stand in their order, and that the plane's axes are kept.
 *
 * @typedef {import("../../../pkg/songmood.js").Moods} Moods
 * @param {{ moods: Moods, valence: number, arousal: number, models: { moods: Moods }[] }} judged
 */
export function assertMoods(judged) {
  for (const { moods } of [judged, ...judged.models]) {
    assert.deepEqual(Object.keys(moods), MOODS);
    const values = Object.values(moods);
    assert.ok(values.every((value) => value >= 0 && value <= 1));
    assert.ok(Math.abs(values.reduce((sum, value) => sum + value, 0) - 1) < 1e-5);
  }
  assert.ok(Math.abs(judged.valence) <= 1 && Math.abs(judged.arousal) <= 1);
}
