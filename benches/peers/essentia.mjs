// essentia.js (wasm without SIMD): Windowing, Spectrum and MFCC frame by frame, set as near to librosa as its API allows.

import { HOP, N_FFT, N_MELS, N_MFCC, centred } from "./by-hand.mjs";

let module;
let essentia;

const script = (src) =>
  new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement("script"), { src, onload: resolve, onerror: reject });
    document.head.append(element);
  });

export default {
  name: "essentia.js",
  note: "Windowing, Spectrum, MFCC per frame; 128 slaneyMel bands, dbpow",
  async init() {
    await script("/target/bench/node_modules/essentia.js/dist/essentia-wasm.web.js");
    module = await globalThis.EssentiaWASM();
    essentia = new module.EssentiaJS(false);
  },
  async mfcc(pcm, sampleRate) {
    const { padded, frames } = centred(pcm);
    const data = new Float32Array(frames * N_MFCC);
    for (let t = 0; t < frames; t += 1) {
      const samples = module.arrayToVector(padded.subarray(t * HOP, t * HOP + N_FFT));
      const { frame } = essentia.Windowing(samples, false, N_FFT, "hann", 0, false);
      const { spectrum } = essentia.Spectrum(frame, N_FFT);
      const { bands, mfcc } = essentia.MFCC(
        spectrum, 2, sampleRate / 2, N_FFT / 2 + 1, 0, "dbpow", 0, "unit_tri", N_MELS, N_MFCC, sampleRate, 1e-10, "power", "slaneyMel", "linear",
      );
      data.set(module.vectorToArray(mfcc), t * N_MFCC);
      for (const vector of [samples, frame, spectrum, bands, mfcc]) vector.delete();
    }
    return data;
  },
};
