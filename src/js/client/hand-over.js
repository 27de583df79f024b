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
 * @param {Handing} options
 */
export async function handOver(buffer, client, { song, signal, onWindows }) {
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
  let handed = 0;
  await oneAhead(slices(), signal, async (channels) => {
    handed += channels[0].length;
    const share = handed / buffer.length;
    const windows = await judge(song, channels, client);
    if (!signal.aborted) onWindows(windows, share);
  });
}

/**
 * A song that the worker has opened: it reads the samples from the file itself, or the page decodes its runs.
 * @param {Blob} file
 * @param {import("./types.d.ts").Opened} opened
 * @param {WorkerClient} client
 * @param {Handing} options
 */
export async function hearPieces(file, opened, client, { song, signal, onWindows }) {
  const { durationS, slices, runs, sampleRate } = opened;
  if (durationS > MAX_PIECES_S) throw new ClientError("too-long");
  if (!runs) {
    return oneAhead(Array(slices).keys(), signal, async () => {
      const { windows, share } = /** @type {Slice} */ (await client.request("next", { song }));
      if (!signal.aborted) onWindows(windows, share);
    });
  }
  let handed = 0;
  await oneAhead(decodeRuns(file, { ...opened, runs }), signal, async (channels) => {
    handed += channels[0].length;
    const share = handed / (durationS * sampleRate);
    const windows = await judge(song, channels, client);
    if (!signal.aborted) onWindows(windows, share);
  });
}

/**
 * The windows that a slice completes. Its samples are the worker's from here on.
 * @param {number} song
 * @param {Float32Array<ArrayBuffer>[]} channels
 * @param {WorkerClient} client
 * @returns {Promise<MoodWindow[]>}
 */
const judge = (song, channels, client) => client.request("slice", { song, channels }, { transfer: channels.map(({ buffer }) => buffer) });

/**
 * Slice after slice, the next on its way while the worker judges the one before.
 * @template T
 * @param {Iterable<T> | AsyncIterable<T>} slices
 * @param {AbortSignal} signal
 * @param {(slice: T) => Promise<void>} judge
 */
async function oneAhead(slices, signal, judge) {
  /** @type {Promise<void>} */
  let before = Promise.resolve();
  for await (const slice of slices) {
    const judged = judge(slice);
    // Whoever waits for it hears of its failure; until then nobody does.
    judged.catch(() => {});
    await before;
    signal.throwIfAborted();
    before = judged;
  }
  await before;
  signal.throwIfAborted();
}
