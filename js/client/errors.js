// @ts-check
/** Errors of the client. */

/** An error with a stable code and, where it helps, the underlying reason. */
export class ClientError extends Error {
  /**
   * @param {string} code
   * @param {string} [reason] from the browser or the library
   */
  constructor(code, reason = "") {
    super(reason || code);
    this.name = "ClientError";
    this.code = code;
  }
}

/**
 * @param {unknown} error
 * @returns {string}
 */
export function codeOf(error) {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unexpected";
}
