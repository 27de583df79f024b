// @ts-check
/** The answer in plain words. Pure functions from moods to sentences of the page's language. */

import { capital, clock, listed, percent, sentences, steps } from "./format.js";
import { message } from "./language/language.js";
import { LIKELY_FROM, meanOf } from "../pkg/view/moments.js";
import { adjectiveOf } from "./mood-words.js";
import { MOODS, ranked, topMood } from "./moods.js";

/** @typedef {import("../types/songmood.d.ts").Mood} Mood */
/** @typedef {import("../types/songmood.d.ts").Moods} Moods */
/** @typedef {import("../types/songmood.d.ts").Analysis} Analysis */
/** @typedef {import("../types/songmood.d.ts").Segment} Segment */
/** @typedef {import("../types/songmood.d.ts").Moment} Moment */
/** @typedef {{ state: "sure" | "unsure" | "silent" | "waiting", mood: Mood | null, headline: string, detail: string }} Words */

/** A mood shorter than this share of what is heard is not worth a word in the sentence. */
const WORTH_A_WORD = 0.15;

/** How a network judges alone, two together, or more. @param {number} networks @returns {"one" | "both" | "all"} */
export const together = (networks) => (networks < 2 ? "one" : networks === 2 ? "both" : "all");

/**
 * Seconds of every mood.
 * @param {Segment[]} segments
 */
function secondsOf(segments) {
  /** @type {Map<Mood, number>} */
  const seconds = new Map();
  for (const { mood, startS, endS } of segments) seconds.set(mood, (seconds.get(mood) ?? 0) + endS - startS);
  return seconds;
}

/**
 * How the main mood runs through the song.
 * @param {Mood} main
 * @param {Segment[]} heard segments with sound
 * @param {"sure" | "likely"} how
 */
function course(main, heard, how) {
  const total = heard.reduce((sum, { startS, endS }) => sum + endS - startS, 0);
  const seconds = secondsOf(heard);
  const share = (/** @type {Mood} */ mood) => (seconds.get(mood) ?? 0) / total;
  const others = MOODS.filter((mood) => mood !== main && share(mood) >= WORTH_A_WORD).sort((a, b) => share(b) - share(a));
  const mood = adjectiveOf(main);
  if (total === 0) return message(`verdict.${how}.plain`, { mood });
  if (others.length === 0) return message(total < 8 ? `verdict.${how}.plain` : `verdict.${how}.throughout`, { mood });

  const first = heard[0];
  const last = heard[heard.length - 1];
  const long = (/** @type {Segment} */ { startS, endS }) => (endS - startS) / total >= WORTH_A_WORD;
  const mostly = share(main) >= 0.5;
  if (mostly && last.mood !== main && long(last) && heard.filter(({ mood }) => mood === last.mood).length === 1) {
    return message(`verdict.${how}.turning`, { mood, last: adjectiveOf(last.mood), time: clock(last.startS) });
  }
  if (mostly && first.mood !== main && long(first) && others.length === 1 && last.mood === main) {
    return message(`verdict.${how}.beginning`, { mood, first: adjectiveOf(first.mood) });
  }
  const passages = listed(others.slice(0, 2).map(adjectiveOf));
  return message(mostly ? `verdict.${how}.passages` : `verdict.${how}.changing`, { mood, others: passages });
}

/**
 * What a song says in time order where no mood stands out as a whole.
 * @param {Segment[]} heard
 * @param {Mood} nearest
 */
function unsureCourse(heard, nearest) {
  const clear = heard.filter(({ unsure }) => !unsure);
  const different = clear.filter((segment, i) => i === 0 || segment.mood !== clear[i - 1].mood);
  const [first] = different;
  if (different.length === 0 || heard.every(({ mood, unsure }) => mood === first.mood && !unsure)) return message("verdict.unsure.nearest", { mood: adjectiveOf(nearest) });
  if (different.length === 1) return message("verdict.unsure.stretch", { mood: adjectiveOf(first.mood), start: clock(first.startS), end: clock(clear[0].endS) });
  const then = different.slice(0, 3).map(({ mood, startS }, i) => message(i === 0 ? "verdict.unsure.atFirst" : "verdict.unsure.after", { mood: adjectiveOf(mood), time: clock(startS) }));
  return message("verdict.unsure.course", { course: steps(then) });
}

