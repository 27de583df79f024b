// @ts-check
/** @param {number} sampleRate in Hz @returns {boolean} whether the networks' front takes sound at this rate, as `audio::check_rate` has it */
export const takesRate = (sampleRate) => sampleRate >= 8_000 && sampleRate <= 192_000;
