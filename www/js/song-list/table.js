// @ts-check
/** The table of songs: sorted by a press on a heading; arrow keys go from song to song. */

import { make } from "../dom.js";
import { message, onLanguage } from "../language/language.js";
import { pressed, sorted } from "./order.js";
import { SongRow, drawSmall } from "./row.js";

/** @typedef {import("./queue.js").Song} Song */
/** @typedef {import("./order.js").Column} Column */

/** @type {readonly Column[]} */
const COLUMNS = ["name", "verdict", "certainty", "valence", "arousal", "length"];

export class SongTable {
  /** @type {import("./order.js").Order} */
  #order = { column: null, descending: false };
  /** @type {Map<number, SongRow>} */
  #rows = new Map();
  /** @type {readonly Song[]} */
  #songs = [];
  /** The row whose controls Tab reaches: one for the whole table, or it would take hundreds of presses to get past it. @type {SongRow | null} */
  #current = null;
  #body = make("tbody", {});
  /** @type {Map<Column, HTMLElement>} */
  #heads = new Map();
  #sight = new IntersectionObserver((entries) => entries.forEach((entry) => this.#seen(entry)), { rootMargin: "200px" });

  /** The order changed. @type {(order: import("./order.js").Order) => void} */
  onOrder = () => {};

  /** @param {HTMLElement} table @param {import("./row.js").Actions} actions */
  constructor(table, actions) {
    this.actions = actions;
    const heads = COLUMNS.map((column) => {
      const press = make("button", { type: "button", class: "sort", "data-testid": `sort-${column}` }, () => message(`songs.column.${column}`), make("span", { class: "sort-sign", "aria-hidden": "true" }));
      press.addEventListener("click", () => this.#sortBy(column));
      const head = make("th", { scope: "col", class: column === "name" || column === "verdict" ? "" : "number" }, press);
      this.#heads.set(column, head);
      return head;
    });
    const compare = make("th", { scope: "col" }, make("span", { class: "visually-hidden" }, () => message("songs.column.compare")));
    const act = make("th", { scope: "col" }, make("span", { class: "visually-hidden" }, () => message("songs.column.act")));
    table.replaceChildren(
      make("caption", { class: "visually-hidden" }, () => message("songs.caption")),
      make("thead", {}, make("tr", {}, compare, ...heads, act)), this.#body,
    );
    this.#body.addEventListener("focusin", ({ target }) => this.#stand(/** @type {HTMLElement} */ (target)));
    this.#body.addEventListener("keydown", (event) => this.#key(event));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#redraw());
    new ResizeObserver(() => this.#redraw()).observe(table);
    onLanguage(() => this.#arrange());
  }

  /** The songs in the table's order. */
  get inOrder() {
    return sorted(this.#songs, this.#order);
  }

  /** @param {readonly Song[]} songs all of them, in the order in which they came */
  show(songs) {
    this.#songs = songs;
    const kept = new Set(songs.map(({ id }) => id));
    for (const [id, row] of this.#rows) {
      if (kept.has(id)) continue;
      row.element.remove();
      this.#rows.delete(id);
      if (row === this.#current) this.#current = null;
    }
    for (const song of songs) if (!this.#rows.has(song.id)) this.#rows.set(song.id, new SongRow(song, this.actions));
    this.#arrange();
  }

  /** @param {Song} song */
  update(song) {
    const row = this.#rows.get(song.id);
    if (!row) return;
    row.update();
    if (row === this.#current) this.#reachable(row, true);
    if (!row.ribbon) return;
    this.#sight.observe(row.ribbon);
    if (this.#order.column) this.#arrange();
  }

  /** Marks the song that is shown below. @param {number | null} id */
  mark(id) {
    for (const [of, { element, name }] of this.#rows) {
      element.classList.toggle("open", of === id);
      if (of === id) name.setAttribute("aria-current", "true");
      else name.removeAttribute("aria-current");
    }
  }

  /** @param {ReadonlySet<number>} ids the songs chosen to be compared @param {boolean} full no more can be chosen */
  choose(ids, full) {
    for (const [id, { box, song }] of this.#rows) {
      box.checked = ids.has(id);
      box.disabled = song.state !== "done" || (full && !box.checked);
    }
  }

  /** @param {number} id */
  focus(id) {
    this.#rows.get(id)?.name.focus();
  }

  /** @param {Column} column */
  #sortBy(column) {
    this.#order = pressed(this.#order, column);
    for (const [of, head] of this.#heads) {
      if (of === this.#order.column) head.setAttribute("aria-sort", this.#order.descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    this.#arrange();
    this.onOrder(this.#order);
  }

  /** Puts the rows in order; only those that are out of place are moved. */
  #arrange() {
    const held = document.activeElement;
    let next = this.#body.firstElementChild;
    for (const { id } of this.inOrder) {
      const { element } = /** @type {SongRow} */ (this.#rows.get(id));
      if (element === next) next = next.nextElementSibling;
      else this.#body.insertBefore(element, next);
    }
    // An element that is moved loses its focus.
    if (held instanceof HTMLElement && held !== document.activeElement && this.#body.contains(held)) held.focus();
    const [first] = this.inOrder;
    if (!this.#current && first) this.#stand(/** @type {SongRow} */ (this.#rows.get(first.id)).name);
  }

  /** @param {HTMLElement} target in one of the rows */
  #stand(target) {
    const row = this.#rows.get(Number(/** @type {HTMLElement | null} */ (target.closest("tr"))?.dataset.id));
    if (!row || row === this.#current) return;
    if (this.#current) this.#reachable(this.#current, false);
    this.#current = row;
    this.#reachable(row, true);
  }

  /** @param {SongRow} row @param {boolean} can */
  #reachable(row, can) {
    for (const control of row.element.querySelectorAll("input, button")) /** @type {HTMLElement} */ (control).tabIndex = can ? 0 : -1;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const row = /** @type {HTMLElement} */ (event.target).closest("tr");
    /** @type {Record<string, Element | null | undefined>} */
    const targets = { ArrowDown: row?.nextElementSibling, ArrowUp: row?.previousElementSibling, Home: this.#body.firstElementChild, End: this.#body.lastElementChild };
    const to = targets[event.key];
    if (!to) return;
    event.preventDefault();
    /** @type {HTMLElement} */ (to.querySelector(".song-name")).focus();
  }

  /** @param {IntersectionObserverEntry} entry */
  #seen({ target, isIntersecting }) {
    const canvas = /** @type {HTMLCanvasElement} */ (target);
    const row = this.#rows.get(Number(/** @type {HTMLElement | null} */ (canvas.closest("tr"))?.dataset.id));
    if (!row?.song.result || row.ribbon !== canvas) return this.#sight.unobserve(canvas);
    if (isIntersecting) return drawSmall(canvas, row.song.result);
    // Out of sight its pixels are given back.
    canvas.width = 0;
  }

  #redraw() {
    for (const { ribbon, song } of this.#rows.values()) if (ribbon && ribbon.width > 0 && song.result) drawSmall(ribbon, song.result);
  }
}
