// @ts-check
/** One time of listening to the microphone on the page: keeps the windows and the sound. */

import { Listening } from "../pkg/client/listening.js";
import { KeptRecording } from "./kept-recording.js";

/** @typedef {import("../types/songmood.d.ts").MoodWindow} MoodWindow */
/** @typedef {import("../pkg/client/types.d.ts").Level} Level */

export class LiveSession extends Listening {
  /** @type {MoodWindow[]} */
  windows = [];
  /** What was recorded, once the microphone is open. @type {KeptRecording | null} */
  kept = null;

  /**
   * @param {import("../pkg/client/worker-client.js").WorkerClient} client
   * @param {{ onLevel: (level: Level) => void, onWindow: () => void, onGone: (error: unknown) => void }} events
   */
  constructor(client, { onLevel, onWindow, onGone }) {
    super(client, {
      onLevel, onGone,
      onWindow: (window) => {
        this.windows.push(window);
        onWindow();
      },
      onOpen: ({ contextRate }) => (this.kept = new KeptRecording(contextRate)),
      onRecorded: (part) => this.kept?.add(part),
    });
  }
}
