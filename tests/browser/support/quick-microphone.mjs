// An hour of microphone in some minutes. The page's own capture worklet runs in the page instead of on the audio thread, and is
// fed as fast as the moods of what it heard come back; all behind it is the page as it is.

/** Runs in the page, before its own scripts. @param {{ seconds: number }} how much sound there is */
function fake({ seconds }) {
  /** How far the sound may be ahead of the moods. */
  const AHEAD_S = 20;
  const state = { heardS: 0, windows: 0, outOfOrder: 0, lastEndS: 0, over: false };
  Object.assign(window, { quick: state });

  // Counts the windows as the worker gives them.
  const RealWorker = window.Worker;
  window.Worker = class extends RealWorker {
    /** @param {string | URL} address @param {WorkerOptions} [options] */
    constructor(address, options) {
      super(address, options);
      this.addEventListener("message", ({ data }) => {
        if (!data.live) return;
        state.windows += 1;
        if (data.live.endS <= state.lastEndS) state.outOfOrder += 1;
        state.lastEndS = data.live.endS;
      });
    }
  };

  // What an AudioWorklet's module finds around it.
  /** @type {any} */
  let Processor;
  /** @type {MessagePort | undefined} */
  let inner;
  Object.assign(window, {
    AudioWorkletProcessor: class {
      port = inner;
    },
    registerProcessor: (/** @type {string} */ _name, /** @type {any} */ processor) => (Processor = processor),
  });

  /** A phrase of a hummed voice and a pause, which goes on for ever. @param {number} sampleRate */
  const sound = (sampleRate) => {
    const phrase = Float32Array.from({ length: 20 * sampleRate }, (_, i) => {
      const t = i / sampleRate;
      const turn = 2 * Math.PI * 220 * t + 4 * Math.sin(2 * Math.PI * 0.3 * t);
      return t > 17 ? 0 : 0.3 * (0.6 + 0.4 * Math.sin(2 * Math.PI * t)) * (Math.sin(turn) + 0.5 * Math.sin(2 * turn) + 0.3 * Math.sin(3 * turn));
    });
    return (/** @type {number} */ at) => phrase.subarray(at % (phrase.length - 128), (at % (phrase.length - 128)) + 128);
  };

  /** @param {number} sampleRate @param {() => boolean} on */
  async function play(sampleRate, on) {
    Object.assign(window, { sampleRate });
    await import(/** @type {string} */ ("/pkg/capture-worklet.js"));
    const capture = new Processor();
    const at = sound(sampleRate);
    let frames = 0;
    while (on() && frames < seconds * sampleRate) {
      // Until it is told where to, it hears nothing.
      if (capture.sink && state.heardS - state.lastEndS < AHEAD_S) {
        for (let i = 0; i < sampleRate / 128; i += 1, frames += 128) capture.process([[at(frames)]]);
        state.heardS = frames / sampleRate;
      }
      await new Promise((resolve) => setTimeout(resolve));
    }
    state.over = true;
  }

  Object.assign(AudioContext.prototype, { createMediaStreamSource: () => ({ connect() {}, disconnect() {} }) });
  Object.assign(window, {
    AudioWorkletNode: class {
      #on = true;
      /** @param {AudioContext} context */
      constructor({ sampleRate }) {
        const { port1, port2 } = new MessageChannel();
        this.port = port1;
        inner = port2;
        void play(sampleRate, () => this.#on);
      }
      disconnect() {
        this.#on = false;
      }
    },
  });
}

/** The script for a page that is to hear so much. @param {number} seconds */
export const quickMicrophone = (seconds) => `(${fake})(${JSON.stringify({ seconds })});`;

/**
 * How far it is.
 *
 * @param {import("playwright-core").Page} page
 * @returns {Promise<{ heardS: number, windows: number, outOfOrder: number, lastEndS: number, over: boolean }>}
 */
export const quickState = (page) => page.evaluate(() => /** @type {any} */ (window).quick);
