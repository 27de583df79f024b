// @ts-check
/** The microphone's level in decibels below full scale, its recent peak, and a word where it is too quiet or too loud. */

import { decibels } from "./format.js";
import { message } from "./language/language.js";

const FLOOR_DB = -60;
const QUIET_DB = -50;
const QUIET_AFTER_S = 3;
const CLIPPED_FOR_S = 2;
/** The peak mark falls this fast. */
const PEAK_FALL_DB_S = 12;

export class LevelMeter {
  #peakDb = FLOOR_DB;
  #atS = 0;
  #loudAtS = 0;
  #clippedAtS = -Infinity;

  /** @param {{ meter: HTMLElement, fill: HTMLElement, peak: HTMLElement, hint: HTMLElement }} parts */
  constructor(parts) {
    this.parts = parts;
  }

  reset() {
    this.#peakDb = FLOOR_DB;
    this.#atS = this.#loudAtS = 0;
    this.#clippedAtS = -Infinity;
    this.show({ rms: 0, peak: 0, heardS: 0 });
  }

  /** @param {{ rms: number, peak: number, heardS: number }} level */
  show({ rms, peak, heardS }) {
    const { meter, fill, peak: mark, hint } = this.parts;
    const db = Math.max(FLOOR_DB, Math.min(0, decibels(rms)));
    this.#peakDb = Math.max(Math.min(0, decibels(peak)), this.#peakDb - PEAK_FALL_DB_S * (heardS - this.#atS), FLOOR_DB);
    this.#atS = heardS;
    if (db > QUIET_DB) this.#loudAtS = heardS;
    if (peak >= 0.999) this.#clippedAtS = heardS;

    const share = (/** @type {number} */ level) => 1 - level / FLOOR_DB;
    fill.style.transform = `scaleX(${share(db)})`;
    mark.style.left = `${share(this.#peakDb) * 100}%`;
    meter.setAttribute("aria-valuenow", db.toFixed(0));
    meter.setAttribute("aria-valuetext", message("live.levelValue", { count: Math.round(db) }));
    const clipping = heardS - this.#clippedAtS < CLIPPED_FOR_S;
    meter.classList.toggle("clipping", clipping);
    const text = clipping ? message("live.tooLoud") : heardS - this.#loudAtS > QUIET_AFTER_S ? message("live.tooQuiet") : "";
    if (hint.textContent !== text) hint.textContent = text;
  }
}
