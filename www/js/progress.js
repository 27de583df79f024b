// @ts-check
/** Tells what is being done and how far it is. */

import { message } from "./language/language.js";
import { say } from "./language/said.js";

/** @typedef {"preparing" | "loading" | "decoding" | "listening"} Stage */

export class Progress {
  /** @param {{ box: HTMLElement, label: HTMLElement, bar: HTMLElement, fill: HTMLElement }} parts */
  constructor(parts) {
    this.parts = parts;
  }

  /** @param {Stage} stage @param {number | null} share null where it cannot be told */
  show(stage, share) {
    const { box, label, bar, fill } = this.parts;
    box.hidden = false;
    say(label, () => message(`progress.${stage}`));
    bar.classList.toggle("unknown", share === null);
    if (share === null) {
      bar.removeAttribute("aria-valuenow");
      fill.style.width = "";
    } else {
      bar.setAttribute("aria-valuenow", String(Math.round(share * 100)));
      fill.style.width = `${share * 100}%`;
    }
  }

  hide() {
    this.parts.box.hidden = true;
  }
}
