// @ts-check
/** What the timeline says. */

import { clock, percent } from "./format.js";
import { LABEL, LETTERS, topMood } from "./moods.js";

/** @param {import("../types/songmood.d.ts").Moment} moment */
function moodOf(moment) {
  if (moment.silent) return "silent";
  const mood = topMood(moment.moods);
  return `${LABEL[mood].toLowerCase()} ${percent(moment.moods[mood])}`;
}

/** @type {import("../pkg/view/timeline.js").Words} */
export const TIMELINE_WORDS = {
  position: "Position in the song",
  growing: "Moods since the microphone is on",
  at: (t, endS, moment) => `${clock(t)} of ${clock(endS)}${moment ? `, ${moodOf(moment)}` : ""}`,
  moment: moodOf,
  passages: {
    name: (run) => (run.silent ? "silent" : LABEL[run.mood] + (run.unsure ? "?" : "")),
    short: (run) => (run.silent ? "–" : LETTERS[run.mood]),
  },
};
