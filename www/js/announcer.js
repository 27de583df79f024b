// @ts-check
/** Tells screen readers what changed: politely, and live moods no oftener than can be listened to. */

const LIVE_EVERY_MS = 8000;

export class Announcer {
  #last = "";
  #lastAt = -Infinity;

  /** @param {HTMLElement} region has role="status" */
  constructor(region) {
    this.region = region;
  }

  /** @param {string} text */
  say(text) {
    this.region.textContent = text;
    this.#last = text;
    this.#lastAt = performance.now();
  }

  /** Says it only if it is news and the last words are some seconds old. @param {string} text */
  sayLive(text) {
    if (text === this.#last || performance.now() - this.#lastAt < LIVE_EVERY_MS) return;
    this.say(text);
  }
}
