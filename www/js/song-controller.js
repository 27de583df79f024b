// @ts-check
/** A song on the page: from the file to the result, playing, seeking. */

import { analyse } from "./analyse.js";
import { PageError, isCancelled } from "./errors.js";
import { songFacts } from "./facts.js";
import { clock } from "./format.js";
import { Player } from "./player.js";
import { songWords } from "./verdict.js";

/** @typedef {import("./app.js").Page} Page */
/** @typedef {{ source: Blob | (() => Promise<Blob>), name: string, play: boolean, from: "file" | "sample" }} Asked */

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

export class SongController {
  #player = new Player();
  /** The song being analysed. @type {AbortController | null} */
  #job = null;
  #loaded = false;
  /** What is shown, and what is being analysed, to be heard again with other networks. @type {Asked | null} */
  #heard = null;
  /** @type {Asked | null} */
  #asked = null;

  /** A song is shown whole. @type {(name: string, file: Blob, heard: import("./analyse.js").Heard) => void} */
  onHeard = () => {};

  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.#player.onTime = (t, gliding) => page.view.moveTo(t, gliding);
    this.#player.onPlaying = (playing) => this.#showPlaying(playing);
    this.#player.onBroken = () => {
      this.#enablePlay(false);
      page.notice.show(new PageError("cannot-play"));
    };
  }

  get busy() {
    return this.#job !== null;
  }

  /**
   * Analyses a file and shows it. A song that is being analysed is given up for it; one that is shown stays until
   * this one is ready.
   * @param {Blob | (() => Promise<Blob>)} source
   * @param {string} name
   * @param {{ play?: boolean, from?: "file" | "sample" }} [options] whether to start playing when ready, and where it is from
   */
  async hear(source, name, { play = false, from = "file" } = {}) {
    const { client, notice, progress, announcer } = this.page;
    this.cancel();
    this.pause();
    const job = new AbortController();
    this.#job = job;
    this.#asked = { source, name, play, from };
    notice.clear();
    document.body.classList.add("busy");
    progress.show("preparing", null);
    announcer.say(`Listening to ${name}.`);
    try {
      const file = typeof source === "function" ? await source() : source;
      const heard = await analyse(file, client, {
        kind: this.page.kinds.for(from),
        signal: job.signal,
        onStage: (stage, share) => {
          if (this.#job === job) progress.show(stage, share);
        },
      });
      if (this.#job !== job) return;
      this.#heard = { source: file, name, play: false, from };
      this.#show(name, file, heard);
      if (play) await this.#player.toggle();
    } catch (error) {
      if (this.#job === job && !isCancelled(error)) {
        notice.show(error, { about: name, retry: () => this.hear(source, name, { play, from }) });
      }
    } finally {
      if (this.#job === job) this.#settle();
    }
  }

  /**
   * Shows a file that has been heard already.
   * @param {string} name
   * @param {Blob} file
   * @param {import("./analyse.js").Heard} heard
   */
  open(name, file, heard) {
    this.cancel();
    this.pause();
    this.page.notice.clear();
    this.#heard = { source: file, name, play: false, from: "file" };
    this.#show(name, file, heard);
  }

  /** The song at hand, once more: the person has said what it is. */
  hearAgain() {
    const asked = this.busy ? this.#asked : this.#heard;
    if (asked) void this.hear(asked.source, asked.name, asked);
  }

  /** Gives up the song being analysed, if any. */
  cancel() {
    const job = this.#job;
    if (!job) return;
    this.#settle();
    job.abort();
  }

  #settle() {
    this.#job = null;
    document.body.classList.remove("busy");
    this.page.progress.hide();
  }

  /** @param {string} name @param {Blob} file @param {import("./analyse.js").Heard} heard */
  #show(name, file, heard) {
    const { view, announcer } = this.page;
    const { analysis, networks } = heard;
    const { durationS } = analysis;
    const silent = analysis.windows.every((window) => window.silent);
    this.page.setState("song");
    view.setModels(networks.models);
    view.begin({ name, seekable: true, scope: "whole", scopes: ["Whole song", "At the cursor"], facts: songFacts(heard) });
    view.show(analysis.windows, { startS: 0, endS: durationS, knownToS: durationS, sureAbove: networks.settings.sureAbove }, silent ? null : analysis);
    view.moveTo(0);
    byId("clock-total").textContent = ` / ${clock(durationS)}`;
    const words = songWords(analysis, view.passages(), { sureAbove: networks.settings.sureAbove, shortName: view.nameOf });
    view.say(words);
    announcer.say(`Done. ${words.headline} ${words.detail}`);
    this.#player.load(file, durationS);
    this.#loaded = true;
    this.#enablePlay(true);
    this.onHeard(name, file, heard);
    document.title = `${words.headline.replace(/\.$/, "")}: songmood`;
  }

  /** Lets go of the song, for the microphone to take its place. */
  leave() {
    this.cancel();
    this.#player.unload();
    this.#loaded = false;
    this.#heard = null;
  }

  pause() {
    if (this.#player.playing) void this.#player.toggle();
  }

  toggle() {
    if (this.#loaded) void this.#player.toggle();
  }

  /** @param {number} t seconds */
  seek(t) {
    if (!this.#loaded) return;
    this.page.view.followCursor();
    this.#player.seek(t);
  }

  /** @param {boolean} can */
  #enablePlay(can) {
    /** @type {HTMLButtonElement} */ (byId("play")).disabled = !can;
  }

  /** @param {boolean} playing */
  #showPlaying(playing) {
    const play = byId("play");
    play.classList.toggle("playing", playing);
    play.setAttribute("aria-label", playing ? "Pause" : "Play");
    if (playing) this.page.view.followCursor();
  }
}
