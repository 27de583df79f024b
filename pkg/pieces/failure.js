// @ts-check
/** Errors in the worker: they cross to the page as code and message. */

/** @param {string} code @param {string} message */
export const failure = (code, message) => Object.assign(new Error(message), { code });
