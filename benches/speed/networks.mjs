// The three networks of the comparison with the same random weights for everybody: as safetensors with PyTorch's names
// (songmood), as ONNX (onnxruntime) and in Keras' order and layout (TensorFlow.js).

import { dctMatrix, hann, melBank } from "../peers/by-hand.mjs";
import { onnx } from "./onnx.mjs";

let state = 7;
const uniform = () => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) + 0.5) / 2 ** 32;
const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
const random = (length, spread, mean = 0) => Float32Array.from({ length }, () => mean + spread * normal());

/** A kernel [...inputs][outputs] and a bias. */
const layer = (inputs, outputs) => ({ kernel: random(inputs * outputs, Math.sqrt(2 / inputs)), bias: random(outputs, 0.05) });

/** [rows][columns] turned. */
const turned = (values, columns) => {
  const rows = values.length / columns;
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
};
/** A convolution's kernel, from Keras' [taps][inputs][outputs] to [outputs][inputs][taps]. */
const outputsFirst = (values, taps, inputs) => {
  const outputs = values.length / taps / inputs;
  return values.map((_, i) => values[((i % taps) * inputs + (Math.floor(i / taps) % inputs)) * outputs + Math.floor(i / taps / inputs)]);
};
const whole = (...values) => ({ shape: [values.length], values: BigInt64Array.from(values, BigInt) });
const tensor = (values, ...shape) => ({ shape, values });

function cnn() {
  const layers = [layer(5, 128), layer(5 * 128, 128), layer(640, 8)];
  const [a, b, c] = layers;
  const kernels = [outputsFirst(a.kernel, 5, 1), outputsFirst(b.kernel, 5, 128)];
  // PyTorch flattens [channel][place], Keras [place][channel].
  const flat = c.kernel.map((_, i) => {
    const [output, channel, place] = [Math.floor(i / 640), Math.floor((i % 640) / 5), i % 5];
    return c.kernel[(place * 128 + channel) * 8 + output];
  });
  return {
    name: "cnn",
    shape: [40, 1],
    layers,
    keras: [tensor(a.kernel, 5, 1, 128), tensor(a.bias, 128), tensor(b.kernel, 5, 128, 128), tensor(b.bias, 128), tensor(c.kernel, 640, 8), tensor(c.bias, 8)],
    pytorch: {
      "conv1.weight": tensor(kernels[0], 128, 1, 5),
      "conv1.bias": tensor(a.bias, 128),
      "conv2.weight": tensor(kernels[1], 128, 128, 5),
      "conv2.bias": tensor(b.bias, 128),
      "dense.weight": tensor(flat, 8, 640),
      "dense.bias": tensor(c.bias, 8),
    },
    nodes: [
      ["Transpose", ["x"], ["xt"], { perm: [0, 2, 1] }],
      ["Conv", ["xt", "k1", "b1"], ["c1"], { kernel_shape: [5], pads: [2, 2] }],
      ["Relu", ["c1"], ["r1"]],
      ["MaxPool", ["r1"], ["p1"], { kernel_shape: [8], strides: [8] }],
      ["Conv", ["p1", "k2", "b2"], ["c2"], { kernel_shape: [5], pads: [2, 2] }],
      ["Relu", ["c2"], ["r2"]],
      ["Transpose", ["r2"], ["t"], { perm: [0, 2, 1] }],
      ["Flatten", ["t"], ["f"]],
      ["Gemm", ["f", "k3", "b3"], ["l"]],
      ["Softmax", ["l"], ["y"], { axis: 1 }],
    ],
    constants: {
      k1: tensor(kernels[0], 128, 1, 5), b1: tensor(a.bias, 128), k2: tensor(kernels[1], 128, 128, 5), b2: tensor(b.bias, 128),
      k3: tensor(c.kernel, 640, 8), b3: tensor(c.bias, 8),
    },
  };
}

