// @ts-check
/** Both networks' moods as bars that grow away from the mood's name: agreement shows as symmetry. */

import { make } from "./dom.js";
import { percent } from "./format.js";
import { message } from "./language/language.js";
import { labelOf } from "./mood-words.js";
import { MOODS, topMood } from "./moods.js";
import { together } from "./verdict.js";

/** @typedef {import("../types/songmood.d.ts").Moment} Moment */
/** @typedef {import("../types/songmood.d.ts").ModelInfo} ModelInfo */
/** @typedef {Pick<Moment, "moods" | "models">} Shown */

/** A network's name as people say it. @param {Pick<ModelInfo, "kind" | "name">} model */
export const shortName = (model) => ({ cnn: "CNN", rnn: "RNN" })[model.kind] ?? model.name;

export class MoodBars {
  /** @type {Map<string, { fill: HTMLElement, value: HTMLElement }>} */
  #cells = new Map();
  /** @type {HTMLElement[]} */
  #rows = [];
  /** @type {HTMLElement[]} */
  #both = [];

  /** @param {HTMLElement} table */
  constructor(table) {
    this.table = table;
  }

  /** @param {readonly ModelInfo[]} models in the order of `Moment.models` */
  setModels(models) {
    this.#cells.clear();
    this.#rows = [];
    this.#both = [];
    // The first network grows to the left of the names, the others stand to the right.
    const head = make("tr", {});
    const names = models.map((model) => make("th", { scope: "col", class: "net", title: model.name }, shortName(model)));
    const how = together(models.length);
    const mood = make("span", { class: "visually-hidden" }, () => message("bars.mood"));
    const both = make("th", { scope: "col", class: "both" }, ...(how === "one" ? [] : [mood, " "]), () => message(`bars.together.${how}`));
    head.append(names[0], both, ...names.slice(1));
    const body = MOODS.map((mood) => {
      const row = make("tr", { class: `m-${mood}`, "data-mood": mood });
      const cells = models.map((model, i) => {
        const value = make("span", { class: "bar-value" });
        const fill = make("div", { class: "bar-fill" });
        this.#cells.set(`${i}/${mood}`, { fill, value });
        return make("td", { class: i === 0 ? "bar left" : "bar right", "data-model": model.kind }, make("div", { class: "bar-line" }, make("div", { class: "bar-track" }, fill), value));
      });
      const share = make("span", { class: "together" });
      this.#both.push(share);
      row.append(cells[0], make("th", { scope: "row" }, make("span", { class: "name" }, make("span", { class: "swatch", "aria-hidden": "true" }), () => labelOf(mood)), share), ...cells.slice(1));
      this.#rows.push(row);
      return row;
    });
    this.table.replaceChildren(
      make("caption", { class: "visually-hidden" }, () => message(`bars.caption.${how}`)),
      make("thead", {}, head),
      make("tbody", {}, ...body),
    );
  }

  /** @param {Shown | null} shown null empties the bars */
  show(shown) {
    const top = shown && topMood(shown.moods);
    MOODS.forEach((mood, m) => {
      this.#rows[m]?.classList.toggle("likeliest", mood === top);
      if (this.#both[m]) this.#both[m].textContent = shown ? percent(shown.moods[mood]) : "";
    });
    for (const [key, { fill, value }] of this.#cells) {
      const [index, mood] = key.split("/");
      const share = shown ? shown.models[Number(index)].moods[/** @type {keyof Moment["moods"]} */ (mood)] : 0;
      fill.style.width = `${(share * 100).toFixed(2)}%`;
      fill.dataset.share = String(share);
      value.textContent = shown ? percent(share) : "";
    }
  }
}
