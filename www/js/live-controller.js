// @ts-check
/** The microphone on the page: on, live moods, pause, another device, off; then its recording. */

import { codeOf } from "./errors.js";
import { grantedText, liveFacts } from "./facts.js";
import { clock, sentences } from "./format.js";
import { message } from "./language/language.js";
import { say } from "./language/said.js";
import { LevelMeter } from "./level-meter.js";
import { LiveSession } from "./live-session.js";
import { LiveTools, keeping } from "./live-tools.js";
import { meanOf } from "../pkg/view/moments.js";
import { liveWords } from "./verdict.js";
import { VoiceTeacher } from "./voice-teacher.js";

/** @typedef {import("./app.js").Page} Page */
/** @typedef {import("../types/songmood.d.ts").Networks} Networks */

/** How much of the session the timeline shows while it grows. */
const SPAN_S = 60;
/** A window is late when the microphone is this far ahead of it: a hop and a bit is normal. */
const LATE_S = 3;

/** @returns {import("./verdict.js").Words} */
const pausedWords = () => ({ state: "waiting", mood: null, headline: message("live.paused"), detail: message("live.pausedDetail") });

/** What the browser granted, and what becomes of the sound. @param {import("../pkg/client/microphone.js").Granted} granted */
const sayGranted = ({ settings }) => say(byId("granted"), () => sentences(grantedText(settings), keeping()));

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

export class LiveController {
  /** @type {LiveSession | null} */
  #session = null;
  /** The session whose moods and recording are on the page. @type {LiveSession | null} */
  #heard = null;
  /** What the session at hand listens with. @type {{ networks: Networks, facts: () => [string, string][] } | null} */
  #about = null;
  #meter = new LevelMeter({ meter: byId("level"), fill: byId("level-fill"), peak: byId("level-peak"), hint: byId("level-hint") });

  #tools = new LiveTools();
  #teacher;
  /** The device that the person chose, "" for the system's own choice. */
  #device = "";
  /** The device in use. */
  #current = "";

