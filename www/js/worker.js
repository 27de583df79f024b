// @ts-check
/**
 * The worker: owns the wasm, the networks and the samples. Everything that takes time happens here.
 * A request is `{ id, op, args }`; the answer `{ id, result }` or `{ id, error: { code, message } }`, and before it
 * perhaps some `{ id, progress: { done, total } }`. Live windows arrive unasked as `{ live: window }`.
 */

import { sureAbove } from "./model-file.js";
import { sampleWav } from "./sample-song.js";

/** @typedef {typeof import("../../pkg/songmood.js")} Songmood */
/** @typedef {import("../types/songmood.d.ts").Assets} Assets */
/** @typedef {import("../types/songmood.d.ts").Loaded} Loaded */
/** @typedef {import("../types/songmood.d.ts").Kind} Kind */
/** @typedef {import("../types/songmood.d.ts").Analysis} Analysis */

// TypeScript has no library with both this scope and the page's.
const scope = /** @type {{ postMessage(message: unknown, transfer?: Transferable[]): void, onmessage: ((event: MessageEvent) => void) | null }} */ (/** @type {unknown} */ (self));

/** @type {Songmood | undefined} */
let songmood;
/** @type {Record<Kind, import("../../pkg/songmood.js").Classifier> | undefined} */
let classifiers;
/** @type {import("../../pkg/songmood.js").LiveClassifier | undefined} */
let live;
/** @type {MessagePort | undefined} */
let capture;
/** Mono samples of the song being handed over. */
let pcm = new Float32Array(0);

/** @param {string} code @param {string} message */
const failure = (code, message) => Object.assign(new Error(message), { code });

/** How often progress is worth a message, in milliseconds. */
const PROGRESS_EVERY_MS = 40;

const operations = {
  /** @param {Assets} assets @returns {Promise<Loaded>} */
  async load({ glue, module, models }) {
    try {
      songmood = /** @type {Songmood} */ (await import(glue));
    } catch (error) {
      throw failure("program-missing", String(error));
    }
    try {
      await songmood.default({ module_or_path: module });
    } catch (error) {
      throw failure("program-refused", String(error));
    }
    try {
      classifiers = { music: new songmood.Classifier(models.music), voice: new songmood.Classifier(models.voice) };
    } catch (error) {
      throw failure("models-refused", error instanceof Error ? error.message : String(error));
    }
    const { music, voice } = classifiers;
    /** @param {Kind} kind @param {typeof music} classifier */
    const about = (kind, classifier) => ({
      models: classifier.models,
      // The library is sure of a verdict when every network's bound is met; single windows go by the same bound.
      settings: { ...classifier.settings, sureAbove: Math.max(...models[kind].map(sureAbove)) },
    });
    return { music: about("music", music), voice: about("voice", voice) };
  },

  /**
   * What model files say of themselves, or the library's reason to refuse them.
   * @param {Uint8Array[]} files of one kind
   */
  inspect(files) {
    if (!songmood) throw failure("unexpected", "the networks are not loaded");
    const classifier = new songmood.Classifier(files);
    try {
      return { models: classifier.models, settings: { ...classifier.settings, sureAbove: Math.max(...files.map(sureAbove)) } };
    } finally {
      classifier.free();
    }
  },

  /** The sample rate that the file itself names, in Hz. @param {Uint8Array} head */
  sampleRate: (head) => songmood?.sampleRateOf(head),

  /** Makes room for a song. @param {{ frames: number }} size */
  begin({ frames }) {
    try {
      pcm = new Float32Array(frames);
    } catch (error) {
      throw failure("out-of-memory", String(error));
    }
  },

  /**
   * Mixes a slice of the song down to mono: the mean of its channels.
   * @param {{ offset: number, channels: Float32Array[] }} slice
   */
  slice({ offset, channels }) {
    const share = 1 / channels.length;
    for (const channel of channels) {
      for (let i = 0; i < channel.length; i++) pcm[offset + i] += channel[i] * share;
    }
  },

  /** @param {{ sampleRate: number, kind: Kind }} how @param {(done: number, total: number) => void} progress */
  classify({ sampleRate, kind }, progress) {
    if (!classifiers) throw failure("unexpected", "the networks are not loaded");
    const samples = pcm;
    pcm = new Float32Array(0);
    return classifiers[kind].classify(samples, sampleRate, { onProgress: progress });
  },

  /** The built-in sample as a WAV file. */
  sample: () => sampleWav(),

  /** Takes samples from the AudioWorklet until `unlisten`. @param {{ sampleRate: number, kind: Kind, port: MessagePort }} input */
  listen({ sampleRate, kind, port }) {
    if (!classifiers) throw failure("unexpected", "the networks are not loaded");
    operations.unlisten();
    const listener = classifiers[kind].live(sampleRate);
    live = listener;
    capture = port;
    port.onmessage = ({ data }) => {
      try {
        const window = listener.push(data);
        if (window) scope.postMessage({ live: window });
      } catch (error) {
        operations.unlisten();
        scope.postMessage({ liveError: serialise(error) });
      }
    };
  },

  unlisten() {
    if (capture) capture.onmessage = null;
    capture?.close();
    capture = undefined;
    live?.free();
    live = undefined;
  },
};

/** @param {unknown} error */
function serialise(error) {
  if (!(error instanceof Error)) return { code: "unexpected", message: String(error) };
  if (error instanceof RangeError) return { code: "out-of-memory", message: error.message };
  // A trap leaves the wasm instance unusable; the page starts a new worker on this code.
  if (error instanceof WebAssembly.RuntimeError) return { code: "worker-crashed", message: error.message };
  return { code: "code" in error ? String(error.code) : "unexpected", message: error.message };
}

scope.onmessage = async ({ data: { id, op, args } }) => {
  let last = 0;
  /** @param {number} done @param {number} total */
  const progress = (done, total) => {
    const now = performance.now();
    if (now - last < PROGRESS_EVERY_MS) return;
    last = now;
    scope.postMessage({ id, progress: { done, total } });
  };
  try {
    const operation = /** @type {(args: unknown, progress: Function) => unknown} */ (operations[/** @type {keyof typeof operations} */ (op)]);
    const result = await operation(args, progress);
    scope.postMessage({ id, result }, result instanceof ArrayBuffer ? [result] : []);
  } catch (error) {
    scope.postMessage({ id, error: serialise(error) });
  }
};
