// @ts-check
/** The way a song takes over the plane of valence and arousal, and its places in words. No drawing here. */

import { capital, sentences, signed } from "./format.js";
import { message } from "./language/language.js";
import { adjectiveOf } from "./mood-words.js";
import { MOODS } from "./moods.js";

/** @typedef {import("../types/songmood.d.ts").MoodWindow} MoodWindow */
/** @typedef {import("../types/songmood.d.ts").Circumplex} Circumplex */
/** @typedef {import("./language/language.js").Key} Key */
/** @typedef {{ valence: number, arousal: number }} Place each −1 … 1 */
/** @typedef {Place & { t: number }} Point t in seconds */

/** More points than this are not told apart on a plane of this size. */
const MOST_POINTS = 240;
/** How near the middle of an axis counts as the middle. */
const MIDDLE = 0.12;

/**
 * The path, cut where it is silent. In a long song several windows make one point.
 * @param {readonly MoodWindow[]} windows
 * @returns {Point[][]}
 */
export function pathOf(windows) {
  const together = Math.max(1, Math.ceil(windows.length / MOST_POINTS));
  /** @type {Point[][]} */
  const parts = [];
  /** @type {Point[]} */
  let part = [];
  for (let i = 0; i < windows.length; i += together) {
    const heard = windows.slice(i, i + together).filter(({ silent }) => !silent);
    if (heard.length === 0) {
      part = [];
      continue;
    }
    /** @param {(window: MoodWindow) => number} value */
    const mean = (value) => heard.reduce((sum, window) => sum + value(window), 0) / heard.length;
    if (part.length === 0) parts.push(part);
    part.push({ t: mean(({ startS, endS }) => (startS + endS) / 2), valence: mean(({ valence }) => valence), arousal: mean(({ arousal }) => arousal) });
  }
  return parts;
}

/**
 * The last stretch of the path before a time, which ends where the playback is.
 * @param {readonly Point[][]} parts
 * @param {number} t seconds
 * @param {number} seconds
 * @returns {Point[]}
 */
export function trailOf(parts, t, seconds) {
  const part = parts.findLast(([first]) => first.t <= t);
  return part?.filter((point) => point.t <= t && point.t >= t - seconds) ?? [];
}

/**
 * The mood whose word lies nearest.
 * @param {Place} place
 * @param {Circumplex} places
 */
export function nearestMood({ valence, arousal }, places) {
  const far = (/** @type {import("../types/songmood.d.ts").Mood} */ mood) => Math.hypot(places[mood].valence - valence, places[mood].arousal - arousal);
  return MOODS.reduce((best, mood) => (far(mood) < far(best) ? mood : best));
}

/** @param {number} value @param {[low: Key, middle: Key, high: Key]} keys */
const side = (value, [low, middle, high]) => message(value < -MIDDLE ? low : value > MIDDLE ? high : middle);

/**
 * "pleasant and still (valence +0.31, arousal −0.20), nearest to calm".
 * @param {Place} place
 * @param {Circumplex} places
 */
export function placeWords(place, places) {
  const { valence, arousal } = place;
  return message("plane.place", {
    valenceWord: side(valence, ["feeling.unpleasant", "plane.middleValence", "feeling.pleasant"]),
    arousalWord: side(arousal, ["feeling.still", "plane.middleArousal", "feeling.stirred"]),
    valence: signed(valence), arousal: signed(arousal), mood: adjectiveOf(nearestMood(place, places)),
  });
}

/**
 * The whole path in a sentence or two, for those who cannot see it.
 * @param {readonly Point[][]} parts
 * @param {Place | null} whole
 * @param {Circumplex} places
 */
export function pathWords(parts, whole, places) {
  const points = parts.flat();
  if (points.length === 0) return message("plane.empty");
  const text = whole ? [message("plane.whole", { place: placeWords(whole, places) })] : [];
  if (points.length > 1) text.push(message("plane.course", { first: placeWords(points[0], places), last: placeWords(points[points.length - 1], places) }));
  return sentences(...text.map(capital));
}
