// @ts-check
/** The player and its button: one for the page, whoever has something to play. */

import { message } from "./language/language.js";
import { say } from "./language/said.js";
import { Player } from "../pkg/view/player.js";

export class Playback {
  #player = new Player();
  #loaded = false;

  /** Called while playing at the display's rate (`gliding`), and after each seek. @type {(t: number, gliding: boolean) => void} */
  onTime = () => {};
  /** @type {(playing: boolean) => void} */
  onPlaying = () => {};
  /** @type {() => void} */
  onBroken = () => {};

  /** @param {HTMLButtonElement} button */
  constructor(button) {
    this.button = button;
    this.#player.onTime = (t, gliding) => this.onTime(t, gliding);
    this.#player.onPlaying = (playing) => {
      button.classList.toggle("playing", playing);
      say(button, () => message(playing ? "timeline.pause" : "timeline.play"), "aria-label");
      this.onPlaying(playing);
    };
    this.#player.onBroken = () => {
      button.disabled = true;
      this.onBroken();
    };
  }

  /** @param {Blob} file @param {number} durationS @param {number} [startS] the time at which the file begins */
  load(file, durationS, startS = 0) {
    this.#player.load(file, durationS, startS);
    this.#loaded = true;
    this.button.disabled = false;
    say(this.button, () => message("timeline.play"), "aria-label");
  }

  unload() {
    this.#player.unload();
    this.#loaded = false;
  }

  /** Plays only this part, or all. @param {import("../types/songmood.d.ts").Range | null} range */
  set range(range) {
    this.#player.range = range;
  }

  get time() {
    return this.#player.time;
  }

  pause() {
    if (this.#player.playing) void this.#player.toggle();
  }

  async toggle() {
    if (this.#loaded) await this.#player.toggle();
  }

  /** @param {number} t seconds @returns {boolean} whether there is anything to seek in */
  seek(t) {
    if (this.#loaded) this.#player.seek(t);
    return this.#loaded;
  }
}
