// @ts-check
/** The switch that says what to listen for: chosen by the page, or by the person. */

/** @typedef {import("../types/songmood.d.ts").Kind} Kind */

/**
 * What is likely where nobody has said: files are mostly music, and a microphone hears a voice. The built-in sample is led by
 * a voice, and changes too fast for the long windows of music.
 */
const LIKELY = /** @type {const} */ ({ file: "music", microphone: "voice", sample: "voice" });

export class KindSwitch {
  /** Called when the person has chosen. */
  onChange = () => {};

  /** @param {HTMLElement} box with radio buttons named `kind`: `auto`, `music`, `voice` */
  constructor(box) {
    this.box = box;
    box.addEventListener("change", () => this.onChange());
  }

  /** Which networks to ask about sound from there. @param {keyof typeof LIKELY} source @returns {Kind} */
  for(source) {
    const chosen = /** @type {HTMLInputElement | null} */ (this.box.querySelector("input:checked"))?.value;
    return chosen === "music" || chosen === "voice" ? chosen : LIKELY[source];
  }
}
