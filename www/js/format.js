// @ts-check
/** Numbers as people read them. */

export { clock } from "../pkg/view/clock.js";

/**
 * 0.623 → "62 %". The space is one that does not break.
 * @param {number} share 0 … 1
 */
export function percent(share) {
  return `${Math.round(share * 100)}\u00a0%`;
}

/**
 * 0.314 → "+0.31", −0.2 → "−0.20".
 * @param {number} value
 */
export function signed(value) {
  const text = Math.abs(value).toFixed(2);
  if (Number(text) === 0) return "0.00";
  return (value < 0 ? "\u2212" : "+") + text;
}

/**
 * 44100 → "44 100 Hz", with narrow spaces between the thousands.
 * @param {number} count
 */
export function grouped(count) {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/**
 * 0.0421 s → "42 ms", 3.2 s → "3.2 s".
 * @param {number} milliseconds
 */
export function duration(milliseconds) {
  return milliseconds < 1000 ? `${Math.round(milliseconds)}\u00a0ms` : `${(milliseconds / 1000).toFixed(1)}\u00a0s`;
}

/**
 * Power or amplitude 0 … 1 as decibels below full scale, not lower than −100.
 * @param {number} amplitude
 */
export function decibels(amplitude) {
  return amplitude > 1e-5 ? 20 * Math.log10(amplitude) : -100;
}
