// @ts-check
/** The answer in plain words. Pure functions from moods to sentences. */

import { clock, percent } from "./format.js";
import { LIKELY_FROM, meanOf } from "../pkg/view/moments.js";
import { ADJECTIVE, MOODS, ranked, topMood } from "./moods.js";

/** @typedef {import("../types/songmood.d.ts").Mood} Mood */
/** @typedef {import("../types/songmood.d.ts").Analysis} Analysis */
/** @typedef {import("../types/songmood.d.ts").Segment} Segment */
/** @typedef {import("../types/songmood.d.ts").Moment} Moment */
/** @typedef {{ state: "sure" | "unsure" | "silent" | "waiting", mood: Mood | null, headline: string, detail: string }} Words */

/** A mood shorter than this share of what is heard is not worth a word in the sentence. */
const WORTH_A_WORD = 0.15;

/** @param {Mood} mood */
const article = (mood) => (/^[aeiou]/.test(ADJECTIVE[mood]) ? "an" : "a");

/** @param {string} word */
const capital = (word) => word[0].toUpperCase() + word.slice(1);

/** The same sentence with doubt in it. @param {string} sentence */
const probably = (sentence) =>
  sentence.startsWith("It changes: ") ? sentence.replace(": ", ": probably ") : `Probably ${sentence[0].toLowerCase()}${sentence.slice(1)}`;

