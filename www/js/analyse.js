// @ts-check
/** One file, from its bytes to its analysis. */

import { checkLength, decode, handOver, readFile } from "./decode.js";

/** @typedef {import("../types/songmood.d.ts").Analysis} Analysis */
/** @typedef {import("../types/songmood.d.ts").Kind} Kind */
/** @typedef {import("../types/songmood.d.ts").Networks} Networks */
/** @typedef {{ analysis: Analysis, kind: Kind, networks: Networks, channels: number, tookMs: number }} Heard */

/**
 * @param {Blob} file
 * @param {import("./worker-client.js").WorkerClient} client
 * @param {{ kind: Kind, signal: AbortSignal, onStage: (stage: "loading" | "decoding" | "listening", share: number | null) => void }} options
 * @returns {Promise<Heard>}
 */
export async function analyse(file, client, { kind, signal, onStage }) {
  const started = performance.now();
  // The bytes first: an empty file is told even where the networks cannot be loaded.
  await checkLength(file);
  const bytes = await readFile(file);
  signal.throwIfAborted();
  onStage("loading", null);
  const loaded = await client.ready();
  signal.throwIfAborted();
  onStage("decoding", null);
  const buffer = await decode(bytes, client, signal);
  await handOver(buffer, client, signal);
  onStage("listening", 0);
  const analysis = await client.request("classify", { sampleRate: buffer.sampleRate, kind }, {
    signal,
    progress: (done, total) => onStage("listening", total > 0 ? done / total : null),
  });
  return { analysis, kind, networks: loaded[kind], channels: buffer.numberOfChannels, tookMs: performance.now() - started };
}
