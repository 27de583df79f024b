// @ts-check
/** A song on the page: from the file to the result, drawn while it is heard, playing, seeking. */

import { analyse } from "../pkg/client/analyse.js";
import { isCancelled } from "./errors.js";
import { songFacts } from "./facts.js";
import { clock, sentences } from "./format.js";
import { InWorker } from "../pkg/client/in-worker.js";
import { message } from "./language/language.js";
import { once, say } from "./language/said.js";
import { PartJudge } from "./part-judge.js";
import { songWords, soFarWords } from "./verdict.js";

/** @typedef {import("./app.js").Page} Page */
/** @typedef {import("../pkg/client/analyse.js").Begun} Begun */
/** @typedef {import("../pkg/client/analyse.js").Heard} Heard */
/** @typedef {import("../types/songmood.d.ts").MoodWindow} MoodWindow */
/** @typedef {{ name: string, from: "file" | "sample" }} Named */
/** @typedef {Named & { source: Blob | (() => Promise<Blob>), play: boolean }} Asked */
/** @typedef {Asked & { file: Blob, heard: Heard, inWorker: InWorker }} Shown */

/** How often a growing ribbon is drawn anew, in milliseconds: the page stays free for whoever scrolls or plays meanwhile. */
const DRAW_EVERY_MS = 100;
/** Of its time the page spends no more than this share on drawing, however long the song is. */
const DRAWING_SHARE = 0.1;
/** How often the picture under it is, which is more to fetch. */
const PICTURE_EVERY_MS = 400;

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** A file by its own name, the sample by one in the page's language. @param {Named} song */
const shownAs = ({ name, from }) => (from === "sample" ? message("sources.sampleName") : name);

export class SongController {
  /** The song being analysed. @type {AbortController | null} */
  #job = null;
  /** What is shown whole, to be heard again with other networks. @type {Shown | null} */
  #shown = null;
  /** What is being analysed. @type {Asked | null} */
  #asked = null;
  /** The song being drawn while it is heard. @type {{ begun: Begun, file: Blob, windows: MoodWindow[], drawnAt: number, drawMs: number, picturedAt: number } | null} */
  #growing = null;