/** @param {string[]} parts */
const list = (parts) => (parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`);

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
 */
function course(main, heard) {
  const total = heard.reduce((sum, { startS, endS }) => sum + endS - startS, 0);
  const seconds = secondsOf(heard);
  const share = (/** @type {Mood} */ mood) => (seconds.get(mood) ?? 0) / total;
  const others = MOODS.filter((mood) => mood !== main && share(mood) >= WORTH_A_WORD).sort((a, b) => share(b) - share(a));
  const name = capital(ADJECTIVE[main]);
  if (total === 0) return `${name}.`;
  if (others.length === 0) return total < 8 ? `${name}.` : `${name} from start to end.`;

  const first = heard[0];
  const last = heard[heard.length - 1];
  const long = (/** @type {Segment} */ { startS, endS }) => (endS - startS) / total >= WORTH_A_WORD;
  const mostly = share(main) >= 0.5;
  if (mostly && last.mood !== main && long(last) && heard.filter(({ mood }) => mood === last.mood).length === 1) {
    return `Mostly ${ADJECTIVE[main]}, turning ${ADJECTIVE[last.mood]} after ${clock(last.startS)}.`;
  }
  if (mostly && first.mood !== main && long(first) && others.length === 1 && last.mood === main) {
    return `${name}, after ${article(first.mood)} ${ADJECTIVE[first.mood]} beginning.`;
  }
  const passages = list(others.slice(0, 2).map((mood) => ADJECTIVE[mood]));
  if (mostly) return `Mostly ${ADJECTIVE[main]}, with ${passages} passages.`;
  return `It changes: ${ADJECTIVE[main]} on the whole, with ${passages} passages.`;
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
  if (different.length === 0 || heard.every(({ mood, unsure }) => mood === first.mood && !unsure)) return `Not sure. Closest to ${ADJECTIVE[nearest]}.`;
  if (different.length === 1) return `Not sure as a whole: ${ADJECTIVE[first.mood]} from ${clock(first.startS)} to ${clock(clear[0].endS)}.`;
  const then = different.slice(0, 3).map(({ mood, startS }, i) => (i === 0 ? `${ADJECTIVE[mood]} at first` : `${ADJECTIVE[mood]} after ${clock(startS)}`));
  return `Not sure as a whole: ${list(then)}.`;
}

/**
 * Who says what, where the networks differ.
 * @param {{ name: string, moods: import("../types/songmood.d.ts").Moods }[]} models
 * @param {(name: string) => string} shortName
 */
function agreement(models, shortName) {
  const tops = models.map(({ moods }) => topMood(moods));
  if (tops.length < 2) return "";
  if (new Set(tops).size === 1) return tops.length === 2 ? "Both networks agree." : "All networks agree.";
  return `The networks differ: ${list(models.map(({ name }, i) => `${shortName(name)} hears ${ADJECTIVE[tops[i]]}`))}.`;
}

/** What a verdict lacks to be sure. Nothing is surer than certain: such networks were never right often enough. @param {number} sureAbove */
const bound = (sureAbove) => (sureAbove < 1 ? `, and only from ${percent(sureAbove)} on does it count as sure` : "; these networks were not right often enough for any verdict to count as sure");

/**
 * @param {Analysis} analysis
 * @param {Segment[]} segments
 * @param {{ sureAbove: number, shortName: (name: string) => string }} context
 * @returns {Words}
 */
export function songWords(analysis, segments, { sureAbove, shortName }) {
  const { verdict, moods, models, windows } = analysis;
  const adjective = ADJECTIVE[verdict.mood];
  const share = percent(verdict.probability);
  if (windows.length > 0 && windows.every(({ silent }) => silent)) {
    return {
      state: "silent", mood: null, headline: "There is nothing to hear.",
      detail: "Every part of this recording is silent. If it should not be, check the volume it was recorded with, or try another file.",
    };
  }
  const heard = segments.filter(({ silent }) => !silent);
  const [first, second] = ranked(moods);
  if (verdict.unsure && verdict.probability < LIKELY_FROM) {
    return {
      state: "unsure", mood: verdict.mood, headline: unsureCourse(heard, verdict.mood),
      detail: `No mood stands out: ${ADJECTIVE[first]} ${percent(moods[first])}, ${ADJECTIVE[second]} ${percent(moods[second])}. ${agreement(models, shortName)}`.trim(),
    };
  }
  const sentence = course(verdict.mood, heard);
  if (verdict.unsure) {
    return {
      state: "unsure", mood: verdict.mood, headline: probably(sentence),
      detail: `Not quite sure: ${adjective} ${share}${bound(sureAbove)}. ${agreement(models, shortName)}`.trim(),
    };
  }
  return {
    state: "sure", mood: verdict.mood, headline: sentence,
    detail: `${capital(adjective)} with ${share}, both networks together. ${agreement(models, shortName)}`.trim(),
  };
}

/**
 * A song that is still being heard.
 * @param {readonly import("../types/songmood.d.ts").MoodWindow[]} windows
 * @param {string} share how much of it was heard, in words
 * @returns {Words}
 */
export function soFarWords(windows, share) {
  const mean = meanOf(windows);
  const mood = mean && !mean.silent ? topMood(mean.moods) : null;
  const headline = mood ? `So far: ${ADJECTIVE[mood]}.` : "Nothing to hear so far.";
  return { state: "waiting", mood, headline, detail: `${share} heard; the verdict comes with the whole song.` };
}

/**
 * The latest moment of the microphone.
 * @param {Moment | null} moment
 * @param {{ sureAbove: number, waitS: number, shortName: (name: string) => string }} context `waitS`: seconds until the first window is full
 * @returns {Words}
 */
export function liveWords(moment, { sureAbove, waitS, shortName }) {
  if (!moment) {
    const left = Math.ceil(waitS);
    return { state: "waiting", mood: null, headline: "Listening…", detail: left > 0 ? `The first mood comes in ${left} s. Sing, speak or play something.` : "The first mood is being computed." };
  }
  if (moment.silent) return { state: "silent", mood: null, headline: "Silence.", detail: "Nothing to hear just now. Sing, speak or play something." };
  const [mood, second] = ranked(moment.moods);
  const probability = moment.moods[mood];
  if (probability < sureAbove) {
    return {
      state: "unsure", mood, headline: probability < LIKELY_FROM ? `Not sure. Closest to ${ADJECTIVE[mood]}.` : `Probably ${ADJECTIVE[mood]}.`,
      detail: `Now: ${ADJECTIVE[mood]} ${percent(probability)}, ${ADJECTIVE[second]} ${percent(moment.moods[second])}. ${agreement(moment.models, shortName)}`.trim(),
    };
  }
  return {
    state: "sure", mood, headline: `${capital(ADJECTIVE[mood])}.`,
    detail: `Now: ${percent(probability)}, both networks together. ${agreement(moment.models, shortName)}`.trim(),
  };
}
