// @ts-check
/** Many songs on the page: the queue, its table, what is opened out of it, and what is compared. */

import { analyse } from "../../pkg/client/analyse.js";
import { byId } from "../dom.js";
import { exportSongs } from "../export/export.js";
import { message } from "../language/language.js";
import { say } from "../language/said.js";
import { pageWorker } from "../page-worker.js";
import { Compare, MOST_COMPARED } from "./compare.js";
import { pack, unpack } from "./packed.js";
import { Queue } from "./queue.js";
import { SongTable } from "./table.js";
import { left, summary } from "./words.js";

/** @typedef {import("../app.js").Page} Page */
/** @typedef {import("../song-controller.js").SongController} SongController */
/** @typedef {import("./queue.js").Song} Song */

export class SongList {
  #client;
  #queue;
  #table;
  #compare = new Compare({ box: byId("compare"), list: byId("compare-list") });
  /** The song that is shown. @type {number | null} */
  #open = null;
  /** In the order in which they were chosen. @type {Set<number>} */
  #compared = new Set();
  #leftOut = 0;
  /** The worker has other networks than are chosen by now. */
  #outdated = false;

  /**
   * @param {Page} page
   * @param {SongController} song shows what is opened
   * @param {() => void} hush called before a song is opened: the microphone gives way to it
   */
  constructor(page, song, hush) {
    this.page = page;
    this.song = song;
    this.hush = hush;
    // A worker of its own: to call off a song ends its worker, and neither the microphone nor another song should notice.
    this.#client = pageWorker(page.client.assets);
    this.#queue = new Queue(async (file, options) => {
      if (this.#outdated) this.#client.end();
      this.#outdated = false;
      return pack(await analyse(file, this.#client, { ...options, kind: page.kinds.for("file") }));
    });
    this.#queue.onSong = (one) => this.#changed(one);
    this.#queue.onIdle = () => this.#finished();
    this.#queue.onHalt = (error) => this.#halted(error);
    this.#table = new SongTable(byId("songs-table"), {
      open: (id) => this.open(id),
      compare: (id, chosen) => this.#choose(id, chosen),
      cancel: (id) => this.#queue.cancel(id),
      again: (id) => this.#queue.again(id),
    });
    this.#table.onOrder = ({ column, descending }) => {
      const title = column && message(`songs.column.${column}`);
      page.announcer.say(title ? message(descending ? "songs.descending" : "songs.ascending", { column: title }) : message("songs.unsorted"));
      this.#showNav();
    };
    byId("songs-cancel").addEventListener("click", () => this.#queue.cancelAll());
    byId("songs-close").addEventListener("click", () => this.close());
    byId("songs-compare").addEventListener("click", () => this.#showCompared(true));
    byId("compare-close").addEventListener("click", () => {
      this.#compare.hide();
      byId("songs-compare").focus();
    });
    byId("songs-previous").addEventListener("click", () => this.#step(-1));
    byId("songs-next").addEventListener("click", () => this.#step(1));
    byId("songs-all").addEventListener("click", () => this.#backToTable());
    for (const what of /** @type {const} */ (["summary", "windows", "json"])) {
      byId(`songs-${what}`).addEventListener("click", () => exportSongs(this.#heard(), what));
    }
  }

  /** Are there songs in the list? */
  get any() {
    return this.#queue.songs.length > 0;
  }

  /** @param {import("./files.js").Intake} intake */
  add({ found, leftOut }) {
    const first = !this.any;
    this.#leftOut += leftOut;
    this.#queue.add(found);
    this.#table.show(this.#queue.songs);
    byId("songs").hidden = false;
    if (first) {
      this.song.cancel();
      if (document.body.dataset.state === "start") this.page.setState("list");
      byId("songs-title").focus();
    }
    this.page.announcer.say(message("songs.added", { count: found.length }));
    this.#showProgress();
  }

  /** Shows a song that has been heard. @param {number} id */
  open(id) {
    const song = this.#queue.song(id);
    if (!song?.file || !song.result) return;
    this.hush();
    this.#compare.hide();
    this.#open = id;
    this.song.open(song.name, song.file, unpack(song.result));
    this.#table.mark(id);
    this.#showNav();
    byId("songs-nav").scrollIntoView({ block: "start" });
    byId("verdict").focus({ preventScroll: true });
  }

  /** What is shown is no song of the list. */
  leave() {
    this.#open = null;
    this.#table.mark(null);
    this.#showNav();
  }

  /** Forgets the list. */
  close() {
    this.#queue.clear();
    this.#client.end();
    this.#compared.clear();
    this.#compare.hide();
    this.#leftOut = 0;
    this.#table.show([]);
    this.leave();
    byId("songs").hidden = true;
    if (document.body.dataset.state === "list") this.page.setState("start");
    byId("choose").focus();
  }

  /** Other networks were chosen: the songs that still wait are heard by them. */
  useOtherNetworks() {
    this.#outdated = true;
  }

  #heard() {
    return this.#table.inOrder.filter(({ state }) => state === "done" || state === "failed");
  }

  /** @param {Song} song */
  #changed(song) {
    this.#table.update(song);
    if (song.state !== "done" && this.#compared.delete(song.id)) this.#showCompared(false);
    this.#showProgress();
    if (song.state === "done") this.#showNav();
  }

  /** The networks are missing or refused. @param {unknown} error */
  #halted(error) {
    this.page.notice.show(error, { about: () => message("songs.waiting", { count: this.#queue.progress.waiting }), retry: () => this.#queue.resume() });
    this.#showProgress();
  }

  #finished() {
    this.#client.end();
    this.#showProgress();
    if (this.any) this.page.announcer.say(summary(this.#queue.progress, 0));
  }

  /** A song is shown: one of the list, perhaps heard as something else than before, or another. @param {Blob} file @param {import("../../pkg/client/analyse.js").Heard} heard */
  shown(file, heard) {
    const song = this.#queue.songs.find((one) => one.file === file && one.id === this.#open);
    if (!song) return this.leave();
    // Opened out of the list, it is what the list has.
    if (song.result?.networks === heard.networks) return;
    Object.assign(song, { state: "done", error: null, result: pack(heard) });
    this.#changed(song);
    this.#table.mark(song.id);
  }

  #showProgress() {
    const progress = this.#queue.progress;
    const { total, share, done, failed } = progress;
    const leftOut = this.#leftOut;
    say(byId("songs-count"), () => summary(progress, leftOut));
    const busy = this.#queue.busy || progress.waiting > 0;
    byId("songs").classList.toggle("at-work", busy);
    byId("songs-progress").hidden = !busy;
    byId("songs-bar").setAttribute("aria-valuenow", String(Math.round(share * 100)));
    byId("songs-fill").style.width = `${share * 100}%`;
    say(byId("songs-left"), () => left(progress));
    for (const id of ["songs-summary", "songs-windows", "songs-json"]) /** @type {HTMLButtonElement} */ (byId(id)).disabled = done + failed === 0;
    if (busy && total > 0) this.page.announcer.sayLive(summary(progress, leftOut));
  }

  /** @param {number} id @param {boolean} chosen */
  #choose(id, chosen) {
    if (chosen) this.#compared.add(id);
    else this.#compared.delete(id);
    this.#showCompared(false);
  }

  /** @param {boolean} open whether to bring the comparison up, or only to keep it right */
  #showCompared(open) {
    const count = this.#compared.size;
    this.#table.choose(this.#compared, count >= MOST_COMPARED);
    const press = /** @type {HTMLButtonElement} */ (byId("songs-compare"));
    press.disabled = count < 2;
    say(press, () => (count < 2 ? message("songs.compareTwo") : message("songs.compare", { count })));
    if (count < 2) return this.#compare.hide();
    if (!open && !this.#compare.shown) return;
    this.#compare.show([...this.#compared].flatMap((id) => {
      const song = this.#queue.song(id);
      return song?.result ? [{ name: song.name, heard: unpack(song.result) }] : [];
    }));
    if (open) this.#compare.focus();
  }

  #showNav() {
    const heard = this.#table.inOrder.filter(({ state }) => state === "done");
    const at = heard.findIndex(({ id }) => id === this.#open);
    byId("songs-nav").hidden = at < 0;
    say(byId("songs-where"), () => (at < 0 ? "" : message("songs.where", { at: at + 1, count: heard.length })));
    /** @type {HTMLButtonElement} */ (byId("songs-previous")).disabled = at <= 0;
    /** @type {HTMLButtonElement} */ (byId("songs-next")).disabled = at < 0 || at === heard.length - 1;
  }

  /** @param {number} by */
  #step(by) {
    const heard = this.#table.inOrder.filter(({ state }) => state === "done");
    const to = heard[heard.findIndex(({ id }) => id === this.#open) + by];
    if (to) this.open(to.id);
  }

  #backToTable() {
    byId("songs").scrollIntoView({ block: "start" });
    if (this.#open !== null) this.#table.focus(this.#open);
  }
}
