// @ts-check
/** Runs of coded frames, decoded by the browser as small files, some ahead of whoever takes them. */

import { ADTS_HEADER, adtsLength } from "../pieces/mpeg.js";
import { ClientError } from "./errors.js";

/** @typedef {import("./types.d.ts").Run} Run */

/** How many are decoded at once, each in a thread of the browser's: one would leave a core idle. */
export const AT_ONCE = 2;

/** The browser makes other samples of these frames than the whole file has. @param {string} why */
const broken = (why) => new ClientError("pieces-broken", why);

/**
 * Frames one behind the other, each behind its header: that one says how long both are.
 * @param {Uint8Array} frames
 * @param {Uint8Array} headers
 */
function withHeaders(frames, headers) {
  const file = new Uint8Array(frames.length + headers.length);
  for (let [from, at, header] = [0, 0, 0]; header < headers.length; header += ADTS_HEADER) {
    const length = adtsLength(headers.subarray(header)) - ADTS_HEADER;
    file.set(headers.subarray(header, header + ADTS_HEADER), at);
    file.set(frames.subarray(from, from + length), at + ADTS_HEADER);
    from += length;
    at += ADTS_HEADER + length;
  }
  return file.buffer;
}

/**
 * The samples of one run, by channel.
 * @param {Blob} file
 * @param {Run} run
 * @param {BaseAudioContext} context at the file's rate
 * @param {number} channels
 */
async function decodeRun(file, { head, adts, from, to, least, most, behind, frames }, context, channels) {
  const coded = file.slice(from, to);
  /** @type {ArrayBuffer} */
  let bytes;
  try {
    bytes = await (head ? new Blob([head, coded]) : coded).arrayBuffer();
  } catch (error) {
    throw new ClientError("unreadable", error instanceof Error ? error.message : String(error));
  }
  /** @type {AudioBuffer} */
  let buffer;
  try {
    buffer = await context.decodeAudioData(adts ? withHeaders(new Uint8Array(bytes), adts) : bytes);
  } catch (error) {
    throw broken(String(error));
  }
  const { length } = buffer;
  if (length < least || length > most || buffer.numberOfChannels !== channels) throw broken(`${buffer.numberOfChannels} channels of ${length} samples`);
  return Array.from({ length: channels }, (_, channel) => buffer.getChannelData(channel).subarray(length - behind - frames, length - behind));
}

/**
 * @param {Blob} file
 * @param {{ runs: Run[], sampleRate: number, channels: number }} coded
 * @returns {AsyncGenerator<Float32Array<ArrayBuffer>[], void>} each run's samples, in order; throws `pieces-broken` where the file has to be
 *   decoded whole
 */
export async function* decodeRuns(file, { runs, sampleRate, channels }) {
  /** @type {BaseAudioContext} */
  let context;
  try {
    context = new OfflineAudioContext(1, 1, sampleRate);
  } catch (error) {
    throw broken(String(error));
  }
  /** @type {Promise<Float32Array<ArrayBuffer>[]>[]} */
  const ahead = [];
  let begun = 0;
  const begin = () => {
    const samples = decodeRun(file, runs[begun++], context, channels);
    // Whoever comes to it hears of its failure; until then nobody does.
    samples.catch(() => {});
    ahead.push(samples);
  };
  while (begun < Math.min(AT_ONCE, runs.length)) begin();
  for (let next = ahead.shift(); next; next = ahead.shift()) {
    const samples = await next;
    if (begun < runs.length) begin();
    yield samples;
  }
}
