// @ts-check
/** The one place where the page says that something went wrong, and what to do. */

import { button } from "./dom.js";
import { explain } from "./errors.js";

export class Notice {
  /** @param {HTMLElement} box has role="alert" */
  constructor(box) {
    this.box = box;
  }

  /**
   * @param {unknown} error
   * @param {{ about?: string, retry?: () => void }} [options] `about`: the file's name, shown as text
   */
  show(error, { about, retry } = {}) {
    const { code, title, advice, reason, passing } = explain(error);
    const heading = document.createElement("p");
    heading.className = "notice-title";
    heading.textContent = title;
    const body = document.createElement("p");
    body.textContent = advice;
    const parts = [heading, body];
    if (about) {
      const name = document.createElement("p");
      name.className = "notice-about";
      name.textContent = about;
      parts.unshift(name);
    }
    if (reason) {
      const small = document.createElement("p");
      small.className = "notice-reason";
      small.textContent = reason;
      parts.push(small);
    }
    const buttons = document.createElement("p");
    buttons.className = "notice-buttons";
    if (retry && passing) buttons.append(button("Try again", () => {
      this.clear();
      retry();
    }));
    buttons.append(button("Close", () => this.clear()));
    this.box.replaceChildren(...parts, buttons);
    this.box.dataset.code = code;
    this.box.hidden = false;
  }

  clear() {
    this.box.hidden = true;
    this.box.replaceChildren();
    delete this.box.dataset.code;
  }
}
