// @ts-check
/** One time of listening to a microphone or a stream: opens it and ties it to the worker. */

import { Microphone } from "./microphone.js";

/** @typedef {import("./types.d.ts").MoodWindow} MoodWindow */
/** @typedef {import("./types.d.ts").Loaded} Loaded */
/** @typedef {import("./types.d.ts").Granted} Granted */
/** @typedef {import("./types.d.ts").Level} Level */
/** @typedef {import("./recorder.js").Part} Part */

export class Listening {
  heardS = 0;
  paused = false;
  #microphone;
  #ended = false;
  /** @type {Promise<void> | null} */
  #stopped = null;

  /**
   * @param {import("./worker-client.js").WorkerClient} client
   * @param {{
   *   onLevel: (level: Level) => void, onWindow: (window: MoodWindow) => void, onGone: (error: unknown) => void,
   *   onOpen?: (granted: Granted) => void, onRecorded?: (part: Part) => void,
   * }} events `onOpen`: the microphone is open and nothing has been heard yet; `onRecorded`: a part of what is heard, as PCM
   * @param {string | URL} [worklet] address of the microphone's AudioWorklet
   */
  constructor(client, events, worklet) {
    this.client = client;
    this.events = events;
    this.#microphone = new Microphone(worklet);
    this.#microphone.onGone = (error) => this.#broke(error);
    this.#microphone.onLevel = (level) => {
      this.heardS = level.heardS;
      events.onLevel(level);
    };
  }

  /**
   * @param {import("./types.d.ts").Kind} kind of the networks to ask
   * @param {string | MediaStream} source id of the microphone to listen to, "" for the system's own choice; or a stream
   * @returns {Promise<{ granted: Granted, loaded: Loaded } | null>} null where it was stopped meanwhile
   */
  async start(kind, source) {
    // Permission first: the question should follow the click, not the download.
    const granted = await this.#microphone.open(source);
    try {
      const loaded = await this.client.ready();
      if (this.#ended) return null;
      const { onWindow, onOpen, onRecorded = () => {} } = this.events;
      this.client.onLive = onWindow;
      this.client.onRecorded = onRecorded;
      onOpen?.(granted);
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
