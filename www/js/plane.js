// @ts-check
/** The plane of valence and arousal: the moods' places, the way the song takes, and a point that follows the playback. */

import { message } from "./language/language.js";
import { say } from "./language/said.js";
import { labelOf } from "./mood-words.js";
import { MOODS } from "./moods.js";
import { pathOf, pathWords, trailOf } from "./plane-path.js";

/** @typedef {import("../types/songmood.d.ts").Circumplex} Circumplex */
/** @typedef {import("./plane-path.js").Place} Place */

/** From the middle to an edge, in units of the axes, with room for the axes' names. */
const REACH = 1.22;
const TRAIL_S = 12;
/** Words that stand to the left of their place, where the right is taken. */
const LEFT_OF_PLACE = new Set(["angry", "calm", "happy"]);

/** @param {string} tag @param {Record<string, string | number>} attributes @param {import("./dom.js").Words} [words] */
function svg(tag, attributes, words) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  if (words) say(element, words);
  return element;
}

/** Arousal grows upwards. @param {readonly Place[]} points */
const polyline = (points) => points.map(({ valence, arousal }, i) => `${i === 0 ? "M" : "L"}${valence.toFixed(3)} ${(-arousal).toFixed(3)}`).join("");

export class Plane {
  #path = svg("path", { class: "plane-path" });
  #trail = svg("path", { class: "plane-trail" });
  #point = svg("circle", { class: "plane-point", r: 0.06, visibility: "hidden" });
  #places = svg("g", {});
  /** @type {ReturnType<typeof pathOf>} */
  #parts = [];
  /** @type {Circumplex | null} */
  #known = null;

  /** @param {HTMLElement} box @param {HTMLElement} words the path in words */
  constructor(box, words) {
    this.words = words;
    const plane = svg("svg", { viewBox: `${-REACH} ${-REACH} ${2 * REACH} ${2 * REACH}`, class: "plane", "aria-hidden": "true" });
    plane.append(
      svg("rect", { x: -1, y: -1, width: 2, height: 2, rx: 0.06, class: "plane-field" }),
      svg("path", { d: "M-1 0H1M0 -1V1", class: "plane-axis" }),
      svg("text", { x: 0, y: -1.07, class: "plane-end" }, () => message("feeling.stirred")),
      svg("text", { x: 0, y: 1.15, class: "plane-end" }, () => message("feeling.still")),
      svg("text", { x: -1.07, y: 0, class: "plane-end", transform: "rotate(-90 -1.07 0)" }, () => message("feeling.unpleasant")),
      svg("text", { x: 1.07, y: 0, class: "plane-end", transform: "rotate(90 1.07 0)" }, () => message("feeling.pleasant")),
      this.#places, this.#path, this.#trail, this.#point,
    );
    box.append(plane);
  }

  /** @param {Circumplex} places */
  set places(places) {
    if (this.#known === places) return;
    this.#known = places;
    this.#places.replaceChildren(...MOODS.flatMap((mood) => {
      const [x, y] = [places[mood].valence, -places[mood].arousal];
      const left = LEFT_OF_PLACE.has(mood);
      return [
        svg("circle", { cx: x, cy: y, r: 0.035, class: `plane-place m-${mood}` }),
        svg("text", { x: x + (left ? -0.06 : 0.06), y: y + 0.035, class: left ? "plane-mood left" : "plane-mood" }, () => labelOf(mood)),
      ];
    }));
  }

  /** @param {readonly import("../types/songmood.d.ts").MoodWindow[]} windows @param {Place | null} whole */
  show(windows, whole) {
    this.#parts = pathOf(windows);
    this.#path.setAttribute("d", this.#parts.map(polyline).join(""));
    const [parts, known] = [this.#parts, this.#known];
    say(this.words, () => (known ? pathWords(parts, whole, known) : ""));
  }

  /** Puts the point at a moment. @param {number} t seconds @param {Place | null} place null hides it */
  moveTo(t, place) {
    this.#point.setAttribute("visibility", place ? "visible" : "hidden");
    this.#trail.setAttribute("d", place ? polyline([...trailOf(this.#parts, t, TRAIL_S), place]) : "");
    if (!place) return;
    this.#point.setAttribute("cx", place.valence.toFixed(3));
    this.#point.setAttribute("cy", (-place.arousal).toFixed(3));
  }
}