  /**
   * @param {Page} page
   * @param {{ hush: () => void, hear: (file: Blob, name: string) => void }} others `hush` is called before the microphone opens: it
   *   should not hear the song; `hear` analyses the recording as a file
   */
  constructor(page, { hush, hear }) {
    this.page = page;
    this.hush = hush;
    this.#teacher = new VoiceTeacher(page.client, page.announcer);
    this.#tools.onPause = (paused) => this.#pause(paused);
    this.#tools.onDevice = (device) => void this.#use(device);
    this.#tools.onAnalyse = hear;
    this.#tools.onDiscard = () => {
      this.page.playback.unload();
      this.letGo();
      this.page.setState("start");
      byId("mic").focus();
    };
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
        this.stop(session);
        notice.show(error, { retry: () => this.start() });
      },
    });
    this.hush();
    this.#session = session;
    notice.clear();
    this.#showButton();
    try {
      const kind = this.page.kinds.for("microphone");
      const started = await session.start(kind, this.#device);
      if (!started || this.#session !== session) return;
      const { granted, loaded } = started;
      const networks = loaded[kind];
      const { settings } = networks;
      void this.#teacher.begin(kind, settings.frameS);
      this.#about = { networks, facts: () => liveFacts(granted, kind, settings) };
      this.page.setState("live");
      this.#begin();
      view.show([], { startS: 0, endS: SPAN_S, knownToS: 0, sureAbove: settings.sureAbove });
      this.#tools.paused = false;
      this.#current = this.#tools.current = granted.deviceId;
      sayGranted(granted);
      const play = /** @type {HTMLButtonElement} */ (byId("play"));
      play.disabled = false;
      say(play, () => message("live.stop"), "aria-label");
      this.#meter.reset();
      this.#showNow(session);
      announcer.say(message("live.onSaid"));
    } catch (error) {
      if (this.#session !== session) return;
      this.#session = null;
      this.#showButton();
      // The next try takes what there is.
      if (codeOf(error) === "mic-chosen-gone") this.#device = "";
      notice.show(error, { about: () => message("live.name"), retry: () => this.start() });
    }
  }

  /** @param {boolean} paused */
  #pause(paused) {
    const session = this.#session;
    if (!session) return;
    session.pause(paused);
    this.#tools.paused = paused;
    this.#meter.show({ rms: 0, peak: 0, heardS: session.heardS });
    this.page.announcer.say(message(paused ? "live.pausedSaid" : "live.resumedSaid"));
    this.#showNow(session);
  }

  /** Goes on with another device. @param {string} device its id */
  async #use(device) {
    const session = this.#session;
    if (!session) return;
    try {
      const granted = await session.use(device);
      if (!granted || this.#session !== session) return;
      this.#device = device;
      this.#current = this.#tools.current = granted.deviceId;
      sayGranted(granted);
      this.page.announcer.say(message("live.deviceSaid", { device: granted.device || message("live.otherDevice") }));
    } catch (error) {
      if (this.#session !== session) return;
      // It goes on with the one before.
      this.#tools.current = this.#current;
      this.page.notice.show(error);
    }
  }

  /** Switches the microphone off; what was heard stays on the page. */
  stop(session = this.#session) {
    if (!session || session !== this.#session) return;
    this.#session = null;
    this.#teacher.end();
    const stopped = session.stop();
    this.#tools.paused = false;
    this.#showButton();
    if (document.body.dataset.state !== "live") return;
    this.page.announcer.say(message("live.offSaid"));
    // The stop button becomes the play button; who pressed it should not start the recording by pressing again.
    if (document.activeElement === byId("play")) byId("mic").focus();
    this.page.setState("heard");
    /** @type {HTMLButtonElement} */ (byId("play")).disabled = true;
    this.#heard = session;
    this.#showWhole(session);
    void stopped.then(() => this.#keep(session));
  }

  /** The recording is whole: it can be replayed, saved, analysed. @param {LiveSession} session */
  #keep(session) {
    const { kept, windows } = session;
    if (this.#heard !== session || document.body.dataset.state !== "heard" || !kept) return;
    if (kept.durationS > 0) {
      this.#tools.kept = kept;
      this.page.playback.load(kept.wav(), kept.durationS, kept.startS);
    } else if (windows.length === 0) {
      this.page.setState("start");
    }
  }

  /** Lets go of the recording: something else has taken its place. */
  letGo() {
    this.#heard = null;
    this.#tools.kept = null;
  }

  /** What was heard last comes back, if it was not let go. @returns {boolean} whether there is anything */
  showAgain() {
    const session = this.#heard;
    if (!session) return false;
    this.page.setState("heard");
    this.#begin();
    this.#showWhole(session);
    this.#keep(session);
    return true;
  }

  get #settings() {
    return this.#about?.networks.settings ?? { windowS: 0, hopS: 0, frameS: 0, sureAbove: 0, tension: "apart" };
  }

  /** An empty view for the session at hand. */
  #begin() {
    const { view } = this.page;
    if (!this.#about) return;
    view.setNetworks(this.#about.networks);
    view.begin({ name: () => message("live.name"), seekable: false, scope: "cursor", scopes: ["bars.sinceStart", "bars.now"], facts: this.#about.facts });
    view.picture.begin(null);
    byId("clock-total").textContent = "";
  }

  #showButton() {
    const label = this.on ? "sources.stop" : "sources.microphone";
    say(byId("mic-label"), () => message(label));
    byId("mic").classList.toggle("on", this.on);
  }

  /** @param {LiveSession} session */
  #showNow(session) {
    const { windows, heardS, paused } = session;
    if (document.body.dataset.state !== "live") return;
    const { view, announcer } = this.page;
    const { sureAbove, windowS } = this.#settings;
    const last = windows.at(-1);
    const endS = Math.max(SPAN_S, heardS);
    const lateS = last ? heardS - last.endS : 0;
    const words = () => {
      const now = paused ? pausedWords() : liveWords(last ?? null, { sureAbove, waitS: windowS - heardS, shortName: view.nameOf });
      return lateS > LATE_S ? { ...now, detail: sentences(now.detail, message("live.late", { seconds: Math.round(lateS) })) } : now;
    };
    view.say(words);
    if (!last) return;
    view.show(windows, { startS: endS - SPAN_S, endS, knownToS: last.endS, sureAbove });
    view.moveTo(last.endS);
    byId("clock-now").textContent = clock(heardS);
    if (!paused) announcer.sayLive(words().headline);
  }

  /** @param {LiveSession} session */
  #showWhole({ windows, heardS }) {
    const { view } = this.page;
    const knownToS = windows.at(-1)?.endS ?? 0;
    view.timeline.seekable = true;
    view.nameScopes(["bars.wholeTime", "bars.cursor"]);
    view.scope = "whole";
    view.show(windows, { startS: 0, endS: Math.max(heardS, knownToS), knownToS, sureAbove: this.#settings.sureAbove });
    view.moveTo(0);
    const { sureAbove, windowS, tension } = this.#settings;
    const whole = meanOf(windows, tension);
    if (whole) return view.say(() => liveWords(whole, { sureAbove, waitS: 0, shortName: view.nameOf, over: "whole" }));
    const numbers = { heard: Math.round(heardS), window: Math.ceil(windowS) };
    view.say(() => ({ state: "waiting", mood: null, headline: message("live.tooShort"), detail: message("live.tooShortDetail", numbers) }));
  }
}
