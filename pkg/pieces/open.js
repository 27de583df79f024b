// @ts-check
/**
 * A file that can be had piece by piece. The samples are those of the browser's `decodeAudioData`, which decodes a file whole, in memory
 * and with the page waiting while they are handed over; what cannot be had in pieces, or only with other samples, is left to it.
 */

import { Bytes, ascii } from "./bytes.js";
import { flacFrames, isFlac } from "./flac.js";
import { isMp4, mp4Frames } from "./mp4.js";
import { mpegFrames } from "./mpeg.js";
import { isOgg, oggPages } from "./ogg.js";
import { takesRate } from "./rates.js";
import { inRuns } from "./runs.js";
import { Wav } from "./wav.js";

/** @typedef {import("./runs.js").Coded} Coded */

/** A file of more channels is not music. */
const MOST_CHANNELS = 8;

/** @param {Bytes} bytes @param {Uint8Array} head its first ones @returns {Promise<Wav | Coded | null>} */
async function piecesOf(bytes, head) {
  if (ascii(head, 0, 4) === "RIFF") return Wav.open(bytes);
  if (isOgg(head)) return oggPages(bytes);
  return inRuns(await (isFlac(head) ? flacFrames : isMp4(head) ? mp4Frames : mpegFrames)(bytes));
}

/** @param {Blob} file @returns {Promise<Wav | Coded | null>} null where it has to be decoded whole */
export async function openPieces(file) {
  const bytes = new Bytes(file);
  const pieces = await piecesOf(bytes, (await bytes.get(0, 12)).slice());
  if (!pieces) return null;
  const { sampleRate, channels, frames } = pieces;
  return frames > 0 && channels <= MOST_CHANNELS && takesRate(sampleRate) ? pieces : null;
}
