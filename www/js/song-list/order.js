// @ts-check
/** The order of the table of songs. */

import { inOrder } from "../format.js";
import { labelOf } from "../mood-words.js";
import { isSilent } from "./packed.js";

/** @typedef {import("./queue.js").Song} Song */
/** @typedef {"name" | "verdict" | "certainty" | "valence" | "arousal" | "length"} Column */
/** `column` null: as the songs came. @typedef {{ column: Column | null, descending: boolean }} Order */

/**
 * What a column holds for a song; undefined where it holds nothing yet, or nothing at all.
 * @param {Song} song
 * @param {Column} column
 * @returns {string | number | undefined}
 */
export function valueOf({ name, result }, column) {
  if (column === "name") return name;
  if (!result) return undefined;
  const { analysis } = result;
  if (column === "length") return analysis.durationS;
  // Silence has no mood; the library's even shares would be sorted like one.
  if (isSilent(result)) return undefined;
  if (column === "verdict") return labelOf(analysis.verdict.mood);
  return column === "certainty" ? analysis.verdict.probability : analysis[column];
}

/**
 * A sorted copy. Equals stay in the order in which they came; songs without a value come last, whichever way.
 * @param {readonly Song[]} songs
 * @param {Order} order
 */
export function sorted(songs, { column, descending }) {
  if (!column) return [...songs];
  const words = inOrder();
  /** @param {string | number} a @param {string | number} b */
  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : words.compare(String(a), String(b)));
  const keyed = songs.map((song) => ({ song, value: valueOf(song, column) }));
  return keyed.sort((a, b) => {
    if (a.value === undefined || b.value === undefined) return Number(a.value === undefined) - Number(b.value === undefined);
    return (descending ? -1 : 1) * compare(a.value, b.value);
  }).map(({ song }) => song);
}

/**
 * The order after a press on a column's heading: this way, the other way, as they came.
 * @param {Order} order
 * @param {Column} column
 * @returns {Order}
 */
export function pressed(order, column) {
  // Of numbers one wants to see the most first, of words the first letter.
  const first = column !== "name" && column !== "verdict";
  if (order.column !== column) return { column, descending: first };
  return order.descending === first ? { column, descending: !first } : { column: null, descending: false };
}
