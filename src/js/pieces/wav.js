// @ts-check
/** WAV files of plain samples. What is not written by the rules is left to the browser, which knows what other programs make of it. */

import { ascii, viewOf } from "./bytes.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
/** What an extensible format's identifier says after its first two bytes. */
const GUID_END = "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71";
/** Chunks before the samples; no program writes as many. */
const MOST_CHUNKS = 64;

/**
 * How samples become numbers from −1 to 1, by format and bits. Whole numbers are divided by a power of two, as by the command line,
 * and nothing is rounded; Chromium makes positive numbers of 16 bits larger by 1 part in 32 767, of 8 bits by 1 in 127.
 * @type {Partial<Record<string, (view: DataView, at: number) => number>>}
 */
const READERS = {
  [`${PCM}/8`]: (view, at) => (view.getUint8(at) - 128) / 2 ** 7,
  [`${PCM}/16`]: (view, at) => view.getInt16(at, true) / 2 ** 15,
  [`${PCM}/24`]: (view, at) => (view.getUint16(at, true) | (view.getInt8(at + 2) << 16)) / 2 ** 23,
  [`${PCM}/32`]: (view, at) => view.getInt32(at, true) / 2 ** 31,
  [`${FLOAT}/32`]: (view, at) => view.getFloat32(at, true),
};

/** @param {Uint8Array} body of the chunk `fmt ` */
function formatOf(body) {
  if (body.length < 16) return null;
  const view = viewOf(body);
  let format = view.getUint16(0, true);
  const [channels, sampleRate, block, bits] = [view.getUint16(2, true), view.getUint32(4, true), view.getUint16(12, true), view.getUint16(14, true)];
  if (format === EXTENSIBLE) {
    if (body.length < 40 || view.getUint16(18, true) !== bits || ascii(body, 26, 14) !== GUID_END) return null;
    format = view.getUint16(24, true);
  }
  const reader = READERS[`${format}/${bits}`];
  return reader && channels > 0 && block === (channels * bits) / 8 ? { channels, sampleRate, block, bits, reader } : null;
}

export class Wav {
  #at;
  #bytes;
  #format;
  /** The bytes after those read last, on their way while these are heard. @type {Promise<Uint8Array<ArrayBuffer>> | null} */
  #next = null;

  /** @param {Bytes} bytes @param {NonNullable<ReturnType<typeof formatOf>>} format @param {number} at of the samples @param {number} length */
  constructor(bytes, format, at, length) {
    this.#bytes = bytes;
    this.#format = format;
    this.#at = at;
    this.sampleRate = format.sampleRate;
    this.channels = format.channels;
    this.frames = Math.floor(length / format.block);
    this.left = this.frames;
  }

  /** @param {Bytes} bytes of a file that begins with “RIFF” */
  static async open(bytes) {
    if (ascii(await bytes.get(8, 4), 0, 4) !== "WAVE") return null;
    /** @type {ReturnType<typeof formatOf>} */
    let format = null;
    let at = 12;
    for (let chunk = 0; chunk < MOST_CHUNKS; chunk++) {
      const head = await bytes.get(at, 8);
      if (head.length < 8) return null;
      const [name, length] = [ascii(head, 0, 4), viewOf(head).getUint32(4, true)];
      at += 8;
      if (name === "data") return format && length > 0 && at + length <= bytes.size ? new Wav(bytes, format, at, length) : null;
      if (name === "fmt ") format = formatOf(await bytes.get(at, Math.min(length, 40)));
      // Chunks begin at even places.
      at += length + (length % 2);
    }
    return null;
  }

  /** @param {number} count */
  async #ask(count) {
    return this.#bytes.get(this.#at, count * this.#format.block);
  }

  /** The next samples, by channel. @param {number} frames as many every time */
  async read(frames) {
    const count = Math.min(frames, this.left);
    const { channels, block, bits, reader } = this.#format;
    const view = viewOf(await (this.#next ?? this.#ask(count)));
    this.#at += count * block;
    this.left -= count;
    this.#next = this.left > 0 ? this.#ask(Math.min(frames, this.left)) : null;
    // Whoever reads on hears of its failure; until then nobody does.
    this.#next?.catch(() => {});
    return Array.from({ length: channels }, (_, channel) => {
      const samples = new Float32Array(count);
      for (let i = 0, at = (channel * bits) / 8; i < count; i++, at += block) samples[i] = reader(view, at);
      return samples;
    });
  }
}
