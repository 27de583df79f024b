// @ts-check
/** What the windows say at a time, over a range, and as runs of one mood. No drawing here. */

import { mapMoods, topMood } from "./moods.js";

/** @typedef {import("../client/types.d.ts").Mood} Mood */
/** @typedef {import("../client/types.d.ts").Moods} Moods */
/** @typedef {import("../client/types.d.ts").Moment} Moment */
/** @typedef {import("../client/types.d.ts").MoodWindow} MoodWindow */
/** @typedef {import("../client/types.d.ts").Segment} Segment */
/** @typedef {import("../client/types.d.ts").Settings["tension"]} Tension */

/** From here on a mood is likelier than all others together; below, no mood can be named without a question mark. */
export const LIKELY_FROM = 0.5;

/** Arousal this far from 0 makes tension wholly angry or wholly fearful; within, the two share it. The library's own number. */
const BETWEEN_ANGRY_AND_FEARFUL = 0.03;

/** @param {MoodWindow} window */
const centre = (window) => (window.startS + window.endS) / 2;

/**
 * Index of the last window whose centre is not after `t`, or −1. Windows are in order of time.
 * @param {readonly MoodWindow[]} windows
 * @param {number} t seconds
 */
function lastCentred(windows, t) {
  let low = 0;
  let high = windows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (centre(windows[middle]) <= t) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * @param {Moods} a
 * @param {Moods} b
 * @param {number} share of b, 0 … 1
 */
const blend = (a, b, share) => mapMoods((mood) => a[mood] + (b[mood] - a[mood]) * share);

/**
 * The moods at a time. Windows overlap, so between two centres the truth lies between the two windows;
 * a silent window is never blended with one that has sound.
 * @param {readonly MoodWindow[]} windows
 * @param {number} t seconds
 * @returns {Moment | null} null where there are no windows
 */
export function momentAt(windows, t) {
  if (windows.length === 0) return null;
  const i = lastCentred(windows, t);
  if (i < 0) return windows[0];
  if (i === windows.length - 1) return windows[i];
  const [a, b] = [windows[i], windows[i + 1]];
  const share = (t - centre(a)) / (centre(b) - centre(a));
  if (a.silent !== b.silent) return share < 0.5 ? a : b;
  return {
    moods: blend(a.moods, b.moods, share),
    valence: a.valence + (b.valence - a.valence) * share,
    arousal: a.arousal + (b.arousal - a.arousal) * share,
    models: a.models.map((model, m) => ({ name: model.name, moods: blend(model.moods, b.models[m].moods, share) })),
    silent: a.silent,
  };
}

/**
 * The moods with tension told by arousal. A mean has to be told anew: windows on both sides of an arousal of 0 call the same
 * tension by two names.
 * @param {Moods} moods
 * @param {number} arousal
 * @param {Tension} tension
 * @returns {Moods}
 */
function telling(moods, arousal, tension) {
  if (tension === "apart") return moods;
  const tense = moods.angry + moods.fearful;
  const angry = tense * Math.min(1, Math.max(0, 0.5 + arousal / (2 * BETWEEN_ANGRY_AND_FEARFUL)));
  return { ...moods, angry, fearful: tense - angry };
}

/**
 * The mean over windows, those that are silent left out unless all are.
 * @param {readonly MoodWindow[]} windows
 * @param {Tension} tension how the networks tell angry and fearful apart
 * @returns {Moment | null}
 */
export function meanOf(windows, tension) {
  if (windows.length === 0) return null;
  const heard = windows.filter((window) => !window.silent);
  const from = heard.length > 0 ? heard : windows;
  /** @param {(window: MoodWindow) => number} value */
  const mean = (value) => from.reduce((sum, window) => sum + value(window), 0) / from.length;
  const arousal = mean((window) => window.arousal);
  const silent = heard.length === 0;
  // A network's own arousal is not told, so that of all of them stands for it.
  /** @param {(window: MoodWindow) => Moods} of */
  const moods = (of) => telling(mapMoods((mood) => mean((window) => of(window)[mood])), arousal, silent ? "apart" : tension);
  return {
    moods: moods((window) => window.moods),
    valence: mean((window) => window.valence),
    arousal,
    models: from[0].models.map(({ name }, m) => ({ name, moods: moods((window) => window.models[m].moods) })),
    silent,
  };
}

/**
 * What the windows say of a part: those whose centres lie in it, or the one nearest to its middle.
 * @param {readonly MoodWindow[]} windows
 * @param {import("../client/types.d.ts").Range} range
 * @param {Tension} tension
 */
export function meanWithin(windows, { startS, endS }, tension) {
  const within = windows.slice(lastCentred(windows, startS) + 1, lastCentred(windows, endS) + 1);
  return within.length > 0 ? meanOf(within, tension) : momentAt(windows, (startS + endS) / 2);
}

/**
 * Where each window's own stretch of the timeline begins and ends: halfway to its neighbours.
 * @param {readonly MoodWindow[]} windows
 * @param {number} i
 * @param {number} startS where the timeline begins
 * @param {number} endS where it ends
 */
function stretch(windows, i, startS, endS) {
  return {
    startS: i === 0 ? startS : (centre(windows[i - 1]) + centre(windows[i])) / 2,
    endS: i === windows.length - 1 ? endS : (centre(windows[i]) + centre(windows[i + 1])) / 2,
  };
}

/** @param {number[]} values not empty */
const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/**
 * Runs of one mood. A run shorter than `shortestS` joins the longer of its neighbours, so that a single odd window
 * does not cut a passage in two.
 * @param {readonly MoodWindow[]} windows
 * @param {{ startS?: number, endS: number, shortestS: number, tension?: Tension }} options `tension` matters to what each network said
 * @returns {Segment[]}
 */
export function segments(windows, { startS = 0, endS, shortestS, tension = "apart" }) {
  /** Each holds the windows `from` to before `to`. @type {{ key: string, startS: number, endS: number, from: number, to: number }[]} */
  const runs = [];
  windows.forEach((window, i) => {
    const key = window.silent ? "silent" : topMood(window.moods);
    const own = stretch(windows, i, startS, endS);
    const last = runs.at(-1);
    if (last?.key === key) Object.assign(last, { endS: own.endS, to: i + 1 });
    else runs.push({ key, ...own, from: i, to: i + 1 });
  });

  const length = (/** @type {number} */ i) => (i in runs ? runs[i].endS - runs[i].startS : -1);
  while (runs.length > 1) {
    // A plain loop: an hour may begin with a thousand runs and more.
    let shortest = 0;
    for (let i = 1; i < runs.length; i++) if (runs[i].endS - runs[i].startS < length(shortest)) shortest = i;
    if (length(shortest) >= shortestS) break;
    const { key } = runs[length(shortest - 1) >= length(shortest + 1) ? shortest - 1 : shortest + 1];
    runs[shortest].key = key;
    const first = runs[shortest - 1]?.key === key ? shortest - 1 : shortest;
    const last = runs[shortest + 1]?.key === key ? shortest + 1 : shortest;
    const { startS: from, from: fromWindow } = runs[first];
    runs.splice(first, last - first + 1, { key, startS: from, endS: runs[last].endS, from: fromWindow, to: runs[last].to });
  }

  return runs.map((run) => {
    const own = windows.slice(run.from, run.to);
    const mean = /** @type {Moment} */ (meanOf(own, tension));
    const mood = run.key === "silent" ? topMood(mean.moods) : /** @type {Mood} */ (run.key);
    // The middle window's, not the mean: a run takes in odd windows at its edges, and they should not count against it.
    const certainty = middle(own.map(({ moods }) => moods[mood]));
    const silent = run.key === "silent";
    return {
      startS: run.startS, endS: run.endS, mood, certainty, silent,
      unsure: !silent && certainty < LIKELY_FROM,
      said: mean.models.map(({ moods }) => (silent ? null : topMood(moods))),
    };
  });
}

/**
 * How short a run may be to be told apart: two seconds, more in a long song.
 * @param {number} durationS
 */
export const shortestRun = (durationS) => Math.max(2, durationS * 0.03);
