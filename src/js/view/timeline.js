// @ts-check
/** The timeline: ribbon, names of passages, time marks, cursor; pointer and keys seek and, with Shift, select. Knows no language. */

import { clock } from "./clock.js";
import { momentAt } from "./moments.js";
import { bars, drawRibbon, paletteOf } from "./ribbon.js";
import { drawPassages, drawTicks } from "./timeline-marks.js";

/** @typedef {import("../client/types.d.ts").MoodWindow} MoodWindow */
/** @typedef {import("../client/types.d.ts").Moment} Moment */
/** @typedef {{ windows: readonly MoodWindow[], startS: number, endS: number, knownToS: number, sureAbove: number }} View */

/**
 * The timeline's language. `position` and `growing` name the slider where the reader can seek and where not; `at` tells a time of a
 * song and its moment, for a screen reader; `moment` the moment alone, under the pointer; `passages` see there. Where they change,
 * `draw` says them anew.
 * @typedef {{
 *   position: string, growing: string, at: (t: number, endS: number, moment: Moment | null) => string, moment: (moment: Moment) => string,
 *   passages: import("./timeline-marks.js").Words,
 * }} Words
 */

const TELL_EVERY_S = 5;

export class Timeline {
  /** @type {View} */
  #view = { windows: [], startS: 0, endS: 0, knownToS: 0, sureAbove: 0 };
  #time = 0;
  /** The track's, in pixels; 0 while it is hidden. Asked for after each change it would make the browser lay the page out at once. */
  #width = 0;
  /** The time that the slider's value tells. */
  #toldAt = 0;
  /** @type {"seek" | "select" | null} */
  #dragging = null;
  /** Where the pointer went down, as a time. */
  #pressedAt = 0;

  /** The reader moved to a time. @type {(t: number) => void} */
  onSeek = () => {};
  /** The reader selects, from a time to another. @type {(from: number, to: number, settled: boolean) => void} */
  onSelect = () => {};
  /** The reader selects by keys, so many seconds further. @type {(from: number, seconds: number) => void} */
  onGrow = () => {};
  /** Escape on the timeline. @type {() => void} */
  onEscape = () => {};
  /** Space or Enter on the timeline. @type {() => void} */
  onToggle = () => {};

