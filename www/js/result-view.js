// @ts-check
/** Everything below the buttons: headline, timeline, bars, readouts. Shows a song or the microphone alike. */

import { MoodBars, shortName } from "./bars.js";
import { clock } from "./format.js";
import { fillFacts } from "./facts.js";
import { message, onLanguage } from "./language/language.js";
import { once, say } from "./language/said.js";
import { meanOf, meanWithin, momentAt, segments, shortestRun } from "../pkg/view/moments.js";
import { topMood } from "./moods.js";
import { PictureView } from "./picture-view.js";
import { Plane } from "./plane.js";
import { Readouts } from "./readouts.js";
import { Selection } from "./selection.js";
import { Timeline } from "../pkg/view/timeline.js";
import { TIMELINE_WORDS } from "./timeline-words.js";
import { fillTable } from "./timeline-table.js";

/** @typedef {import("../types/songmood.d.ts").Moment} Moment */
/** @typedef {import("../types/songmood.d.ts").MoodWindow} MoodWindow */
/** @typedef {import("../types/songmood.d.ts").ModelInfo} ModelInfo */
/** @typedef {import("./verdict.js").Words} Words */
/** @typedef {import("./language/language.js").Key} Key */
/** @typedef {import("../types/songmood.d.ts").Networks} Networks */
/** @typedef {import("../types/songmood.d.ts").Settings} Settings */
/** @typedef {"whole" | "cursor" | "part"} Scope */
/** @type {readonly Scope[]} */
const SCOPES = ["whole", "cursor", "part"];
/** @typedef {Pick<Moment, "moods" | "models" | "valence" | "arousal">} Whole */

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {Moment | null} moment */
const soundOf = (moment) => (moment?.silent ? null : moment);

export class ResultView {
  /** @type {readonly ModelInfo[]} */
  #models = [];
  /** @type {Settings["tension"]} */
  #tension = "apart";
  /** @type {readonly MoodWindow[]} */
  #windows = [];
  /** @type {Whole | null} */
  #whole = null;
  /** The selected part's. @type {Whole | null} */
  #part = null;
  #view = { startS: 0, endS: 0, knownToS: 0, sureAbove: 0 };
  #time = 0;
  /** @type {Scope} */
  #scope = "whole";
  #scopeChosen = false;
  /** @type {() => [string, string][]} */
  #facts = () => [];

