// @ts-check
/** The microphone's recording, for replay, download and analysis: the last hour of it, in parts that lie outside the page's memory. */

import { wavHeader } from "../pkg/client/wav.js";

/** @typedef {import("../pkg/client/recorder.js").Part} Part */

/** What is kept: an hour, 345 MB at 48 kHz. A browser lays parts of this size aside on disk. */
export const KEPT_S = 3600;

export class KeptRecording {
  /** @type {Part[]} */
  #parts = [];
  #frames = 0;
  #dropped = 0;

  /** @param {number} sampleRate Hz */
  constructor(sampleRate) {
    this.sampleRate = sampleRate;
  }

  /** @param {Part} part the next one */
  add(part) {
    this.#parts.push(part);
    this.#frames += part.frames;
    while (this.#parts.length > 1 && this.#frames - this.#parts[0].frames >= KEPT_S * this.sampleRate) {
      const { frames } = /** @type {Part} */ (this.#parts.shift());
      this.#frames -= frames;
      this.#dropped += frames;
    }
  }

  /** Seconds that are kept. */
  get durationS() {
    return this.#frames / this.sampleRate;
  }

  /** Seconds at the beginning that are not kept any more. */
  get startS() {
    return this.#dropped / this.sampleRate;
  }

  /** As a WAV file; copies nothing. */
  wav() {
    return new Blob([wavHeader(this.#frames, this.sampleRate), ...this.#parts.map(({ blob }) => blob)], { type: "audio/wav" });
  }
}
