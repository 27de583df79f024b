// @ts-check
/** What the model files say about themselves: size, training data, measured scores. Nothing here is written by hand. */

import { shortName } from "./bars.js";
import { grouped, percent } from "./format.js";

/** @typedef {import("../types/songmood.d.ts").ModelInfo} ModelInfo */

/** A score as people read it: shares as per cent, counts as they are. @param {number | undefined} value */
function score(value) {
  if (value === undefined) return "–";
  if (value >= 0 && value <= 1) return percent(value);
  return Number.isInteger(value) ? grouped(value) : value.toFixed(3);
}

/** Scores of both networks together stand in each file, under this. */
const TOGETHER = /^both networks[,:] /;

/** @param {"td" | "th"} tag @param {string} text @param {string} [scope] */
function cell(tag, text, scope) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (scope) made.setAttribute("scope", scope);
  return made;
}

/** @param {string} title @param {string[]} values */
function row(title, values) {
  const made = document.createElement("tr");
  made.append(cell("th", title[0].toUpperCase() + title.slice(1), "row"));
  // What is the same for all is said once.
  const shown = values.filter(Boolean);
  if (shown.length > 1 && new Set(shown).size === 1 && shown[0].length > 12) {
    const wide = cell("td", shown[0]);
    wide.colSpan = values.length;
    made.append(wide);
  } else {
    made.append(...values.map((value) => cell("td", value)));
  }
  return made;
}

/**
 * @param {HTMLElement} table
 * @param {Pick<import("../types/songmood.d.ts").Networks, "models" | "settings">} networks
 */
export function fillCards(table, { models, settings }) {
  /** @type {Map<string, number>} */
  const together = new Map(models.flatMap(({ scores }) => Object.entries(scores).filter(([name]) => TOGETHER.test(name)).map(([name, value]) => [name.replace(TOGETHER, ""), value])));
  const alone = models.flatMap(({ scores }) => Object.keys(scores).filter((name) => !TOGETHER.test(name)));
  const names = [...new Set([...alone, ...together.keys()])];
  const both = together.size > 0;

  const head = document.createElement("thead");
  const titles = document.createElement("tr");
  titles.append(document.createElement("td"), ...models.map((model) => cell("th", shortName(model), "col")));
  if (both) titles.append(cell("th", "Both", "col"));
  head.append(titles);
  const body = document.createElement("tbody");
  /** @param {string} title @param {(model: ModelInfo) => string} value @param {string} [of] both */
  const add = (title, value, of = "") => body.append(row(title, [...models.map(value), ...(both ? [of] : [])]));
  for (const name of names) add(name, ({ scores }) => score(scores[name]), score(together.get(name)));
  add("counts as sure from", () => "", percent(settings.sureAbove));
  add("parameters", ({ parameters }) => grouped(parameters));
  add("trained on", ({ trainedOn }) => trainedOn);
  add("licence", ({ licence }) => licence);
  table.replaceChildren(head, body);
}
