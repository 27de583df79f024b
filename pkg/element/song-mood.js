// @ts-check
/** `<song-mood>`: a song's moods over time with something to play it by, or the microphone's. */

import { ClientError, codeOf } from "../client/errors.js";
import { Player } from "../view/player.js";
import { Face } from "./face.js";
import { SPAN_S, showLive } from "./live.js";
import { fetchedSong, sharedSongmood } from "./source.js";
import { meanVerdict } from "./verdict.js";
import { ENGLISH } from "./words.js";

/** @typedef {import("../client/types.d.ts").Kind} Kind */
/** @typedef {import("../client/types.d.ts").Live} Live */
/** @typedef {import("../client/types.d.ts").MoodWindow} MoodWindow */
/** @typedef {import("./types.d.ts").Verdict} Verdict */

/** How often a growing ribbon is drawn anew, in milliseconds. */
const DRAW_EVERY_MS = 100;

export class SongMood extends HTMLElement {
  static observedAttributes = ["src", "microphone", "kind"];
  /** How the client is made. @type {import("./types.d.ts").ElementOptions} */
  static options = {};
  /** @type {import("./types.d.ts").Words} */
  static words = ENGLISH;

  /** @type {Face | null} */
  #face = null;
  #player = new Player();
  /** What is under way; another song or the end of the element calls it off. */
  #job = new AbortController();
  /** @type {Blob | null} */
  #file = null;
  /** @type {MoodWindow[]} */
  #windows = [];
  /** @type {Verdict | null} */
  #verdict = null;
  /** @type {Live | null} */
  #live = null;
  /** The microphone is being opened: a second press does not open it twice. */
  #opening = false;
  #planned = false;
  #drawnAt = 0;

  constructor() {
    super();
    this.#player.onTime = (t, gliding) => this.#face?.moveTo(t, gliding);
    this.#player.onPlaying = () => this.#showButton();
    this.#player.onBroken = () => this.#fail(new ClientError("unreadable", "this browser cannot play the file"));
  }

  connectedCallback() {
    if (!this.#face) {
      const face = new Face(this.attachShadow({ mode: "open" }), SongMood.words);
      face.onToggle = () => void this.toggle();
      face.timeline.onSeek = (t) => (this.currentTime = t);
      this.#face = face;
    }
    this.#plan();
  }

  disconnectedCallback() {
    this.#leave();
  }

