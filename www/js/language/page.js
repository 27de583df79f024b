// @ts-check
/** Fills the page with its texts, before anything else of it is loaded, and lets the reader choose another language. */

import { LANGUAGES, choose, language } from "./language.js";
import { say, sayPage } from "./said.js";

const select = /** @type {HTMLSelectElement} */ (document.getElementById("language"));
// Each by its own name, for whoever cannot read the one that the page happens to speak.
select.replaceChildren(...Object.entries(LANGUAGES).map(([code, { name, tag }]) => {
  const option = new Option(name, code);
  option.lang = tag;
  return option;
}));
select.value = language();
select.addEventListener("change", () => void choose(/** @type {import("./language.js").Language} */ (select.value)).catch(() => (select.value = language())));

say(document.documentElement, () => LANGUAGES[language()].tag, "lang");
sayPage();
