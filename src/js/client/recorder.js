// @ts-check
/** Keeps what the microphone hears, in parts that the browser may lay aside on disk. Runs in the worker. */

import { pcm16 } from "./wav.js";

/** @typedef {{ blob: Blob, frames: number }} Part 16-bit mono PCM */

/** Long enough that an hour is some hundreds of parts, short enough that little is lost with a worker that breaks. */
const PART_S = 5;

export class Recorder {
  #frames = 0;
  /** @type {ArrayBuffer[]} */
  #pieces = [];

  /** @param {number} sampleRate Hz @param {(part: Part) => void} onPart */
  constructor(sampleRate, onPart) {
    this.sampleRate = sampleRate;
    this.onPart = onPart;
  }

  /** @param {Float32Array} samples */
  push(samples) {
    this.#pieces.push(pcm16(samples));
    this.#frames += samples.length;
    if (this.#frames >= PART_S * this.sampleRate) this.flush();
  }

  /** Gives what has not been given yet. */
  flush() {
    if (this.#frames === 0) return;
    this.onPart({ blob: new Blob(this.#pieces), frames: this.#frames });
    this.#pieces = [];
    this.#frames = 0;
  }
}
