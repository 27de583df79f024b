// @ts-check
/** The frames of an mp3 or ADTS AAC file: where each lies, and what of their samples an encoder has put there for itself. */

import { ascii, viewOf } from "./bytes.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./runs.js").CodedFrames} CodedFrames */
/** What all frames of a file have in common, and this one's length in bytes. @typedef {{ codec: string, sampleRate: number, channels: number, perFrame: number, length: number }} Header */

const LAYER_3_RATES = [44_100, 48_000, 32_000];
/** kbit/s: MPEG 1, then MPEG 2 and 2.5. */
const LAYER_3_BITRATES = [[0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320], [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]];
export const ADTS_RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000];
export const ADTS_HEADER = 7;
/** Samples of an AAC frame. */
export const AAC_FRAME = 1024;
/** Samples that the decoder itself lags behind. */
const DECODER_DELAY = 529;
/** A frame overlaps with the one before it. */
export const AAC_WARM_UP = { frames: 3, bytes: 0 };
/** The data of an mp3 frame may begin up to 511 bytes before its header, in frames that are small besides. */
const MP3_WARM_UP = { frames: 3, bytes: 2048 };

/** ISO 11172-3, layer III. @param {Uint8Array} head @returns {Header | null} */
function mp3Header(head) {
  const version = (head[1] >> 3) & 3;
  if (version === 1) return null;
  const rate = LAYER_3_RATES[(head[2] >> 2) & 3];
  const kbits = LAYER_3_BITRATES[version === 3 ? 0 : 1][head[2] >> 4];
  if (!rate || !kbits) return null;
  const sampleRate = rate / { 3: 1, 2: 2, 0: 4 }[/** @type {0 | 2 | 3} */ (version)];
  const perFrame = version === 3 ? 1152 : 576;
  const length = Math.floor((perFrame * 125 * kbits) / sampleRate) + ((head[2] >> 1) & 1);
  return { codec: "mp3", sampleRate, channels: head[3] >> 6 === 3 ? 1 : 2, perFrame, length };
}

/** How long an ADTS frame is, with its header, in bytes. @param {Uint8Array} head */
export const adtsLength = (head) => ((head[3] & 3) << 11) | (head[4] << 3) | (head[5] >> 5);

/** ISO 14496-3, 1.A.2.2; frames of one block only, as everybody writes them. @param {Uint8Array} head @returns {Header | null} */
function adtsHeader(head) {
  const sampleRate = ADTS_RATES[(head[2] >> 2) & 15];
  const channels = ((head[2] & 1) << 2) | (head[3] >> 6);
  const length = adtsLength(head);
  if (!sampleRate || channels < 1 || channels > 2 || length <= ADTS_HEADER || (head[6] & 3) !== 0) return null;
  return { codec: `mp4a.40.${(head[2] >> 6) + 1}`, sampleRate, channels, perFrame: AAC_FRAME, length };
}

/** @param {Uint8Array} head of a frame @returns {Header | null} */
function headerOf(head) {
  if (head.length < ADTS_HEADER || head[0] !== 0xff) return null;
  if ((head[1] & 0xf6) === 0xf0) return adtsHeader(head);
  return (head[1] & 0xe6) === 0xe2 ? mp3Header(head) : null;
}

/** Where the ID3v2 tags at the beginning end. @param {Bytes} bytes */
async function afterTags(bytes) {
  let at = 0;
  for (;;) {
    const head = await bytes.get(at, 10);
    if (head.length < 10 || ascii(head, 0, 3) !== "ID3") return at;
    // Four times seven bits.
    const size = head.subarray(6, 10).reduce((sum, byte) => (sum << 7) | (byte & 0x7f), 0);
    at += 10 + size + (head[5] & 0x10 ? 10 : 0);
  }
}

/**
 * A first frame that holds no sound but facts of the file, and how many samples its encoder says to leave out.
 * @param {Uint8Array} frame @param {Header} header
 */
function factsOf(frame, { codec, channels, perFrame }) {
  if (codec !== "mp3" || frame.length < 64) return null;
  if (ascii(frame, 36, 4) === "VBRI") return { frames: null, skip: 0, pad: 0 };
  let at = 4 + (perFrame === 1152 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17);
  if (!["Xing", "Info"].includes(ascii(frame, at, 4))) return null;
  const view = viewOf(frame);
  const flags = view.getUint32(at + 4);
  at += 8;
  const frames = flags & 1 ? view.getUint32(at) : null;
  at += (flags & 1 ? 4 : 0) + (flags & 2 ? 4 : 0) + (flags & 4 ? 100 : 0) + (flags & 8 ? 4 : 0);
  if (at + 24 > frame.length || !["LAME", "Lavf", "Lavc"].includes(ascii(frame, at, 4))) return { frames, skip: 0, pad: 0 };
  // Twelve bits each: what the encoder has put before and behind; the decoder's own delay moves both.
  const delays = view.getUint32(at + 20) & 0xffffff;
  const [before, behind] = [delays >> 12, delays & 0xfff];
  return { frames, skip: before + DECODER_DELAY, pad: Math.max(0, behind - DECODER_DELAY) };
}

/** May a file end like this, behind its last frame? @param {Uint8Array} rest */
const isTrailer = (rest) => rest.every((byte) => byte === 0) || ["TAG", "APETAGEX", "LYRICSBEGIN", "ID3", "3DI"].some((sign) => ascii(rest, 0, sign.length) === sign);

/**
 * @param {Bytes} bytes
 * @returns {Promise<CodedFrames | null>} null where these are no such frames, or not all alike and one behind the other
 */
export async function mpegFrames(bytes) {
  let at = await afterTags(bytes);
  const first = headerOf(await bytes.get(at, ADTS_HEADER));
  if (!first) return null;
  const facts = factsOf(await bytes.get(at, first.length), first);
  if (facts) at += first.length;
  /** @type {number[]} */
  const starts = [];
  let cut = false;
  for (;;) {
    const got = bytes.get(at, ADTS_HEADER);
    const head = got instanceof Promise ? await got : got;
    const header = headerOf(head);
    if (!header) break;
    const { codec, sampleRate, channels, perFrame, length } = header;
    if (codec !== first.codec || sampleRate !== first.sampleRate || channels !== first.channels || perFrame !== first.perFrame) return null;
    // Cut in the middle of a frame: that one is lost.
    cut = at + length > bytes.size;
    if (cut) break;
    starts.push(at);
    at += length;
  }
  const { sampleRate, channels, perFrame } = first;
  if (!cut && !isTrailer(await bytes.get(at, 64))) return null;
  const { skip, pad, frames } = facts ?? { skip: 0, pad: 0, frames: null };
  const told = frames ?? starts.length;
  // Joined of several files, it is not what the first one's facts say.
  if (starts.length > told) return null;
  const end = Math.min(starts.length * perFrame, told * perFrame - pad);
  return { sampleRate, channels, starts, end: at, perFrame, skip, frames: end - skip, warmUp: first.codec === "mp3" ? MP3_WARM_UP : AAC_WARM_UP };
}
