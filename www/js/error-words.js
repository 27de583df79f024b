// @ts-check
/** What went wrong and what the reader can do about it, in the page's language. */

import { PageError, codeOf } from "./errors.js";
import { sentences } from "./format.js";
import { hasMessage, inEnglish, message } from "./language/language.js";

/** Codes of the library that mean the same as one of the page's. @type {Record<string, string>} */
const SAME_AS = {
  "model-unreadable": "weights-refused", "model-version": "weights-refused", "model-architecture": "weights-refused", "model-labels": "weights-refused",
  "model-features": "weights-refused", "model-invalid": "weights-refused", "mixed-models": "weights-refused", "empty-audio": "no-samples", "invalid-audio": "damaged", "no-models": "models-missing",
  "wasm-missing": "program-refused", "simd-missing": "program-refused",
};

/** Where the same thing may well work a moment later. */
const PASSING = new Set([
  "unreadable", "out-of-memory", "models-missing", "models-refused", "program-missing", "worker-crashed",
  "mic-denied", "mic-none", "mic-busy", "mic-gone", "mic-chosen-gone", "mic-stopped", "unexpected",
]);

/** @typedef {import("./language/language.js").Key} Key */
/** @typedef {Key extends infer Any ? Any extends `error.${infer Code}.title` ? Code : never : never} Known */

/** The code that the page has words for. @param {unknown} error @returns {Known} */
function knownAs(error) {
  const code = codeOf(error);
  const same = SAME_AS[code] ?? code;
  return hasMessage(`error.${same}.title`) ? /** @type {Known} */ (same) : "unexpected";
}

/** The reason in the page's own words, where it has any. @param {unknown} error */
function reasonOf(error) {
  const key = error instanceof PageError && `error.${error.code}.${error.kind}`;
  return key && hasMessage(key) ? message(key) : "";
}

/** What an error is called in files, whatever the page's language. @param {unknown} error */
export const englishTitle = (error) => inEnglish(`error.${knownAs(error)}.title`);

/**
 * What to show for an error: a sentence, what to do, and the browser's or the library's reason where it says more.
 * @param {unknown} error
 * @returns {{ code: string, title: string, advice: string, reason: string, passing: boolean }} passing: worth another try
 */
export function explain(error) {
  const code = codeOf(error);
  const known = knownAs(error);
  const own = reasonOf(error);
  // What the package says of its own errors, the page says in its own words.
  const reason = error instanceof PageError ? error.reason : error instanceof Error ? error.message : String(error);
  return {
    code, title: message(`error.${known}.title`), advice: sentences(own, message(`error.${known}.advice`)),
    reason: own || reason === code ? "" : reason, passing: PASSING.has(known),
  };
}
