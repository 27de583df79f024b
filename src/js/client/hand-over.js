// @ts-check
/** From samples to windows: the worker gets them slice after slice, from the page or from the file itself, and judges each. */

import { ClientError } from "./errors.js";
import { decodeRuns } from "./runs.js";
import { sliceOf } from "./slices.js";

/** @typedef {import("./worker-client.js").WorkerClient} WorkerClient */
/** @typedef {import("./types.d.ts").MoodWindow} MoodWindow */
/** @typedef {import("./types.d.ts").Slice} Slice */
/** @typedef {{ song: number, signal: AbortSignal, onWindows: (windows: MoodWindow[], share: number) => void }} Handing `song`: the worker's number for it */

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
  return hand(slices(), buffer.length, client, how);
}

/**
 * A song that the worker has opened: it reads the samples from the file itself, or the page decodes its runs.
 * @param {Blob} file
 * @param {import("./types.d.ts").Opened} opened
 * @param {WorkerClient} client
 * @param {Handing} how
 */
export async function hearPieces(file, opened, client, how) {
  const { durationS, sampleRate, slices, runs } = opened;
  if (durationS > MAX_PIECES_S) throw new ClientError("too-long");
  if (runs) return hand(decodeRuns(file, { ...opened, runs }), durationS * sampleRate, client, how);
  return oneAhead(Array(slices).keys(), how, () => client.request("next", { song: how.song }));
}

/**
 * The worker gets slices of samples, by channel, which are its own from then on.
 * @param {Iterable<Float32Array<ArrayBuffer>[]> | AsyncIterable<Float32Array<ArrayBuffer>[]>} slices
 * @param {number} frames samples of each channel in all
 * @param {WorkerClient} client
 * @param {Handing} how
 */
function hand(slices, frames, client, how) {
  let handed = 0;
  return oneAhead(slices, how, async (channels) => {
    handed += channels[0].length;
    const share = handed / frames;
    const windows = await client.request("slice", { song: how.song, channels }, { transfer: channels.map(({ buffer }) => buffer) });
    return { windows, share };
  });
}

/**
 * Slice after slice, the next on its way while the worker judges the one before.
 * @template T
 * @param {Iterable<T> | AsyncIterable<T>} slices
 * @param {Handing} how
 * @param {(slice: T) => Promise<Slice>} judge
 */
async function oneAhead(slices, { signal, onWindows }, judge) {
  /** @param {T} slice */
  const judgeAndTell = async (slice) => {
    const { windows, share } = await judge(slice);
    if (!signal.aborted) onWindows(windows, share);
  };
  /** @type {Promise<void>} */
  let before = Promise.resolve();
  for await (const slice of slices) {
    const judged = judgeAndTell(slice);
    // Whoever waits for it hears of its failure; until then nobody does.
    judged.catch(() => {});
    await before;
    signal.throwIfAborted();
    before = judged;
  }
  await before;
  signal.throwIfAborted();
}