function rnn() {
  const units = 40;
  const lstm = { ...layer(40, 4 * units), recurrent: random(units * 4 * units, Math.sqrt(2 / units) / 2) };
  const dense = [[40, 40], [40, 20], [20, 10], [10, 8]].map(([inputs, outputs]) => ({ inputs, ...layer(inputs, outputs) }));
  // Keras and PyTorch: i, f, g, o. ONNX: i, o, f, g.
  const reordered = (values) => values.map((_, i) => {
    const [row, column] = [Math.floor(i / (4 * units)), i % (4 * units)];
    return values[row * 4 * units + [0, 3, 1, 2][Math.floor(column / units)] * units + (column % units)];
  });
  const none = new Float32Array(4 * units);
  return {
    name: "rnn",
    shape: [130, 40],
    layers: [lstm, ...dense],
    keras: [tensor(lstm.kernel, 40, 160), tensor(lstm.recurrent, 40, 160), tensor(lstm.bias, 160), ...dense.flatMap(({ inputs, kernel, bias }) => [tensor(kernel, inputs, bias.length), tensor(bias, bias.length)])],
    pytorch: {
      "lstm.weight_ih_l0": tensor(turned(lstm.kernel, 160), 160, 40),
      "lstm.weight_hh_l0": tensor(turned(lstm.recurrent, 160), 160, 40),
      "lstm.bias_ih_l0": tensor(lstm.bias, 160),
      "lstm.bias_hh_l0": tensor(none, 160),
      ...Object.fromEntries(dense.flatMap(({ inputs, kernel, bias }, i) => [
        [`dense${i + 1}.weight`, tensor(turned(kernel, bias.length), bias.length, inputs)],
        [`dense${i + 1}.bias`, tensor(bias, bias.length)],
      ])),
    },
    nodes: [
      ["Transpose", ["x"], ["xt"], { perm: [1, 0, 2] }],
      ["LSTM", ["xt", "w", "r", "b"], ["", "h"], { hidden_size: units }],
      ["Squeeze", ["h", "first"], ["d0"]],
      ...dense.flatMap((_, i) => [
        ["Gemm", [`d${i}`, `k${i}`, `b${i}`], [`g${i}`]],
        i < 3 ? ["Relu", [`g${i}`], [`d${i + 1}`]] : ["Softmax", [`g${i}`], ["y"], { axis: 1 }],
      ]),
    ],
    constants: {
      w: tensor(turned(reordered(lstm.kernel), 160), 1, 160, 40),
      r: tensor(turned(reordered(lstm.recurrent), 160), 1, 160, 40),
      b: tensor(Float32Array.of(...reordered(lstm.bias), ...none), 1, 320),
      first: whole(0),
      ...Object.fromEntries(dense.flatMap(({ inputs, kernel, bias }, i) => [[`k${i}`, tensor(kernel, inputs, bias.length)], [`b${i}`, tensor(bias, bias.length)]])),
    },
  };
}

function cnn2d() {
  const channels = [1, 32, 64, 128];
  const blocks = channels.slice(1).map((outputs, i) => ({
    ...layer(9 * channels[i], outputs),
    inputs: channels[i],
    gamma: random(outputs, 0.05, 1),
    beta: random(outputs, 0.05),
    mean: random(outputs, 0.05),
    variance: random(outputs, 0.05).map((value) => 1 + Math.abs(value)),
  }));
  const last = layer(128, 8);
  const kernels = blocks.map(({ kernel, inputs }) => outputsFirst(kernel, 9, inputs));
  const vector = (values) => tensor(values, values.length);
  return {
    name: "cnn-2d",
    shape: [40, 130, 1],
    layers: [...blocks, last],
    keras: [
      ...blocks.flatMap(({ kernel, inputs, ...b }) => [tensor(kernel, 3, 3, inputs, b.bias.length), ...[b.bias, b.gamma, b.beta, b.mean, b.variance].map(vector)]),
      tensor(last.kernel, 128, 8), vector(last.bias),
    ],
    pytorch: {
      ...Object.fromEntries(blocks.flatMap(({ inputs, bias, gamma, beta, mean, variance }, i) => [
        [`blocks.${i}.conv.weight`, tensor(kernels[i], bias.length, inputs, 3, 3)],
        [`blocks.${i}.conv.bias`, vector(bias)],
        [`blocks.${i}.norm.weight`, vector(gamma)],
        [`blocks.${i}.norm.bias`, vector(beta)],
        [`blocks.${i}.norm.running_mean`, vector(mean)],
        [`blocks.${i}.norm.running_var`, vector(variance)],
      ])),
      "dense.weight": tensor(turned(last.kernel, 8), 8, 128),
      "dense.bias": vector(last.bias),
    },
    nodes: [
      ["Transpose", ["x"], ["a0"], { perm: [0, 3, 1, 2] }],
      ...blocks.flatMap((_, i) => [
        ["Conv", [`a${i}`, `k${i}`, `b${i}`], [`c${i}`], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }],
        ["BatchNormalization", [`c${i}`, `gamma${i}`, `beta${i}`, `mean${i}`, `variance${i}`], [`n${i}`], {}],
        ["Relu", [`n${i}`], [`r${i}`]],
        i < 2 ? ["MaxPool", [`r${i}`], [`a${i + 1}`], { kernel_shape: [2, 2], strides: [2, 2] }] : ["GlobalAveragePool", ["r2"], ["gp"]],
      ]),
      ["Flatten", ["gp"], ["f"]],
      ["Gemm", ["f", "kd", "bd"], ["l"]],
      ["Softmax", ["l"], ["y"], { axis: 1 }],
    ],
    constants: {
      kd: tensor(last.kernel, 128, 8), bd: vector(last.bias),
      ...Object.fromEntries(blocks.flatMap(({ inputs, bias, gamma, beta, mean, variance }, i) => [
        [`k${i}`, tensor(kernels[i], bias.length, inputs, 3, 3)], [`b${i}`, vector(bias)],
        // ONNX adds 1e-5 to the variance by default, Keras 1e-3.
        [`gamma${i}`, vector(gamma)], [`beta${i}`, vector(beta)], [`mean${i}`, vector(mean)], [`variance${i}`, vector(variance.map((v) => v + 1e-3 - 1e-5))],
      ])),
    },
  };
}

