// @ts-check
/** What can go wrong, by stable codes; error-words.js says it to people. */

/** An error with a stable code and, where it helps, the underlying reason. */
export class PageError extends Error {
  /**
   * @param {string} code
   * @param {string} [reason] from the browser or the library, shown small
   * @param {string} [kind] what was found instead, as one word that stays the same: of it, the page has words of its own
   */
  constructor(code, reason = "", kind = "") {
    super(reason || code);
    this.name = "PageError";
    this.code = code;
    this.kind = kind;
  }
}

/**
 * @param {unknown} error
 * @returns {string}
 */
export function codeOf(error) {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unexpected";
}

/**
 * Is it only that the work was called off?
 * @param {unknown} error
 */
export const isCancelled = (error) => error instanceof Error && error.name === "AbortError";
