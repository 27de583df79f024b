// @ts-check
/** What the timeline says, in the page's language. */

import { clock, percent } from "./format.js";
import { message } from "./language/language.js";
import { adjectiveOf, labelOf, lettersOf } from "./mood-words.js";
import { topMood } from "./moods.js";

/** @param {import("../types/songmood.d.ts").Moment} moment */
function momentWords({ silent, moods }) {
  const mood = topMood(moods);
  return silent ? message("timeline.silent") : message("timeline.moment", { mood: adjectiveOf(mood), share: percent(moods[mood]) });
}

/** What a passage is called. @param {import("../types/songmood.d.ts").Segment} run */
function passageName({ mood, silent, unsure }) {
  if (silent) return message("timeline.silent");
  return unsure ? message("mood.unsureShort", { mood: labelOf(mood) }) : labelOf(mood);
}

/** @type {import("../pkg/view/timeline.js").Words} */
export const TIMELINE_WORDS = {
  get position() {
    return message("timeline.position");
  },
  get growing() {
    return message("timeline.livePosition");
  },
  at(t, endS, moment) {
    const times = { time: clock(t), length: clock(endS) };
    return moment ? message("timeline.atMoment", { ...times, moment: momentWords(moment) }) : message("timeline.at", times);
  },
  moment: momentWords,
  passages: { name: passageName, short: ({ silent, mood }) => (silent ? "–" : lettersOf(mood)) },
};
