// @ts-check
/** What the waveform, the mel spectrogram and the MFCC heat map show, for a stretch of time and a width. No drawing here. */

import { clock, decibels, grouped } from "./format.js";
import { message } from "./language/language.js";

/** @typedef {import("../types/songmood.d.ts").Picture} Picture */
/** @typedef {import("../types/songmood.d.ts").PictureKind} PictureKind */
/** @typedef {{ startS: number, endS: number, widthPx: number }} Stretch */
/** @typedef {{ width: number, height: number, levels: Float32Array }} Heat levels 0 … 1, row by row from the top; NaN where nothing is known yet */

/** What lies this far below the loudest is as good as silent, as librosa's `top_db` has it. */
const RANGE_DB = 80;
/** The heat map's ends, in standard deviations of a coefficient. */
const DEVIATIONS = 2.5;

/**
 * The picture's columns that a pixel stands for: `from` to before `to`; none beyond the picture's end.
 * @param {Picture} picture
 * @param {Stretch} stretch
 * @param {number} x
 */
function columnsAt({ columns, columnS }, { startS, endS, widthPx }, x) {
  const perPx = (endS - startS) / widthPx;
  const from = Math.max(0, Math.floor((startS + x * perPx) / columnS));
  return { from, to: Math.min(columns, Math.max(from + 1, Math.floor((startS + (x + 1) * perPx) / columnS))) };
}

/**
 * @param {Picture} picture
 * @param {Stretch} stretch
 * @param {(value: number, row: number) => number} level of a value
 * @returns {Heat}
 */
function heat(picture, stretch, level) {
  const { rows, data } = picture;
  const width = Math.max(1, Math.round(stretch.widthPx));
  const levels = new Float32Array(width * rows).fill(NaN);
  for (let x = 0; x < width; x++) {
    const { from, to } = columnsAt(picture, { ...stretch, widthPx: width }, x);
    for (let row = 0; row < rows && from < to; row++) {
      let sum = 0;
      for (let column = from; column < to; column++) sum += data[column * rows + row];
      levels[(rows - 1 - row) * width + x] = Math.max(0, Math.min(1, level(sum / (to - from), row)));
    }
  }
  return { width, height: rows, levels };
}

/** @param {Float32Array} data */
const largest = (data) => data.reduce((top, value) => Math.max(top, value), -Infinity);

/**
 * The mel spectrogram: 1 is the loudest of the song, 0 is 80 dB below it.
 * @param {Picture} picture in dB
 * @param {Stretch} stretch
 */
export function melHeat(picture, stretch) {
  const top = largest(picture.data);
  return heat(picture, stretch, (db) => 1 + (db - top) / RANGE_DB);
}

/**
 * MFCCs, each coefficient by its own mean (0.5) and spread over the song: the first would drown the others.
 * @param {Picture} picture
 * @param {Stretch} stretch
 */
export function mfccHeat(picture, stretch) {
  const { rows, columns, data } = picture;
  const scales = Array.from({ length: rows }, (_, row) => {
    let [sum, squares] = [0, 0];
    for (let i = row; i < data.length; i += rows) {
      sum += data[i];
      squares += data[i] ** 2;
    }
    const mean = sum / columns;
    return { mean, deviation: Math.sqrt(Math.max(0, squares / columns - mean ** 2)) };
  });
  return heat(picture, stretch, (value, row) => {
    const { mean, deviation } = scales[row];
    return deviation > 1e-6 ? 0.5 + (value - mean) / (2 * DEVIATIONS * deviation) : 0.5;
  });
}

/**
 * The waveform: for each pixel the extremes and the level, as shares of the song's own peak.
 * @param {Picture} picture smallest, largest, root mean square
 * @param {Stretch} stretch
 * @returns {({ low: number, high: number, level: number } | null)[]} −1 … 1; null where nothing is known yet
 */
export function waveBars(picture, stretch) {
  const { data } = picture;
  const peak = Math.max(1e-4, data.reduce((top, value) => Math.max(top, Math.abs(value)), 0));
  return Array.from({ length: Math.max(1, Math.round(stretch.widthPx)) }, (_, x) => {
    const { from, to } = columnsAt(picture, stretch, x);
    if (from >= to) return null;
    let [low, high, power] = [Infinity, -Infinity, 0];
    for (let column = from; column < to; column++) {
      low = Math.min(low, data[column * 3]);
      high = Math.max(high, data[column * 3 + 1]);
      power += data[column * 3 + 2] ** 2;
    }
    return { low: low / peak, high: high / peak, level: Math.sqrt(power / (to - from)) / peak };
  });
}

/**
 * Where lines for round frequencies lie.
 * @param {Float32Array} centres of the mel bands in Hz, rising
 * @returns {{ hertz: number, share: number }[]} share of the height, from the bottom
 */
export function frequencyMarks(centres) {
  return [200, 1000, 5000].filter((hertz) => hertz < (centres.at(-1) ?? 0)).map((hertz) => {
    const above = centres.findIndex((centre) => centre >= hertz);
    const below = Math.max(0, above - 1);
    const part = above > below ? (hertz - centres[below]) / (centres[above] - centres[below]) : 0;
    return { hertz, share: (below + part + 0.5) / centres.length };
  });
}

/**
 * The picture in a sentence, for those who cannot see it.
 * @param {PictureKind} kind
 * @param {Picture} picture
 * @param {Float32Array} centres of the mel bands in Hz
 */
export function pictureWords(kind, picture, centres) {
  const { columns, rows, columnS, data } = picture;
  if (columns === 0) return "";
  if (kind === "mfcc") return message("picture.mfccWords", { coefficients: rows });
  if (kind === "waveform") {
    let loudest = 0;
    for (let column = 1; column < columns; column++) if (data[column * 3 + 2] > data[loudest * 3 + 2]) loudest = column;
    const peak = data.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
    return message("picture.waveformWords", { time: clock(loudest * columnS), decibels: grouped(Math.abs(decibels(peak))) });
  }
  const means = Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let i = row; i < data.length; i += rows) sum += data[i];
    return sum / columns;
  });
  const strongest = means.indexOf(Math.max(...means));
  return message("picture.melWords", { bands: rows, kilohertz: Math.round((centres.at(-1) ?? 0) / 1000), hertz: Math.round(centres[strongest] ?? 0) });
}
