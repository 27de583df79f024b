// @ts-check
/**
 * Coded frames, cut into runs that a browser's `decodeAudioData` takes for files of their own. It decodes 13 s in a fraction of the time
 * that WebCodecs needs for the same frames one by one, and several runs at once; only the page has it, so the worker says where they lie.
 */

/**
 * Frames that lie one behind the other. `starts`: where each begins, `end`: where the last ends, in bytes; `perFrame`: samples of each
 * channel in a frame; `skip`: of these to leave out at the beginning; `frames`: samples of each channel to give in all; `warmUp`: how
 * many frames, of how many bytes at least, a decoder must have had before one that it shall decode as in the whole file; `headOf`: what
 * stands before frames of so many samples to make a file of them; `adtsOf`: the headers that such frames are to be given, one behind the
 * other.
 * @typedef {{
 *   sampleRate: number, channels: number, starts: number[], end: number, perFrame: number, skip: number, frames: number,
 *   warmUp: { frames: number, bytes: number }, headOf?: (samples: number) => Uint8Array<ArrayBuffer>,
 *   adtsOf?: (first: number, after: number) => Uint8Array<ArrayBuffer>,
 * }} CodedFrames
 */
/** @typedef {import("../client/types.d.ts").Run} Run */
/** A file whose runs the page decodes, each giving `length` samples of each channel. @typedef {{ sampleRate: number, channels: number, frames: number, runs: (length: number) => Run[] }} Coded */

/** @param {CodedFrames | null} coded @returns {Coded | null} */
export const inRuns = (coded) => coded && { sampleRate: coded.sampleRate, channels: coded.channels, frames: coded.frames, runs: (length) => runsOf(coded, length) };

/**
 * @param {CodedFrames} coded
 * @param {number} length samples of each channel that a run shall give
 * @returns {Run[]}
 */
function runsOf({ starts, end, perFrame, skip, frames, warmUp, headOf, adtsOf }, length) {
  /** @type {Run[]} */
  const runs = [];
  for (let given = 0; given < frames; given += length) {
    const count = Math.min(length, frames - given);
    const wanted = Math.floor((skip + given) / perFrame);
    const after = Math.min(starts.length, Math.ceil((skip + given + count) / perFrame));
    let first = Math.max(0, wanted - warmUp.frames);
    while (first > 0 && starts[wanted] - starts[first] < warmUp.bytes) first--;
    // Of FLAC's last frame, only as much is there as the file says.
    const decoded = headOf ? Math.min(after * perFrame, frames) - first * perFrame : (after - first) * perFrame;
    runs.push({ head: headOf?.(decoded) ?? null, adts: adtsOf?.(first, after) ?? null, from: starts[first], to: starts[after] ?? end, least: decoded, most: decoded, behind: decoded - (skip + given - first * perFrame) - count, frames: count });
  }
  return runs;
}
