// @ts-check
/**
 * Vorbis, and Opus for music, in an Ogg file (RFC 3533). A page is not cut: with the codec's headers before them, some pages are a file as
 * well. How many samples they give depends on their first packets, which need those before them, but all end where the last page says.
 */

import { ascii, viewOf } from "./bytes.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./runs.js").Coded} Coded */
/** @typedef {import("../client/types.d.ts").Run} Run */
/**
 * `headers`: how many packets before the sound; `before`: samples to leave out; `longest`: the most samples of a packet; `warmUp`: after
 * so many samples a decoder gives what it gives in the whole file, if `forgets` says so of every packet's first byte.
 * @typedef {{ sampleRate: number, channels: number, headers: number, before: number, longest: number, warmUp: number, forgets: (packet: number) => boolean }} Codec
 */
/** `end`: where it ends, in samples that the codec counts. @typedef {{ from: number, end: number }} Stretch */

const PAGE_HEADER = 27;
const LONGEST_PAGE = PAGE_HEADER + 255 * 256;
/** Flags of a page: its first packet began on the one before; it is the first of its stream. */
const CONTINUED = 1;
const FIRST = 2;
/** A packet that ends with the page has a last part shorter than this. */
const WHOLE_PART = 255;
/** No packet ends on the page. */
const NOTHING_ENDS = 2n ** 64n - 1n;
/** Vorbis' setup fills some kilobytes. */
const LONGEST_HEAD = 1 << 20;
/** Opus counts at this rate, whatever was put in. It predicts from what went before, which it has forgotten after half a second. */
const OPUS = { sampleRate: 48_000, longest: 5_760, warmUp: 48_000 };
/** Below this, a packet's first five bits say that it is coded in the mode for speech, which never forgets (RFC 6716, 3.1). */
const FIRST_FOR_MUSIC = 16;

/** @param {Uint8Array} packet the stream's first @returns {Codec | null} */
function codecOf(packet) {
  const view = viewOf(packet);
  if (packet.length >= 30 && packet[0] === 1 && ascii(packet, 1, 6) === "vorbis") {
    const block = 2 ** (packet[28] >> 4);
    // Half of it lies over the one before.
    return { sampleRate: view.getUint32(12, true), channels: packet[11], headers: 3, before: 0, longest: block / 2, warmUp: block, forgets: () => true };
  }
  // Of several streams in one, only the browser knows the order of the channels.
  if (packet.length >= 19 && ascii(packet, 0, 8) === "OpusHead" && packet[18] === 0) {
    return { sampleRate: OPUS.sampleRate, channels: packet[9], headers: 2, before: view.getUint16(10, true), longest: OPUS.longest, warmUp: OPUS.warmUp, forgets: (packet) => packet >> 3 >= FIRST_FOR_MUSIC };
  }
  return null;
}

/** @param {Bytes} bytes @param {number} at */
async function pageAt(bytes, at) {
  const got = bytes.get(at, LONGEST_PAGE);
  const page = got instanceof Promise ? await got : got;
  if (page.length < PAGE_HEADER || ascii(page, 0, 4) !== "OggS" || page[4] !== 0) return null;
  const view = viewOf(page);
  const parts = page.subarray(PAGE_HEADER, PAGE_HEADER + page[26]);
  let [length, packets, begins] = [PAGE_HEADER + page[26], 0, (page[5] & CONTINUED) === 0];
  /** @type {number[]} */
  const firstBytes = [];
  for (const part of parts) {
    if (begins && part > 0) firstBytes.push(page[length]);
    length += part;
    begins = part < WHOLE_PART;
    if (begins) packets++;
  }
  return { flags: page[5], granule: view.getBigUint64(6, true), stream: view.getUint32(14, true), number: view.getUint32(18, true), sound: at + PAGE_HEADER + page[26], end: at + length, packets, firstBytes };
}

/**
 * Stretches of pages that begin with a packet of their own, and the headers before them.
 * @param {Bytes} bytes
 * @returns {Promise<{ codec: Codec, head: Uint8Array<ArrayBuffer>, stretches: Stretch[] } | null>} null where it is not one stream without a gap
 */
async function read(bytes) {
  const first = await pageAt(bytes, 0);
  if (!first || first.packets !== 1) return null;
  const codec = codecOf(await bytes.get(first.sound, first.end - first.sound));
  if (!codec) return null;
  let [at, number, headers] = [0, first.number, 0];
  /** @type {Stretch[]} */
  const stretches = [];
  let headEnd = 0;
  while (at < bytes.size) {
    const page = await pageAt(bytes, at);
    if (!page || page.end > bytes.size || page.stream !== first.stream || page.number !== number || (number !== first.number && page.flags & FIRST)) return null;
    number += 1;
    if (headers < codec.headers) {
      headers += page.packets;
      headEnd = page.end;
      // Sound begins on a page of its own.
      if (headers > codec.headers || headEnd > LONGEST_HEAD) return null;
    } else {
      const last = stretches.at(-1);
      if ((!last && page.flags & CONTINUED) || !page.firstBytes.every(codec.forgets)) return null;
      const begin = last?.end ?? 0;
      const end = page.granule === NOTHING_ENDS ? begin : Number(page.granule);
      // A broadcast that was recorded from its middle on counts from a beginning that is not there; a damaged page may say anything.
      if (end < begin || end - begin > page.packets * codec.longest) return null;
      // What begins on one page and ends on the next is not taken apart.
      if (last && page.flags & CONTINUED) last.end = end;
      else stretches.push({ from: at, end });
    }
    at = page.end;
  }
  // Of a page that is first and last, only the browser knows at which end something is left out.
  return stretches.length < 2 ? null : { codec, head: (await bytes.get(0, headEnd)).slice(), stretches };
}

/**
 * @param {Bytes} bytes of a file that begins with “OggS”
 * @returns {Promise<Coded | null>} null where it is not one stream of Vorbis or of Opus for music, or something is missing
 */
export async function oggPages(bytes) {
  const found = await read(bytes);
  if (!found) return null;
  const { codec: { sampleRate, channels, before, warmUp }, head, stretches } = found;
  const end = stretches[stretches.length - 1].end;
  const frames = end - before;

  /** @param {number} length */
  const runs = (length) => {
    /** @type {Run[]} */
    const all = [];
    let wanted = 0;
    for (let given = 0; given < frames; given += length) {
      const count = Math.min(length, frames - given);
      const [from, to] = [before + given, before + given + count];
      while (stretches[wanted].end <= from) wanted++;
      let last = wanted;
      while (stretches[last].end < to) last++;
      let first = wanted;
      while (first > 0 && (stretches[first - 1].end > from - warmUp || first === stretches.length - 1)) first--;
      const begins = first > 0 ? stretches[first - 1].end : before;
      const most = stretches[last].end - begins;
      const behind = stretches[last].end - to;
      // From its beginning, the file gives all that it says.
      const least = first > 0 ? behind + count : most;
      all.push({ head, adts: null, from: stretches[first].from, to: stretches[last + 1]?.from ?? bytes.size, least, most, behind, frames: count });
    }
    return all;
  };
  return { sampleRate, channels, frames, runs };
}

/** @param {Uint8Array} head the file's first bytes */
export const isOgg = (head) => ascii(head, 0, 4) === "OggS";
