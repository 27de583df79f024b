// @ts-check
/**
 * Learning a voice while the microphone is on: a minute of it, without a word of what was felt, makes the networks hear what is
 * unusual for this voice. Kept in this browser alone, until it is forgotten.
 */

import { clock, sentences } from "./format.js";
import { message } from "./language/language.js";
import { say } from "./language/said.js";

/** @typedef {import("../types/songmood.d.ts").VoiceProfile} VoiceProfile */

/** So much of a voice is enough: more hardly helps. */
export const ENOUGH_S = 60;
const KEY = "songmood-voice";

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * Where the learning stands, in plain words.
 * @param {{ learntS: number, learning: boolean, known: boolean }} state `known`: moods are told relative to the voice
 */
export function teachWords({ learntS, learning, known }) {
  const learnt = clock(learntS);
  if (learning) return message("teach.learning", { learnt, enough: clock(ENOUGH_S) });
  return known ? message("teach.known", { learnt }) : message("teach.offer");
}

/** What was kept, or null where nothing was, or nothing that can be read. @returns {VoiceProfile | null} */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
}

/** @param {VoiceProfile | null} voice */
function keep(voice) {
  try {
    if (voice) localStorage.setItem(KEY, JSON.stringify(voice));
    else localStorage.removeItem(KEY);
  } catch {
    // Some private modes keep nothing; then the voice lasts as long as the page.
  }
}

export class VoiceTeacher {
  /** @type {VoiceProfile | null} */
  #voice = kept();
  #learning = false;
  /** Seconds of a frame. */
  #frameS = 0;

  /**
   * @param {import("../pkg/client/worker-client.js").WorkerClient} client
   * @param {import("./announcer.js").Announcer} announcer
   */
  constructor(client, announcer) {
    this.client = client;
    this.announcer = announcer;
    byId("teach-button").addEventListener("click", () => void this.#learn(!this.#learning));
    byId("teach-forget").addEventListener("click", () => void this.#forget());
  }

  /**
   * The microphone is on.
   * @param {import("../types/songmood.d.ts").Kind} kind of the networks that listen
   * @param {number} frameS
   */
  async begin(kind, frameS) {
    this.#learning = false;
    this.#frameS = frameS;
    byId("teach").hidden = kind !== "voice";
    if (kind !== "voice") return;
    this.client.onVoice = (voice) => this.#learnt(voice);
    this.#show();
    if (!this.#voice) return;
    try {
      await this.client.request("voice", { voice: this.#voice });
    } catch {
      // What was kept is damaged, or of another version: it is of no use to anybody.
      await this.#forget();
    }
  }

  /** The microphone is off. What was learnt up to now is kept. */
  end() {
    this.#learning = false;
    this.client.onVoice = () => {};
    byId("teach").hidden = true;
  }

  /** @param {boolean} learning */
  async #learn(learning) {
    this.#learning = learning;
    this.#show();
    await this.client.request("learn", { learning });
    this.announcer.say(learning ? message("teach.learningSaid") : sentences(message("teach.stoppedSaid"), this.#words));
  }

  async #forget() {
    this.#learning = false;
    this.#voice = null;
    keep(null);
    this.#show();
    await this.client.request("voice", { voice: undefined });
    this.announcer.say(message("teach.forgottenSaid"));
    byId("teach-button").focus();
  }

  /** @param {VoiceProfile} voice */
  #learnt(voice) {
    if (!this.#learning) return;
    this.#voice = voice;
    keep(voice);
    if (this.#learntS >= ENOUGH_S) void this.#learn(false);
    else this.#show();
  }

  get #learntS() {
    return (this.#voice?.count ?? 0) * this.#frameS;
  }

  get #words() {
    return teachWords({ learntS: this.#learntS, learning: this.#learning, known: this.#voice !== null });
  }

  #show() {
    const known = this.#voice !== null;
    const share = Math.min(1, this.#learntS / ENOUGH_S);
    const label = this.#learning ? "teach.stop" : known ? "teach.more" : "teach.learn";
    say(byId("teach-words"), () => this.#words);
    say(byId("teach-label"), () => message(label));
    byId("teach-forget").hidden = !known;
    byId("teach-button").hidden = !this.#learning && share >= 1;
    byId("teach-ring").setAttribute("aria-valuenow", String(Math.round(100 * share)));
    byId("teach-ring").style.setProperty("--share", String(share));
    byId("teach").classList.toggle("learning", this.#learning);
  }
}