  constructor() {
    this.box = byId("result");
    this.timeline = new Timeline({
      track: byId("track"), canvas: /** @type {HTMLCanvasElement} */ (byId("ribbon")), cursor: byId("cursor"),
      hover: byId("hover"), hoverLabel: byId("hover-label"), segments: byId("segments"), ticks: byId("ticks"),
    }, TIMELINE_WORDS);
    this.selection = new Selection({ box: byId("selection"), start: byId("select-start"), end: byId("select-end"), track: byId("track") });
    this.picture = new PictureView({
      box: byId("picture-box"), canvas: /** @type {HTMLCanvasElement} */ (byId("picture")), marks: byId("picture-marks"),
      words: byId("picture-words"), choice: byId("picture-choice"),
    });
    this.plane = new Plane(byId("plane"), byId("plane-words"));
    this.bars = new MoodBars(byId("bars"));
    this.readouts = new Readouts(byId("readouts"));
    for (const scope of SCOPES) {
      byId(`scope-${scope}`).addEventListener("change", () => {
        this.#scopeChosen = true;
        this.scope = scope;
      });
    }
    byId("table-details").addEventListener("toggle", () => this.#fillTable());
    onLanguage(() => this.#retell());
  }

  /** @param {Networks} networks */
  setNetworks({ models, places, settings }) {
    this.#models = models;
    this.#tension = settings.tension;
    const hint = settings.sureAbove < 1 ? "timeline.hint" : "timeline.hintNeverSure";
    say(byId("axis-hint"), () => message(hint));
    this.bars.setModels(models);
    this.plane.places = places;
  }

  /** What is drawn or filled anew in another language; single texts look after themselves. */
  #retell() {
    fillFacts(byId("facts"), this.#facts());
    this.timeline.draw();
    this.#showMoods();
    this.#fillTable();
  }

  /** A network's name by which `Moment.models` calls it, as people say it. @param {string} name */
  nameOf = (name) => {
    const model = this.#models.find((candidate) => candidate.name === name);
    return model ? shortName(model) : name;
  };

  /** @param {Scope} scope */
  set scope(scope) {
    this.#scope = scope;
    /** @type {HTMLInputElement} */ (byId(`scope-${scope}`)).checked = true;
    this.#showMoods();
  }

  /** Follows the cursor from now on, unless the reader has chosen otherwise. */
  followCursor() {
    if (!this.#scopeChosen && this.#scope === "whole") this.scope = "cursor";
  }

  /**
   * Where it appears, the timeline's place comes first, its drawing in the next frame and the panels below it in the two after: all at
   * once, they would keep the page from whatever is done to it meanwhile.
   * @param {boolean} hidden
   */
  set hidden(hidden) {
    if (this.box.hidden === hidden) return;
    this.box.hidden = hidden;
    if (hidden) return;
    this.box.classList.add("arriving");
    const steps = [() => {}, () => {}, () => this.box.classList.replace("arriving", "arriving-last"), () => this.box.classList.remove("arriving-last")];
    const frame = () => {
      steps.shift()?.();
      if (steps.length > 0) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  /**
   * A new song or a new live session.
   * @param {{ name: () => string, seekable: boolean, scope: Scope, scopes: [whole: Key, cursor: Key], facts: () => [string, string][] }} what
   */
  begin({ name, seekable, scope, scopes, facts }) {
    this.#windows = [];
    this.#whole = null;
    this.#time = 0;
    this.showPart(null);
    this.#scopeChosen = false;
    say(byId("source-name"), name);
    this.nameScopes(scopes);
    this.setFacts(facts);
    this.timeline.seekable = seekable;
    this.scope = scope;
  }

  /** @param {() => [string, string][]} facts in the page's language */
  setFacts(facts) {
    this.#facts = facts;
    fillFacts(byId("facts"), facts());
  }

  /** @param {[whole: Key, cursor: Key]} names */
  nameScopes([whole, cursor]) {
    say(byId("scope-whole-label"), () => message(whole));
    say(byId("scope-cursor-label"), () => message(cursor));
  }

  /** @param {() => Words} words in the page's language */
  say(words) {
    const told = once(words);
    say(byId("verdict"), () => told().headline);
    say(byId("verdict-detail"), () => told().detail);
    byId("verdict").dataset.state = told().state;
  }

  /**
   * @param {readonly MoodWindow[]} windows
   * @param {{ startS: number, endS: number, knownToS: number, sureAbove: number }} view
   * @param {Whole | null} [whole] where the library has judged the whole, or null for silence; otherwise the mean of the windows
   */
  show(windows, view, whole = soundOf(meanOf(windows, this.#tension))) {
    this.#windows = windows;
    this.#whole = whole;
    this.#view = view;
    this.timeline.show({ windows, ...view });
    this.selection.song = view;
    this.picture.stretch = view;
    this.plane.show(windows, whole);
    this.#showMoods();
    this.#fillTable();
  }

  /**
   * The moods of the selected part, or null for none. Shows them, and goes back to the whole where they were shown.
   * @param {Whole | null} part @param {boolean} [silent] there is a part, and nothing to hear in it
   */
  showPart(part, silent = false) {
    const selected = part !== null || silent;
    const before = byId("scope-part-box").hidden ? "none" : "some";
    this.#part = part;
    byId("scope-part-box").hidden = !selected;
    if (selected && before === "none") this.scope = "part";
    else if (!selected && this.#scope === "part") this.scope = "whole";
    else this.#showMoods();
  }

  /** What the windows say of a part. @param {import("../types/songmood.d.ts").Range} range */
  estimate(range) {
    return soundOf(meanWithin(this.#windows, range, this.#tension));
  }

  /** Passages of the whole. */
  passages() {
    const { startS, endS, knownToS } = this.#view;
    return segments(this.#windows, { startS: 0, endS: Math.min(endS, knownToS), shortestS: shortestRun(endS - startS), tension: this.#tension });
  }

  /**
   * Puts cursor, clock and bars at a time.
   * @param {number} t seconds
   * @param {boolean} [gliding] by itself, as the song plays
   */
  moveTo(t, gliding = false) {
    this.#time = t;
    this.timeline.moveTo(t, gliding);
    byId("clock-now").textContent = clock(t);
    if (this.#scope === "cursor") this.#showMoods();
    else this.plane.moveTo(t, soundOf(momentAt(this.#windows, t)));
  }

  #showMoods() {
    const moment = momentAt(this.#windows, this.#time);
    // Silence has no mood: the library's even shares would look like one.
    const shown = { whole: this.#whole, cursor: soundOf(moment), part: this.#part }[this.#scope];
    this.plane.moveTo(this.#time, soundOf(moment));
    this.bars.show(shown);
    this.readouts.show(shown);
    if (shown) document.body.dataset.mood = topMood(shown.moods);
    else delete document.body.dataset.mood;
  }

  #fillTable() {
    const details = /** @type {HTMLDetailsElement} */ (byId("table-details"));
    if (details.open) fillTable(byId("timeline-table"), this.passages(), this.#models.map(shortName));
  }
}
