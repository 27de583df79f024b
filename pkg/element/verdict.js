// @ts-check
/** What windows say together, where the library has not judged them as a whole. */

import { meanOf } from "../view/moments.js";
import { topMood } from "../view/moods.js";

/**
 * @param {readonly import("../client/types.d.ts").MoodWindow[]} windows not empty
 * @param {import("../client/types.d.ts").Settings} settings
 * @returns {import("./types.d.ts").Verdict}
 */
export function meanVerdict(windows, { sureAbove, tension }) {
  const { moods, valence, arousal } = /** @type {NonNullable<ReturnType<typeof meanOf>>} */ (meanOf(windows, tension));
  const mood = topMood(moods);
  return { mood, probability: moods[mood], unsure: moods[mood] < sureAbove, moods, valence, arousal, windows, analysis: null };
}
