// @ts-check
/** The songs in the worker: handed over slice by slice, judged on the way, some kept for pictures and parts. */

/** @typedef {typeof import("../songmood.js")} Songmood */
/** @typedef {import("../songmood.js").Classifier} Classifier */
/** @typedef {import("../songmood.js").Recording} Recording */
/** @typedef {import("../songmood.js").Overview} Overview */
/** @typedef {import("./types.d.ts").PictureKind} PictureKind */

/** @param {string} code @param {string} message */
export const failure = (code, message) => Object.assign(new Error(message), { code });

/** The mean of the channels. @param {readonly Float32Array[]} channels of one length */
function mono(channels) {
  if (channels.length === 1) return channels[0];
  const [mixed, ...others] = channels;
  for (const channel of others) for (let i = 0; i < mixed.length; i++) mixed[i] += channel[i];
  for (let i = 0; i < mixed.length; i++) mixed[i] /= channels.length;
  return mixed;
}

export class Songs {
  /** @type {Map<number, { recording: Recording, overview: Overview | null }>} */
  #songs = new Map();

  /** @param {number} song */
  #get(song) {
    const found = this.#songs.get(song);
    if (!found) throw failure("song-forgotten", "the worker no longer has this song");
    return found;
  }

  /**
   * @param {number} song the page's number for it
   * @param {{ songmood: Songmood, classifier: Classifier, sampleRate: number, keep: boolean }} how `keep`: for `pictures` and `excerpt`, until `forget`
   */
  begin(song, { songmood, classifier, sampleRate, keep }) {
    this.forget(song);
    this.#songs.set(song, { recording: classifier.recording(sampleRate), overview: keep ? new songmood.Overview(sampleRate) : null });
  }

  /** The windows that a slice completes. @param {number} song @param {readonly Float32Array[]} channels */
  slice(song, channels) {
    const { recording, overview } = this.#get(song);
    const samples = mono(channels);
    const windows = recording.push(samples);
    overview?.push(samples);
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
