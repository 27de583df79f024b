// @ts-check
/** The selected part of a song: its own verdict in words, its own bars. */

import { clock, sentences } from "./format.js";
import { message } from "./language/language.js";
import { say } from "./language/said.js";
import { segments, shortestRun } from "../pkg/view/moments.js";
import { songWords } from "./verdict.js";

/** @typedef {import("../types/songmood.d.ts").Analysis} Analysis */
/** @typedef {import("../types/songmood.d.ts").Range} Range */
/** @typedef {import("../types/songmood.d.ts").Settings} Settings */
/** @typedef {import("./app.js").Page} Page */
/** @typedef {import("../pkg/client/in-worker.js").InWorker} InWorker */

/** Keys repeat faster than parts are worth judging. */
const SETTLE_MS = 150;
/** What the button selects: so much of the song, but not less than can be judged well, nor more than there is. */
const SHARE = 1 / 6;

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {Range} range */
const timesOf = ({ startS, endS }) => ({ start: clock(startS), end: clock(endS) });

export class PartJudge {
  /** @type {{ inWorker: InWorker, settings: Settings, durationS: number } | null} */
  #of = null;
  #timer = 0;
  /** Counts what is asked, so that an answer to an older question is dropped. */
  #asked = 0;
  #dragging = false;

  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    const { view } = page;
    view.selection.onChange = (range, settled) => this.#changed(range, settled);
    view.timeline.onSelect = (from, to, settled) => {
      if (!this.#of) return;
      // A new drag begins a new part.
      if (!settled && !this.#dragging) view.selection.set(null, false);
      this.#dragging = !settled;
      if (Math.abs(to - from) > 0.05) view.selection.grow(from, to, settled);
    };
    view.timeline.onGrow = (cursor, seconds) => {
      if (this.#of) view.selection.grow(cursor, view.selection.movingEnd(cursor) + seconds, true);
    };
    view.timeline.onEscape = () => view.selection.clear();
    byId("select").addEventListener("click", () => this.#selectHere());
    byId("select-clear").addEventListener("click", () => {
      byId("select").focus();
      view.selection.clear();
    });
  }

  /**
   * The song that parts are of, or null for none.
   * @param {{ inWorker: InWorker, settings: Settings, durationS: number } | null} of
   */
  set of(of) {
    this.#of = of;
    byId("select-tools").hidden = !of;
    this.page.view.selection.clear();
  }

  #selectHere() {
    const { playback, view } = this.page;
    if (!this.#of) return;
    const { durationS, settings: { windowS } } = this.#of;
    const length = Math.min(durationS, Math.ceil(Math.max(windowS, durationS * SHARE)));
    const startS = Math.min(playback.time, durationS - length);
    view.selection.set({ startS, endS: startS + length }, true);
    byId("select-end").focus();
  }

  /** @param {Range | null} range @param {boolean} settled */
  #changed(range, settled) {
    const { view, playback } = this.page;
    clearTimeout(this.#timer);
    this.#asked += 1;
    byId("select-clear").hidden = !range;
    playback.range = range;
    if (!range || !this.#of) {
      say(byId("part-words"), () => "");
      return view.showPart(null);
    }
    const estimate = view.estimate(range);
    view.showPart(estimate, estimate === null);
    say(byId("part-words"), () => message("part.range", timesOf(range)));
    if (settled) this.#timer = window.setTimeout(() => void this.#judge(range), SETTLE_MS);
  }

  /** @param {Range} range */
  async #judge(range) {
    const of = this.#of;
    const asked = this.#asked;
    if (!of) return;
    /** @type {Analysis} */
    let analysis;
    try {
      analysis = await this.page.client.request("excerpt", { song: await of.inWorker.number, ...range });
    } catch (error) {
      // Where the worker was started afresh, the estimate from the windows stays; anything else is worth telling.
      if (!(error instanceof Error && "code" in error && error.code === "song-forgotten")) this.page.notice.show(error);
      return;
    }
    if (asked !== this.#asked) return;
    const { view, announcer } = this.page;
    const silent = analysis.windows.every((window) => window.silent);
    view.showPart(silent ? null : analysis, silent);
    const { sureAbove, tension } = of.settings;
    const passages = segments(analysis.windows, { ...range, shortestS: shortestRun(range.endS - range.startS), tension });
    const words = () => {
      const { headline, detail } = songWords(analysis, passages, { sureAbove, shortName: view.nameOf });
      return message("part.verdict", { ...timesOf(range), verdict: sentences(headline, silent ? "" : detail) });
    };
    say(byId("part-words"), words);
    announcer.say(words());
  }
}
