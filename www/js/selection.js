// @ts-check
/**
 * A part of the song, chosen on the timeline: by its two handles (pointer, touch or arrow keys), by dragging with Shift held, or
 * by Shift and the arrow keys on the timeline.
 */

import { clock } from "./format.js";

/** @typedef {import("../types/songmood.d.ts").Range} Range */
/** @typedef {"startS" | "endS"} Edge */

/** Less than this is not a part to be judged. */
const SHORTEST_S = 0.5;

/**
 * A part within the song that is long enough, from two times in any order.
 * @param {number} a
 * @param {number} b
 * @param {Range} song
 * @returns {Range}
 */
export function rangeOf(a, b, song) {
  const inside = (/** @type {number} */ t) => Math.max(song.startS, Math.min(song.endS, t));
  const [startS, endS] = [inside(Math.min(a, b)), inside(Math.max(a, b))];
  if (endS - startS >= SHORTEST_S) return { startS, endS };
  const from = Math.max(song.startS, Math.min(startS, song.endS - SHORTEST_S));
  return { startS: from, endS: Math.min(song.endS, from + SHORTEST_S) };
}

/**
 * One edge put elsewhere; it stops short of the other.
 * @param {Range} range
 * @param {Edge} edge
 * @param {number} t seconds
 * @param {Range} song
 * @returns {Range}
 */
export function moveEdge({ startS, endS }, edge, t, song) {
  return edge === "startS"
    ? { startS: Math.max(song.startS, Math.min(t, endS - SHORTEST_S)), endS }
    : { startS, endS: Math.min(song.endS, Math.max(t, startS + SHORTEST_S)) };
}

export class Selection {
  /** @type {Range | null} */
  #range = null;
  /** @type {Range} */
  #song = { startS: 0, endS: 0 };
  /** Where a growing selection stays, and where its other end is, which a part that is never too short may reach beyond. */
  #anchor = 0;
  #moving = 0;

  /** The part changed; `settled` where the hand has let go of it. @type {(range: Range | null, settled: boolean) => void} */
  onChange = () => {};

  /** @param {{ box: HTMLElement, start: HTMLElement, end: HTMLElement, track: HTMLElement }} parts */
  constructor(parts) {
    this.parts = parts;
    this.#wire(parts.start, "startS");
    this.#wire(parts.end, "endS");
  }

  get range() {
    return this.#range;
  }

  /** @param {Range} song the stretch that the timeline shows */
  set song(song) {
    this.#song = song;
    this.#draw();
  }

  /** @param {Range | null} range @param {boolean} settled */
  set(range, settled) {
    if (range) [this.#anchor, this.#moving] = [range.startS, range.endS];
    this.#change(range, settled);
  }

  /** @param {Range | null} range @param {boolean} settled */
  #change(range, settled) {
    this.#range = range;
    this.#draw();
    this.onChange(range, settled);
  }

  clear() {
    if (this.#range) this.set(null, true);
  }

  /** Grows from where it began to a time. @param {number} from taken where nothing is selected yet @param {number} to @param {boolean} settled */
  grow(from, to, settled) {
    if (!this.#range) this.#anchor = from;
    this.#moving = Math.max(this.#song.startS, Math.min(this.#song.endS, to));
    this.#change(rangeOf(this.#anchor, to, this.#song), settled);
  }

  /** The end that moves when it grows by keys. @param {number} cursor where nothing is selected yet */
  movingEnd(cursor) {
    return this.#range ? this.#moving : cursor;
  }

  /** @param {HTMLElement} handle @param {Edge} edge */
  #wire(handle, edge) {
    let held = false;
    handle.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      handle.focus();
      handle.setPointerCapture(event.pointerId);
      held = true;
    });
    handle.addEventListener("pointermove", (event) => {
      if (held) this.#move(edge, this.#timeAt(event.clientX), false);
    });
    for (const name of ["pointerup", "pointercancel"]) {
      handle.addEventListener(name, () => {
        if (held && this.#range) this.onChange(this.#range, true);
        held = false;
      });
    }
    handle.addEventListener("keydown", (event) => this.#key(event, edge));
  }

  /** @param {Edge} edge @param {number} t @param {boolean} settled */
  #move(edge, t, settled) {
    if (!this.#range) return;
    const range = moveEdge(this.#range, edge, t, this.#song);
    [this.#anchor, this.#moving] = edge === "startS" ? [range.endS, range.startS] : [range.startS, range.endS];
    this.#change(range, settled);
  }

  /** @param {number} clientX */
  #timeAt(clientX) {
    const box = this.parts.track.getBoundingClientRect();
    return this.#song.startS + ((clientX - box.left) / box.width) * (this.#song.endS - this.#song.startS);
  }

  /** @param {KeyboardEvent} event @param {Edge} edge */
  #key(event, edge) {
    if (event.key === "Escape") {
      event.preventDefault();
      this.parts.track.focus();
      return this.clear();
    }
    if (event.ctrlKey || event.altKey || event.metaKey || !this.#range) return;
    const { startS, endS } = this.#song;
    const step = event.shiftKey || endS - startS <= 60 ? 0.5 : 2;
    const leap = (endS - startS) / 10;
    /** @type {Record<string, number>} */
    const by = { ArrowLeft: -step, ArrowDown: -step, ArrowRight: step, ArrowUp: step, PageDown: -leap, PageUp: leap, Home: -Infinity, End: Infinity };
    if (!(event.key in by)) return;
    event.preventDefault();
    this.#move(edge, this.#range[edge] + by[event.key], true);
  }

  #draw() {
    const { box, start, end } = this.parts;
    const range = this.#range;
    box.hidden = !range;
    if (!range) return;
    const { startS, endS } = this.#song;
    const share = (/** @type {number} */ t) => (endS > startS ? `${(100 * (t - startS)) / (endS - startS)}%` : "0%");
    box.style.setProperty("--from", share(range.startS));
    box.style.setProperty("--to", share(range.endS));
    for (const [handle, t, low, high] of /** @type {[HTMLElement, number, number, number][]} */ ([[start, range.startS, startS, range.endS], [end, range.endS, range.startS, endS]])) {
      handle.setAttribute("aria-valuemin", low.toFixed(1));
      handle.setAttribute("aria-valuemax", high.toFixed(1));
      handle.setAttribute("aria-valuenow", t.toFixed(1));
      handle.setAttribute("aria-valuetext", clock(t));
    }
  }
}
