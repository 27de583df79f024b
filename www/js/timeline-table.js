// @ts-check
/** The timeline in words and numbers, for those who cannot see it and for those who want to copy it. */

import { clock, percent } from "./format.js";
import { LABEL } from "./moods.js";

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

/**
 * @param {HTMLElement} table
 * @param {Segment[]} segments
 * @param {string[]} networks their short names
 */
export function fillTable(table, segments, networks) {
  const head = document.createElement("thead");
  head.append(row(["From", "To", "Mood", "How sure", ...networks.map((name) => `${name} hears`)].map((text) => cell("th", text, "col"))));
  const body = document.createElement("tbody");
  for (const { startS, endS, mood, certainty, silent, unsure, said } of segments) {
    const name = silent ? "Silent" : LABEL[mood] + (unsure ? ", not sure" : "");
    body.append(row([
      cell("th", clock(startS), "row"), cell("td", clock(endS)), cell("td", name), cell("td", silent ? "–" : percent(certainty)),
      ...said.map((heard) => cell("td", heard ? LABEL[heard] : "–")),
    ]));
  }
  table.replaceChildren(head, body);
}
