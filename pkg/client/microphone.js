// @ts-check
/** The microphone: opened as raw as the browser gives it, its samples sent to a port, closed without a trace. */

import { workletAddress } from "../files.js";
import { ClientError } from "./errors.js";

/** @typedef {import("./types.d.ts").Level} Level */
/** @typedef {import("./types.d.ts").Granted} Granted */

/** Calls and games want these; a listener to moods does not: they flatten what tells moods apart. */
const WANTED = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** @param {unknown} error @param {string} device the one that was asked for, "" for any */
function refusal(error, device) {
  const { name = "", message = "" } = error instanceof Error ? error : {};
  if (device && (name === "NotFoundError" || name === "OverconstrainedError")) return new ClientError("mic-chosen-gone");
  if (name === "NotAllowedError" || name === "SecurityError") return new ClientError("mic-denied");
  if (name === "NotFoundError" || name === "OverconstrainedError") return new ClientError("mic-none");
  if (name === "NotReadableError" || name === "AbortError") return new ClientError("mic-busy", message);
  return new ClientError("mic-busy", `${name} ${message}`.trim());
}

/** Firefox starts no audio on a computer without a sound output, and never says so. */
const STARTS_WITHIN_MS = 10_000;

/** @param {AudioContext} context @returns {Promise<void>} */
function started(context) {
  return new Promise((resolve, reject) => {
    const late = () => reject(new ClientError("mic-busy", "the browser's audio did not start; some browsers need a sound output (speakers, headphones) even to listen"));
    const timer = setTimeout(late, STARTS_WITHIN_MS);
    context.resume().then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/**
 * The devices to choose from. Their names are told only once the microphone was allowed, and are empty before.
 * @returns {Promise<{ id: string, name: string }[]>}
 */
export async function devices() {
  const all = await navigator.mediaDevices.enumerateDevices();
  return all.filter(({ kind, deviceId }) => kind === "audioinput" && deviceId).map(({ deviceId, label }) => ({ id: deviceId, name: label }));
}

/** @param {string} device its id, "" for the system's own choice @returns {Promise<MediaStream>} */
async function streamOf(device) {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: device ? { ...WANTED, deviceId: { exact: device } } : WANTED });
  } catch (error) {
    throw refusal(error, device);
  }
}

export class Microphone {
  /** @type {MediaStream | null} */
  #stream = null;
  /** A stream that somebody else opened, and closes. @type {MediaStream | null} */
  #given = null;
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {AudioWorkletNode | null} */
  #capture = null;
  /** @type {MediaStreamAudioSourceNode | null} */
  #source = null;

  /** Called about 30 times a second while on. @type {(level: Level) => void} */
  onLevel = () => {};
  /** Called when the microphone ends by itself. @type {(error: ClientError) => void} */
  onGone = () => {};

  /** @param {string | URL} [worklet] address of capture-worklet.js */
  constructor(worklet = workletAddress()) {
    this.worklet = worklet;
  }

  /**
   * Asks for the microphone and gets ready; no sample flows before `flow`.
   * @param {string | MediaStream} [source] the microphone's id, "" for the system's own choice; or a stream
   * @returns {Promise<Granted>}
   */
  async open(source = "") {
    const asks = typeof source === "string";
    if (!window.isSecureContext || (asks && !navigator.mediaDevices?.getUserMedia)) throw new ClientError("insecure-context");
    if (typeof AudioWorkletNode !== "function") throw new ClientError("no-worklet");
    if (!asks && source.getAudioTracks().length === 0) throw new ClientError("invalid-source", "the stream has no audio track");
    const stream = asks ? await streamOf(source) : source;
    this.#stream = stream;
    if (!asks) this.#given = stream;
    try {
      return await this.#prepare(stream);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** @param {MediaStream} stream @returns {Promise<Granted>} */
  async #prepare(stream) {
    // The device's own rate: songmood's resampler is the one that training used.
    const context = new AudioContext();
    this.#context = context;
    try {
      await context.audioWorklet.addModule(this.worklet);
    } catch (error) {
      throw new ClientError("no-worklet", error instanceof Error ? error.message : String(error));
    }
    await started(context);
    this.#capture = new AudioWorkletNode(context, "capture", { numberOfInputs: 1, numberOfOutputs: 0 });
    this.#capture.port.onmessage = ({ data }) => this.onLevel(data);
    context.addEventListener("statechange", () => {
      if (context.state !== "running") this.#end("mic-stopped");
    });
    return this.#connect(stream, context, this.#capture);
  }

  /** @param {MediaStream} stream @param {AudioContext} context @param {AudioWorkletNode} capture @returns {Granted} */
  #connect(stream, context, capture) {
    this.#source = context.createMediaStreamSource(stream);
    this.#source.connect(capture);
    const [track] = stream.getAudioTracks();
    track.addEventListener("ended", () => {
      if (this.#stream === stream) this.#end("mic-gone");
    });
    const settings = track.getSettings();
    return { device: track.label, deviceId: settings.deviceId ?? "", contextRate: context.sampleRate, settings };
  }

  /**
   * Goes on with another device; where that fails, with the one before.
   * @param {string} device its id
   * @returns {Promise<Granted | null>} null where the microphone was closed meanwhile
   */
  async use(device) {
    const stream = await streamOf(device);
    const [context, capture, before] = [this.#context, this.#capture, this.#stream];
    if (!context || !capture) {
      for (const track of stream.getTracks()) track.stop();
      return null;
    }
    this.#source?.disconnect();
    this.#stream = stream;
    this.#letGo(before);
    return this.#connect(stream, context, capture);
  }

  /** Lets nothing through for a while: time stands still for whoever listens. @param {boolean} paused */
  pause(paused) {
    this.#capture?.port.postMessage(paused ? "pause" : "resume");
  }

  /** Lets the samples flow into `port`, from now on. @param {MessagePort} port */
  flow(port) {
    this.#capture?.port.postMessage(port, [port]);
  }

  /** @param {string} code */
  #end(code) {
    if (!this.#stream) return;
    this.close();
    this.onGone(new ClientError(code));
  }

  /** Stops the track, so that the browser's recording sign goes out. */
  close() {
    const [stream, context, capture] = [this.#stream, this.#context, this.#capture];
    this.#stream = this.#context = this.#capture = this.#source = null;
    capture?.port.postMessage("stop");
    capture?.disconnect();
    this.#letGo(stream);
    void context?.close();
  }

  /** @param {MediaStream | null} stream */
  #letGo(stream) {
    if (stream === this.#given) return;
    for (const track of stream?.getTracks() ?? []) track.stop();
  }
}
