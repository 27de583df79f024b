// @ts-check
/** Elements made in one line. Texts are always set as text, so that a file's name is never markup; those given as functions follow the language. */

import { say, textNode } from "./language/said.js";

/** @typedef {import("./language/said.js").Words} Words */

/** @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | Words>} attributes
 * @param {...(Node | string | Words)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") say(element, value, name);
    else element.setAttribute(name, value);
  }
  element.append(...children.map((child) => (typeof child === "function" ? textNode(child) : child)));
  return element;
}

/**
 * @param {string | Words} text
 * @param {() => void} action
 * @param {Record<string, string | Words>} [attributes]
 */
export function button(text, action, attributes = {}) {
  const made = make("button", { type: "button", class: "button small", ...attributes }, text);
  made.addEventListener("click", action);
  return made;
}
