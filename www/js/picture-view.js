// @ts-check
/** The picture under the ribbon: which one is chosen, fetched when it is needed, drawn for the stretch that the ribbon shows. */

import { frequency } from "./format.js";
import { drawHeat, drawWave } from "./heat-map.js";
import { message, onLanguage } from "./language/language.js";
import { say } from "./language/said.js";
import { frequencyMarks, melHeat, mfccHeat, pictureWords, waveBars } from "./pictures.js";

/** @typedef {import("../types/songmood.d.ts").Picture} Picture */
/** @typedef {import("../types/songmood.d.ts").PictureKind} PictureKind */
/** @typedef {{ picture: Picture, melFrequencies: Float32Array }} Fetched */

/** More columns than this cannot be told apart. */
const MOST_PX = 2048;

export class PictureView {
  /** @type {Map<PictureKind, Fetched>} */
  #fetched = new Map();
  /** @type {((kind: PictureKind) => Promise<Fetched>) | null} */
  #fetch = null;
  /** What is on its way. @type {Set<PictureKind>} */
  #asked = new Set();
  #stretch = { startS: 0, endS: 0 };
  /** The canvas's, in pixels; 0 while it is hidden. */
  #width = 0;

  /** @param {{ box: HTMLElement, canvas: HTMLCanvasElement, marks: HTMLElement, words: HTMLElement, choice: HTMLElement }} parts `choice` holds radio buttons with kinds as values */
  constructor(parts) {
    this.parts = parts;
    parts.choice.addEventListener("change", () => this.#want());
    new ResizeObserver(() => {
      this.#width = parts.canvas.clientWidth;
      // After the timeline, which is drawn in the next frame, and in a task of its own.
      requestAnimationFrame(() => setTimeout(() => this.#draw()));
    }).observe(parts.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
    onLanguage(() => this.#draw());
  }

  /** @returns {PictureKind} */
  get kind() {
    return /** @type {PictureKind} */ (/** @type {HTMLInputElement} */ (this.parts.choice.querySelector("input:checked")).value);
  }

  /**
   * Another song.
   * @param {((kind: PictureKind) => Promise<Fetched>) | null} fetch null where there are no pictures
   */
  begin(fetch) {
    this.#fetched.clear();
    this.#asked.clear();
    this.#fetch = fetch;
    this.parts.box.hidden = this.parts.choice.hidden = !fetch;
    this.#draw();
  }

  /** There is more of the song than before. */
  refresh() {
    this.#want(true);
  }

  /** @param {{ startS: number, endS: number }} stretch that the ribbon shows */
  set stretch({ startS, endS }) {
    if (startS === this.#stretch.startS && endS === this.#stretch.endS) return;
    this.#stretch = { startS, endS };
    this.#draw();
  }

  /** Shows the chosen picture, fetching it first where it is not there. @param {boolean} [anew] */
  #want(anew = false) {
    const { kind } = this;
    const fetch = this.#fetch;
    if (anew) for (const old of this.#fetched.keys()) if (old !== kind) this.#fetched.delete(old);
    this.#draw();
    if (!fetch || this.#asked.has(kind) || (this.#fetched.has(kind) && !anew)) return;
    this.#asked.add(kind);
    fetch(kind).then((fetched) => {
      if (this.#fetch !== fetch) return;
      this.#asked.delete(kind);
      this.#fetched.set(kind, fetched);
      this.#draw();
    }, () => {
      // The worker was started afresh and has forgotten the song: what was fetched stays, the rest cannot be shown.
      if (this.#fetch !== fetch) return;
      this.#asked.delete(kind);
      say(this.parts.words, () => message("picture.gone"));
    });
  }

  #draw() {
    const { canvas, marks, words, box } = this.parts;
    const { kind } = this;
    const fetched = this.#fetched.get(kind);
    box.dataset.kind = kind;
    const none = /** @type {Fetched} */ ({ picture: { columns: 0, rows: 3, columnS: 1, data: new Float32Array(0) }, melFrequencies: new Float32Array(0) });
    const { picture, melFrequencies } = fetched ?? none;
    const stretch = { ...this.#stretch, widthPx: Math.min(MOST_PX, Math.round(this.#width * (kind === "waveform" ? 1 : window.devicePixelRatio || 1))) };
    if (this.#width === 0) return;
    const theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    if (kind === "waveform" || !fetched) {
      const style = getComputedStyle(canvas);
      const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
      drawWave(canvas, waveBars(picture, stretch), { peak: colour("faint"), level: colour("soft") });
    } else {
      drawHeat(canvas, kind === "mel" ? melHeat(picture, stretch) : mfccHeat(picture, stretch), kind === "mel" ? "sequential" : "diverging", theme);
    }
    box.dataset.columns = String(picture.columns);
    marks.replaceChildren(...(kind === "mel" ? frequencyMarks(melFrequencies) : []).map(({ hertz, share }) => {
      const mark = document.createElement("span");
      mark.textContent = frequency(hertz);
      mark.style.bottom = `${100 * share}%`;
      return mark;
    }));
    say(words, () => pictureWords(kind, picture, melFrequencies));
  }
}
