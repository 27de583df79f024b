// @ts-check
/** From samples to windows: the worker gets them slice after slice, from the page or from the file itself, and judges each. */

import { ClientError } from "./errors.js";
import { AT_ONCE, decodeRuns } from "./runs.js";
import { AHEAD, shareOut } from "./second-worker.js";
import { sliceOf } from "./slices.js";

/** @typedef {import("./worker-client.js").WorkerClient} WorkerClient */
/** @typedef {import("./types.d.ts").MoodWindow} MoodWindow */
/** @typedef {import("./types.d.ts").Slice} Slice */
/** @typedef {import("./second-worker.js").Hear} Hear */
/**
 * `song`: the worker's number for it
 * @typedef {{ song: number, kind: import("./types.d.ts").Kind, durationS: number, signal: AbortSignal, onWindows: (windows: MoodWindow[], share: number) => void }} Handing
 */

/** Read piece by piece, only what is known of the song takes memory: some 40 MB for each hour. */
const MAX_PIECES_S = 5 * 3600;

/**
 * A song that was decoded as a whole.
 * @param {AudioBuffer} buffer
 * @param {WorkerClient} client
 * @param {Handing} how
 */
export function handOver(buffer, client, how) {
  function* slices() {
    const slice = sliceOf(buffer.sampleRate);
    for (let offset = 0; offset < buffer.length; offset += slice) {
      const frames = Math.min(slice, buffer.length - offset);
      yield Array.from({ length: buffer.numberOfChannels }, (_, channel) => {
        const samples = new Float32Array(frames);
        buffer.copyFromChannel(samples, channel, offset);
        return samples;
      });
    }
  }
  return hand(slices(), client, how);
}

/**
 * A song that the worker has opened: it reads the samples from the file itself, or the page decodes its runs.
 * @param {Blob} file
 * @param {import("./types.d.ts").Opened} opened
 * @param {WorkerClient} client
 * @param {Handing} how
 */
export async function hearPieces(file, opened, client, how) {
  const { durationS, slices, runs } = opened;
  if (durationS > MAX_PIECES_S) throw new ClientError("too-long");
  if (runs) return hand(decodeRuns(file, { ...opened, runs }), client, how, AT_ONCE);
  return inOrder(Array(slices).keys(), client, how, (_, handOut) => client.request("next", { song: how.song, handOut }));
}

/**
 * The worker gets slices of samples, by channel, which are its own from then on.
 * @param {Iterable<Float32Array<ArrayBuffer>[]> | AsyncIterable<Float32Array<ArrayBuffer>[]>} slices
 * @param {WorkerClient} client
 * @param {Handing} how
 * @param {number} [decoders] cores that are busy decoding meanwhile
 */
function hand(slices, client, how, decoders = 0) {
  const { song } = how;
  return inOrder(slices, client, how, (channels, handOut) => client.request("slice", { song, channels, handOut }, { transfer: channels.map(({ buffer }) => buffer) }), decoders);
}

/**
 * Slice after slice, the next on its way while the worker judges those before; with a second worker some more of them.
 * @template T
 * @param {Iterable<T> | AsyncIterable<T>} slices
 * @param {WorkerClient} client
 * @param {Handing} how
 * @param {(slice: T, handOut: boolean) => Promise<Slice>} hear
 * @param {number} [decoders]
 */
async function inOrder(slices, client, { song, kind, durationS, signal, onWindows }, hear, decoders = 0) {
  const shared = shareOut(client, { song, kind, durationS, decoders });
  const ahead = shared ? AHEAD : 1;
  /** @type {Promise<void>[]} */
  const underWay = [];
  let told = Promise.resolve();
  for await (const slice of slices) {
    /** @type {Hear} */
    const once = (handOut) => hear(slice, handOut);
    const before = told;
    const heard = shared ? shared(once) : once(false);
    told = heard.then(async ({ windows, share }) => {
      await before;
      if (!signal.aborted) onWindows(windows, share);
    });
    // Whoever waits for it hears of its failure; until then nobody does.
    told.catch(() => {});
    underWay.push(told);
    if (underWay.length > ahead) await underWay.shift();
    signal.throwIfAborted();
  }
  await told;
  signal.throwIfAborted();
}
