// @ts-check
/** The microphone: opened as raw as the browser gives it, its samples sent to a port, closed without a trace. */

import { PageError } from "./errors.js";

/** @typedef {{ rms: number, peak: number, heardS: number }} Level amplitudes 0 … 1, and seconds heard so far */
/** @typedef {{ device: string, contextRate: number, settings: MediaTrackSettings }} Granted */

/** Calls and games want these; a listener to moods does not: they flatten what tells moods apart. */
const WANTED = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** @param {unknown} error */
function refusal(error) {
  const { name = "", message = "" } = error instanceof Error ? error : {};
  if (name === "NotAllowedError" || name === "SecurityError") return new PageError("mic-denied");
  if (name === "NotFoundError" || name === "OverconstrainedError") return new PageError("mic-none");
  if (name === "NotReadableError" || name === "AbortError") return new PageError("mic-busy", message);
  return new PageError("mic-busy", `${name} ${message}`.trim());
}

export class Microphone {
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {AudioWorkletNode | null} */
  #capture = null;

  /** Called about 30 times a second while on. @type {(level: Level) => void} */
  onLevel = () => {};
  /** Called when the microphone ends by itself. @type {(error: PageError) => void} */
  onGone = () => {};

  /**
   * Asks for the microphone and gets ready; no sample flows before `flow`.
   * @returns {Promise<Granted>}
   */
  async open() {
    if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) throw new PageError("insecure-context");
    if (typeof AudioWorkletNode !== "function") throw new PageError("no-worklet");
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({ audio: WANTED });
    } catch (error) {
      throw refusal(error);
    }
    try {
      return await this.#prepare(this.#stream);
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
      await context.audioWorklet.addModule(new URL("./capture-worklet.js", import.meta.url));
    } catch (error) {
      throw new PageError("no-worklet", error instanceof Error ? error.message : String(error));
    }
    await context.resume();
    this.#capture = new AudioWorkletNode(context, "capture", { numberOfInputs: 1, numberOfOutputs: 0 });
    this.#capture.port.onmessage = ({ data }) => this.onLevel(data);
    context.createMediaStreamSource(stream).connect(this.#capture);

    const [track] = stream.getAudioTracks();
    track.addEventListener("ended", () => this.#end("mic-gone"));
    context.addEventListener("statechange", () => {
      if (context.state !== "running") this.#end("mic-stopped");
    });
    return { device: track.label, contextRate: context.sampleRate, settings: track.getSettings() };
  }

  /** Lets the samples flow into `port`, from now on. @param {MessagePort} port */
  flow(port) {
    this.#capture?.port.postMessage(port, [port]);
  }

  /** @param {string} code */
  #end(code) {
    if (!this.#stream) return;
    this.close();
    this.onGone(new PageError(code));
  }

  /** Stops the track, so that the browser's recording sign goes out. */
  close() {
    const [stream, context, capture] = [this.#stream, this.#context, this.#capture];
    this.#stream = this.#context = this.#capture = null;
    capture?.port.postMessage("stop");
    capture?.disconnect();
    for (const track of stream?.getTracks() ?? []) track.stop();
    void context?.close();
  }
}