/** A safetensors file. */
function safetensors(tensors) {
  const header = {};
  let end = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype: "F32", shape, data_offsets: [end, (end += values.byteLength)] };
  }
  const text = Buffer.from(JSON.stringify(header).padEnd(Math.ceil(JSON.stringify(header).length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, ...Object.values(tensors).map(({ values }) => Buffer.from(values.buffer))]);
}

/** MFCC as one graph: Pad, STFT, power, mel, dB with top_db 80, DCT. */
export function mfccGraph(sampleRate) {
  const bank = melBank(sampleRate);
  const bins = bank[0].length;
  const mel = Float32Array.from({ length: bins * 128 }, (_, i) => bank[i % 128][Math.floor(i / 128)]);
  const number = (value) => ({ shape: [], values: Float32Array.of(value) });
  return onnx({
    input: [1, "samples"],
    output: [1, "frames", 40],
    nodes: [
      ["Pad", ["x", "pads"], ["xp"]],
      ["STFT", ["xp", "hop", "window", "n_fft"], ["stft"], { onesided: 1 }],
      ["Mul", ["stft", "stft"], ["squares"]],
      ["ReduceSum", ["squares", "last"], ["power"], { keepdims: 0 }],
      ["MatMul", ["power", "mel"], ["m"]],
      ["Max", ["m", "least"], ["above"]],
      ["Log", ["above"], ["ln"]],
      ["Mul", ["ln", "to_db"], ["db"]],
      ["ReduceMax", ["db"], ["highest"], { keepdims: 0 }],
      ["Sub", ["highest", "range"], ["floor"]],
      ["Max", ["db", "floor"], ["clipped"]],
      ["MatMul", ["clipped", "dct"], ["y"]],
    ],
    constants: {
      pads: whole(0, 1024, 0, 1024),
      hop: { shape: [], values: BigInt64Array.of(512n) },
      n_fft: { shape: [], values: BigInt64Array.of(2048n) },
      last: whole(3),
      window: tensor(Float32Array.from(hann()), 2048),
      mel: tensor(mel, bins, 128),
      dct: tensor(turned(Float32Array.from(dctMatrix()), 128), 128, 40),
      least: number(1e-10),
      to_db: number(10 / Math.LN10),
      range: number(80),
    },
  });
}

/** The networks with everybody's files, and 64 inputs for each. */
export function networks() {
  return [cnn(), rnn(), cnn2d()].map((network) => ({
    ...network,
    inputs: random(64 * network.shape.reduce((a, b) => a * b), 1),
    safetensors: safetensors(network.pytorch),
    onnx: onnx({ input: ["batch", ...network.shape], output: ["batch", 8], nodes: network.nodes, constants: network.constants }),
  }));
}
