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
/** @typedef {import("../pieces/wav.js").Wav} Wav */
/** @typedef {{ songmood: Songmood, classifier: Classifier, keep: boolean }} How `keep`: for `picture` and `excerpt`, until `forget` */

/** The mean of the channels. @param {readonly Float32Array[]} channels of one length */
function mono(channels) {
  if (channels.length === 1) return channels[0];
  const [mixed, ...others] = channels;
  for (const channel of others) for (let i = 0; i < mixed.length; i++) mixed[i] += channel[i];
  for (let i = 0; i < mixed.length; i++) mixed[i] /= channels.length;
  return mixed;
}

export class Songs {
  /** `pieces`: where the worker reads the samples itself, and the slice that is being read. @type {Map<number, { recording: Recording, overview: Overview | null, pieces?: Wav, reading?: Promise<unknown>, read: number }>} */
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
    this.#songs.set(song, { recording, overview: keep ? new songmood.Overview(sampleRate) : null, pieces, read: 0 });
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
   * @returns {Promise<import("./types.d.ts").Slice>}
   */
  next(song) {
    const found = this.#get(song);
    const slice = (found.reading ?? Promise.resolve()).then(async () => {
      const { pieces } = found;
      if (!pieces) throw failure("unexpected", "the page hands this song over");
      const channels = await pieces.read(sliceOf(pieces.sampleRate));
      found.read += channels[0].length;
      // It throws where the song was called off meanwhile.
      const windows = this.slice(song, channels);
      return { windows, share: found.read / pieces.frames };
    });
    found.reading = slice.catch(() => {});
    return slice;
  }

  /** The windows that a slice completes; its samples are gone afterwards. @param {number} song @param {readonly Float32Array<ArrayBuffer>[]} channels */
  slice(song, channels) {
    const { recording, overview } = this.#get(song);
    const samples = mono(channels);
    const windows = recording.push(samples);
    overview?.push(samples);
    giveBack(channels.map(({ buffer }) => buffer));
    return windows;
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
