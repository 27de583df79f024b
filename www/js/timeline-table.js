// @ts-check
/** The timeline in words and numbers, for those who cannot see it and for those who want to copy it. */

import { clock, percent } from "./format.js";
import { message } from "./language/language.js";
import { labelOf } from "./mood-words.js";

/** @typedef {import("../types/songmood.d.ts").Segment} Segment */

/** @param {"td" | "th"} tag @param {string} text @param {string} [scope] */
function cell(tag, text, scope) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (scope) made.setAttribute("scope", scope);
  return made;
}

/** @param {HTMLElement[]} cells */
function row(cells) {
  const made = document.createElement("tr");
  made.append(...cells);
  return made;
}

const COLUMNS = /** @type {const} */ (["timeline.from", "timeline.to", "timeline.mood", "timeline.sure"]);

/**
 * @param {HTMLElement} table
 * @param {Segment[]} segments
 * @param {string[]} networks their short names
 */
export function fillTable(table, segments, networks) {
  const head = document.createElement("thead");
  head.append(row([...COLUMNS.map((key) => message(key)), ...networks.map((network) => message("timeline.hears", { network }))].map((text) => cell("th", text, "col"))));
  const body = document.createElement("tbody");
  for (const { startS, endS, mood, certainty, silent, unsure, said } of segments) {
    const label = labelOf(mood);
    const name = silent ? message("mood.silent") : unsure ? message("mood.unsure", { mood: label }) : label;
    body.append(row([
      cell("th", clock(startS), "row"), cell("td", clock(endS)), cell("td", name), cell("td", silent ? "–" : percent(certainty)),
      ...said.map((heard) => cell("td", heard ? labelOf(heard) : "–")),
    ]));
  }
  table.replaceChildren(head, body);
}
