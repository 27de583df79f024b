// @ts-check
/** The worker behind one object: songs one after another, and a microphone. */

import { workletAddress } from "../files.js";
import { analyse } from "./analyse.js";
import { AssetStore } from "./assets.js";
import { ClientError } from "./errors.js";
import { Listening } from "./listening.js";
import { Queue } from "./queue.js";
import { warmUp } from "./warm-up.js";
import { WorkerClient } from "./worker-client.js";

/** @typedef {import("./types.d.ts").AnalyseOptions} AnalyseOptions */
/** @typedef {import("./types.d.ts").Analysis} Analysis */
/** @typedef {import("./types.d.ts").Live} Live */
/** @typedef {import("./types.d.ts").LiveOptions} LiveOptions */
/** @typedef {import("./types.d.ts").Loaded} Loaded */
/** @typedef {import("./types.d.ts").Songmood} Songmood */

/** @param {import("./types.d.ts").SongmoodOptions} [options] @returns {Promise<Songmood>} */
export async function createSongmood({ wasm, weights, worker, workers, worklet } = {}) {
  const client = new WorkerClient({ assets: new AssetStore({ wasm, weights }), worker, workers });
  try {
    return new Client(client, await client.ready(), worklet);
  } catch (error) {
    client.end();
    throw error;
  }
}

/**
 * A signal that follows others, until it is let go of.
 * @param {(AbortSignal | undefined)[]} others
 */
function following(others) {
  const own = new AbortController();
  const signals = others.filter((signal) => signal !== undefined);
  const abort = () => own.abort(signals.find(({ aborted }) => aborted)?.reason);
  for (const signal of signals) signal.addEventListener("abort", abort);
  if (signals.some(({ aborted }) => aborted)) abort();
  return {
    signal: own.signal,
    letGo: () => {
      for (const signal of signals) signal.removeEventListener("abort", abort);
    },
  };
}

/** @implements {Songmood} */
class Client {
  #worker;
  #worklet;
  #queue = new Queue();
  #life = new AbortController();
  #listening = false;

  /** @param {WorkerClient} worker @param {Loaded} networks @param {string | URL} [worklet] */
  constructor(worker, networks, worklet = workletAddress()) {
    this.#worker = worker;
    this.#worklet = worklet;
    /** @readonly */
    this.networks = networks;
  }

  /** @param {import("./types.d.ts").Source} source @param {AnalyseOptions} [options] @returns {Promise<Analysis>} */
  async analyse(source, { kind = "music", signal: asked, onProgress = () => {}, onWindow = () => {} } = {}) {
    const { signal, letGo } = following([this.#life.signal, asked]);
    let told = 0;
    /** @param {readonly import("./types.d.ts").MoodWindow[]} windows */
    const tell = (windows) => {
      told += windows.length;
      windows.forEach((window) => onWindow(window));
    };
    try {
      if (!signal.aborted) onProgress({ stage: "waiting", share: null, durationS: null });
      const { analysis } = await this.#queue.add(
        () => analyse(source, this.#worker, {
          kind, signal,
          onStage: (stage, share, durationS) => {
            if (!signal.aborted) onProgress({ stage, share, durationS: durationS ?? null });
          },
          onWindows: tell,
        }),
        signal,
      );
      // The last one is complete only when the song is.
      tell(analysis.windows.slice(told));
      return analysis;
    } finally {
      letGo();
    }
  }

  /** @param {LiveOptions} [options] @returns {Promise<Live>} */
  async live({ stream, device = "", kind = "voice", signal: asked, onWindow = () => {}, onLevel = () => {}, onError = () => {} } = {}) {
    const { signal, letGo } = following([this.#life.signal, asked]);
    signal.throwIfAborted();
    if (this.#listening) throw new ClientError("already-listening", "stop the microphone that is on before another is opened");
    this.#listening = true;
    const ended = () => {
      this.#listening = false;
      letGo();
    };
    const session = new Listening(this.#worker, {
      onLevel, onWindow,
      onGone: (error) => {
        ended();
        onError(/** @type {import("./types.d.ts").ClientError} */ (error));
      },
    }, this.#worklet);
    const stop = () => session.stop().finally(ended);
    signal.addEventListener("abort", () => void stop());
    try {
      const started = await session.start(kind, stream ?? device);
      signal.throwIfAborted();
      const { granted, loaded } = /** @type {NonNullable<typeof started>} */ (started);
      return {
        granted, networks: loaded[kind], stop,
        pause: () => session.pause(true),
        resume: () => session.pause(false),
        use: (other) => session.use(other),
      };
    } catch (error) {
      await stop();
      throw error;
    }
  }

  async warmUp() {
    const { signal } = this.#life;
    signal.throwIfAborted();
    try {
      await warmUp(this.#worker, signal);
    } catch (error) {
      // A worker that was ended says so; why is what matters.
      signal.throwIfAborted();
      throw error;
    }
    signal.throwIfAborted();
  }

  dispose() {
    if (this.#life.signal.aborted) return;
    this.#life.abort(new ClientError("disposed", "this songmood was disposed of; create another"));
    this.#worker.end();
  }
}
