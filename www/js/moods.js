// @ts-check
/** The eight moods and their order; their words are in mood-words.js. */

export { MOODS, mapMoods, ranked, topMood } from "../pkg/view/moods.js";
