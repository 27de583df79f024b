// @ts-check
/**
 * Fonts looked up before they are needed. The first text of a family in a size and weight has Chromium on Linux ask another process, and
 * the page stand still until that one has its turn: up to 20 ms for each while a song is decoded.
 */

import { make } from "./dom.js";

/** What only appears with a song, by its classes, within what it appears in. */
const LATER = [
  ["segments", "segment", "segment-name"], ["segments", "segment", "segment-name snug"], ["segments", "segment unsure", "segment-name"], ["ticks", "tick"],
  ["bar-value"], ["scale-name", "together"], ["likeliest", "bar-value"], ["likeliest", "name"], ["likeliest", "together"],
];

/** @param {readonly string[]} classes from the outermost to the innermost @returns {HTMLElement} */
const nested = ([first, ...others]) => make("span", { class: first }, ...(others.length > 0 ? [nested(others)] : ["0"]));

/**
 * Lays a text out in every font that the elements under `root` will be shown in, unseen, and takes it away again.
 * @param {HTMLElement} root
 */
export function lookUpFonts(root) {
  const specimen = make("div", { class: "visually-hidden", "aria-hidden": "true" }, ...LATER.map(nested));
  const known = new Set();
  for (const element of root.querySelectorAll("*")) {
    const { fontFamily, fontSize, fontWeight } = getComputedStyle(element);
    const font = `${fontWeight} ${fontSize} ${fontFamily}`;
    if (known.has(font)) continue;
    known.add(font);
    // In its own words: other scripts have other fonts.
    const text = make("span", {}, `${element.textContent.trim().slice(0, 12)} Aa0`);
    Object.assign(text.style, { fontFamily, fontSize, fontWeight });
    specimen.append(text);
  }
  document.body.append(specimen);
  // Asking for a size has it laid out.
  specimen.getBoundingClientRect();
  specimen.remove();
}
