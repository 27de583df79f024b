// onnxruntime-web's wasm execution provider, one thread. MFCC is one graph: Pad, STFT, MatMul, Log, MatMul.

const SHAPES = { cnn: [40, 1], rnn: [130, 40], "cnn-2d": [40, 130, 1] };
let ort;
const sessions = {};
const open = (model) => ort.InferenceSession.create(model, { executionProviders: ["wasm"], graphOptimizationLevel: "all" });

export default {
  name: "onnxruntime-web",
  note: "wasm, SIMD, one thread",
  async init() {
    ort = await import("onnxruntime-web/wasm");
    ort.env.wasm.wasmPaths = "/target/bench/node_modules/onnxruntime-web/dist/";
    ort.env.wasm.numThreads = 1;
  },
  async mfcc(pcm, sampleRate) {
    sessions[sampleRate] ??= await open(`/target/bench/models/mfcc_${sampleRate}.onnx`);
    const { y } = await sessions[sampleRate].run({ x: new ort.Tensor("float32", pcm, [1, pcm.length]) });
    return y.data;
  },
  async loadModel(net, spec) {
    sessions[net] = await open(spec.onnx);
  },
  async forward(net, x, batch) {
    return (await sessions[net].run({ x: new ort.Tensor("float32", x, [batch, ...SHAPES[net]]) })).y.data;
  },
};
