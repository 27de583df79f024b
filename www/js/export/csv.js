// @ts-check
/** Tables as comma-separated values (RFC 4180), for spreadsheets and for programs. */

import { MOODS, topMood } from "../moods.js";
import { codeOf } from "../errors.js";
import { isSilent, windowAt, windowCount } from "../song-list/packed.js";

/** @typedef {import("../song-list/packed.js").Packed} Packed */
/** @typedef {{ name: string, result: Packed | null, error?: unknown }} Exported */
/** @typedef {string | number | boolean | undefined} Value */

/** Without it Excel reads UTF-8 as something else. */
export const BYTE_ORDER_MARK = "\uFEFF";

/**
 * One field. A text that a spreadsheet would take for a formula gets an apostrophe before it, as OWASP advises: a file's name can
 * be anybody's.
 * @param {Value} value
 */
export function field(value) {
  if (value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @param {readonly Value[]} values */
export const line = (values) => `${values.map(field).join(",")}\r\n`;

/** Networks' names over all songs, in order; songs may have been heard by different ones. @param {readonly Exported[]} songs */
const networksOf = (songs) => [...new Set(songs.flatMap(({ result }) => result?.names ?? []))];

/** @param {readonly string[]} networks */
const moodColumns = (networks) => [...MOODS, ...networks.flatMap((name) => MOODS.map((mood) => `${name}_${mood}`))];

/**
 * @param {import("../../types/songmood.d.ts").Moods} moods
 * @param {readonly { name: string, moods: import("../../types/songmood.d.ts").Moods }[]} models
 * @param {readonly string[]} networks
 */
const moodValues = (moods, models, networks) => [moods, ...networks.map((name) => models.find((model) => model.name === name)?.moods)].flatMap((list) => MOODS.map((mood) => list?.[mood]));

/**
 * A line for each song; one that could not be heard has its reason in `error`.
 * @param {readonly Exported[]} songs
 */
export function* summaryCsv(songs) {
  const networks = networksOf(songs);
  yield line(["name", "heard_as", "mood", "probability", "unsure", "silent", "valence", "arousal", "duration_s", "sample_rate", ...moodColumns(networks), "error"]);
  for (const { name, result, error } of songs) {
    if (!result) {
      yield line([name, ...Array.from({ length: 9 + moodColumns(networks).length }, () => undefined), codeOf(error)]);
      continue;
    }
    const { verdict, valence, arousal, durationS, sampleRate, moods, models } = result.analysis;
    yield line([name, result.kind, verdict.mood, verdict.probability, verdict.unsure, isSilent(result), valence, arousal, durationS, sampleRate, ...moodValues(moods, models, networks), undefined]);
  }
}

/**
 * A line for each window of each song that was heard.
 * @param {readonly Exported[]} songs
 */
export function* windowsCsv(songs) {
  const networks = networksOf(songs);
  yield line(["name", "start_s", "end_s", "silent", "mood", "probability", "valence", "arousal", ...moodColumns(networks)]);
  for (const { name, result } of songs) {
    for (let i = 0; result && i < windowCount(result); i++) {
      const { startS, endS, silent, moods, models, valence, arousal } = windowAt(result, i);
      const mood = topMood(moods);
      yield line([name, startS, endS, silent, mood, moods[mood], valence, arousal, ...moodValues(moods, models, networks)]);
    }
  }
}
