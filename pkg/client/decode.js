// @ts-check
/**
 * From a file to samples in the worker. What it can read piece by piece, it reads itself; the rest the page decodes as a whole, which
 * takes memory for all of it, and hands over.
 */

import { ClientError } from "./errors.js";
import { sliceOf } from "./slices.js";
import { notSound } from "./sniff.js";

/** @typedef {import("./worker-client.js").WorkerClient} WorkerClient */
/** @typedef {import("./types.d.ts").MoodWindow} MoodWindow */
/** @typedef {{ song: number, signal: AbortSignal, onWindows: (windows: MoodWindow[], share: number) => void }} Handing `song`: the worker's number for it */

const MAX_BYTES = 1e9;
/** What decoding as a whole may take without risking the tab: an hour and a quarter of stereo is 1.6 GB. */
export const MAX_DURATION_S = 75 * 60;
/** Read piece by piece, only what is known of the song takes memory: some 40 MB for each hour. */
const MAX_PIECES_S = 5 * 3600;
/** No file below this size is too long, at any bit rate that people use. */
const SURELY_SHORT_BYTES = 8e6;
/** Sample rates that the networks' front takes, in Hz. */
const LOWEST_RATE = 8_000;
const HIGHEST_RATE = 192_000;
/** Rates to try where the file names none, or one that the browser does not offer. */
const FALLBACK_RATES = [44_100, 48_000];

/**
 * A file's bytes, or an error that says why there are none.
 * @param {Blob} file
 */
async function readFile(file) {
  try {
    return await file.arrayBuffer();
  } catch (error) {
    throw new ClientError("unreadable", error instanceof Error ? error.message : String(error));
  }
}

/**
 * Refuses what is no sound by its first bytes.
 * @param {Blob} file
 */
export async function checkHead(file) {
  const head = new Uint8Array(await readFile(file.slice(0, 64)));
  if (head.length === 0) throw new ClientError("empty-file");
  const found = notSound(head);
  if (found) throw new ClientError("not-audio", `It is ${found.words}.`, found.kind);
}

/**
 * How long a media element takes the file to be, in seconds; undefined where it cannot tell.
 * @param {Blob} file
 * @returns {Promise<number | undefined>}
 */
function estimatedDuration(file) {
  const address = URL.createObjectURL(file);
  const probe = new Audio();
  probe.preload = "metadata";
  /** @type {Promise<number | undefined>} */
  const told = new Promise((resolve) => {
    probe.addEventListener("loadedmetadata", () => resolve(Number.isFinite(probe.duration) ? probe.duration : undefined));
    probe.addEventListener("error", () => resolve(undefined));
    setTimeout(() => resolve(undefined), 3000);
  });
  probe.src = address;
  return told.finally(() => {
    probe.removeAttribute("src");
    URL.revokeObjectURL(address);
  });
}

/**
 * Refuses what would take too much memory, before any of it is taken.
 * @param {Blob} file
 */
async function checkLength(file) {
  if (file.size > MAX_BYTES) throw new ClientError("too-large");
  if (file.size < SURELY_SHORT_BYTES) return;
  const seconds = await estimatedDuration(file);
  if (seconds !== undefined && seconds > MAX_DURATION_S) throw new ClientError("too-long");
}

/** @param {number | undefined} rate */
function contextAt(rate) {
  for (const candidate of [rate, ...FALLBACK_RATES]) {
    if (!candidate || candidate < LOWEST_RATE || candidate > HIGHEST_RATE) continue;
    try {
      return new OfflineAudioContext(1, 1, candidate);
    } catch {
      // Not a rate this browser offers.
    }
  }
  throw new ClientError("unexpected", "this browser offers no OfflineAudioContext");
}

/**
 * `decodeAudioData` resamples to its context's rate with a filter that differs between browsers, so the context is opened at the
 * rate that the file itself names, and the resampling is left to songmood.
 * @param {Blob} file
 * @param {WorkerClient} client
 * @param {AbortSignal} signal
 * @returns {Promise<AudioBuffer>}
 */
export async function decode(file, client, signal) {
  await checkLength(file);
  const bytes = await readFile(file);
  signal.throwIfAborted();
  /** @type {number | undefined} */
  const rate = await client.request("sampleRate", file);
  signal.throwIfAborted();
  const context = contextAt(rate);
  /** @type {AudioBuffer} */
  let buffer;
  try {
    buffer = await context.decodeAudioData(bytes);
  } catch (error) {
    if (error instanceof RangeError) throw new ClientError("out-of-memory", error.message);
    throw new ClientError(rate ? "damaged" : "not-audio");
  }
  signal.throwIfAborted();
  if (buffer.length === 0) throw new ClientError("no-samples");
  if (buffer.duration > MAX_DURATION_S) throw new ClientError("too-long");
  return buffer;
}

/**
 * Hands the samples to the worker, slice by slice so that the page stays responsive; the worker mixes them to mono and answers
 * with the windows that are complete.
 * @param {AudioBuffer} buffer
 * @param {WorkerClient} client
 * @param {Handing} options
 */
export async function handOver(buffer, client, { song, signal, onWindows }) {
  const slice = sliceOf(buffer.sampleRate);
  await oneAhead(Math.ceil(buffer.length / slice), signal, async (i) => {
    const offset = i * slice;
    const frames = Math.min(slice, buffer.length - offset);
    const channels = Array.from({ length: buffer.numberOfChannels }, (_, channel) => {
      const samples = new Float32Array(frames);
      buffer.copyFromChannel(samples, channel, offset);
      return samples;
    });
    const windows = await client.request("slice", { song, channels }, { transfer: channels.map(({ buffer: bytes }) => bytes) });
    if (!signal.aborted) onWindows(windows, (offset + frames) / buffer.length);
  });
}

/**
 * Has the worker read the song from its file.
 * @param {import("./types.d.ts").Opened} opened
 * @param {WorkerClient} client
 * @param {Handing} options
 */
export async function haveRead({ durationS, slices }, client, { song, signal, onWindows }) {
  if (durationS > MAX_PIECES_S) throw new ClientError("too-long");
  await oneAhead(slices, signal, async () => {
    const { windows, share } = /** @type {import("./types.d.ts").Slice} */ (await client.request("next", { song }));
    if (!signal.aborted) onWindows(windows, share);
  });
}

/**
 * Slice after slice, the next on its way while the worker judges the one before.
 * @param {number} slices
 * @param {AbortSignal} signal
 * @param {(i: number) => Promise<void>} judge
 */
async function oneAhead(slices, signal, judge) {
  /** @type {Promise<void>} */
  let before = Promise.resolve();
  for (let i = 0; i < slices; i++) {
    const judged = judge(i);
    // Whoever waits for it hears of its failure; until then nobody does.
    judged.catch(() => {});
    await before;
    signal.throwIfAborted();
    before = judged;
  }
  await before;
  signal.throwIfAborted();
}
