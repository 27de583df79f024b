// @ts-check
/** The timeline on the page: ribbon, names of passages, time marks, cursor; pointer and keys seek. */

import { clock, percent } from "./format.js";
import { momentAt, segments, shortestRun } from "./moments.js";
import { LABEL, LETTERS, topMood } from "./moods.js";
import { bars, drawRibbon, paletteOf } from "./ribbon.js";

/** @typedef {import("../types/songmood.d.ts").MoodWindow} MoodWindow */
/** @typedef {import("../types/songmood.d.ts").Segment} Segment */
/** @typedef {{ windows: readonly MoodWindow[], startS: number, endS: number, knownToS: number, sureAbove: number }} View */

/** Distances between time marks that people count in, in seconds. */
const TICK_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800];
const TICK_ROOM_PX = 72;
const TELL_EVERY_S = 5;

/** @param {string} tag @param {string} className @param {string} [text] */
function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

export class Timeline {
  /** @type {View} */
  #view = { windows: [], startS: 0, endS: 0, knownToS: 0, sureAbove: 0 };
  #time = 0;
  /** The time that the slider's value tells. */
  #toldAt = 0;
  #dragging = false;

  /** The reader moved to a time. @type {(t: number) => void} */
  onSeek = () => {};
  /** Space or Enter on the timeline. @type {() => void} */
  onToggle = () => {};

  /** @param {{ track: HTMLElement, canvas: HTMLCanvasElement, cursor: HTMLElement, hover: HTMLElement, hoverLabel: HTMLElement, segments: HTMLElement, ticks: HTMLElement }} parts */
  constructor(parts) {
    this.parts = parts;
    new ResizeObserver(() => this.#draw()).observe(parts.track);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
    const { track } = parts;
    track.addEventListener("pointerdown", (event) => this.#press(event));
    track.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel"]) track.addEventListener(name, () => (this.#dragging = false));
    track.addEventListener("pointerleave", () => (parts.hover.hidden = true));
    track.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Can the reader seek? A live timeline only grows. @param {boolean} can */
  set seekable(can) {
    const { track, cursor } = this.parts;
    track.setAttribute("aria-disabled", String(!can));
    track.setAttribute("aria-label", can ? "Position in the song" : "Moods since the microphone is on");
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
    this.#draw();
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
    cursor.style.transform = `translateX(${share * track.clientWidth}px)`;
    if (gliding && Math.abs(t - this.#toldAt) < TELL_EVERY_S) return;
    this.#toldAt = t;
    track.setAttribute("aria-valuenow", t.toFixed(1));
    track.setAttribute("aria-valuetext", `${clock(t)} of ${clock(endS)}${this.#words(windows, t)}`);
  }

  /** @param {readonly MoodWindow[]} windows @param {number} t */
  #words(windows, t) {
    const moment = momentAt(windows, t);
    if (!moment) return "";
    if (moment.silent) return ", silent";
    const mood = topMood(moment.moods);
    return `, ${LABEL[mood].toLowerCase()} ${percent(moment.moods[mood])}`;
  }

  #draw() {
    const { canvas, track } = this.parts;
    const { windows, sureAbove } = this.#view;
    drawRibbon(canvas, bars(windows, { ...this.#view, widthPx: track.clientWidth }), paletteOf(track), { sureAbove });
    this.#drawSegments();
    this.#drawTicks();
    this.moveTo(this.#time);
  }

  #drawSegments() {
    const { windows, startS, endS, knownToS } = this.#view;
    const width = this.parts.track.clientWidth;
    const visible = windows.filter((window) => window.endS > startS);
    const runs = segments(visible, { startS, endS: Math.min(endS, knownToS), shortestS: Math.max(shortestRun(endS - startS), ((endS - startS) * 18) / Math.max(width, 1)) });
    this.parts.segments.replaceChildren(...runs.map((run) => {
      const room = (width * (run.endS - run.startS)) / (endS - startS);
      const name = run.silent ? "silent" : LABEL[run.mood] + (run.unsure ? "?" : "");
      const short = run.silent ? "–" : LETTERS[run.mood];
      const part = element("span", `segment ${run.silent ? "silent" : `m-${run.mood}`}${run.unsure ? " unsure" : ""}`);
      part.append(element("span", "segment-name", room > name.length * 8 + 10 ? name : short));
      part.style.left = `${(100 * (run.startS - startS)) / (endS - startS)}%`;
      part.style.width = `${(100 * (run.endS - run.startS)) / (endS - startS)}%`;
      return part;
    }));
  }

  #drawTicks() {
    const { startS, endS } = this.#view;
    const span = endS - startS;
    const most = Math.max(1, this.parts.track.clientWidth / TICK_ROOM_PX);
    const step = TICK_STEPS.find((seconds) => span / seconds <= most) ?? 3600;
    const ticks = [];
    for (let t = Math.ceil(startS / step) * step; t <= endS && span > 0; t += step) {
      const tick = element("span", "tick", clock(t));
      const share = (t - startS) / span;
      tick.style.left = `${100 * share}%`;
      if (share > 0.96) tick.classList.add("last");
      if (share < 0.01) tick.classList.add("first");
      ticks.push(tick);
    }
    this.parts.ticks.replaceChildren(...ticks);
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
    this.#dragging = true;
    this.parts.track.setPointerCapture(event.pointerId);
    this.#hoverAt(event);
    this.onSeek(this.#timeAt(event));
  }

  /** @param {PointerEvent} event */
  #move(event) {
    this.#hoverAt(event);
    if (this.#dragging) this.onSeek(this.#timeAt(event));
  }

  /** @param {PointerEvent} event */
  #hoverAt(event) {
    const { hover, hoverLabel, track } = this.parts;
    const t = this.#timeAt(event);
    hover.hidden = t > this.#view.knownToS || this.#view.windows.length === 0;
    if (hover.hidden) return;
    hoverLabel.textContent = clock(t) + this.#words(this.#view.windows, t).replace(",", " ·");
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
    const { startS, endS } = this.#view;
    const step = event.shiftKey ? 0.5 : endS - startS > 60 ? 5 : 1;
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
    this.onSeek(Math.max(startS, Math.min(endS, targets[event.key])));
  }
}
