// @ts-check
/** Coded frames through WebCodecs' decoder. It works in a thread of its own, and is kept a piece ahead of whoever reads. */

import { failure } from "./failure.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/**
 * Frames that lie one behind the other. `starts`: where each begins, `end`: where the last ends, in bytes; `perFrame`: samples of each
 * channel in a frame; `skip`: of these to leave out at the beginning; `frames`: samples of each channel to give in all.
 * @typedef {{ config: AudioDecoderConfig, starts: number[], end: number, perFrame: number, skip: number, frames: number }} CodedFrames
 */

/** The frames given to the decoder before it is known whether it does what it should: a second or two. */
const TRIED = 64;
/** One that gives nothing back by then, in milliseconds, waits for more than it gets. */
const PATIENCE_MS = 5000;

/** The browser's decoder stopped, or gives other samples than the file promised. @param {string} why */
const broken = (why) => failure("pieces-broken", why);

/** The same samples where so many have room. @param {Float32Array<ArrayBuffer>} samples @param {number} length */
function roomFor(samples, length) {
  if (samples.length >= length) return samples;
  const wider = new Float32Array(Math.max(length, 2 * samples.length));
  wider.set(samples);
  return wider;
}

export class Coded {
  #bytes;
  #from;
  #decoder;
  /** How many of the coded frames the decoder has been given. */
  #fed = 0;
  /** What it gave back and nobody has read, by channel. @type {Float32Array<ArrayBuffer>[]} */
  #decoded;
  /** How many samples of each channel these are. */
  #there = 0;
  /** How many of them are to be left out. */
  #skip;
  /** How many samples of each channel have been read. */
  #given = 0;
  /** @type {Error | null} */
  #error = null;
  #flushed = false;
  /** @type {() => void} */
  #wake = () => {};

  /** @param {Bytes} bytes @param {CodedFrames} from */
  constructor(bytes, from) {
    this.#bytes = bytes;
    this.#from = from;
    this.#skip = from.skip;
    this.sampleRate = from.config.sampleRate;
    this.channels = from.config.numberOfChannels;
    this.#decoded = Array.from({ length: this.channels }, () => new Float32Array(0));
    this.frames = from.frames;
    this.#decoder = new AudioDecoder({
      output: (data) => this.#take(data),
      error: (error) => this.#fail(broken(error.message)),
    });
    this.#decoder.configure(from.config);
  }

  /**
   * @param {Bytes} bytes
   * @param {CodedFrames | null} frames
   * @returns {Promise<Coded | null>} null where this browser does not decode them so
   */
  static async open(bytes, frames) {
    if (!frames || typeof AudioDecoder !== "function") return null;
    try {
      if (!(await AudioDecoder.isConfigSupported(frames.config)).supported) return null;
    } catch {
      return null;
    }
    const coded = new Coded(bytes, frames);
    const timer = setTimeout(() => coded.#fail(broken("the decoder gives nothing back")), PATIENCE_MS);
    try {
      await coded.#feed(TRIED);
      await coded.#until(Math.min(frames.skip + 1, frames.starts.length * frames.perFrame));
      return coded;
    } catch (error) {
      coded.close();
      if (error instanceof Error && "code" in error && error.code === "pieces-broken") return null;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {number} frames */
  async read(frames) {
    const count = Math.min(frames, this.frames - this.#given);
    // As much again as is asked for, to be decoded while this is used.
    await this.#feed(Math.ceil((this.#from.skip + this.#given + 2 * count) / this.#from.perFrame));
    const [from, to] = [this.#skip, this.#skip + count];
    await this.#until(to);
    const piece = this.#decoded.map((samples) => samples.slice(from, to));
    for (const samples of this.#decoded) samples.copyWithin(0, to, this.#there);
    this.#there -= to;
    this.#skip = 0;
    this.#given += count;
    return piece;
  }

  close() {
    this.#fail(broken("closed"));
    if (this.#decoder.state !== "closed") this.#decoder.close();
  }

  /** Gives the decoder frames until it has had so many of them. @param {number} upTo */
  async #feed(upTo) {
    const { starts, end, perFrame } = this.#from;
    const last = Math.min(upTo, starts.length);
    while (this.#fed < last) {
      const i = this.#fed;
      const got = this.#bytes.get(starts[i], (starts[i + 1] ?? end) - starts[i]);
      const data = got instanceof Promise ? await got : got;
      if (this.#error) throw this.#error;
      this.#decoder.decode(new EncodedAudioChunk({ type: "key", timestamp: Math.round((i * perFrame * 1e6) / this.sampleRate), data }));
      this.#fed += 1;
    }
    if (this.#fed < starts.length || this.#flushed) return;
    this.#flushed = true;
    this.#decoder.flush().then(() => this.#fail(broken("the sound ended early")), (error) => this.#fail(broken(String(error))));
  }

  /** Waits until so many samples are there. @param {number} samples */
  async #until(samples) {
    while (this.#there < samples) {
      if (this.#error) throw this.#error;
      await new Promise((resolve) => (this.#wake = () => resolve(undefined)));
    }
  }

  /** @param {AudioData} data */
  #take(data) {
    const { numberOfFrames: count } = data;
    if (data.sampleRate !== this.sampleRate || data.numberOfChannels !== this.channels) {
      this.#fail(broken(`${data.numberOfChannels} channels at ${data.sampleRate} Hz`));
    } else {
      const end = this.#there + count;
      this.#decoded = this.#decoded.map((samples) => roomFor(samples, end));
      this.#decoded.forEach((samples, planeIndex) => data.copyTo(samples.subarray(this.#there, end), { planeIndex, format: "f32-planar" }));
      this.#there = end;
    }
    data.close();
    this.#wake();
  }

  /** @param {Error} error */
  #fail(error) {
    this.#error ??= error;
    this.#wake();
  }
}
