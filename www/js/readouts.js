// @ts-check
/** Valence and arousal, each as a point between two words. */

import { signed } from "./format.js";

const SCALES = [
  { key: "valence", name: "Valence", low: "unpleasant", high: "pleasant" },
  { key: "arousal", name: "Arousal", low: "still", high: "stirred" },
];

export class Readouts {
  /** @type {{ meter: HTMLElement, point: HTMLElement, value: HTMLElement }[]} */
  #scales;

  /** @param {HTMLElement} box */
  constructor(box) {
    this.#scales = SCALES.map(({ key, name, low, high }) => {
      const part = (/** @type {string} */ className, /** @type {string} */ text = "") => {
        const made = document.createElement("span");
        made.className = className;
        made.textContent = text;
        return made;
      };
      const row = document.createElement("div");
      row.className = "scale";
      row.dataset.testid = key;
      const head = part("scale-head");
      const value = part("scale-value");
      head.append(part("scale-name", name), value);
      const meter = part("scale-track");
      meter.setAttribute("role", "meter");
      meter.setAttribute("aria-label", `${name}, from ${low} to ${high}`);
      meter.setAttribute("aria-valuemin", "-1");
      meter.setAttribute("aria-valuemax", "1");
      const point = part("scale-point");
      meter.append(point);
      const ends = part("scale-ends");
      ends.append(part("", low), part("", high));
      ends.setAttribute("aria-hidden", "true");
      row.append(head, meter, ends);
      box.append(row);
      return { meter, point, value };
    });
    this.show(null);
  }

  /** @param {{ valence: number, arousal: number } | null} moment each −1 … 1 */
  show(moment) {
    [moment?.valence, moment?.arousal].forEach((level, i) => {
      const { meter, point, value } = this.#scales[i];
      meter.setAttribute("aria-valuenow", (level ?? 0).toFixed(2));
      point.style.left = `${50 + 50 * Math.max(-1, Math.min(1, level ?? 0))}%`;
      point.hidden = level === undefined;
      value.textContent = level === undefined ? "–" : signed(level);
    });
  }
}
