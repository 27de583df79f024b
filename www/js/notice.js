// @ts-check
/** The one place where the page says that something went wrong, and what to do. */

import { button, make } from "./dom.js";
import { explain } from "./error-words.js";
import { message } from "./language/language.js";

export class Notice {
  /** @param {HTMLElement} box has role="alert" */
  constructor(box) {
    this.box = box;
  }

  /**
   * @param {unknown} error
   * @param {{ about?: string | import("./dom.js").Words, retry?: () => void }} [options] `about`: the file's name, shown as text
   */
  show(error, { about, retry } = {}) {
    const { code, reason, passing } = explain(error);
    const parts = [
      ...(about ? [make("p", { class: "notice-about" }, about)] : []),
      make("p", { class: "notice-title" }, () => explain(error).title),
      make("p", {}, () => explain(error).advice),
      ...(reason ? [make("p", { class: "notice-reason" }, () => explain(error).reason)] : []),
    ];
    const buttons = make("p", { class: "notice-buttons" });
    if (retry && passing) buttons.append(button(() => message("error.again"), () => {
      this.clear();
      retry();
    }));
    buttons.append(button(() => message("page.close"), () => this.clear()));
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
