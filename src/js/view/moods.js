// @ts-check
/** The eight moods: their order, and what can be done with a number for each. Their words are the surface's that shows them. */

/** @typedef {import("../client/types.d.ts").Mood} Mood */
/** @typedef {import("../client/types.d.ts").Moods} Moods */

/** RAVDESS's own order, the order of every list of moods. @type {readonly Mood[]} */
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
