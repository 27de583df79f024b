// @ts-check
/** A file's bytes, a stretch at a time: an hour of sound never lies in memory whole. */

import { failure } from "./failure.js";

/** Read at a time; most of what is asked for lies in the stretch before. */
const STRETCH = 1 << 20;

export class Bytes {
  #from = 0;
  #held = new Uint8Array(0);

  /** @param {Blob} file */
  constructor(file) {
    this.file = file;
  }

  get size() {
    return this.file.size;
  }

  /**
   * Bytes `at` to before `at + length`, fewer where the file ends. Good until the next call.
   * @param {number} at
   * @param {number} length
   * @returns {Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>} at once where they are at hand: a song has thousands of frames
   */
  get(at, length) {
    const end = Math.min(at + length, this.size);
    if (at >= this.#from && end <= this.#from + this.#held.length) return this.#held.subarray(at - this.#from, end - this.#from);
    return this.#read(at, end);
  }

  /** @param {number} at @param {number} end */
  async #read(at, end) {
    try {
      this.#held = new Uint8Array(await this.file.slice(at, Math.max(end, at + STRETCH)).arrayBuffer());
    } catch (error) {
      throw failure("unreadable", error instanceof Error ? error.message : String(error));
    }
    this.#from = at;
    return this.#held.subarray(0, Math.max(0, end - at));
  }
}

/** @param {Uint8Array} bytes @param {number} from @param {number} length */
export const ascii = (bytes, from, length) => String.fromCharCode(...bytes.subarray(from, from + length));

/** @param {Uint8Array} bytes */
export const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
