// @ts-check
/** What the model files say about themselves: size, training data, measured scores. Nothing here is written by hand. */

import { shortName } from "./bars.js";
import { capital, decimal, grouped, percent } from "./format.js";
import { message } from "./language/language.js";

/** @typedef {import("../types/songmood.d.ts").ModelInfo} ModelInfo */

/** A score as people read it: shares as per cent, counts as they are. @param {number | undefined} value */
function score(value) {
  if (value === undefined) return "–";
  if (value >= 0 && value <= 1) return percent(value);
  return Number.isInteger(value) ? grouped(value) : decimal(value);
}

/** Scores of both networks together stand in each file, under this. */
const TOGETHER = /^both networks[,:] /;
const SHARE_OF_SURE = /^share of sure/;
const ACCURACY_OF_SURE = /^accuracy of sure/;

/** Whatever the page's language, the files say it in English. */
const BY_FILE = "en";

/** @param {"td" | "th"} tag @param {string} text @param {string} [scope] @param {string} [lang] */
function cell(tag, text, scope, lang = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (scope) made.setAttribute("scope", scope);
  if (lang) made.lang = lang;
  return made;
}

/** @param {string} title @param {string[]} values @param {{ titleLang?: string, lang?: string }} [langs] */
function row(title, values, { titleLang, lang } = {}) {
  const made = document.createElement("tr");
  made.append(cell("th", capital(title), "row", titleLang));
  // What is the same for all is said once.
  const shown = values.filter(Boolean);
  if (shown.length > 1 && new Set(shown).size === 1 && shown[0].length > 12) {
    const wide = cell("td", shown[0], "", lang);
    wide.colSpan = values.length;
    made.append(wide);
  } else {
    made.append(...values.map((value) => cell("td", value, "", lang)));
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
  const both = together.size > 0;
  // Of no verdicts at all there is no share that is right.
  const neverSure = [...together].some(([name, value]) => SHARE_OF_SURE.test(name) && value === 0);
  for (const name of [...together.keys()]) if (neverSure && ACCURACY_OF_SURE.test(name)) together.delete(name);
  const names = [...new Set([...alone, ...together.keys()])];

  const head = document.createElement("thead");
  const titles = document.createElement("tr");
  titles.append(document.createElement("td"), ...models.map((model) => cell("th", shortName(model), "col")));
  if (both) titles.append(cell("th", message("cards.both"), "col"));
  head.append(titles);
  const body = document.createElement("tbody");
  /** @param {string} title @param {(model: ModelInfo) => string} value @param {string} [of] both @param {{ titleLang?: string, lang?: string }} [langs] */
  const add = (title, value, of = "", langs = {}) => body.append(row(title, [...models.map(value), ...(both ? [of] : [])], langs));
  for (const name of names) add(name, ({ scores }) => score(scores[name]), score(together.get(name)), { titleLang: BY_FILE });
  add(message("cards.sureFrom"), () => "", neverSure ? "–" : percent(settings.sureAbove));
  add(message("cards.parameters"), ({ parameters }) => grouped(parameters));
  add(message("cards.trainedOn"), ({ trainedOn }) => trainedOn, "", { lang: BY_FILE });
  add(message("cards.licence"), ({ licence }) => licence, "", { lang: BY_FILE });
  table.replaceChildren(head, body);
}
