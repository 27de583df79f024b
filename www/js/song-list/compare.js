// @ts-check
/** Songs' ribbons one above the other, on one scale of time. */

import { make } from "../dom.js";
import { clock } from "../format.js";
import { wordsOf } from "../heard-words.js";
import { message, onLanguage } from "../language/language.js";
import { Timeline } from "../../pkg/view/timeline.js";
import { TIMELINE_WORDS } from "../timeline-words.js";

/** More than this is no comparison but a table. */
export const MOST_COMPARED = 4;

/** @typedef {{ name: string, heard: import("../../pkg/client/analyse.js").Heard }} Compared */

export class Compare {
  /** @type {Timeline[]} */
  #timelines = [];

  /** @param {{ box: HTMLElement, list: HTMLElement }} parts */
  constructor(parts) {
    this.parts = parts;
    onLanguage(() => this.#timelines.forEach((timeline) => timeline.draw()));
  }

  get shown() {
    return !this.parts.box.hidden;
  }

  /** @param {Compared[]} songs two or more */
  show(songs) {
    const endS = Math.max(...songs.map(({ heard }) => heard.analysis.durationS));
    this.#timelines = [];
    this.parts.box.hidden = false;
    this.parts.list.replaceChildren(...songs.map((song) => this.#one(song, endS)));
    this.#moveTo(0);
  }

  hide() {
    this.parts.box.hidden = true;
    this.parts.list.replaceChildren();
    this.#timelines = [];
  }

  focus() {
    this.parts.box.scrollIntoView({ block: "start" });
    /** @type {HTMLElement | null} */ (this.parts.box.querySelector("h2"))?.focus({ preventScroll: true });
  }

  /** @param {Compared} song @param {number} endS of the longest */
  #one(song, endS) {
    const { analysis, networks } = song.heard;
    const parts = {
      canvas: make("canvas", { "aria-hidden": "true" }),
      hoverLabel: make("span", {}),
      hover: make("div", { class: "hover", "aria-hidden": "true", hidden: "" }),
      cursor: make("div", { class: "cursor", "aria-hidden": "true" }),
      track: make("div", { class: "track", role: "slider", tabindex: "0" }),
      segments: make("div", { class: "segments", "aria-hidden": "true" }),
      ticks: make("div", { class: "ticks", "aria-hidden": "true" }),
    };
    parts.hover.append(parts.hoverLabel);
    parts.track.append(parts.canvas, parts.hover, parts.cursor);
    const position = () => message("timeline.comparedPosition", { name: song.name });
    const timeline = new Timeline(parts, Object.create(TIMELINE_WORDS, { position: { get: position } }));
    timeline.seekable = true;
    timeline.onSeek = (t) => this.#moveTo(t);
    timeline.show({ windows: analysis.windows, startS: 0, endS, knownToS: analysis.durationS, sureAbove: networks.settings.sureAbove });
    this.#timelines.push(timeline);
    return make("li", { "data-testid": "compared" },
      make("p", { class: "source-name" }, `${song.name} · ${clock(analysis.durationS)}`),
      make("p", { class: "compare-verdict" }, () => wordsOf(song.heard).headline),
      parts.track, parts.segments, parts.ticks);
  }

  /** @param {number} t seconds */
  #moveTo(t) {
    for (const timeline of this.#timelines) timeline.moveTo(t);
  }
}
