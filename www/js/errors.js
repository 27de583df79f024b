// @ts-check
/** What can go wrong, by stable codes; error-words.js says it to people. */

import { ClientError, codeOf } from "../pkg/client/errors.js";

export { ClientError as PageError, codeOf };

/**
 * Is it only that the work was called off?
 * @param {unknown} error
 */
export const isCancelled = (error) => error instanceof Error && error.name === "AbortError";
