// @ts-check
/** One song, from its bytes or samples to its analysis. */

import { MAX_DURATION_S, checkHead, decode } from "./decode.js";
import { ClientError, codeOf } from "./errors.js";
import { handOver, hearPieces } from "./hand-over.js";

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
  const file = isAudioBuffer(source) ? null : asFile(source);
  // The bytes first: an empty file is told even where the networks cannot be loaded.
  if (file) await checkHead(file);
  signal.throwIfAborted();
  onStage("loading", null);
  const networks = (await client.ready())[kind];
  signal.throwIfAborted();

  const song = ++songs;
  let told = 0;
  /**
   * Has a song heard that has begun in the worker.
   * @param {number} durationS
   * @param {(how: import("./hand-over.js").Handing) => Promise<void>} slices
   */
  const hear = async (durationS, slices) => {
    const begun = { song, durationS, kind, networks };
    onStage("listening", 0, durationS);
    let judged = 0;
    await slices({
      song, kind, durationS, signal,
      onWindows(windows, share) {
        // Where it is heard a second time, the first windows are known.
        const fresh = windows.slice(Math.max(0, told - judged));
        judged += windows.length;
        told = Math.max(told, judged);
        onStage("listening", share, durationS);
        onWindows(fresh, begun);
      },
    });
    const analysis = await client.request("classify", { song });
    signal.throwIfAborted();
    return { ...begun, analysis };
  };
  /** In pieces; null where they cannot be had. @param {Blob} file */
  const inPieces = async (file) => {
    try {
      const opened = /** @type {import("./types.d.ts").Opened | null} */ (await client.request("open", { song, file, kind, keep }));
      signal.throwIfAborted();
      return opened && { ...(await hear(opened.durationS, (how) => hearPieces(file, opened, client, how))), channels: opened.channels };
    } catch (error) {
      if (codeOf(error) === "pieces-broken") return null;
      throw error;
    }
  };
  /** @param {AudioBuffer} buffer */
  const whole = async (buffer) => {
    await client.request("begin", { song, sampleRate: buffer.sampleRate, durationS: buffer.duration, kind, keep });
    return { ...(await hear(buffer.duration, (how) => handOver(buffer, client, how))), channels: buffer.numberOfChannels };
  };

  try {
    if (file) onStage("decoding", null);
    const heard = (file && (await inPieces(file))) ?? (await whole(file ? await decode(file, client, signal) : checked(/** @type {AudioBuffer} */ (source))));
    return { ...heard, tookMs: performance.now() - started };
  } catch (error) {
    client.request("forget", { song }).catch(() => {});
    throw error;
  }
}
