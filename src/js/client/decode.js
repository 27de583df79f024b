// @ts-check
/** A file decoded as a whole, where it cannot be had in pieces: that takes memory for all of it. */

import { takesRate } from "../pieces/rates.js";
import { ClientError } from "./errors.js";
import { notSound } from "./sniff.js";

/** @typedef {import("./worker-client.js").WorkerClient} WorkerClient */

const MAX_BYTES = 1e9;
/** What decoding as a whole may take without risking the tab: an hour and a quarter of stereo is 1.6 GB. */
export const MAX_DURATION_S = 75 * 60;
/** No file below this size is too long, at any bit rate that people use. */
const SURELY_SHORT_BYTES = 8e6;
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
    if (!candidate || !takesRate(candidate)) continue;
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
