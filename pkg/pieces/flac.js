// @ts-check
/** The frames of a FLAC file (RFC 9639). They do not tell their lengths: each ends where the next one's header is found. */

import { ascii, viewOf } from "./bytes.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./runs.js").CodedFrames} CodedFrames */

const STREAM_INFO = 34;
/** No frame header is longer. */
const LONGEST_HEADER = 16;
/** Looked through at a time. */
const STRETCH = 1 << 16;

/** The check of a frame's header, by its polynomial x⁸ + x² + x + 1. */
const CRC_8 = Uint8Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 0x80 ? (byte << 1) ^ 0x107 : byte << 1;
  return byte;
});

/**
 * Does the header of this frame stand here?
 * @param {Uint8Array} bytes @param {number} at @param {number} number of the frame, from 0
 */
function isFrame(bytes, at, number) {
  if (bytes[at] !== 0xff || bytes[at + 1] !== 0xf8 || (bytes[at + 3] & 1) !== 0) return false;
  // Coded as UTF-8 codes letters: the ones that the first byte begins with are the number's bytes.
  const ones = Math.clz32(~(bytes[at + 4] << 24));
  const length = ones === 0 ? 1 : ones;
  if (ones === 1 || length > 6) return false;
  let told = ones === 0 ? bytes[at + 4] : bytes[at + 4] & (0x7f >> ones);
  for (let i = 1; i < length; i++) told = (told << 6) | (bytes[at + 4 + i] & 0x3f);
  if (told !== number) return false;
  const [blockCode, rateCode] = [bytes[at + 2] >> 4, bytes[at + 2] & 15];
  const end = at + 4 + length + (blockCode === 6 ? 1 : blockCode === 7 ? 2 : 0) + (rateCode === 12 ? 1 : rateCode === 13 || rateCode === 14 ? 2 : 0);
  if (end >= bytes.length) return false;
  let crc = 0;
  for (let i = at; i < end; i++) crc = CRC_8[crc ^ bytes[i]];
  return crc === bytes[end];
}

/** Where the frame of a number begins, or −1. @param {Bytes} bytes @param {number} at where to look from @param {number} number */
async function findFrame(bytes, at, number) {
  while (at < bytes.size) {
    const stretch = await bytes.get(at, STRETCH);
    for (let i = stretch.indexOf(0xff); i >= 0; i = stretch.indexOf(0xff, i + 1)) if (isFrame(stretch, i, number)) return at + i;
    if (at + stretch.length >= bytes.size) return -1;
    // One that the stretch cuts in two is looked for again.
    at += Math.max(1, stretch.length - LONGEST_HEADER);
  }
  return -1;
}

/**
 * @param {Bytes} bytes of a file that begins with “fLaC”
 * @returns {Promise<CodedFrames | null>} null where it does not say all of itself, or its frames are of several lengths
 */
export async function flacFrames(bytes) {
  const head = (await bytes.get(4, 4 + STREAM_INFO)).slice();
  if (head.length < 4 + STREAM_INFO || (head[0] & 0x7f) !== 0) return null;
  const view = viewOf(head);
  const [smallest, perFrame] = [view.getUint16(4), view.getUint16(6)];
  const sampleRate = view.getUint32(14) >>> 12;
  const channels = ((head[16] >> 1) & 7) + 1;
  const frames = (head[17] & 15) * 2 ** 32 + view.getUint32(18);
  if (smallest !== perFrame || perFrame === 0 || frames === 0) return null;

  // Pictures and tags stand between this and the sound.
  let at = 4;
  for (let last = false; !last; ) {
    const block = await bytes.get(at, 4);
    if (block.length < 4) return null;
    last = block[0] >= 0x80;
    at += 4 + (viewOf(block).getUint32(0) & 0xffffff);
  }
  /** @type {number[]} */
  const starts = [];
  const least = Math.max(1, view.getUint32(7) & 0xffffff);
  while (starts.length < Math.ceil(frames / perFrame)) {
    const found = await findFrame(bytes, at, starts.length);
    // The first one stands where the blocks before it end.
    if (found < 0 || (starts.length === 0 && found !== at)) return null;
    starts.push(found);
    at = found + least;
  }
  /** @param {number} samples */
  const headOf = (samples) => {
    const own = Uint8Array.from([...new TextEncoder().encode("fLaC"), 0x80, 0, 0, STREAM_INFO, ...head.subarray(4)]);
    own[21] = (own[21] & 0xf0) | Math.floor(samples / 2 ** 32);
    viewOf(own).setUint32(22, samples);
    // Of samples that are not all there, the sum would be another: none is told.
    return own.fill(0, 26);
  };
  return { sampleRate, channels, starts, end: bytes.size, perFrame, skip: 0, frames, warmUp: { frames: 0, bytes: 0 }, headOf };
}

/** @param {Uint8Array} head the file's first bytes */
export const isFlac = (head) => ascii(head, 0, 4) === "fLaC";
