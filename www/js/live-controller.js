// @ts-check
/** The microphone on the page: on, live moods, off. */

import { grantedText, liveFacts } from "./facts.js";
import { clock } from "./format.js";
import { LevelMeter } from "./level-meter.js";
import { LiveSession } from "./live-session.js";
import { meanOf } from "./moments.js";
import { liveWords } from "./verdict.js";

/** @typedef {import("./app.js").Page} Page */
/** @typedef {import("../types/songmood.d.ts").Settings} Settings */

/** How much of the session the timeline shows while it grows. */
const SPAN_S = 60;
/** A window is late when the microphone is this far ahead of it: a hop and a bit is normal. */
const LATE_S = 3;

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

export class LiveController {
  /** @type {LiveSession | null} */
  #session = null;
  /** @type {Settings} */
  #settings = { windowS: 0, hopS: 0, sureAbove: 0 };
  #meter = new LevelMeter({ meter: byId("level"), fill: byId("level-fill"), peak: byId("level-peak"), hint: byId("level-hint") });

  /**
   * @param {Page} page
   * @param {() => void} hush called before the microphone opens: it should not hear the song
   */
  constructor(page, hush) {
    this.page = page;
    this.hush = hush;
  }

  get on() {
    return this.#session !== null;
  }

  async start() {
    const { client, notice, announcer, view } = this.page;
    const session = new LiveSession(client, {
      onLevel: (level) => {
        this.#meter.show(level);
        byId("clock-now").textContent = clock(level.heardS);
        if (session.windows.length === 0) this.#showNow(session);
      },
      onWindow: () => this.#showNow(session),
      onGone: (error) => {
        this.stop();
        notice.show(error, { retry: () => this.start() });
      },
    });
    this.hush();
    this.#session = session;
    notice.clear();
    this.#showButton();
    try {
      const kind = this.page.kinds.for("microphone");
      const started = await session.start(kind);
      if (!started || this.#session !== session) return;
      const { granted, loaded } = started;
      const { models, settings } = loaded[kind];
      this.#settings = settings;
      this.page.setState("live");
      view.setModels(models);
      view.begin({
        name: "Microphone", seekable: false, scope: "cursor", scopes: ["Since the start", "Now"],
        facts: liveFacts(granted, kind, settings),
      });
      view.show([], { startS: 0, endS: SPAN_S, knownToS: 0, sureAbove: settings.sureAbove });
      byId("granted").textContent = grantedText(granted.settings);
      byId("clock-total").textContent = "";
      const play = /** @type {HTMLButtonElement} */ (byId("play"));
      play.disabled = false;
      play.setAttribute("aria-label", "Stop listening");
      this.#meter.reset();
      this.#showNow(session);
      announcer.say("The microphone is on.");
    } catch (error) {
      if (this.#session !== session) return;
      this.#session = null;
      this.#showButton();
      notice.show(error, { about: "Microphone", retry: () => this.start() });
    }
  }

  /** Switches the microphone off; what was heard stays on the page. */
  stop() {
    const session = this.#session;
    if (!session) return;
    this.#session = null;
    session.stop();
    this.#showButton();
    if (document.body.dataset.state !== "live") return;
    this.page.announcer.say("The microphone is off.");
    if (session.windows.length === 0) return this.page.setState("start");
    // The stop button goes away with this; whoever stands on it should not fall off the page.
    if (document.activeElement === byId("play")) byId("mic").focus();
    this.page.setState("heard");
    this.#showWhole(session);
  }

  #showButton() {
    byId("mic-label").textContent = this.on ? "Stop listening" : "Use the microphone";
    byId("mic").classList.toggle("on", this.on);
  }

  /** @param {LiveSession} session */
  #showNow({ windows, heardS }) {
    if (document.body.dataset.state !== "live") return;
    const { view, announcer } = this.page;
    const { sureAbove, windowS } = this.#settings;
    const last = windows.at(-1);
    const endS = Math.max(SPAN_S, heardS);
    const words = liveWords(last ?? null, { sureAbove, waitS: windowS - heardS, shortName: view.nameOf });
    const lateS = last ? heardS - last.endS : 0;
    view.say(lateS > LATE_S ? { ...words, detail: `${words.detail} This device is ${Math.round(lateS)} s behind.` } : words);
    if (!last) return;
    view.show(windows, { startS: endS - SPAN_S, endS, knownToS: last.endS, sureAbove });
    view.moveTo(last.endS);
    byId("clock-now").textContent = clock(heardS);
    announcer.sayLive(words.headline);
  }

  /** @param {LiveSession} session */
  #showWhole({ windows, heardS }) {
    const { view } = this.page;
    const last = windows[windows.length - 1];
    view.timeline.seekable = true;
    view.nameScopes(["The whole time", "At the cursor"]);
    view.scope = "whole";
    view.show(windows, { startS: 0, endS: Math.max(heardS, last.endS), knownToS: last.endS, sureAbove: this.#settings.sureAbove });
    view.moveTo(0);
    const whole = meanOf(windows);
    if (!whole) return;
    const { headline, detail, state, mood } = liveWords(whole, { sureAbove: this.#settings.sureAbove, waitS: 0, shortName: view.nameOf });
    view.say({ headline, mood, state, detail: detail.replace(/^Now:/, "Over the whole time:") });
  }
}
