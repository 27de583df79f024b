// @ts-check
/** Valence and arousal, each as a point between two words. */

import { make } from "./dom.js";
import { signed } from "./format.js";
import { message, onLanguage } from "./language/language.js";

const SCALES = /** @type {const} */ ([
  { key: "valence", low: "unpleasant", high: "pleasant" },
  { key: "arousal", low: "still", high: "stirred" },
]);

export class Readouts {
  /** @type {{ meter: HTMLElement, point: HTMLElement, value: HTMLElement }[]} */
  #scales;
  /** @type {{ valence: number, arousal: number } | null} */
  #shown = null;

  /** @param {HTMLElement} box */
  constructor(box) {
    this.#scales = SCALES.map(({ key, low, high }) => {
      const [name, from, to] = /** @type {const} */ ([key, low, high]).map((word) => () => message(`feeling.${word}`));
      const value = make("span", { class: "scale-value" });
      const point = make("span", { class: "scale-point" });
      const label = () => message("feeling.scale", { name: name(), low: from(), high: to() });
      const meter = make("span", { class: "scale-track", role: "meter", "aria-label": label, "aria-valuemin": "-1", "aria-valuemax": "1" }, point);
      box.append(make("div", { class: "scale", "data-testid": key },
        make("span", { class: "scale-head" }, make("span", { class: "scale-name" }, name), value), meter,
        make("span", { class: "scale-ends", "aria-hidden": "true" }, make("span", {}, from), make("span", {}, to))));
      return { meter, point, value };
    });
    onLanguage(() => this.show(this.#shown));
    this.show(null);
  }

  /** @param {{ valence: number, arousal: number } | null} moment each −1 … 1 */
  show(moment) {
    this.#shown = moment;
    [moment?.valence, moment?.arousal].forEach((level, i) => {
      const { meter, point, value } = this.#scales[i];
      meter.setAttribute("aria-valuenow", (level ?? 0).toFixed(2));
      point.style.left = `${50 + 50 * Math.max(-1, Math.min(1, level ?? 0))}%`;
      point.hidden = level === undefined;
      value.textContent = level === undefined ? "–" : signed(level);
    });
  }
}
