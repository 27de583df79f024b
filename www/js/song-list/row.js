// @ts-check
/** One song's row in the table. */

import { button, make } from "../dom.js";
import { explain } from "../error-words.js";
import { clock, percent, sentences, signed } from "../format.js";
import { message } from "../language/language.js";
import { say, textNode } from "../language/said.js";
import { labelOf } from "../mood-words.js";
import { bars, drawRibbon, paletteOf } from "../../pkg/view/ribbon.js";
import { isSilent, someWindows } from "./packed.js";

/** @typedef {import("./queue.js").Song} Song */
/** @typedef {{ open: (id: number) => void, compare: (id: number, chosen: boolean) => void, cancel: (id: number) => void, again: (id: number) => void }} Actions */

/** Windows that a small ribbon is drawn from: an hour has thousands, and a table many songs. */
const MOST_DRAWN = 150;
/** Cells that a state in words takes instead of numbers. */
const NUMBERS = 5;

/** The song's ribbon in small; drawn only while it can be seen. @param {HTMLCanvasElement} canvas @param {NonNullable<Song["result"]>} result */
export function drawSmall(canvas, result) {
  const { analysis: { durationS }, networks: { settings: { sureAbove } } } = result;
  drawRibbon(canvas, bars(someWindows(result, MOST_DRAWN), { startS: 0, endS: durationS, knownToS: durationS, widthPx: canvas.clientWidth }), paletteOf(canvas), { sureAbove, line: false });
}

export class SongRow {
  #state = "";
  /** @type {HTMLElement | null} */
  #fill = null;
  /** @type {HTMLElement | null} */
  #words = null;
  /** What the song's state fills between its name and its button. @type {HTMLElement[]} */
  #cells = [];

  /** @param {Song} song @param {Actions} actions */
  constructor(song, actions) {
    this.song = song;
    this.actions = actions;
    const { id, name } = song;
    this.box = make("input", { type: "checkbox", "aria-label": () => message("songs.compareOne", { name }), tabindex: "-1", "data-testid": "compare-box" });
    this.box.addEventListener("change", () => actions.compare(id, this.box.checked));
    this.name = make("button", { type: "button", class: "song-name", tabindex: "-1" }, name);
    this.name.addEventListener("click", () => actions.open(id));
    /** Redrawn when the row comes into sight. @type {HTMLCanvasElement | null} */
    this.ribbon = null;
    this.act = make("td", { class: "song-act" });
    this.element = make("tr", { "data-id": String(id), "data-testid": "song-row" }, make("td", { class: "song-box" }, this.box), make("th", { scope: "row" }, this.name), this.act);
    this.update();
  }

  /** Shows what the song has become. */
  update() {
    const { song } = this;
    if (song.state === "working" && this.#state === "working") return this.#progress();
    this.#state = song.state;
    this.#fill = null;
    this.ribbon = null;
    this.element.dataset.state = song.state;
    const done = song.state === "done" && song.result !== null;
    this.box.disabled = !done;
    if (!done) this.box.checked = false;
    // Kept focusable, for arrow keys to pass over songs that are not heard yet.
    this.name.setAttribute("aria-disabled", String(!done));
    for (const cell of this.#cells) cell.remove();
    this.#cells = done ? this.#numbers(/** @type {NonNullable<Song["result"]>} */ (song.result)) : [this.#inWords()];
    this.act.before(...this.#cells);
    this.#showAction();
  }

  /** @param {NonNullable<Song["result"]>} result */
  #numbers(result) {
    const { verdict: { mood, probability, unsure }, valence, arousal, durationS } = result.analysis;
    const silent = isSilent(result);
    this.ribbon = make("canvas", { class: "song-ribbon", "aria-hidden": "true" });
    const name = () => (silent ? message("mood.silent") : unsure ? message("mood.unsure", { mood: labelOf(mood) }) : labelOf(mood));
    const word = make("span", { class: silent ? "name" : `name m-${mood}` }, ...(silent ? [] : [make("span", { class: unsure ? "swatch hollow" : "swatch", "aria-hidden": "true" })]), make("span", { class: unsure ? "song-doubt" : "" }, name));
    const number = (/** @type {() => string} */ text) => make("td", { class: "number" }, silent ? "–" : text);
    return [
      make("td", { class: "song-verdict" }, word, this.ribbon),
      number(() => percent(probability)), number(() => signed(valence)), number(() => signed(arousal)), make("td", { class: "number" }, clock(durationS)),
    ];
  }

  #inWords() {
    const { state, error } = this.song;
    const cell = make("td", { class: "song-words", colspan: String(NUMBERS) });
    if (state === "failed") {
      cell.dataset.code = explain(error).code;
      const rest = () => sentences(explain(error).advice, explain(error).reason);
      cell.append(make("p", {}, make("strong", {}, () => explain(error).title), " ", rest));
    } else if (state === "working") {
      this.#words = make("span", {});
      this.#fill = make("div", { class: "progress-fill" });
      const bar = make("div", { class: "progress-track", role: "progressbar", "aria-label": () => message("songs.progressOf", { name: this.song.name }), "aria-valuemin": "0", "aria-valuemax": "100" }, this.#fill);
      cell.append(make("div", { class: "song-progress" }, bar, this.#words));
      this.#progress();
    } else {
      cell.append(textNode(() => message(state === "cancelled" ? "songs.calledOff" : "songs.waits")));
    }
    return cell;
  }

  #progress() {
    const { stage, share } = this.song;
    if (!this.#fill || !this.#words) return;
    const bar = /** @type {HTMLElement} */ (this.#fill.parentElement);
    say(this.#words, () => message(stage ? `progress.${stage}` : "songs.begins"));
    this.#fill.style.width = `${(share ?? 0) * 100}%`;
    if (share === null) bar.removeAttribute("aria-valuenow");
    else bar.setAttribute("aria-valuenow", String(Math.round(share * 100)));
  }

  #showAction() {
    const { id, name, state, file } = this.song;
    const { cancel, again } = this.actions;
    const one = (/** @type {string} */ sign, /** @type {"callOff" | "again"} */ what, /** @type {() => void} */ action) =>
      [button(sign, action, { class: "song-button", "aria-label": () => message(`songs.${what}One`, { name }), title: () => message(`songs.${what}`), tabindex: "-1" })];
    const held = this.act.contains(document.activeElement);
    if (state === "waiting" || state === "working") this.act.replaceChildren(...one("✕", "callOff", () => cancel(id)));
    else if (state !== "done" && file) this.act.replaceChildren(...one("↻", "again", () => again(id)));
    else this.act.replaceChildren();
    // Whoever stands on a button that goes away should not fall off the page.
    if (held) /** @type {HTMLElement} */ (this.act.querySelector("button") ?? this.name).focus();
  }
}
