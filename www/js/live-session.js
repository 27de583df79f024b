// @ts-check
/** One time of listening to the microphone: opens it, ties it to the worker, keeps the windows and the sound. */

import { KeptRecording } from "./kept-recording.js";
import { Microphone } from "./microphone.js";

/** @typedef {import("../types/songmood.d.ts").MoodWindow} MoodWindow */
/** @typedef {import("../types/songmood.d.ts").Loaded} Loaded */
/** @typedef {import("./microphone.js").Granted} Granted */
/** @typedef {import("./microphone.js").Level} Level */

export class LiveSession {
  /** @type {MoodWindow[]} */
  windows = [];
  heardS = 0;
  paused = false;
  /** What was recorded, once the microphone is open. @type {KeptRecording | null} */
  kept = null;
  #microphone = new Microphone();
  #ended = false;
  /** @type {Promise<void> | null} */
  #stopped = null;

  /**
   * @param {import("./worker-client.js").WorkerClient} client
   * @param {{ onLevel: (level: Level) => void, onWindow: () => void, onGone: (error: unknown) => void }} events
   */
  constructor(client, events) {
    this.client = client;
    this.events = events;
    this.#microphone.onGone = (error) => this.#broke(error);
    this.#microphone.onLevel = (level) => {
      this.heardS = level.heardS;
      events.onLevel(level);
    };
  }

  /**
   * @param {import("../types/songmood.d.ts").Kind} kind of the networks to ask
   * @param {string} device id of the one to listen to, "" for the system's own choice
   * @returns {Promise<{ granted: Granted, loaded: Loaded } | null>} null where it was stopped meanwhile
   */
  async start(kind, device) {
    // Permission first: the question should follow the click, not the download.
    const granted = await this.#microphone.open(device);
    try {
      const loaded = await this.client.ready();
      if (this.#ended) return null;
      this.client.onLive = (window) => {
        this.windows.push(window);
        this.events.onWindow();
      };
      const kept = new KeptRecording(granted.contextRate);
      this.kept = kept;
      this.client.onRecorded = (part) => kept.add(part);
      this.client.onLiveError = (error) => this.#broke(error);
      const { port1, port2 } = new MessageChannel();
      await this.client.request("listen", { sampleRate: granted.contextRate, kind, port: port1 }, { transfer: [port1] });
      if (this.#ended) return null;
      this.#microphone.flow(port2);
      return { granted, loaded };
    } catch (error) {
      void this.stop();
      throw error;
    } finally {
      if (this.#ended) this.#microphone.close();
    }
  }

  /** @param {unknown} error */
  #broke(error) {
    if (this.#ended) return;
    void this.stop();
    this.events.onGone(error);
  }

  /** @param {boolean} paused */
  pause(paused) {
    this.paused = paused;
    this.#microphone.pause(paused);
  }

  /** Goes on with another device. @param {string} device its id */
  use(device) {
    return this.#microphone.use(device);
  }

  /** @returns {Promise<void>} done when the last of the sound is kept */
  stop() {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop() {
    this.#ended = true;
    this.#microphone.close();
    this.client.onLive = () => {};
    this.client.onLiveError = () => {};
    // A worker that has died has nothing to let go of.
    await this.client.request("unlisten").catch(() => {});
  }
}
