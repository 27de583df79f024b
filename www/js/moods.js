// @ts-check
/** The eight moods: their order, their words and their two letters. */

/** @typedef {import("../types/songmood.d.ts").Mood} Mood */
/** @typedef {import("../types/songmood.d.ts").Moods} Moods */

/** RAVDESS's own order, the order of every list of moods on the page. @type {readonly Mood[]} */
export const MOODS = ["neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"];

/** As a heading. @type {Record<Mood, string>} */
export const LABEL = {
  neutral: "Neutral", calm: "Calm", happy: "Happy", sad: "Sad",
  angry: "Angry", fearful: "Fearful", disgust: "Disgust", surprised: "Surprised",
};

/** As an adjective inside a sentence. @type {Record<Mood, string>} */
export const ADJECTIVE = {
  neutral: "neutral", calm: "calm", happy: "happy", sad: "sad",
  angry: "angry", fearful: "fearful", disgust: "disgusted", surprised: "surprised",
};

/** Where there is no room for a word; no two moods share their letters. @type {Record<Mood, string>} */
export const LETTERS = {
  neutral: "Ne", calm: "Ca", happy: "Ha", sad: "Sa", angry: "An", fearful: "Fe", disgust: "Di", surprised: "Su",
};

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