  attributeChangedCallback() {
    if (this.isConnected && this.#face) this.#plan();
  }

  get src() {
    return this.getAttribute("src") ?? "";
  }

  set src(src) {
    this.setAttribute("src", src);
  }

  get microphone() {
    return this.hasAttribute("microphone");
  }

  set microphone(on) {
    this.toggleAttribute("microphone", on);
  }

  /** @returns {Kind} */
  get kind() {
    const kind = this.getAttribute("kind");
    return kind === "music" || kind === "voice" ? kind : this.microphone ? "voice" : "music";
  }

  set kind(kind) {
    this.setAttribute("kind", kind);
  }

  get file() {
    return this.#file;
  }

  /** A song in place of the one at `src`. */
  set file(file) {
    this.#file = file;
    if (this.isConnected) this.#plan();
  }

  get windows() {
    return this.#windows;
  }

  get verdict() {
    return this.#verdict;
  }

  get listening() {
    return this.#live !== null;
  }

  get currentTime() {
    return this.#player.time;
  }

  set currentTime(t) {
    if (this.#playable) this.#player.seek(t);
  }

  /** Plays or pauses the song; switches the microphone on or off. */
  async toggle() {
    if (!this.microphone) return this.#playable ? this.#player.toggle() : undefined;
    return this.#live ? this.stop() : this.listen();
  }

  get #playable() {
    return !this.microphone && this.#windows.length > 0;
  }

  /** Once for all attributes that change together. */
  #plan() {
    if (this.#planned) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      if (this.isConnected) this.#begin();
    });
  }

  #leave() {
    this.#job.abort();
    this.#job = new AbortController();
    this.#live = null;
    this.#player.unload();
  }

  #begin() {
    const face = /** @type {Face} */ (this.#face);
    this.#leave();
    this.#windows = [];
    this.#verdict = null;
    face.timeline.seekable = !this.microphone;
    face.show([], { startS: 0, endS: this.microphone ? SPAN_S : 0, knownToS: 0, sureAbove: 1 });
    face.moveTo(0);
    face.say(SongMood.words.idle);
    this.#showButton();
    if (!this.microphone && (this.#file || this.src)) void this.#hear(this.#job.signal);
  }

  #showButton() {
    const face = /** @type {Face} */ (this.#face);
    if (this.microphone) face.does = this.#live ? "stop" : "listen";
    else face.does = !this.#playable ? null : this.#player.playing ? "pause" : "play";
  }

  /** @param {AbortSignal} signal */
  async #hear(signal) {
    const face = /** @type {Face} */ (this.#face);
    const { stages, percent } = SongMood.words;
    face.say(stages.loading);
    try {
      const [mood, file] = await Promise.all([sharedSongmood(SongMood.options), this.#file ?? fetchedSong(this.src, signal)]);
      signal.throwIfAborted();
      const { settings } = mood.networks[this.kind];
      let endS = 0;
      const analysis = await mood.analyse(file, {
        kind: this.kind, signal,
        onProgress: ({ stage, share, durationS }) => {
          endS = durationS ?? 0;
          face.say(share ? `${stages.listening} ${percent(share)}` : stages[stage], { aloud: !share });
        },
        onWindow: (window) => {
          this.#heard(window);
          if (performance.now() - this.#drawnAt < DRAW_EVERY_MS) return;
          this.#drawnAt = performance.now();
          face.show(this.#windows, { startS: 0, endS, knownToS: window.endS, sureAbove: settings.sureAbove });
        },
      });
      this.#windows = analysis.windows;
      face.show(analysis.windows, { startS: 0, endS: analysis.durationS, knownToS: analysis.durationS, sureAbove: settings.sureAbove });
      this.#player.load(file, analysis.durationS, 0);
      face.moveTo(0);
      this.#showButton();
      const { moods, valence, arousal, windows } = analysis;
      this.#decide({ ...analysis.verdict, moods, valence, arousal, windows, analysis }, windows.every(({ silent }) => silent));
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  /** Switches the microphone on; to be called out of a click. */
  async listen() {
    if (!this.microphone || this.#live || this.#opening) return;
    const face = /** @type {Face} */ (this.#face);
    this.#begin();
    const { signal } = this.#job;
    this.#opening = true;
    face.say(SongMood.words.stages.loading);
    try {
      const mood = await sharedSongmood(SongMood.options);
      signal.throwIfAborted();
      this.#live = await showLive(mood, face, {
        kind: this.kind, signal, words: SongMood.words, windows: this.#windows,
        onWindow: (window) => this.#heard(window),
        onError: (error) => {
          this.#live = null;
          this.#conclude(mood.networks[this.kind].settings);
          this.#fail(error);
        },
      });
      face.say(SongMood.words.stages.listening);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    } finally {
      this.#opening = false;
      this.#showButton();
    }
  }

  /** Switches the microphone off; what was heard stays. */
  async stop() {
    const live = this.#live;
    if (!live) return;
    this.#live = null;
    this.#showButton();
    await live.stop();
    this.#conclude(live.networks.settings);
  }

  /** @param {import("../client/types.d.ts").Settings} settings */
  #conclude(settings) {
    const heard = this.#windows.filter(({ silent }) => !silent);
    const face = /** @type {Face} */ (this.#face);
    if (heard.length > 0) this.#decide(meanVerdict(this.#windows, settings), false);
    else face.say(this.#windows.length > 0 ? SongMood.words.silent : SongMood.words.idle);
  }

  /** @param {MoodWindow} window */
  #heard(window) {
    this.#windows.push(window);
    this.dispatchEvent(new CustomEvent("window", { detail: window }));
  }

  /** @param {Verdict} verdict @param {boolean} silent */
  #decide(verdict, silent) {
    const face = /** @type {Face} */ (this.#face);
    this.#verdict = verdict;
    if (silent) face.say(SongMood.words.silent);
    else face.sayVerdict(verdict);
    this.dispatchEvent(new CustomEvent("verdict", { detail: verdict }));
  }

  /** @param {unknown} error */
  #fail(error) {
    const [code, message] = [codeOf(error), error instanceof Error ? error.message : String(error)];
    this.#face?.say(SongMood.words.error(code, message), { failed: true });
    this.#showButton();
    this.dispatchEvent(new CustomEvent("error", { detail: { code, message, error } }));
  }
}
