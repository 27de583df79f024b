// @ts-check
/**
 * AAC in an MP4 file (ISO 14496-12 and 14496-14): where its frames lie, each to be given the header that it has in ADTS, for runs of them
 * are no MP4 files. What is not one stretch of plain frames is left to the browser.
 */

import { ascii, viewOf } from "./bytes.js";
import { AAC_FRAME, AAC_WARM_UP, ADTS_HEADER, ADTS_RATES } from "./mpeg.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./runs.js").CodedFrames} CodedFrames */
/** @typedef {Uint8Array<ArrayBuffer>} Box what is in it, without its length and name */

/** What is known of all frames, in bytes: an hour of them takes 0.7 MB. */
const LONGEST_MOVIE = 32e6;
/** Boxes at the top of a file; no program writes as many. */
const MOST_BOXES = 64;
/** Plain AAC. */
const LOW_COMPLEXITY = 2;
/** What an ADTS header can tell of a frame's bytes; those of AAC are far smaller. */
const LONGEST_FRAME = 2 ** 13 - 1 - ADTS_HEADER;
/** What stands in the description of a track before its own boxes: data reference, channels, bits, rate. */
const SOUND_ENTRY = 28;

/** @param {Box} box @returns {Generator<[name: string, inside: Box]>} the boxes in it, in order */
function* boxesIn(box) {
  const view = viewOf(box);
  for (let at = 0; at + 8 <= box.length; ) {
    const length = view.getUint32(at);
    if (length < 8) return;
    yield [ascii(box, at + 4, 4), box.subarray(at + 8, at + length)];
    at += length;
  }
}

/** @param {Box} box @param {string} name */
function first(box, name) {
  for (const [found, inside] of boxesIn(box)) if (found === name) return inside;
  return undefined;
}

/** The first box on a way through boxes. @param {Box | undefined} box @param {string} way */
const find = (box, way) => way.split("/").reduce((within, name) => within && first(within, name), box);

/** Everything but the sound: where it lies. It stands before or behind it. @param {Bytes} bytes */
async function movieOf(bytes) {
  for (let [at, box] = [0, 0]; box < MOST_BOXES; box++) {
    const head = await bytes.get(at, 16);
    if (head.length < 16) return null;
    const [short, name] = [viewOf(head).getUint32(0), ascii(head, 4, 4)];
    const length = short === 1 ? Number(viewOf(head).getBigUint64(8)) : short;
    if (length < 8) return null;
    if (name === "moov") return length > LONGEST_MOVIE ? null : (await bytes.get(at + 8, length - 8)).slice();
    at += length;
  }
  return null;
}

/** The only track of sound. @param {Box} movie */
function trackOf(movie) {
  const tracks = [...boxesIn(movie)].filter(([name, track]) => {
    const handler = name === "trak" && find(track, "mdia/hdlr");
    return handler && ascii(handler, 8, 4) === "soun";
  });
  return tracks.length === 1 ? tracks[0][1] : undefined;
}

/** Rate and channels of plain AAC by its AudioSpecificConfig (ISO 14496-3, 1.6.2.1). @param {Box | undefined} stream */
function codecOf(stream) {
  if (!stream) return null;
  // Behind version and flags, a descriptor is a tag, its length in bytes of seven bits, its fields, and perhaps another one.
  let at = 4;
  for (const [tag, fields] of [[3, 3], [4, 13], [5, 0]]) {
    if (stream[at++] !== tag) return null;
    while (stream[at++] & 0x80);
    at += fields;
  }
  const config = viewOf(stream).getUint16(at);
  const [object, rate, channels, otherFrames] = [config >> 11, (config >> 7) & 15, (config >> 3) & 15, config & 4];
  return object === LOW_COMPLEXITY && ADTS_RATES[rate] && channels > 0 && channels <= 2 && !otherFrames ? { rate, channels } : null;
}

/** Where each frame begins, and where the last ends; null where something lies between two, or one is too long. @param {Box} table */
function placesOf(table) {
  const [sizes, chunks, narrow, wide] = ["stsz", "stsc", "stco", "co64"].map((name) => {
    const box = first(table, name);
    return box && viewOf(box);
  });
  const offsets = narrow ?? wide;
  // AAC's frames are not of one size, which would stand in place of theirs.
  if (!sizes || !chunks || !offsets || sizes.getUint32(4) !== 0) return null;
  const count = sizes.getUint32(8);
  /** @type {number[]} */
  const starts = [];
  let end = 0;
  for (let [chunk, kind] = [0, 0]; chunk < offsets.getUint32(4); chunk++) {
    const from = narrow ? narrow.getUint32(8 + 4 * chunk) : Number(offsets.getBigUint64(8 + 8 * chunk));
    if (chunk > 0 && from !== end) return null;
    end = from;
    // Chunks are told by kinds: from which chunk on how many frames each has.
    if (kind + 1 < chunks.getUint32(4) && chunks.getUint32(8 + 12 * (kind + 1)) === chunk + 1) kind++;
    for (let left = chunks.getUint32(12 + 12 * kind); left > 0 && starts.length < count; left--) {
      starts.push(end);
      const length = sizes.getUint32(8 + 4 * starts.length);
      if (length > LONGEST_FRAME) return null;
      end += length;
    }
  }
  return starts.length === count ? { starts, end } : null;
}

