// TensorFlow.js' wasm backend, one thread. It has no Fourier transform, so MFCC multiplies by the matrix of the DFT.

import { HOP, N_FFT, N_MELS, N_MFCC, centred, dctMatrix, hann, melBank } from "./by-hand.mjs";

const BINS = N_FFT / 2 + 1;
/** Frames at a time: three minutes in one tensor would take a matrix of 64 MB. */
const CHUNK = 512;
let tf;
let layers;
const networks = {};
const constants = {};

function constantsFor(sampleRate) {
  return (constants[sampleRate] ??= (() => {
    const window = hann();
    const dft = new Float32Array(N_FFT * 2 * BINS);
    for (let n = 0; n < N_FFT; n += 1) {
      for (let bin = 0; bin < BINS; bin += 1) {
        const angle = (2 * Math.PI * ((n * bin) % N_FFT)) / N_FFT;
        dft[n * 2 * BINS + bin] = window[n] * Math.cos(angle);
        dft[n * 2 * BINS + BINS + bin] = window[n] * Math.sin(angle);
      }
    }
    return {
      dft: tf.tensor2d(dft, [N_FFT, 2 * BINS]),
      mel: tf.transpose(tf.tensor2d(melBank(sampleRate).flatMap((row) => [...row]), [N_MELS, BINS])),
      dct: tf.transpose(tf.tensor2d(Float32Array.from(dctMatrix()), [N_MFCC, N_MELS])),
    };
  })());
}

/** Keras' layers of a network. */
function build(net, inputShape) {
  const model = layers.sequential();
  const { layers: l } = layers;
  const dense = (units, activation) => model.add(l.dense({ units, activation }));
  if (net === "cnn") {
    const conv = (options) => model.add(l.conv1d({ filters: 128, kernelSize: 5, padding: "same", activation: "relu", ...options }));
    conv({ inputShape });
    model.add(l.maxPooling1d({ poolSize: 8, strides: 8 }));
    conv({});
    model.add(l.flatten());
  } else if (net === "rnn") {
    model.add(l.lstm({ units: 40, recurrentActivation: "sigmoid", inputShape }));
    for (const units of [40, 20, 10]) dense(units, "relu");
  } else {
    [32, 64, 128].forEach((filters, i) => {
      model.add(l.conv2d({ filters, kernelSize: 3, padding: "same", ...(i === 0 && { inputShape }) }));
      model.add(l.batchNormalization({ epsilon: 1e-3 }));
      model.add(l.reLU());
      if (i < 2) model.add(l.maxPooling2d({ poolSize: 2 }));
    });
    model.add(l.globalAveragePooling2d({}));
  }
  dense(8, "softmax");
  return model;
}

export default {
  name: "TensorFlow.js",
  note: "wasm, SIMD, one thread; DFT as a matrix product",
  async init() {
    tf = await import("@tensorflow/tfjs-core");
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    setWasmPaths("/target/bench/node_modules/@tensorflow/tfjs-backend-wasm/dist/");
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    if (!(await tf.setBackend("wasm"))) throw new Error("the wasm backend did not start");
    await tf.ready();
  },
  async mfcc(pcm, sampleRate) {
    const { padded, frames } = centred(pcm);
    const { dft, mel, dct } = constantsFor(sampleRate);
    const parts = [];
    for (let first = 0; first < frames; first += CHUNK) {
      const count = Math.min(CHUNK, frames - first);
      const part = tf.tidy(() => {
        const x = new Float32Array(count * N_FFT);
        for (let t = 0; t < count; t += 1) x.set(padded.subarray((first + t) * HOP, (first + t) * HOP + N_FFT), t * N_FFT);
        const squares = tf.square(tf.matMul(tf.tensor2d(x, [count, N_FFT]), dft));
        const power = tf.add(tf.slice(squares, [0, 0], [count, BINS]), tf.slice(squares, [0, BINS], [count, BINS]));
        return tf.matMul(power, mel);
      });
      parts.push(part);
    }
    const y = tf.tidy(() => {
      const db = tf.mul(tf.log(tf.maximum(tf.concat(parts), 1e-10)), 10 / Math.LN10);
      return tf.matMul(tf.maximum(db, tf.sub(tf.max(db), 80)), dct);
    });
    tf.dispose(parts);
    const data = await y.data();
    y.dispose();
    return data;
  },
  async loadModel(net, spec) {
    layers ??= await import("@tensorflow/tfjs-layers");
    await import("@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops");
    const model = build(net, spec.shape);
    let next = 0;
    for (const layer of model.layers) {
      const count = layer.getWeights().length;
      if (count > 0) layer.setWeights(spec.keras.slice(next, next + count).map(({ values, shape }) => tf.tensor(values, shape)));
      next += count;
    }
    networks[net] = { model, shape: spec.shape };
  },
  async forward(net, x, batch) {
    const { model, shape } = networks[net];
    const y = tf.tidy(() => model.predict(tf.tensor(x, [batch, ...shape])));
    const data = await y.data();
    y.dispose();
    return data;
  },
};
