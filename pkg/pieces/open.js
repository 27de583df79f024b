// @ts-check
/**
 * A file that can be had piece by piece. The samples are those of the browser's `decodeAudioData`, which decodes a file whole, in memory
 * and with the page waiting while they are handed over; what cannot be had in pieces, or only with other samples, is left to it.
 */

import { Bytes, ascii } from "./bytes.js";
import { flacFrames, isFlac } from "./flac.js";
import { isMp4, mp4Frames } from "./mp4.js";
import { mpegFrames } from "./mpeg.js";
import { Wav } from "./wav.js";

/** @typedef {import("./runs.js").CodedFrames} CodedFrames */

/** What the networks' front takes, in Hz. */
const RATES = { lowest: 8_000, highest: 192_000 };
/** A file of more channels is not music. */
const MOST_CHANNELS = 8;

/** @param {Blob} file @returns {Promise<Wav | CodedFrames | null>} null where it has to be decoded whole */
export async function openPieces(file) {
  const bytes = new Bytes(file);
  const head = await bytes.get(0, 12);
  const pieces = await (ascii(head, 0, 4) === "RIFF" ? Wav.open(bytes) : (isFlac(head) ? flacFrames : isMp4(head) ? mp4Frames : mpegFrames)(bytes));
  if (!pieces) return null;
  const { sampleRate, channels, frames } = pieces;
  return frames > 0 && channels <= MOST_CHANNELS && sampleRate >= RATES.lowest && sampleRate <= RATES.highest ? pieces : null;
}
