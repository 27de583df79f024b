// @ts-check
/** The songs in the worker: read or handed over slice by slice, judged on the way, some kept for pictures and parts. */

import { failure } from "../pieces/failure.js";
import { giveBack } from "../pieces/give-back.js";
import { openPieces } from "../pieces/open.js";
import { sliceOf } from "./slices.js";

/** @typedef {typeof import("../songmood.js")} Songmood */
/** @typedef {import("../songmood.js").Classifier} Classifier */
/** @typedef {import("../songmood.js").Recording} Recording */
/** @typedef {import("../songmood.js").Overview} Overview */
/** @typedef {import("./types.d.ts").PictureKind} PictureKind */
/** @typedef {import("./types.d.ts").Slice} Slice */
/** @typedef {import("../pieces/wav.js").Wav} Wav */
/** @typedef {{ songmood: Songmood, classifier: Classifier, keep: boolean }} How `keep`: for `picture` and `excerpt`, until `forget` */

export class Songs {
  /**
   * `frames`: samples of each channel in all, as far as is known; `read`: those heard so far; `pieces`: where the worker reads them itself,
   * and the slice that is being read.
   * @type {Map<number, { recording: Recording, overview: Overview | null, frames: number, read: number, pieces?: Wav, reading?: Promise<unknown> }>}
   */
  #songs = new Map();

  /** @param {number} song */
  #get(song) {
    const found = this.#songs.get(song);
    if (!found) throw failure("song-forgotten", "the worker no longer has this song");
    return found;
  }

  /**
   * @param {number} song the page's number for it
   * @param {How & { sampleRate: number, durationS: number, pieces?: Wav }} how
   */
  begin(song, { songmood, classifier, sampleRate, durationS, keep, pieces }) {
    this.forget(song);
    const recording = classifier.recording(sampleRate);
    recording.expect(durationS);
    const overview = keep ? new songmood.Overview(sampleRate) : null;
    this.#songs.set(song, { recording, overview, frames: durationS * sampleRate, read: 0, pieces });
  }

  /**
   * Begins a song that can be read piece by piece.
   * @param {number} song
   * @param {Blob} file
   * @param {How} how
   * @returns {Promise<import("./types.d.ts").Opened | null>} null where the page has to decode it
   */
  async open(song, file, how) {
    const pieces = await openPieces(file);
    if (!pieces) return null;
    const { sampleRate, channels, frames } = pieces;
    const slice = sliceOf(sampleRate);
    const coded = "runs" in pieces;
    const durationS = frames / sampleRate;
    this.begin(song, { ...how, sampleRate, durationS, pieces: coded ? undefined : pieces });
    return { channels, sampleRate, durationS, slices: Math.ceil(frames / slice), runs: coded ? pieces.runs(slice) : null };
  }

  /**
   * Reads the next slice, each after the one asked for before it.
   * @param {number} song
   * @param {boolean} handOut
   * @returns {Promise<Slice>}
   */
  next(song, handOut) {
    const found = this.#get(song);
    const slice = (found.reading ?? Promise.resolve()).then(async () => {
      const { pieces } = found;
      if (!pieces) throw failure("unexpected", "the page hands this song over");
      const channels = await pieces.read(sliceOf(pieces.sampleRate));
      // It throws where the song was called off meanwhile.
      return this.slice(song, channels, handOut);
    });
    found.reading = slice.catch(() => {});
    return slice;
  }

  /**
   * The windows that a slice completes, or the handout to have them judged by; its samples are gone afterwards.
   * @param {number} song
   * @param {readonly Float32Array<ArrayBuffer>[]} channels
   * @param {boolean} handOut whether another worker judges them
   * @returns {Slice}
   */
  slice(song, channels, handOut) {
    const found = this.#get(song);
    const { recording, overview } = found;
    const handout = handOut ? recording.handOut(channels) : undefined;
    const windows = handOut ? [] : recording.push(channels);
    overview?.push(channels);
    found.read += channels[0].length;
    giveBack(channels.map(({ buffer }) => buffer));
    return { windows, handout, share: found.read / found.frames };
  }

  /**
   * Windows that were handed out.
   * @param {number} song
   * @param {number} id of the handout
   * @param {Float32Array} [opinions] without them, this worker judges them itself
   */
  takeBack(song, id, opinions) {
    return this.#get(song).recording.takeBack(id, opinions);
  }

  /** @param {number} song @param {(done: number, total: number) => void} progress */
  finish(song, progress) {
    const { recording, overview } = this.#get(song);
    const analysis = recording.finish({ onProgress: progress });
    if (overview) overview.finish();
    else this.forget(song);
    return analysis;
  }

  /** @param {number} song @param {PictureKind} kind */
  picture(song, kind) {
    const { overview } = this.#get(song);
    if (!overview) throw failure("song-forgotten", "the worker keeps no pictures of this song");
    const picture = { waveform: () => overview.waveform(), mel: () => overview.melSpectrogram(), mfcc: () => overview.mfcc() }[kind]();
    return { picture, melFrequencies: overview.melFrequencies };
  }

  /** A part judged alone. @param {number} song @param {number} startS @param {number} endS */
  excerpt(song, startS, endS) {
    return this.#get(song).recording.excerpt(startS, endS);
  }

  /** @param {number} song */
  forget(song) {
    const found = this.#songs.get(song);
    found?.recording.free();
    found?.overview?.free();
    this.#songs.delete(song);
  }
}
