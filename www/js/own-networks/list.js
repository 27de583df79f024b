// @ts-check
/** The list of somebody's own networks: which are used, what they say of themselves, and a way to be rid of them. */

import { button, make } from "../dom.js";
import { explain } from "../error-words.js";
import { message } from "../language/language.js";
import { fillCards } from "../model-cards.js";

/** @typedef {import("../../types/songmood.d.ts").Kind} Kind */
/** @typedef {import("./own-networks.js").Own} Own */
/** @typedef {{ choose: (kind: Kind, id: number | null) => void, remove: (id: number) => void }} Actions */

/** @param {HTMLElement} box @param {readonly Own[]} own @param {Actions} actions */
export function showOwn(box, own, actions) {
  const held = /** @type {HTMLElement | null} */ (document.activeElement)?.id;
  const kinds = /** @type {Kind[]} */ (["music", "voice"]).filter((kind) => own.some((one) => one.kind === kind));
  box.replaceChildren(...kinds.map((kind) => {
    const sets = own.filter((one) => one.kind === kind);
    const shipped = make("div", { class: "own-set" }, make("div", { class: "own-line" }, choice(kind, null, message("own.shipped"), !sets.some(({ active }) => active), actions)));
    return make("fieldset", { "data-testid": `own-${kind}` }, make("legend", {}, message(kind === "music" ? "about.forMusic" : "about.forVoice")), shipped, ...sets.map((one) => set(one, actions)));
  }));
  // The list is made anew; whoever chose by keyboard stays where they were.
  if (held?.startsWith("own-choice-")) document.getElementById(held)?.focus();
}

/** @param {Kind} kind @param {number | null} id @param {string} name @param {boolean} checked @param {Actions} actions */
function choice(kind, id, name, checked, actions) {
  const input = make("input", { type: "radio", name: `own-${kind}`, id: `own-choice-${kind}-${id ?? "shipped"}` });
  input.checked = checked;
  input.addEventListener("change", () => actions.choose(kind, id));
  return make("label", {}, input, make("span", {}, name));
}

/** @param {Own} one @param {Actions} actions */
function set(one, actions) {
  const { id, kind, name, active, about, error } = one;
  const remove = button(message("own.remove"), () => actions.remove(id), { "aria-label": message("own.removeOne", { name }) });
  if (!about) {
    const { title, reason } = explain(error);
    return make("div", { class: "own-set" }, make("div", { class: "own-line" }, make("p", { class: "own-refused" }, message("own.refused", { name, title, reason })), remove));
  }
  const card = make("table", { class: "cards" });
  fillCards(card, about);
  const details = make("details", {}, make("summary", {}, message("own.says")), make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": message("own.saysOne", { name }) }, card));
  return make("div", { class: "own-set", "data-testid": "own-set" }, make("div", { class: "own-line" }, choice(kind, id, name, active, actions), remove), details);
}
