// @ts-check
/** What the element shows, in its shadow: a button, the verdict, the timeline. Knows no songs and no microphone. */

import { clock } from "../view/clock.js";
import { MOODS, topMood } from "../view/moods.js";
import { Timeline } from "../view/timeline.js";
import { CSS } from "./style.js";

/** @typedef {import("../client/types.d.ts").Moment} Moment */
/** @typedef {import("../client/types.d.ts").MoodWindow} MoodWindow */
/** @typedef {import("./types.d.ts").Words} Words */
/** @typedef {"play" | "pause" | "listen" | "stop"} Does */

const ICONS = {
  play: "M8 5.2v13.6a.8.8 0 0 0 1.2.7l10.6-6.8a.8.8 0 0 0 0-1.4L9.2 4.5a.8.8 0 0 0-1.2.7z",
  pause: "M7 5h3.5v14H7zm6.500 0H17v14h-3.500z",
  listen: "M12 15a3.500 3.500 0 0 0 3.500-3.500v-6a3.500 3.500 0 0 0-7 0v6A3.500 3.500 0 0 0 12 15zm6.500-4a.9.9 0 0 1 .9 1 7.500 7.500 0 0 1-6.500 6.500V21.500h-1.800V18.500A7.500 7.500 0 0 1 4.600 12a.9.9 0 0 1 1.800-.1 5.600 5.600 0 0 0 11.200 0 .9.9 0 0 1 .9-.9z",
  stop: "M8 6h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2z",
};

/** @type {CSSStyleSheet | undefined} */
let sheet;
function styleSheet() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  return sheet;
}

/**
 * @param {string} tag
 * @param {Record<string, string>} [attributes]
 * @param {(Node | string)[]} [children]
 */
function make(tag, attributes = {}, children = []) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function icons() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const [name, d] of Object.entries(ICONS)) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("class", name);
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

export class Face {
  #button = /** @type {HTMLButtonElement} */ (make("button", { part: "button", type: "button" }, [icons()]));
  #verdict = make("p", { part: "verdict", class: "verdict" });
  /** The same for screen readers, but not every second. */
  #aloud = make("p", { class: "aloud", role: "status" });
  #time = make("span", { part: "time", class: "time" });
  #level = /** @type {HTMLMeterElement} */ (make("meter", { part: "level", min: "-60", max: "0", value: "-60" }));
  /** Their colours, as the browser has made them out, are the canvas's. */
  #swatches = make("div", { hidden: "" }, [...MOODS.map((mood) => `m-${mood}`), "line", "faint"].map((name) => make("i", { class: name })));
  #endS = 0;

  /** The button was pressed, or Space on the timeline. @type {() => void} */
  onToggle = () => {};

  /** @param {ShadowRoot} shadow @param {Words} words */
  constructor(shadow, words) {
    this.words = words;
    shadow.adoptedStyleSheets = [styleSheet()];
    const canvas = /** @type {HTMLCanvasElement} */ (make("canvas", { part: "ribbon", "aria-hidden": "true" }));
    const cursor = make("div", { part: "cursor", class: "cursor", "aria-hidden": "true" });
    const hoverLabel = make("span");
    const hover = make("div", { class: "hover", "aria-hidden": "true", hidden: "" }, [hoverLabel]);
    const track = make("div", { part: "timeline", class: "track", role: "slider", tabindex: "0", "aria-valuenow": "0" }, [canvas, hover, cursor]);
    const segments = make("div", { part: "passages", class: "segments", "aria-hidden": "true" });
    const ticks = make("div", { part: "ticks", class: "ticks", "aria-hidden": "true" });
    shadow.append(make("div", { part: "head", class: "head" }, [this.#button, this.#verdict, this.#level, this.#time]), this.#aloud, track, segments, ticks, this.#swatches);
    this.#level.setAttribute("aria-label", words.level);
    this.timeline = new Timeline({ track, canvas, cursor, hover, hoverLabel, segments, ticks }, this.#timelineWords(), () => this.#palette());
    this.#button.addEventListener("click", () => this.onToggle());
    this.timeline.onToggle = () => this.onToggle();
  }

  /** @returns {import("../view/timeline.js").Words} */
  #timelineWords() {
    const { words } = this;
    const name = (/** @type {Moment} */ moment) => {
      if (moment.silent) return words.silent;
      const mood = topMood(moment.moods);
      return `${words.moods[mood]} ${words.percent(moment.moods[mood])}`;
    };
    return {
      position: words.position,
      growing: words.growing,
      at: (t, endS, moment) => `${words.of(clock(t), clock(endS))}${moment ? `, ${name(moment)}` : ""}`,
      moment: name,
      passages: {
        name: (run) => (run.silent ? words.silent : words.moods[run.mood] + (run.unsure ? "?" : "")),
        short: (run) => (run.silent ? "–" : words.moods[run.mood].slice(0, 2)),
      },
    };
  }

  /** @returns {ReturnType<typeof import("../view/ribbon.js").paletteOf>} */
  #palette() {
    const colours = [...this.#swatches.children].map((swatch) => getComputedStyle(swatch).color);
    const moods = /** @type {Record<import("../client/types.d.ts").Mood, string>} */ (Object.fromEntries(MOODS.map((mood, i) => [mood, colours[i]])));
    return { moods, grid: colours[MOODS.length], quiet: colours[MOODS.length + 1] };
  }

  /** What the button does now, or null where there is nothing to do. @param {Does | null} does */
  set does(does) {
    this.#button.disabled = does === null;
    if (!does) return;
    this.#button.dataset.does = does;
    this.#button.setAttribute("aria-label", this.words[does]);
    this.#level.hidden = does !== "stop";
  }

  /** @param {string} text @param {{ failed?: boolean, aloud?: boolean }} [how] `aloud`: screen readers say it too */
  say(text, { failed = false, aloud = true } = {}) {
    this.#verdict.classList.toggle("failed", failed);
    if (this.#verdict.textContent !== text) this.#verdict.textContent = text;
    if (aloud && this.#aloud.textContent !== text) this.#aloud.textContent = text;
  }

  /** @param {{ mood: import("../client/types.d.ts").Mood, probability: number, unsure: boolean }} verdict @param {boolean} [aloud] */
  sayVerdict({ mood, probability, unsure }, aloud) {
    const { words } = this;
    this.say(words[unsure ? "unsure" : "sure"](words.moods[mood], words.percent(probability)), { aloud });
  }

  /** @param {readonly MoodWindow[]} windows @param {{ startS: number, endS: number, knownToS: number, sureAbove: number }} view */
  show(windows, view) {
    this.#endS = view.endS;
    this.timeline.show({ windows, ...view });
  }

  /** @param {number} t seconds @param {boolean} [gliding] */
  moveTo(t, gliding = false) {
    this.#time.textContent = `${clock(t)} / ${clock(this.#endS)}`;
    this.timeline.moveTo(t, gliding);
  }

  /** Of the microphone. @param {import("../client/types.d.ts").Level} level */
  showLevel({ rms, heardS }) {
    this.#level.value = rms > 1e-3 ? 20 * Math.log10(rms) : -60;
    this.#time.textContent = clock(heardS);
  }
}
