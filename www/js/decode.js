// @ts-check
/** From a file to samples in the worker. */

import { PageError } from "./errors.js";
import { notSound } from "./sniff.js";

/** @typedef {import("./worker-client.js").WorkerClient} WorkerClient */

const MAX_BYTES = 1e9;
/** What decoding may take without risking the tab: an hour and a quarter of stereo is 1.6 GB. */
const MAX_DURATION_S = 75 * 60;
/** No file below this size is too long, at any bit rate that people use. */
const SURELY_SHORT_BYTES = 8e6;
/** Sample rates that the networks' front takes, in Hz. */
const LOWEST_RATE = 8_000;
const HIGHEST_RATE = 192_000;
/** Where a container names its rate; only mp4 may keep it at the end of the file. */
const HEAD_BYTES = 256 * 1024;
/** Rates to try where the file names none, or one that the browser does not offer. */
const FALLBACK_RATES = [44_100, 48_000];
/** Frames handed to the worker at a time: a few milliseconds of copying. */
const SLICE_FRAMES = 1 << 19;

/**
 * The file's bytes, or an error that says why there are none.
 * @param {Blob} file
 */
export async function readFile(file) {
  /** @type {ArrayBuffer} */
  let bytes;
  try {
    bytes = await file.arrayBuffer();
  } catch (error) {
    throw new PageError("unreadable", error instanceof Error ? error.message : String(error));
  }
  if (bytes.byteLength === 0) throw new PageError("empty-file");
  return bytes;
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
export async function checkLength(file) {
  if (file.size > MAX_BYTES) throw new PageError("too-large");
  if (file.size < SURELY_SHORT_BYTES) return;
  const seconds = await estimatedDuration(file);
  if (seconds !== undefined && seconds > MAX_DURATION_S) throw new PageError("too-long");
}

/**
 * The sample rate the file itself names. `decodeAudioData` resamples to its context's rate with a filter that differs
 * between browsers, so the context is opened at this rate and the resampling is left to songmood.
 * @param {ArrayBuffer} bytes
 * @param {WorkerClient} client
 * @param {AbortSignal} signal
 * @returns {Promise<number | undefined>}
 */
async function namedRate(bytes, client, signal) {
  for (const length of new Set([Math.min(HEAD_BYTES, bytes.byteLength), bytes.byteLength])) {
    const head = new Uint8Array(bytes.slice(0, length));
    const rate = await client.request("sampleRate", head, { transfer: [head.buffer], signal });
    if (rate) return rate;
  }
  return undefined;
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
  throw new PageError("unexpected", "this browser offers no OfflineAudioContext");
}

/**
 * @param {ArrayBuffer} bytes given away
 * @param {WorkerClient} client
 * @param {AbortSignal} signal
 * @returns {Promise<AudioBuffer>}
 */
export async function decode(bytes, client, signal) {
  const head = new Uint8Array(bytes.slice(0, 64));
  const kind = notSound(head);
  if (kind) throw new PageError("not-audio", `It is ${kind}.`);
  const rate = await namedRate(bytes, client, signal);
  const context = contextAt(rate);
  /** @type {AudioBuffer} */
  let buffer;
  try {
    buffer = await context.decodeAudioData(bytes);
  } catch (error) {
    if (error instanceof RangeError) throw new PageError("out-of-memory", error.message);
    throw new PageError(rate ? "damaged" : "not-audio");
  }
  signal.throwIfAborted();
  if (buffer.length === 0) throw new PageError("no-samples");
  if (buffer.duration > MAX_DURATION_S) throw new PageError("too-long");
  return buffer;
}

/**
 * Hands the samples to the worker, slice by slice so that the page stays responsive; the worker mixes them to mono.
 * @param {AudioBuffer} buffer
 * @param {WorkerClient} client
 * @param {AbortSignal} signal
 */
export async function handOver(buffer, client, signal) {
  await client.request("begin", { frames: buffer.length }, { signal });
  for (let offset = 0; offset < buffer.length; offset += SLICE_FRAMES) {
    const frames = Math.min(SLICE_FRAMES, buffer.length - offset);
    const channels = Array.from({ length: buffer.numberOfChannels }, (_, channel) => {
      const samples = new Float32Array(frames);
      buffer.copyFromChannel(samples, channel, offset);
      return samples;
    });
    await client.request("slice", { offset, channels }, { transfer: channels.map(({ buffer: bytes }) => bytes), signal });
  }
}
