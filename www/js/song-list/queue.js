// @ts-check
/** Songs that wait to be heard, one at a time and in order. Knows neither page nor worker. */

import { codeOf, isCancelled } from "../errors.js";

/** @typedef {import("./packed.js").Packed} Packed */
/** @typedef {import("./files.js").Found} Found */
/** @typedef {"loading" | "decoding" | "listening"} Stage */

/**
 * `failed` and `cancelled` songs can be asked again. `share`: of the song at work, 0 … 1, null where it cannot be told.
 * @typedef {{
 *   id: number, name: string, file: File | null, state: "waiting" | "working" | "done" | "failed" | "cancelled",
 *   stage: Stage | null, share: number | null, result: Packed | null, error: unknown,
 * }} Song
 */
/** @typedef {(file: File, options: { signal: AbortSignal, onStage: (stage: Stage, share: number | null) => void }) => Promise<Packed>} Hear */

/** Errors of songmood itself: every song after this one would fail alike, so the queue waits instead. */
const NOT_THE_SONGS_FAULT = new Set(["models-missing", "models-refused", "program-missing", "program-refused", "wasm-missing", "simd-missing"]);

export class Queue {
  /** In the order in which they came. @type {Song[]} */
  songs = [];
  /** @type {{ song: Song, abort: AbortController } | null} */
  #work = null;
  #nextId = 1;
  #halted = false;

  /** A song changed: its state, or how far it is. @type {(song: Song) => void} */
  onSong = () => {};
  /** Nothing waits any more. @type {() => void} */
  onIdle = () => {};
  /** No song can be heard for now; `resume` tries again. @type {(error: unknown) => void} */
  onHalt = () => {};

  /** @param {Hear} hear */
  constructor(hear) {
    this.hear = hear;
  }

  /** @param {readonly Found[]} found @returns {Song[]} */
  add(found) {
    const added = found.map(({ name, file, error = null }) => /** @type {Song} */ ({
      id: this.#nextId++, name, file, state: file ? "waiting" : "failed", stage: null, share: null, result: null, error,
    }));
    this.songs.push(...added);
    this.resume();
    return added;
  }

  /** @param {number} id */
  song(id) {
    return this.songs.find((song) => song.id === id);
  }

  get busy() {
    return this.#work !== null;
  }

  get halted() {
    return this.#halted;
  }

  /** How many are in which state, and how far the whole is, 0 … 1. */
  get progress() {
    const counts = { waiting: 0, working: 0, done: 0, failed: 0, cancelled: 0 };
    for (const { state } of this.songs) counts[state] += 1;
    const total = this.songs.length;
    const settled = counts.done + counts.failed + counts.cancelled;
    return { ...counts, total, share: total > 0 ? (settled + (this.#work?.song.share ?? 0)) / total : 0 };
  }

  /** Calls off one song, waiting or at work. @param {number} id */
  cancel(id) {
    const song = this.song(id);
    if (song?.state === "waiting") {
      this.#change(song, { state: "cancelled" });
      this.#settled();
    } else if (song && this.#work?.song === song) {
      this.#work.abort.abort();
    }
  }

  /** Calls off all that are not heard yet. */
  cancelAll() {
    for (const song of this.songs) if (song.state === "waiting") this.#change(song, { state: "cancelled" });
    if (this.#work) this.#work.abort.abort();
    else this.#settled();
  }

  /** Asks again for a song, whatever came of it. @param {number} id */
  again(id) {
    const song = this.song(id);
    if (!song?.file || song.state === "waiting" || song.state === "working") return;
    this.#change(song, { state: "waiting", error: null, result: null, share: null });
    this.resume();
  }

  /** Forgets a song. @param {number} id */
  remove(id) {
    this.cancel(id);
    this.songs = this.songs.filter((song) => song.id !== id);
  }

  /** Forgets all songs. */
  clear() {
    this.songs = [];
    this.#work?.abort.abort();
  }

  /** Goes on after a halt, or does nothing. */
  resume() {
    this.#halted = false;
    if (!this.#work) void this.#run();
  }

  async #run() {
    for (;;) {
      const song = this.songs.find(({ state }) => state === "waiting");
      if (!song || this.#halted) return;
      const abort = new AbortController();
      this.#work = { song, abort };
      this.#change(song, { state: "working", share: null });
      const outcome = await this.#outcome(song, abort.signal);
      this.#work = null;
      this.#change(song, { stage: null, share: null, ...outcome });
      if (this.#halted) this.onHalt(song.error);
      else this.#settled();
    }
  }

  /** @param {Song} song @param {AbortSignal} signal @returns {Promise<Partial<Song>>} */
  async #outcome(song, signal) {
    try {
      const result = await this.hear(/** @type {File} */ (song.file), {
        signal,
        onStage: (stage, share) => {
          if (this.#work?.song === song && !signal.aborted) this.#change(song, { stage, share });
        },
      });
      return signal.aborted ? { state: "cancelled" } : { state: "done", result };
    } catch (error) {
      if (signal.aborted || isCancelled(error)) return { state: "cancelled" };
      if (!NOT_THE_SONGS_FAULT.has(codeOf(error))) return { state: "failed", error };
      this.#halted = true;
      return { state: "waiting", error };
    }
  }

  /** @param {Song} song @param {Partial<Song>} what */
  #change(song, what) {
    Object.assign(song, what);
    // A song that was forgotten while it was at work has nobody left to tell.
    if (this.songs.includes(song)) this.onSong(song);
  }

  #settled() {
    if (!this.#work && !this.songs.some(({ state }) => state === "waiting")) this.onIdle();
  }
}
