// @ts-check
/** One file, from its bytes to its analysis. */

import { checkLength, decode, handOver, readFile } from "./decode.js";

/** @typedef {import("../types/songmood.d.ts").Analysis} Analysis */
/** @typedef {import("../types/songmood.d.ts").Kind} Kind */
/** @typedef {import("../types/songmood.d.ts").MoodWindow} MoodWindow */
/** @typedef {import("../types/songmood.d.ts").Networks} Networks */
/** @typedef {{ song: number, durationS: number, kind: Kind, networks: Networks }} Begun `song`: the worker's number for it */
/** @typedef {Begun & { analysis: Analysis, channels: number, tookMs: number }} Heard */

let songs = 0;

/**
 * Nothing of a file that was called off or failed stays in the worker.
 * @param {Blob} file
 * @param {import("./worker-client.js").WorkerClient} client
 * @param {{
 *   kind: Kind, signal: AbortSignal, onStage: (stage: "loading" | "decoding" | "listening", share: number | null) => void,
 *   onWindows?: (windows: MoodWindow[], begun: Begun) => void, keep?: boolean,
 * }} options `onWindows`: told of windows as they are judged, in order; `keep`: the worker keeps the song for its pictures and
 *   parts until it is asked to `forget` it
 * @returns {Promise<Heard>}
 */
export async function analyse(file, client, { kind, signal, onStage, onWindows = () => {}, keep = false }) {
  const started = performance.now();
  // The bytes first: an empty file is told even where the networks cannot be loaded.
  await checkLength(file);
  const bytes = await readFile(file);
  signal.throwIfAborted();
  onStage("loading", null);
  const loaded = await client.ready();
  signal.throwIfAborted();
  onStage("decoding", null);
  const buffer = await decode(file, bytes, client, signal);
  const song = ++songs;
  const begun = { song, durationS: buffer.duration, kind, networks: loaded[kind] };
  try {
    onStage("listening", 0);
    await client.request("begin", { song, sampleRate: buffer.sampleRate, kind, keep });
    await handOver(buffer, client, {
      song, signal,
      onWindows(windows, share) {
        onStage("listening", share);
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