  /** A song is shown whole. @type {(name: string, file: Blob, heard: import("../pkg/client/analyse.js").Heard) => void} */
  onHeard = () => {};

  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.parts = new PartJudge(page);
  }

  get busy() {
    return this.#job !== null;
  }

  /**
   * Analyses a file and shows it, from the first moods on. A song that is being analysed is given up for it; one that is
   * shown stays until this one has moods, and comes back where it is cancelled.
   * @param {Blob | (() => Promise<Blob>)} source
   * @param {string} name
   * @param {{ play?: boolean, from?: "file" | "sample" }} [options] whether to start playing when ready, and where it is from
   */
  async hear(source, name, { play = false, from = "file" } = {}) {
    const { client, notice, progress, announcer, playback } = this.page;
    this.cancel();
    playback.pause();
    const job = new AbortController();
    this.#job = job;
    this.#asked = { source, name, play, from };
    notice.clear();
    document.body.classList.add("busy");
    progress.show("preparing", null);
    announcer.say(message("progress.listeningTo", { name: shownAs({ name, from }) }));
    try {
      const file = typeof source === "function" ? await source() : source;
      const heard = await analyse(file, client, {
        kind: this.page.kinds.for(from),
        signal: job.signal,
        keep: true,
        onStage: (stage, share) => {
          if (this.#job === job) progress.show(stage, share);
        },
        onWindows: (windows, begun) => {
          if (this.#job === job) this.#grow({ name, from }, file, windows, begun);
        },
      });
      const inWorker = new InWorker(client, { file, ...heard });
      if (this.#job !== job) return inWorker.forget();
      this.#show({ source: file, name, play: false, from, file, heard, inWorker });
      this.#settle();
      if (play) await playback.toggle();
    } catch (error) {
      if (this.#job !== job || isCancelled(error)) return;
      this.#settle();
      notice.show(error, { about: () => shownAs({ name, from }), retry: () => this.hear(source, name, { play, from }) });
    }
  }

  /**
   * Shows a file that has been heard already.
   * @param {string} name
   * @param {Blob} file
   * @param {import("../pkg/client/analyse.js").Heard} heard
   */
  open(name, file, heard) {
    this.cancel();
    this.page.playback.pause();
    this.page.notice.clear();
    // Another worker has heard it: this one is given the file when a picture or a part of it is wanted.
    const inWorker = new InWorker(this.page.client, { file, kind: heard.kind });
    this.#show({ source: file, name, play: false, from: "file", file, heard, inWorker });
  }

  /** The song at hand, once more: the person has said what it is. */
  hearAgain() {
    const asked = this.busy ? this.#asked : this.#shown;
    if (asked) void this.hear(asked.source, asked.name, asked);
  }

  /** Gives up the song being analysed, if any. */
  cancel() {
    const job = this.#job;
    if (!job) return;
    this.#settle();
    job.abort();
  }

  /** Nothing is being analysed any more. What was drawn of a song that was not heard to its end gives way to what was there before. */
  #settle() {
    this.#job = null;
    document.body.classList.remove("busy", "growing");
    this.page.progress.hide();
    if (!this.#growing) return;
    this.#growing = null;
    this.page.playback.unload();
    if (this.#shown) this.#show(this.#shown);
    else this.page.back();
  }

  /** @param {Named} song @param {Blob} file @param {Begun} begun @param {InWorker} inWorker @param {() => [string, string][]} facts */
  #begin(song, file, { durationS, networks }, inWorker, facts) {
    const { view, playback, client } = this.page;
    this.page.setState("song");
    view.setNetworks(networks);
    view.begin({ name: () => shownAs(song), seekable: true, scope: "whole", scopes: ["bars.whole", "bars.cursor"], facts });
    view.picture.begin(async (kind) => client.request("picture", { song: await inWorker.number, kind }));
    byId("clock-total").textContent = ` / ${clock(durationS)}`;
    playback.load(file, durationS);
  }

  /** @param {Named} song @param {Blob} file @param {MoodWindow[]} fresh @param {Begun} begun */
  #grow(song, file, fresh, begun) {
    const now = performance.now();
    if (!this.#growing && fresh.length === 0) return;
    const { view } = this.page;
    const { durationS, networks: { settings } } = begun;
    if (!this.#growing) {
      this.#growing = { begun, file, windows: [], drawnAt: -Infinity, drawMs: 0, picturedAt: now };
      document.body.classList.add("growing");
      this.parts.of = null;
      this.#begin(song, file, begun, new InWorker(this.page.client, { file, ...begun }), () => []);
    }
    const growing = this.#growing;
    growing.windows.push(...fresh);
    const last = growing.windows[growing.windows.length - 1];
    if (now - growing.drawnAt < Math.max(DRAW_EVERY_MS, growing.drawMs / DRAWING_SHARE)) return;
    growing.drawnAt = now;
    view.show(growing.windows, { startS: 0, endS: durationS, knownToS: last.endS, sureAbove: settings.sureAbove });
    view.say(() => soFarWords(growing.windows, last.endS / durationS, settings.tension));
    growing.drawMs = performance.now() - now;
    if (now - growing.picturedAt < PICTURE_EVERY_MS) return;
    growing.picturedAt = now;
    view.picture.refresh();
  }

  /** @param {Shown} shown */
  #show(shown) {
    const { view, announcer, playback } = this.page;
    const { name, file, heard, inWorker } = shown;
    const { analysis, networks, durationS, song } = heard;
    const { settings } = networks;
    const silent = analysis.windows.every((window) => window.silent);
    // Whoever plays or seeks in a song that is still growing goes on doing so.
    const grown = this.#growing?.begun.song === song;
    this.#growing = null;
    if (!grown) this.#begin(shown, file, heard, inWorker, () => songFacts(heard));
    else view.setFacts(() => songFacts(heard));
    if (this.#shown !== shown) this.#shown?.inWorker.forget();
    this.#shown = shown;
    this.page.shown();
    view.show(analysis.windows, { startS: 0, endS: durationS, knownToS: durationS, sureAbove: settings.sureAbove }, silent ? null : analysis);
    view.moveTo(playback.time);
    view.picture.refresh();
    this.parts.of = { inWorker, durationS, settings };
    const passages = view.passages();
    const words = once(() => songWords(analysis, passages, { sureAbove: settings.sureAbove, shortName: view.nameOf }));
    view.say(words);
    const { headline, detail } = words();
    announcer.say(message("progress.done", { verdict: sentences(headline, detail) }));
    this.onHeard(name, file, heard);
    say(/** @type {Element} */ (document.querySelector("title")), () => message("page.titleHeard", { verdict: words().headline.replace(/[.。]$/, "") }));
  }

  /** Lets go of the song, for the microphone to take its place. */
  leave() {
    this.#shown?.inWorker.forget();
    this.#shown = null;
    this.cancel();
    this.page.playback.unload();
    this.page.view.picture.begin(null);
    this.parts.of = null;
  }
}
