// @ts-check
/** One song, from its bytes or samples to its analysis. */

import { MAX_DURATION_S, checkLength, decode, handOver, readFile } from "./decode.js";
import { ClientError } from "./errors.js";

/** @typedef {import("./types.d.ts").Analysis} Analysis */
/** @typedef {import("./types.d.ts").Kind} Kind */
/** @typedef {import("./types.d.ts").MoodWindow} MoodWindow */
/** @typedef {import("./types.d.ts").Networks} Networks */
/** @typedef {{ song: number, durationS: number, kind: Kind, networks: Networks }} Begun `song`: the worker's number for it */
/** @typedef {Begun & { analysis: Analysis, channels: number, tookMs: number }} Heard */

let songs = 0;

/** @param {unknown} source @returns {source is AudioBuffer} */
const isAudioBuffer = (source) => typeof AudioBuffer === "function" && source instanceof AudioBuffer;

/** @param {AudioBuffer} buffer */
function checked(buffer) {
  if (buffer.duration > MAX_DURATION_S) throw new ClientError("too-long");
  return buffer;
}

/** @param {Exclude<import("./types.d.ts").Source, AudioBuffer>} source */
function asFile(source) {
  if (source instanceof Blob) return source;
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return new Blob([source]);
  throw new ClientError("invalid-source", "songmood takes a File or Blob, an ArrayBuffer with a file's bytes, or an AudioBuffer");
}

/**
 * @param {Blob} file
 * @param {import("./worker-client.js").WorkerClient} client
 * @param {{ signal: AbortSignal, onStage: (stage: "decoding", share: null) => void, ready: () => Promise<import("./types.d.ts").Loaded> }} how
 */
async function decoded(file, client, { signal, onStage, ready }) {
  // The bytes first: an empty file is told even where the networks cannot be loaded.
  await checkLength(file);
  const bytes = await readFile(file);
  signal.throwIfAborted();
  const loaded = await ready();
  onStage("decoding", null);
  return { buffer: await decode(file, bytes, client, signal), loaded };
}

/**
 * Nothing of a file that was called off or failed stays in the worker.
 * @param {import("./types.d.ts").Source} source
 * @param {import("./worker-client.js").WorkerClient} client
 * @param {{
 *   kind: Kind, signal: AbortSignal, onStage: (stage: "loading" | "decoding" | "listening", share: number | null, durationS?: number) => void,
 *   onWindows?: (windows: MoodWindow[], begun: Begun) => void, keep?: boolean,
 * }} options `onWindows`: told of windows as they are judged, in order; `keep`: the worker keeps the song for its pictures and
 *   parts until it is asked to `forget` it
 * @returns {Promise<Heard>}
 */
export async function analyse(source, client, { kind, signal, onStage, onWindows = () => {}, keep = false }) {
  const started = performance.now();
  const ready = async () => {
    onStage("loading", null);
    const loaded = await client.ready();
    signal.throwIfAborted();
    return loaded;
  };
  const { buffer, loaded } = isAudioBuffer(source) ? { buffer: checked(source), loaded: await ready() } : await decoded(asFile(source), client, { signal, onStage, ready });
  const song = ++songs;
  const begun = { song, durationS: buffer.duration, kind, networks: loaded[kind] };
  try {
    onStage("listening", 0, buffer.duration);
    await client.request("begin", { song, sampleRate: buffer.sampleRate, kind, keep });
    await handOver(buffer, client, {
      song, signal,
      onWindows(windows, share) {
        onStage("listening", share, buffer.duration);
        onWindows(windows, begun);
      },
    });
    const analysis = await client.request("classify", { song });
    signal.throwIfAborted();
    return { ...begun, analysis, channels: buffer.numberOfChannels, tookMs: performance.now() - started };
  } catch (error) {
    client.request("forget", { song }).catch(() => {});
    throw error;
  }
}