/** Has every frame but perhaps the last as many samples as AAC has? @param {Box | undefined} times */
function allAlike(times) {
  if (!times) return false;
  const view = viewOf(times);
  const kinds = view.getUint32(4);
  for (let kind = 0; kind < kinds; kind++) {
    const [count, each] = [view.getUint32(8 + 8 * kind), view.getUint32(12 + 8 * kind)];
    const isLast = kind === kinds - 1 && count === 1 && each < AAC_FRAME;
    if (each !== AAC_FRAME && !isLast) return false;
  }
  return true;
}

/** Ticks of a track's clock in a second, and how many it lasts. @param {Box} media header of it */
function clockOf(media) {
  const view = viewOf(media);
  return media[0] === 1 ? { rate: view.getUint32(20), ticks: Number(view.getBigUint64(24)) } : { rate: view.getUint32(12), ticks: view.getUint32(16) };
}

/**
 * Samples that an encoder has put before and behind the sound: by iTunes' note, or else by the only edit, which browsers heed at the
 * beginning alone; null where there are several.
 * @param {Box} movie
 * @param {Box} track
 * @param {number} samples of the track
 */
function delaysOf(movie, track, samples) {
  const note = /iTunSMPB.{4}data.{8} [0-9A-F]{8} ([0-9A-F]{8}) ([0-9A-F]{8}) ([0-9A-F]{16}) /s.exec(new TextDecoder("latin1").decode(movie));
  if (note) {
    const [before, behind, between] = note.slice(1).map((number) => parseInt(number, 16));
    return { before, behind: between <= samples ? behind : 0 };
  }
  const edits = find(track, "edts/elst");
  if (!edits) return { before: 0, behind: 0 };
  const view = viewOf(edits);
  if (view.getUint32(4) !== 1) return null;
  const before = edits[0] === 1 ? Number(view.getBigInt64(16)) : view.getInt32(12);
  return before >= 0 ? { before, behind: 0 } : null;
}

/** @param {Box} movie @returns {CodedFrames | null} */
function framesOf(movie) {
  const track = trackOf(movie);
  const table = find(track, "mdia/minf/stbl");
  const entry = find(table && first(table, "stsd")?.subarray(8), "mp4a");
  const codec = codecOf(find(entry?.subarray(SOUND_ENTRY), "esds"));
  const places = table && placesOf(table);
  const media = find(track, "mdia/mdhd");
  if (!track || !codec || !places || !media || !allAlike(first(table, "stts"))) return null;
  const { starts, end } = places;
  const { rate, channels } = codec;
  const clock = clockOf(media);
  const delays = delaysOf(movie, track, clock.ticks);
  // Times are told in samples where the clock ticks with them.
  if (!delays || clock.rate !== ADTS_RATES[rate] || Math.ceil(clock.ticks / AAC_FRAME) !== starts.length) return null;

  /** @param {number} from @param {number} to frames */
  const adtsOf = (from, to) => {
    const headers = new Uint8Array((to - from) * ADTS_HEADER);
    for (let i = from; i < to; i++) {
      const length = (starts[i + 1] ?? end) - starts[i] + ADTS_HEADER;
      const header = [0xff, 0xf1, ((LOW_COMPLEXITY - 1) << 6) | (rate << 2), (channels << 6) | (length >> 11), length >> 3, (length << 5) | 0x1f, 0xfc];
      headers.set(header, (i - from) * ADTS_HEADER);
    }
    return headers;
  };
  return { sampleRate: ADTS_RATES[rate], channels, starts, end, perFrame: AAC_FRAME, skip: delays.before, frames: clock.ticks - delays.before - delays.behind, warmUp: AAC_WARM_UP, adtsOf };
}

/**
 * @param {Bytes} bytes of a file that begins with a box “ftyp”
 * @returns {Promise<CodedFrames | null>} null where these are no plain AAC frames one behind the other
 */
export async function mp4Frames(bytes) {
  const movie = await movieOf(bytes);
  if (!movie) return null;
  try {
    const frames = framesOf(movie);
    return frames && frames.end <= bytes.size ? frames : null;
  } catch (error) {
    // A table is shorter than it says.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** @param {Uint8Array} head the file's first bytes */
export const isMp4 = (head) => ascii(head, 4, 4) === "ftyp";
