// The Rust crate mel_spec in wasm (SIMD, RustFFT with wasm_simd); see melspec/.

let wasm;

export default {
  name: "mel_spec (Rust)",
  note: "BatchLogMelSpectrogram; top_db and DCT added in Rust",
  async init() {
    wasm = (await WebAssembly.instantiateStreaming(fetch("/target/bench/bench_melspec.wasm"), {})).instance.exports;
  },
  async mfcc(pcm, sampleRate) {
    const samples = wasm.alloc(pcm.length);
    new Float32Array(wasm.memory.buffer, samples, pcm.length).set(pcm);
    const values = wasm.run(samples, pcm.length, sampleRate);
    const length = 40 * (1 + Math.floor(pcm.length / 512));
    const data = new Float32Array(wasm.memory.buffer, values, length).slice();
    wasm.dealloc(values, length);
    return data;
  },
};
