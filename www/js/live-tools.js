// @ts-check
/** What can be done with the microphone besides switching it on and off: pause, another device, and the recording afterwards. */

import { clock } from "./format.js";
import { message } from "./language/language.js";
import { say } from "./language/said.js";
import { KEPT_S } from "./kept-recording.js";
import { devices } from "../pkg/client/microphone.js";

/** @typedef {import("./kept-recording.js").KeptRecording} KeptRecording */

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** A name that tells recordings apart. @param {Date} now */
export const recordingName = (now) => {
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `songmood ${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${two(now.getHours())}.${two(now.getMinutes())}.wav`;
};

/**
 * What is kept of a recording, in plain words.
 * @param {Pick<KeptRecording, "durationS" | "startS">} kept
 */
export function keptWords({ durationS, startS }) {
  return message(startS > 0 ? "kept.last" : "kept.all", { length: clock(durationS) });
}

/** Said before the microphone is switched on for long. */
export const keeping = () => message("live.keeping", { count: KEPT_S / 60 });

export class LiveTools {
  /** @type {(paused: boolean) => void} */
  onPause = () => {};
  /** @type {(device: string) => void} */
  onDevice = () => {};
  /** @type {(wav: Blob, name: string) => void} */
  onAnalyse = () => {};
  onDiscard = () => {};

  #pause = byId("pause");
  #device = /** @type {HTMLSelectElement} */ (byId("device"));
  /** @type {KeptRecording | null} */
  #kept = null;
  #name = "";
  /** The device in use. */
  #current = "";

  constructor() {
    this.#pause.addEventListener("click", () => this.onPause(this.#pause.getAttribute("aria-pressed") !== "true"));
    this.#device.addEventListener("change", () => this.onDevice(this.#device.value));
    navigator.mediaDevices?.addEventListener("devicechange", () => void this.#listDevices());
    byId("kept-save").addEventListener("click", () => this.#save());
    byId("kept-analyse").addEventListener("click", () => this.#kept && this.onAnalyse(this.#kept.wav(), this.#name));
    byId("kept-discard").addEventListener("click", () => this.onDiscard());
  }

  /** @param {boolean} paused */
  set paused(paused) {
    this.#pause.setAttribute("aria-pressed", String(paused));
    say(byId("pause-label"), () => message(paused ? "live.resume" : "live.pause"));
    document.body.classList.toggle("paused", paused);
  }

  /** @param {string} device id of the one in use */
  set current(device) {
    this.#current = device;
    void this.#listDevices();
  }

  async #listDevices() {
    if (document.body.dataset.state !== "live") return;
    const list = await devices().catch(() => []);
    byId("device-box").hidden = list.length < 2;
    this.#device.replaceChildren(...list.map(({ id, name }, i) => new Option(name || message("live.device", { number: i + 1 }), id, false, id === this.#current)));
  }

  /** @param {KeptRecording | null} kept null hides the tools */
  set kept(kept) {
    this.#kept = kept;
    this.#name = recordingName(new Date());
    byId("kept").hidden = !kept;
    if (kept) say(byId("kept-words"), () => keptWords(kept));
  }

  #save() {
    if (!this.#kept) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(this.#kept.wav());
    link.download = this.#name;
    link.click();
    // The browser has the file by then; without this the recording stays in memory.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
}
