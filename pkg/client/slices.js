// @ts-check
/** How songs are cut for the worker. */

/**
 * How many samples of each channel are judged at a time: 13 s, a little more than the longest window, so that the first slice has a
 * mood already.
 * @param {number} sampleRate Hz
 */
export const sliceOf = (sampleRate) => Math.round(13 * sampleRate);