  /**
   * @param {{ track: HTMLElement, canvas: HTMLCanvasElement, cursor: HTMLElement, hover: HTMLElement, hoverLabel: HTMLElement, segments: HTMLElement, ticks: HTMLElement }} parts
   * @param {Words} words
   * @param {(track: Element) => ReturnType<typeof paletteOf>} [palette] tells the colours in force
   */
  constructor(parts, words, palette = paletteOf) {
    this.parts = parts;
    this.words = words;
    this.palette = palette;
    new ResizeObserver(() => {
      this.#width = parts.track.clientWidth;
      // In the frame after: the one that brings the track is long already by what comes with it.
      requestAnimationFrame(() => this.draw());
    }).observe(parts.track);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    const { track } = parts;
    track.addEventListener("pointerdown", (event) => this.#press(event));
    track.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel"]) track.addEventListener(name, (event) => this.#release(/** @type {PointerEvent} */ (event)));
    track.addEventListener("pointerleave", () => (parts.hover.hidden = true));
    track.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Can the reader seek? A live timeline only grows. @param {boolean} can */
  set seekable(can) {
    const { track, cursor } = this.parts;
    track.setAttribute("aria-disabled", String(!can));
    track.setAttribute("aria-label", can ? this.words.position : this.words.growing);
    track.classList.toggle("fixed", !can);
    cursor.hidden = !can;
  }

  get seekable() {
    return this.parts.track.getAttribute("aria-disabled") !== "true";
  }

  /** @param {View} view */
  show(view) {
    this.#view = view;
    const { track } = this.parts;
    track.setAttribute("aria-valuemin", view.startS.toFixed(1));
    track.setAttribute("aria-valuemax", view.endS.toFixed(1));
    this.draw();
    this.moveTo(Math.min(this.#time, view.endS));
  }

  /**
   * Puts the cursor at a time.
   * @param {number} t seconds
   * @param {boolean} [gliding] by itself, as the song plays: then a screen reader hears of it only now and then
   */
  moveTo(t, gliding = false) {
    this.#time = t;
    const { startS, endS, windows } = this.#view;
    const { track, cursor } = this.parts;
    const share = endS > startS ? Math.max(0, Math.min(1, (t - startS) / (endS - startS))) : 0;
    cursor.style.transform = `translateX(${share * this.#width}px)`;
    if (gliding && Math.abs(t - this.#toldAt) < TELL_EVERY_S) return;
    this.#toldAt = t;
    track.setAttribute("aria-valuenow", t.toFixed(1));
    track.setAttribute("aria-valuetext", this.words.at(t, endS, momentAt(windows, t)));
  }

  draw() {
    const { canvas, track } = this.parts;
    const { windows, sureAbove } = this.#view;
    const widthPx = this.#width;
    track.setAttribute("aria-label", this.seekable ? this.words.position : this.words.growing);
    if (widthPx > 0) {
      drawRibbon(canvas, bars(windows, { ...this.#view, widthPx }), this.palette(track), { sureAbove });
      drawPassages(this.parts.segments, this.#view, widthPx, this.words.passages);
      drawTicks(this.parts.ticks, this.#view, widthPx);
    }
    this.moveTo(this.#time);
  }

  /** @param {PointerEvent} event */
  #timeAt(event) {
    const box = this.parts.track.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    return this.#view.startS + share * (this.#view.endS - this.#view.startS);
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (!this.seekable || event.button !== 0) return;
    this.#dragging = event.shiftKey ? "select" : "seek";
    this.#pressedAt = this.#timeAt(event);
    this.parts.track.setPointerCapture(event.pointerId);
    this.#hoverAt(event);
    if (this.#dragging === "seek") this.onSeek(this.#pressedAt);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    this.#hoverAt(event);
    if (this.#dragging === "seek") this.onSeek(this.#timeAt(event));
    if (this.#dragging === "select") this.onSelect(this.#pressedAt, this.#timeAt(event), false);
  }

  /** @param {PointerEvent} event */
  #release(event) {
    if (this.#dragging === "select") this.onSelect(this.#pressedAt, this.#timeAt(event), true);
    this.#dragging = null;
  }

  /** @param {PointerEvent} event */
  #hoverAt(event) {
    const { hover, hoverLabel, track } = this.parts;
    const t = this.#timeAt(event);
    hover.hidden = t > this.#view.knownToS || this.#view.windows.length === 0;
    if (hover.hidden) return;
    const moment = momentAt(this.#view.windows, t);
    hoverLabel.textContent = moment ? `${clock(t)} · ${this.words.moment(moment)}` : clock(t);
    const x = Math.max(0, Math.min(track.clientWidth, event.clientX - track.getBoundingClientRect().left));
    hover.style.transform = `translateX(${x}px)`;
    const half = hoverLabel.offsetWidth / 2;
    hoverLabel.style.transform = `translateX(${Math.max(half - x, 0) - Math.max(x + half - track.clientWidth, 0)}px) translateX(-50%)`;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      return this.onToggle();
    }
    if (!this.seekable) return;
    if (event.key === "Escape") return this.onEscape();
    const { startS, endS } = this.#view;
    const step = endS - startS > 60 ? 5 : 1;
    const leap = (endS - startS) / 10;
    /** @type {Record<string, number>} */
    const targets = {
      ArrowLeft: this.#time - step, ArrowDown: this.#time - step,
      ArrowRight: this.#time + step, ArrowUp: this.#time + step,
      PageDown: this.#time - leap, PageUp: this.#time + leap,
      Home: startS, End: endS,
    };
    if (!(event.key in targets)) return;
    event.preventDefault();
    if (event.shiftKey) this.onGrow(this.#time, targets[event.key] - this.#time);
    else this.onSeek(Math.max(startS, Math.min(endS, targets[event.key])));
  }
}
