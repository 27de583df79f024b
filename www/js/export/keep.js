// @ts-check
/** The buttons under a song that save and share what was heard in it. */

import { byId } from "../dom.js";
import { pack } from "../song-list/packed.js";
import { asPng, drawCard } from "./card.js";
import { baseName, download } from "./download.js";
import { exportSongs } from "./export.js";

/** @typedef {import("../../pkg/client/analyse.js").Heard} Heard */

export class Keep {
  /** @type {{ name: string, heard: Heard } | null} */
  #song = null;

  /** @param {import("../notice.js").Notice} notice */
  constructor(notice) {
    this.notice = notice;
    byId("keep-picture").addEventListener("click", () => this.#with(async (name, heard) => download(await asPng(drawCard(name, heard)), `${baseName(name)}.png`)));
    byId("keep-csv").addEventListener("click", () => this.#with((name, heard) => exportSongs([{ name, result: pack(heard) }], "windows", baseName(name))));
    byId("keep-json").addEventListener("click", () => this.#with((name, heard) => exportSongs([{ name, result: pack(heard) }], "json", baseName(name))));
    const share = byId("keep-share");
    share.hidden = !canShare(new File([], "picture.png", { type: "image/png" }));
    share.addEventListener("click", () => this.#with(async (name, heard) => {
      const file = new File([await asPng(drawCard(name, heard))], `${baseName(name)}.png`, { type: "image/png" });
      // Closing the system's dialogue is no error.
      await navigator.share({ files: [file] }).catch((error) => {
        if (error.name !== "AbortError") throw error;
      });
    }));
  }

  /** @param {string} name @param {Heard} heard the song that is shown */
  show(name, heard) {
    this.#song = { name, heard };
  }

  /** @param {(name: string, heard: Heard) => void | Promise<void>} action */
  async #with(action) {
    if (!this.#song) return;
    try {
      await action(this.#song.name, this.#song.heard);
    } catch (error) {
      this.notice.show(error, { about: this.#song.name });
    }
  }
}

/** @param {File} file */
const canShare = (file) => typeof navigator.canShare === "function" && navigator.canShare({ files: [file] });
