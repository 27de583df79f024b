// @ts-check
/**
 * A file decoded piece by piece, in the worker. The samples are those of the browser's `decodeAudioData`, which decodes a file whole,
 * in memory and with the page waiting while they are handed over; what cannot be had in pieces, or only with other samples, is left to it.
 */

import { Bytes, ascii } from "./bytes.js";
import { Coded } from "./coded.js";
import { flacFrames, isFlac } from "./flac.js";
import { mpegFrames } from "./mpeg.js";
import { Wav } from "./wav.js";

/**
 * Sound that is read from its beginning to its end. `frames`: samples of each channel in all; `read` gives the next so many of them,
 * fewer at the end, by channel.
 * @typedef {{ sampleRate: number, channels: number, frames: number, read: (frames: number) => Promise<Float32Array<ArrayBuffer>[]>, close: () => void }} Pieces
 */

/** What the networks' front takes, in Hz. */
const RATES = { lowest: 8_000, highest: 192_000 };
/** A file of more channels is not music. */
const MOST_CHANNELS = 8;

/** @param {Blob} file @returns {Promise<Pieces | null>} null where it has to be decoded whole */
export async function openPieces(file) {
  const bytes = new Bytes(file);
  const head = await bytes.get(0, 12);
  const pieces = ascii(head, 0, 4) === "RIFF" ? await Wav.open(bytes) : await Coded.open(bytes, await (isFlac(head) ? flacFrames : mpegFrames)(bytes));
  if (!pieces) return null;
  const { sampleRate, channels, frames } = pieces;
  if (frames > 0 && channels <= MOST_CHANNELS && sampleRate >= RATES.lowest && sampleRate <= RATES.highest) return pieces;
  pieces.close();
  return null;
}