/**
 * Who says what, where the networks differ.
 * @param {{ name: string, moods: Moods }[]} models
 * @param {(name: string) => string} shortName
 */
function agreement(models, shortName) {
  const tops = models.map(({ moods }) => topMood(moods));
  if (tops.length < 2) return "";
  if (new Set(tops).size === 1) return message(tops.length === 2 ? "verdict.agree.both" : "verdict.agree.all");
  return message("verdict.differ", { said: steps(models.map(({ name }, i) => message("verdict.hears", { network: shortName(name), mood: adjectiveOf(tops[i]) }))) });
}

/** The two likeliest moods, to be named. @param {Moods} moods */
function likeliest(moods) {
  const [first, second] = ranked(moods);
  return { first: adjectiveOf(first), firstShare: percent(moods[first]), second: adjectiveOf(second), secondShare: percent(moods[second]) };
}

/**
 * @param {Analysis} analysis
 * @param {Segment[]} segments
 * @param {{ sureAbove: number, shortName: (name: string) => string }} context
 * @returns {Words}
 */
export function songWords(analysis, segments, { sureAbove, shortName }) {
  const { verdict, moods, models, windows } = analysis;
  if (windows.length > 0 && windows.every(({ silent }) => silent)) {
    return { state: "silent", mood: null, headline: message("verdict.silent"), detail: message("verdict.silentDetail") };
  }
  const heard = segments.filter(({ silent }) => !silent);
  const values = { mood: adjectiveOf(verdict.mood), share: percent(verdict.probability), bound: percent(sureAbove) };
  /** @param {"sure" | "unsure"} state @param {string} headline @param {string} detail @returns {Words} */
  const words = (state, headline, detail) => ({ state, mood: verdict.mood, headline: capital(headline), detail: sentences(capital(detail), agreement(models, shortName)) });
  if (!verdict.unsure) return words("sure", course(verdict.mood, heard, "sure"), message(`verdict.detail.sure.${together(models.length)}`, values));
  if (verdict.probability < LIKELY_FROM) return words("unsure", unsureCourse(heard, verdict.mood), message("verdict.detail.none", likeliest(moods)));
  // Nothing is surer than certain: networks with such a bound were never right often enough.
  return words("unsure", course(verdict.mood, heard, "likely"), message(sureAbove < 1 ? "verdict.detail.bound" : "verdict.detail.never", values));
}

/**
 * A song that is still being heard.
 * @param {readonly import("../types/songmood.d.ts").MoodWindow[]} windows
 * @param {number} share how much of it was heard, 0 … 1
 * @param {import("../types/songmood.d.ts").Settings["tension"]} tension
 * @returns {Words}
 */
export function soFarWords(windows, share, tension) {
  const mean = meanOf(windows, tension);
  const mood = mean && !mean.silent ? topMood(mean.moods) : null;
  const headline = mood ? message("verdict.soFar", { mood: adjectiveOf(mood) }) : message("verdict.soFarSilent");
  return { state: "waiting", mood, headline, detail: message("verdict.soFarDetail", { share: percent(share) }) };
}

/**
 * The latest moment of the microphone, or all of them together.
 * @param {Moment | null} moment
 * @param {{ sureAbove: number, waitS: number, shortName: (name: string) => string, over?: "now" | "whole" }} context `waitS`: seconds until the first window is full
 * @returns {Words}
 */
export function liveWords(moment, { sureAbove, waitS, shortName, over = "now" }) {
  if (!moment) {
    const left = Math.ceil(waitS);
    return { state: "waiting", mood: null, headline: message("live.listening"), detail: left > 0 ? message("live.firstIn", { seconds: left }) : message("live.firstNow") };
  }
  if (moment.silent) return { state: "silent", mood: null, headline: message("live.silence"), detail: message("live.silenceDetail") };
  const [mood] = ranked(moment.moods);
  const probability = moment.moods[mood];
  const sure = probability >= sureAbove;
  const headline = message(sure ? "verdict.sure.plain" : probability < LIKELY_FROM ? "verdict.unsure.nearest" : "verdict.likely.plain", { mood: adjectiveOf(mood) });
  const detail = sure ? message(`live.${over}.${together(moment.models.length)}`, { share: percent(probability) }) : message(`live.${over}.unsure`, likeliest(moment.moods));
  return { state: sure ? "sure" : "unsure", mood, headline: capital(headline), detail: sentences(detail, agreement(moment.models, shortName)) };
}
