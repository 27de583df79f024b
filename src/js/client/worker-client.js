// @ts-check
/** The page's side of the worker: requests with answers, progress, and a fresh worker where one must be given up. */

import { startWorker } from "../files.js";
import { AssetStore } from "./assets.js";
import { ClientError } from "./errors.js";

/** @typedef {import("./types.d.ts").Loaded} Loaded */
/** @typedef {import("./types.d.ts").MoodWindow} MoodWindow */
/** @typedef {(done: number, total: number) => void} Progress */
/** @typedef {{ resolve: (value: any) => void, reject: (reason: unknown) => void, progress?: Progress }} Waiting */

export class WorkerClient {
  /** @type {Worker | null} */
  #running = null;
  /** Has the worker that is running ever answered? */
  #answered = false;
  #start;
  /** @type {Promise<Loaded> | null} */
  #ready = null;
  /** @type {Map<number, Waiting>} */
  #waiting = new Map();
  #nextId = 1;
  #asked = 0;
  /** @type {WorkerClient | null} */
  #second = null;

  /**
   * @param {{ assets?: AssetStore, worker?: () => Worker, workers?: number }} [options] where program and networks come from; starts a worker;
   *   how many may share a song, by default as many as there are cores for
   */
  constructor({ assets = new AssetStore(), worker = startWorker, workers } = {}) {
    this.assets = assets;
    this.workers = workers;
    this.#start = worker;
  }

  /** Called when a worker has loaded the networks. @type {(loaded: Loaded) => void} */
  onLoaded = () => {};
  /** Called with each window of the microphone. @type {(window: MoodWindow) => void} */
  onLive = () => {};
  /** Called with what is known of the voice, while it is learnt. @type {(voice: import("./types.d.ts").VoiceProfile) => void} */
  onVoice = () => {};
  /** Called with each part of what the microphone recorded. @type {(part: import("./recorder.js").Part) => void} */
  onRecorded = () => {};
  /** Called when listening broke off. @type {(error: Error) => void} */
  onLiveError = () => {};

  /** The networks, loaded; tries again after a failure. @returns {Promise<Loaded>} */
  ready() {
    if (this.#ready) return this.#ready;
    const loading = this.#load();
    this.#ready = loading;
    loading.catch((error) => {
      if (this.#ready !== loading) return;
      // Fetched afresh the next time: what was wrong may be in the files.
      this.assets.forget();
      this.#giveUp(error);
    });
    return loading;
  }

  /** How many requests there were. */
  get asked() {
    return this.#asked;
  }

  /** Another worker with the same networks, which starts with its first request and ends with this one. */
  get second() {
    return (this.#second ??= new WorkerClient({ assets: this.assets, worker: this.#start, workers: 1 }));
  }

  /** Ends the worker and gives its memory back; the next request starts another. */
  end() {
    this.#giveUp(new DOMException("the worker was ended", "AbortError"));
  }

  async #load() {
    const assets = await this.assets.get();
    const loaded = /** @type {Loaded} */ (await this.#send("load", assets));
    this.onLoaded(loaded);
    return loaded;
  }

  /**
   * @param {string} op one of the worker's operations
   * @param {unknown} [args]
   * @param {{ transfer?: Transferable[], progress?: Progress, signal?: AbortSignal }} [options]
   *   an aborted signal rejects at once; a computation under way is given up together with its worker
   * @returns {Promise<any>}
   */
  async request(op, args, { transfer = [], progress, signal } = {}) {
    this.#asked += 1;
    await this.ready();
    signal?.throwIfAborted();
    const answer = this.#send(op, args, transfer, progress);
    if (!signal) return answer;
    return new Promise((resolve, reject) => {
      const abort = () => {
        // wasm cannot be interrupted: the only way to stop it is to end its worker.
        this.#giveUp(signal.reason);
        reject(signal.reason);
      };
      signal.addEventListener("abort", abort, { once: true });
      answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    });
  }

  /**
   * @param {string} op
   * @param {unknown} args
   * @param {Transferable[]} [transfer]
   * @param {Progress} [progress]
   */
  #send(op, args, transfer = [], progress) {
    const worker = (this.#running ??= this.#begin());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, progress });
      worker.postMessage({ id, op, args }, transfer);
    });
  }

  #begin() {
    const worker = this.#start();
    this.#answered = false;
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      // One that breaks before its first answer is not all there: a module of it is missing, or was kept back.
      const error = this.#answered
        ? new ClientError("worker-crashed", event.message)
        : new ClientError("program-missing", event.message || "the worker could not be started");
      this.#giveUp(error);
      this.onLiveError(error);
    };
    return worker;
  }

  /** @param {any} message */
  #receive({ id, result, error, progress, live, voice, recorded, liveError }) {
    this.#answered = true;
    if (live) return this.onLive(live);
    if (voice) return this.onVoice(voice);
    if (recorded) return this.onRecorded(recorded);
    if (liveError) return this.onLiveError(new ClientError(liveError.code, liveError.message));
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    if (progress) return waiting.progress?.(progress.done, progress.total);
    this.#waiting.delete(id);
    if (!error) return waiting.resolve(result);
    waiting.reject(new ClientError(error.code, error.message));
    if (error.code === "worker-crashed" || error.code === "out-of-memory") this.#giveUp(new ClientError(error.code, error.message));
  }

  /** Ends the worker; the next request starts a new one. @param {unknown} reason for those still waiting */
  #giveUp(reason) {
    this.#second?.end();
    this.#running?.terminate();
    this.#running = null;
    this.#ready = null;
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}
