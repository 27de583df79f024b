// @ts-check
/** Networks that somebody trained, in place of the shipped ones: loaded, chosen, removed, and kept for the next visit. */

import { byId } from "../dom.js";
import { PageError } from "../errors.js";
import { sentences } from "../format.js";
import { message, onLanguage } from "../language/language.js";
import { say } from "../language/said.js";
import { showOwn } from "./list.js";
import { dropNetworks, keepNetworks, keptNetworks } from "./store.js";

/** @typedef {import("../app.js").Page} Page */
/** @typedef {import("../../types/songmood.d.ts").Kind} Kind */
/** @typedef {Pick<import("../../types/songmood.d.ts").Networks, "models" | "settings">} About */
/** Networks of one kind that were loaded together. @typedef {{ id: number, kind: Kind, name: string, files: Uint8Array[], active: boolean }} Kept */
/** `about`: what the files say, or `error`: why this version refuses them. @typedef {Kept & { about: About | null, error: unknown }} Own */

/** The shipped ones have some hundred thousand bytes; beyond this it is something else. */
const MAX_BYTES = 100e6;

/** @param {Pick<File, "name">} file */
export const isWeights = ({ name }) => /\.safetensors$/i.test(name);

export class OwnNetworks {
  /** @type {Own[]} */
  #own = [];

  /** @param {Page} page @param {() => void} onUse other networks are chosen */
  constructor(page, onUse) {
    this.page = page;
    this.onUse = onUse;
    onLanguage(() => this.#show());
    const input = /** @type {HTMLInputElement} */ (byId("own-file"));
    byId("own-load").addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      void this.load([...(input.files ?? [])]);
      input.value = "";
    });
  }

  /** Takes what was kept at an earlier visit. */
  async restore() {
    /** @type {Kept[]} */
    const kept = await keptNetworks().catch(() => []);
    for (const one of kept) {
      const [about, error] = await this.#inspect(one.files).then((said) => [said, null], (reason) => [null, reason]);
      this.#own.push({ ...one, active: one.active && about !== null, about, error });
    }
    this.#show();
    if (this.#own.some(({ active }) => active)) this.#use();
  }

  /** Loads model files and uses them. Those that are refused are told; the others are taken. @param {readonly File[]} files */
  async load(files) {
    this.page.notice.clear();
    /** @type {Map<Kind, { names: string[], files: Uint8Array[] }>} */
    const kinds = new Map();
    for (const file of files) {
      try {
        if (file.size > MAX_BYTES) throw new PageError("weights-refused", message("own.tooLarge"));
        const bytes = new Uint8Array(await file.arrayBuffer());
        const { models: [{ domain }] } = await this.#inspect([bytes]);
        const group = kinds.get(domain) ?? { names: [], files: [] };
        group.names.push(file.name.replace(/\.safetensors$/i, ""));
        group.files.push(bytes);
        kinds.set(domain, group);
      } catch (error) {
        this.page.notice.show(error, { about: file.name });
      }
    }
    for (const [kind, group] of kinds) {
      const name = group.names.join(" + ");
      try {
        const about = await this.#inspect(group.files);
        const id = 1 + Math.max(0, ...this.#own.map((one) => one.id));
        this.#own.push({ id, kind, name, files: group.files, active: false, about, error: null });
        this.choose(kind, id);
        this.page.announcer.say(message(`own.used.${kind}`, { name }));
      } catch (error) {
        this.page.notice.show(error, { about: name });
      }
    }
  }

  /** @param {Kind} kind @param {number | null} id null: the shipped ones */
  choose(kind, id) {
    for (const one of this.#own) {
      if (one.kind !== kind) continue;
      one.active = one.id === id;
      this.#keep(one);
    }
    this.#show();
    this.#use();
  }

  /** @param {number} id */
  remove(id) {
    const gone = this.#own.find((one) => one.id === id);
    this.#own = this.#own.filter((one) => one.id !== id);
    // Where nothing is kept, nothing is left to be dropped.
    dropNetworks(id).catch(() => {});
    this.#show();
    byId("own-load").focus();
    if (gone?.active) this.#use();
  }

  /** @param {Uint8Array[]} files @returns {Promise<About>} */
  #inspect(files) {
    return this.page.client.request("inspect", files);
  }

  /** @param {Own} own */
  #keep({ id, kind, name, files, active }) {
    // Some private modes keep nothing; then they last as long as the page.
    keepNetworks({ id, kind, name, files, active }).catch(() => {});
  }

  #use() {
    for (const kind of /** @type {Kind[]} */ (["music", "voice"])) {
      this.page.client.assets.use(kind, this.#own.find((one) => one.active && one.kind === kind)?.files ?? null);
    }
    this.onUse();
  }

  #show() {
    const active = this.#own.filter((one) => one.active);
    byId("own-hint").hidden = active.length === 0;
    say(byId("own-hint"), () => sentences(...active.map(({ kind, name }) => message(`own.hint.${kind}`, { name }))));
    showOwn(byId("own-list"), this.#own, { choose: (kind, id) => this.choose(kind, id), remove: (id) => this.remove(id) });
  }
}
