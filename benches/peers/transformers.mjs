// transformers.js: the spectrogram of its CLAP feature extractor (Slaney mel, dB); top_db and DCT by hand.

import { N_FFT, N_MELS, HOP, clip, dctRows } from "./by-hand.mjs";

let transformers;
const extractors = {};

export default {
  name: "transformers.js",
  note: "ClapFeatureExtractor's mel; top_db and DCT by hand",
  async init() {
    transformers = await import("@huggingface/transformers");
    const { env } = transformers;
    env.backends.onnx.wasm.wasmPaths = ["@huggingface/transformers/node_modules/onnxruntime-web", "onnxruntime-web"]
      .map((name) => `/target/bench/node_modules/${name}/dist/`)
      .find((path) => (globalThis.benchFolders ?? []).includes(path));
    env.backends.onnx.wasm.numThreads = 1;
    env.allowRemoteModels = false;
    env.useWasmCache = false;
  },
  async mfcc(pcm, sampleRate) {
    const extractor = (extractors[sampleRate] ??= new transformers.ClapFeatureExtractor({
      fft_window_size: N_FFT,
      nb_frequency_bins: N_FFT / 2 + 1,
      feature_size: N_MELS,
      frequency_min: 0,
      frequency_max: sampleRate / 2,
      sampling_rate: sampleRate,
      hop_length: HOP,
      nb_max_samples: 1e9,
    }));
    // Its padding mirrors; with zeros before and after, what it mirrors is zero, as librosa has it. Two frames at
    // either end are of that.
    const padded = new Float32Array(pcm.length + N_FFT);
    padded.set(pcm, N_FFT / 2);
    const { data, dims } = await extractor._extract_fbank_features(padded, extractor.mel_filters_slaney, null);
    const db = data.subarray(2 * N_MELS, (dims[0] - 2) * N_MELS);
    clip(db);
    return dctRows(db);
  },
};
