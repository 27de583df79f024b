// @ts-check
/** Numbers as people read them, in the page's language. */

import { message, tag } from "./language/language.js";

/** A minus sign rather than a hyphen, which is easily missed. @param {Intl.NumberFormat} format @param {number} value */
const written = (format, value) => format.formatToParts(value).map(({ type, value: text }) => (type === "minusSign" ? "\u2212" : text)).join("");

/**
 * Formats are slow to make, and every frame of the playback wants some: each is made once for each language.
 * @param {Intl.NumberFormatOptions} options
 */
function numberFormat(options) {
  /** @type {Map<string, Intl.NumberFormat>} */
  const made = new Map();
  return () => {
    const format = made.get(tag()) ?? new Intl.NumberFormat(tag(), options);
    made.set(tag(), format);
    return format;
  };
}

const shares = numberFormat({ style: "percent" });
const levels = numberFormat({ minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: "exceptZero" });
const counts = numberFormat({ maximumFractionDigits: 0 });
const tenths = numberFormat({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
const thousandths = numberFormat({ maximumFractionDigits: 3 });

export { clock } from "../pkg/view/clock.js";

/**
 * 0.623 → "62%", in German "62 %" with a space that does not break.
 * @param {number} share 0 … 1
 */
export const percent = (share) => shares().format(share);

/**
 * 0.314 → "+0.31", −0.2 → "−0.20".
 * @param {number} value
 */
export const signed = (value) => written(levels(), value);

/**
 * 44100 → "44,100".
 * @param {number} count
 */
export const grouped = (count) => written(counts(), count);

/**
 * 0.37921 → "0.379".
 * @param {number} value
 */
export const decimal = (value) => written(thousandths(), value);

/**
 * 3.21 → "3.2 s".
 * @param {number} value
 */
export const seconds = (value) => message("text.seconds", { value: tenths().format(value) });

/**
 * 42.1 ms → "42 ms", 3200 ms → "3.2 s".
 * @param {number} milliseconds
 */
export const duration = (milliseconds) => (milliseconds < 1000 ? message("text.milliseconds", { value: grouped(milliseconds) }) : seconds(milliseconds / 1000));

/**
 * 44100 → "44,100 Hz".
 * @param {number} value
 */
export const hertz = (value) => message("text.hertz", { value: grouped(value) });

/**
 * 200 → "200 Hz", 5000 → "5 kHz".
 * @param {number} value Hz
 */
export const frequency = (value) => (value < 1000 ? hertz(value) : message("text.kilohertz", { value: decimal(value / 1000) }));

/**
 * "calm, sad and happy".
 * @param {readonly string[]} parts
 */
export const listed = (parts) => new Intl.ListFormat(tag(), { type: "conjunction" }).format(parts);

/** "calm at first, happy after 0:20": half-sentences one after the other. @param {readonly string[]} parts */
export const steps = (parts) => parts.join(message("text.steps"));

/** Sentences one after the other, as the language has them. @param {...string} sentences those that are empty are left out */
export const sentences = (...sentences) => sentences.filter(Boolean).join(message("text.gap"));

/** A sentence begins with a capital, where the language has any. @param {string} text */
export const capital = (text) => text.slice(0, 1).toLocaleUpperCase(tag()) + text.slice(1);

/** In the order in which the language has its words; numbers in names by their size. */
export const inOrder = () => new Intl.Collator(tag(), { numeric: true, sensitivity: "base" });

/**
 * Power or amplitude 0 … 1 as decibels below full scale, not lower than −100.
 * @param {number} amplitude
 */
export function decibels(amplitude) {
  return amplitude > 1e-5 ? 20 * Math.log10(amplitude) : -100;
}
