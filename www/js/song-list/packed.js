// @ts-check
/**
 * A heard song in little memory. As objects, the windows of ten hours take some hundred megabytes; in one array of
 * numbers they take eight. Nothing is rounded: what comes out is what went in.
 */

import { MOODS, mapMoods } from "../moods.js";

/** @typedef {import("../../pkg/client/analyse.js").Heard} Heard */
/** @typedef {import("../../types/songmood.d.ts").Analysis} Analysis */
/** @typedef {import("../../types/songmood.d.ts").MoodWindow} MoodWindow */
/** @typedef {import("../../types/songmood.d.ts").Moods} Moods */

/**
 * `windows`: for each window start and end in seconds, 1 if silent, valence, arousal, the moods of all networks
 * together, and those of each network of `names`.
 * @typedef {Omit<Heard, "analysis"> & { analysis: Omit<Analysis, "windows">, names: string[], windows: Float64Array }} Packed
 */

const BEFORE_MOODS = 5;

/** Numbers of one window. @param {number} networks */
const stride = (networks) => BEFORE_MOODS + MOODS.length * (1 + networks);

/** @param {Heard} heard @returns {Packed} */
export function pack({ analysis: { windows, ...analysis }, ...rest }) {
  const names = (windows[0]?.models ?? analysis.models).map(({ name }) => name);
  const numbers = new Float64Array(windows.length * stride(names.length));
  windows.forEach(({ startS, endS, silent, valence, arousal, moods, models }, i) => {
    const lists = [moods, ...models.map((model) => model.moods)];
    numbers.set([startS, endS, silent ? 1 : 0, valence, arousal, ...lists.flatMap((list) => MOODS.map((mood) => list[mood]))], i * stride(names.length));
  });
  return { ...rest, analysis, names, windows: numbers };
}

/** How many windows there are. @param {Packed} packed */
export const windowCount = ({ windows, names }) => windows.length / stride(names.length);

/** @param {Packed} packed @param {number} index @returns {MoodWindow} */
export function windowAt({ windows, names }, index) {
  const at = index * stride(names.length);
  const [startS, endS, silent, valence, arousal] = windows.subarray(at, at + BEFORE_MOODS);
  /** @param {number} list @returns {Moods} */
  const moods = (list) => mapMoods((mood) => windows[at + BEFORE_MOODS + list * MOODS.length + MOODS.indexOf(mood)]);
  return { startS, endS, silent: silent === 1, valence, arousal, moods: moods(0), models: names.map((name, i) => ({ name, moods: moods(i + 1) })) };
}

/**
 * Windows spread evenly over the song, enough for a small picture.
 * @param {Packed} packed
 * @param {number} most
 */
export function someWindows(packed, most) {
  const count = windowCount(packed);
  const taken = Math.min(count, most);
  return Array.from({ length: taken }, (_, i) => windowAt(packed, taken < 2 ? 0 : Math.round((i * (count - 1)) / (taken - 1))));
}

/** @param {Packed} packed @returns {Heard} */
export function unpack(packed) {
  const { analysis, names: _names, windows: _windows, ...rest } = packed;
  return { ...rest, analysis: { ...analysis, windows: Array.from({ length: windowCount(packed) }, (_, i) => windowAt(packed, i)) } };
}

/** Is there nothing to hear in it? @param {Packed} packed */
export function isSilent({ windows, names }) {
  for (let at = 2; at < windows.length; at += stride(names.length)) if (windows[at] === 0) return false;
  return true;
}
