// @ts-check
/**
 * The worker: owns the wasm, the networks and the samples. Everything that takes time happens here.
 * A request is `{ id, op, args }`; the answer `{ id, result }` or `{ id, error: { code, message } }`, and before it
 * perhaps some `{ id, progress: { done, total } }`. Live windows arrive unasked as `{ live: window }`, what is learnt of the
 * voice as `{ voice: profile }`, and what the microphone recorded as `{ recorded: { blob, frames } }`.
 */

import { Recorder } from "./client/recorder.js";
import { Songs } from "./client/songs.js";
import { failure } from "./pieces/failure.js";
import init, * as songmood from "./songmood.js";

/** @typedef {import("./client/types.d.ts").Assets} Assets */
/** @typedef {import("./client/types.d.ts").Loaded} Loaded */
/** @typedef {import("./client/types.d.ts").Kind} Kind */

// TypeScript has no library with both this scope and the page's.
const scope = /** @type {{ postMessage(message: unknown, transfer?: Transferable[]): void, onmessage: ((event: MessageEvent) => void) | null }} */ (/** @type {unknown} */ (self));

/** @type {Record<Kind, import("./songmood.js").Classifier> | undefined} */
let classifiers;
/** @type {import("./songmood.js").LiveClassifier | undefined} */
let live;
/** @type {MessagePort | undefined} */
let capture;
/** @type {Recorder | undefined} */
let recorder;
/** Whether the voice that is heard is being learnt. */
let teaching = false;
const songs = new Songs();

/** Where a container names its rate; only mp4 may keep it at the end of the file. */
const HEAD_BYTES = 256 * 1024;

function loaded() {
  if (!classifiers) throw failure("unexpected", "the networks are not loaded");
  return classifiers;
}

/**
 * What the page needs to know of a classifier.
 * @param {import("./songmood.js").Classifier} classifier
 */
const about = (classifier) => ({
  models: classifier.models,
  settings: classifier.settings,
  places: songmood.circumplex(),
});

/** How often progress is worth a message, in milliseconds. */
const PROGRESS_EVERY_MS = 40;

/** What can be asked for; a page may add its own from a module that its worker starts with. */
export const operations = {
  /** @param {Assets} assets @returns {Promise<Loaded>} */
  async load({ module, models }) {
    try {
      await init({ module_or_path: module });
    } catch (error) {
      throw failure("program-refused", String(error));
    }
    try {
      classifiers = { music: new songmood.Classifier(models.music), voice: new songmood.Classifier(models.voice) };
    } catch (error) {
      throw failure("models-refused", error instanceof Error ? error.message : String(error));
    }
    return { music: about(classifiers.music), voice: about(classifiers.voice) };
  },

  /**
   * What model files say of themselves, or the library's reason to refuse them.
   * @param {Uint8Array[]} files of one kind
   */
  inspect(files) {
    const classifier = new songmood.Classifier(files);
    try {
      return about(classifier);
    } finally {
      classifier.free();
    }
  },

  /** The sample rate that the file itself names, in Hz. @param {Blob} file */
  async sampleRate(file) {
    for (const length of new Set([Math.min(HEAD_BYTES, file.size), file.size])) {
      const rate = songmood.sampleRateOf(new Uint8Array(await file.slice(0, length).arrayBuffer()));
      if (rate) return rate;
    }
    return undefined;
  },

  /**
   * Reads a song from its file, slice by slice with `next`; or says, with null, that the page has to decode it and hand it over.
   * @param {{ song: number, file: Blob, kind: Kind, keep: boolean }} what
   */
  open: ({ song, file, kind, keep }) => songs.open(song, file, { songmood, classifier: loaded()[kind], keep }),

  /** @param {{ song: number, handOut: boolean }} what */
  next: ({ song, handOut }) => songs.next(song, handOut),

  /** A song is going to be handed over. @param {{ song: number, sampleRate: number, durationS: number, kind: Kind, keep: boolean }} how */
  begin({ song, sampleRate, durationS, kind, keep }) {
    songs.begin(song, { songmood, classifier: loaded()[kind], sampleRate, durationS, keep });
  },

  /** @param {{ song: number, channels: Float32Array<ArrayBuffer>[], handOut: boolean }} slice */
  slice: ({ song, channels, handOut }) => songs.slice(song, channels, handOut),

  /** @param {{ song: number, id: number, opinions?: Float32Array }} handout that another worker has judged, or has not */
  takeBack: ({ song, id, opinions }) => songs.takeBack(song, id, opinions),

  /** Judges what another worker handed out. @param {{ kind: Kind, frames: Float32Array, starts: Uint32Array }} handout */
  judge: ({ kind, frames, starts }) => loaded()[kind].judgeHandout(frames, starts),

  /** The song is complete. @param {{ song: number }} what @param {(done: number, total: number) => void} progress */
  classify: ({ song }, progress) => songs.finish(song, progress),

  /** @param {{ song: number, kind: import("./client/types.d.ts").PictureKind }} what */
  picture: ({ song, kind }) => songs.picture(song, kind),

  /** @param {{ song: number, startS: number, endS: number }} part */
  excerpt: ({ song, startS, endS }) => songs.excerpt(song, startS, endS),

  /** @param {{ song: number }} what */
  forget: ({ song }) => songs.forget(song),

  /** Takes samples from the AudioWorklet until `unlisten`. @param {{ sampleRate: number, kind: Kind, port: MessagePort }} input */
  listen({ sampleRate, kind, port }) {
    operations.unlisten();
    teaching = false;
    const listener = loaded()[kind].live(sampleRate);
    const keeper = new Recorder(sampleRate, (part) => scope.postMessage({ recorded: part }));
    live = listener;
    recorder = keeper;
    capture = port;
    port.onmessage = ({ data }) => {
      try {
        const window = listener.push(data);
        keeper.push(data);
        if (window) scope.postMessage({ live: window });
        if (window && teaching) scope.postMessage({ voice: listener.voice });
      } catch (error) {
        operations.unlisten();
        scope.postMessage({ liveError: serialise(error) });
      }
    };
  },

  /** Begins or ends learning the voice that is heard. @param {{ learning: boolean }} how */
  learn({ learning }) {
    teaching = learning;
    live?.setLearning(learning);
  },

  /** Moods are told relative to a voice, or to none. @param {{ voice?: import("./songmood.js").VoiceProfile }} what */
  voice({ voice }) {
    teaching = false;
    live?.setVoice(voice);
  },

  unlisten() {
    if (capture) capture.onmessage = null;
    capture?.close();
    capture = undefined;
    live?.free();
    live = undefined;
    recorder?.flush();
    recorder = undefined;
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

/** What need not be copied. @param {unknown} result @returns {Transferable[]} */
function transferable(result) {
  if (result instanceof ArrayBuffer) return [result];
  const { picture, handout } = /** @type {{ picture?: import("./client/types.d.ts").Picture, handout?: import("./songmood.js").Handout }} */ (result ?? {});
  if (handout) return [handout.frames.buffer];
  return picture ? [picture.data.buffer] : [];
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
    scope.postMessage({ id, result }, transferable(result));
  } catch (error) {
    scope.postMessage({ id, error: serialise(error) });
  }
};
