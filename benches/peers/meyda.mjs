// Meyda (JavaScript alone), frame by frame. Its mel scale, logarithm and DCT are not librosa's.

import { HOP, N_FFT, N_MELS, N_MFCC, centred } from "./by-hand.mjs";

let meyda;

export default {
  name: "Meyda",
  note: "extract(\"mfcc\") per frame, 128 bands; natural logarithm, here in dB",
  async init() {
    meyda = (await import("meyda")).default;
    Object.assign(meyda, { bufferSize: N_FFT, melBands: N_MELS, numberOfMFCCCoefficients: N_MFCC, windowingFunction: "hanning" });
  },
  async mfcc(pcm, sampleRate) {
    meyda.sampleRate = sampleRate;
    const { padded, frames } = centred(pcm);
    const data = new Float32Array(frames * N_MFCC);
    for (let t = 0; t < frames; t += 1) data.set(meyda.extract("mfcc", padded.subarray(t * HOP, t * HOP + N_FFT)), t * N_MFCC);
    return data.map((value) => (value * 10) / Math.LN10);
  },
};
