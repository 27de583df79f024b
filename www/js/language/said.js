// @ts-check
/** Texts that follow the language: each is kept as the words that make it, and said anew when another language is chosen. */

import { language, message, onLanguage } from "./language.js";

/** @typedef {() => string} Words */

/** By attribute, or "" for the text inside. @type {WeakMap<Node, Map<string, Words>>} */
const said = new WeakMap();

/** @param {Node} node @param {string} attribute @param {string} text */
function put(node, attribute, text) {
  // What stays as it is must not be announced again.
  if (attribute === "") {
    if (node.textContent !== text) node.textContent = text;
  } else if (node instanceof Element && node.getAttribute(attribute) !== text) {
    node.setAttribute(attribute, text);
  }
}

/**
 * Gives a node its text, or an element one of its attributes, in whatever language the page speaks.
 * @param {Node} node
 * @param {Words} words
 * @param {string} [attribute]
 */
export function say(node, words, attribute = "") {
  const own = said.get(node) ?? new Map();
  said.set(node, own.set(attribute, words));
  put(node, attribute, words());
}

/** A text node. @param {Words} words */
export function textNode(words) {
  const node = document.createTextNode("");
  say(node, words);
  return node;
}

/**
 * Words that are asked for several times, made once for each language.
 * @template T
 * @param {() => T} make
 * @returns {() => T}
 */
export function once(make) {
  /** @type {{ of: string, made: T } | null} */
  let last = null;
  return () => (last = last?.of === language() ? last : { of: language(), made: make() }).made;
}

const STRESSED = /\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`|\{(\w+)\}/g;

/**
 * A long text with its *stress*, **weight** and `code` as elements, and an element for each {place}.
 * @param {string} text
 * @param {Map<string, Element>} places
 */
function* pieces(text, places) {
  let from = 0;
  for (const { index, 0: whole, 1: weight, 2: stress, 3: code, 4: place } of text.matchAll(STRESSED)) {
    yield text.slice(from, index);
    from = index + whole.length;
    if (place) {
      yield places.get(place) ?? whole;
      continue;
    }
    const element = document.createElement(weight ? "strong" : stress ? "em" : "code");
    element.textContent = weight ?? stress ?? code;
    yield element;
  }
  yield text.slice(from);
}

/** Texts and names of the page as it was loaded: `data-text`, `data-name` (for a screen reader) and `data-long` hold keys. */
export function sayPage() {
  for (const element of document.querySelectorAll("[data-text], [data-name], [data-content]")) {
    const { text, name, content } = /** @type {Record<string, import("./language.js").Key>} */ (/** @type {HTMLElement} */ (element).dataset);
    if (text) say(element, () => message(text));
    if (name) say(element, () => message(name), "aria-label");
    if (content) say(element, () => message(content), "content");
  }
  sayLong();
}

function sayLong() {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-long]"))) {
    const places = new Map([...element.querySelectorAll("[data-place]")].map((inner) => [/** @type {HTMLElement} */ (inner).dataset.place ?? "", inner]));
    element.replaceChildren(...pieces(message(/** @type {import("./language.js").Key} */ (element.dataset.long)), places));
  }
}

onLanguage(() => {
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const [attribute, words] of said.get(node) ?? []) put(node, attribute, words());
  }
  sayLong();
});
