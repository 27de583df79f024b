// @ts-check
/** The eight moods in words and in two letters. */

export { MOODS, mapMoods, ranked, topMood } from "../pkg/view/moods.js";

/** @typedef {import("../types/songmood.d.ts").Mood} Mood */

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
