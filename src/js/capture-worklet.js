// @ts-check
/**
 * Takes the microphone's samples off the audio thread: mono blocks of about 30 ms to the worker, and their level to
 * the page. The blocks of 128 frames that arrive here would be 375 messages a second.
 */

const BATCH_S = 0.03;

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.batch = new Float32Array(Math.ceil((sampleRate * BATCH_S) / 128) * 128);
    this.filled = 0;
    this.frames = 0;
    this.running = true;
    this.paused = false;
    /** Straight to the worker; what arrives before it does is dropped. @type {MessagePort | null} */
    this.sink = null;
    this.port.onmessage = ({ data }) => {
      if (data === "stop") {
        this.running = false;
        this.sink?.close();
        this.sink = null;
      } else if (data === "pause" || data === "resume") {
        this.paused = data === "pause";
      } else {
        this.sink = data;
      }
    };
  }

  /** @param {Float32Array[][]} inputs */
  process([channels]) {
    // No channels: the source is muted or has just ended. Time goes on, so silence stands for it.
    const count = channels.length;
    const frames = count > 0 ? channels[0].length : 128;
    if (!this.sink || this.paused) return this.running;
    for (let i = 0; i < frames; i++) {
      let sum = 0;
      for (let c = 0; c < count; c++) sum += channels[c][i];
      this.batch[this.filled++] = count > 1 ? sum / count : sum;
      if (this.filled === this.batch.length) this.flush();
    }
    return this.running;
  }

  flush() {
    let peak = 0;
    let power = 0;
    for (const sample of this.batch) {
      peak = Math.max(peak, Math.abs(sample));
      power += sample * sample;
    }
    this.frames += this.batch.length;
    this.port.postMessage({ peak, rms: Math.sqrt(power / this.batch.length), heardS: this.frames / sampleRate });
    const full = this.batch;
    this.batch = new Float32Array(full.length);
    this.filled = 0;
    this.sink?.postMessage(full, [full.buffer]);
  }
}

registerProcessor("capture", Capture);
