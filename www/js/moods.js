// @ts-check
/** The eight moods and their order; their words are in mood-words.js. */

/** @typedef {import("../types/songmood.d.ts").Mood} Mood */
/** @typedef {import("../types/songmood.d.ts").Moods} Moods */

/** RAVDESS's own order, the order of every list of moods on the page. @type {readonly Mood[]} */
export const MOODS = ["neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"];

/**
 * The likeliest mood; of equals, the first in order.
 * @param {Moods} moods
 * @returns {Mood}
 */
export function topMood(moods) {
  let top = MOODS[0];
  for (const mood of MOODS) if (moods[mood] > moods[top]) top = mood;
  return top;
}

/**
 * Moods from likely to unlikely.
 * @param {Moods} moods
 * @returns {Mood[]}
 */
export function ranked(moods) {
  return [...MOODS].sort((a, b) => moods[b] - moods[a]);
}

/**
 * @param {(mood: Mood) => number} value
 * @returns {Moods}
 */
export function mapMoods(value) {
  return /** @type {Moods} */ (Object.fromEntries(MOODS.map((mood) => [mood, value(mood)])));
}
