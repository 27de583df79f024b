// What is right, computed the slow way in double precision: MFCC as librosa defines them, and the three networks.

import { HOP, N_FFT, N_MELS, N_MFCC, clip, dctMatrix, hann, melBank } from "../peers/by-hand.mjs";

/** |X|² of a real frame, by the textbook's radix-2 transform. */
function power(re) {
  const n = re.length;
  const im = new Float64Array(n);
  for (let i = 1, j = 0; i < n; i += 1) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      const other = re[i];
      re[i] = re[j];
      re[j] = other;
    }
  }
  for (let size = 2; size <= n; size *= 2) {
    const half = size / 2;
    for (let k = 0; k < half; k += 1) {
      const c = Math.cos((-2 * Math.PI * k) / size);
      const s = Math.sin((-2 * Math.PI * k) / size);
      for (let a = k; a < n; a += size) {
        const b = a + half;
        const x = re[b] * c - im[b] * s;
        const y = re[b] * s + im[b] * c;
        re[b] = re[a] - x;
        im[b] = im[a] - y;
        re[a] += x;
        im[a] += y;
      }
    }
  }
  return re.subarray(0, n / 2 + 1).map((value, bin) => value * value + im[bin] * im[bin]);
}

/** librosa.feature.mfcc(n_mfcc=40), frame-major. */
export function mfcc(pcm, sampleRate) {
  const frames = 1 + Math.floor(pcm.length / HOP);
  const [window, bank, dct] = [hann(), melBank(sampleRate), dctMatrix()];
  const ends = bank.map((row) => [row.findIndex((w) => w > 0), row.findLastIndex((w) => w > 0)]);
  const db = new Float64Array(frames * N_MELS);
  for (let t = 0; t < frames; t += 1) {
    const from = t * HOP - N_FFT / 2;
    const spectrum = power(window.map((w, n) => w * (pcm[from + n] ?? 0)));
    bank.forEach((row, m) => {
      let sum = 0;
      for (let bin = ends[m][0]; bin <= ends[m][1]; bin += 1) sum += row[bin] * spectrum[bin];
      db[t * N_MELS + m] = 10 * Math.log10(Math.max(sum, 1e-10));
    });
  }
  clip(db);
  const out = new Float64Array(frames * N_MFCC);
  for (let t = 0; t < frames; t += 1) {
    for (let c = 0; c < N_MFCC; c += 1) {
      let sum = 0;
      for (let m = 0; m < N_MELS; m += 1) sum += dct[c * N_MELS + m] * db[t * N_MELS + m];
      out[t * N_MFCC + c] = sum;
    }
  }
  return out;
}

const relu = (values) => values.map((value) => Math.max(0, value));
const sigmoid = (x) => 1 / (1 + Math.exp(-x));

function softmax(logits) {
  const highest = Math.max(...logits);
  const values = logits.map((logit) => Math.exp(logit - highest));
  const total = values.reduce((a, b) => a + b);
  return values.map((value) => value / total);
}

/** x · kernel + bias; the kernel is [inputs][outputs]. */
function dense(x, { kernel, bias }) {
  const outputs = bias.length;
  return Float64Array.from({ length: outputs }, (_, o) => x.reduce((sum, value, i) => sum + value * kernel[i * outputs + o], bias[o]));
}

/** A convolution of an image [height][width][channels] that keeps its size; the kernel is [kh][kw][inputs][outputs]. */
function convolve(image, [height, width, channels], [kh, kw], { kernel, bias }) {
  const outputs = bias.length;
  const out = new Float64Array(height * width * outputs);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const sums = out.subarray((y * width + x) * outputs, (y * width + x + 1) * outputs);
      sums.set(bias);
      for (let dy = 0; dy < kh; dy += 1) {
        for (let dx = 0; dx < kw; dx += 1) {
          const [sy, sx] = [y + dy - (kh >> 1), x + dx - (kw >> 1)];
          if (sy < 0 || sy >= height || sx < 0 || sx >= width) continue;
          for (let c = 0; c < channels; c += 1) {
            const value = image[(sy * width + sx) * channels + c];
            const row = ((dy * kw + dx) * channels + c) * outputs;
            for (let o = 0; o < outputs; o += 1) sums[o] += value * kernel[row + o];
          }
        }
      }
    }
  }
  return out;
}

function pool(image, [height, width, channels], [ph, pw]) {
  const [h, w] = [Math.floor(height / ph), Math.floor(width / pw)];
  const out = new Float64Array(h * w * channels).fill(-Infinity);
  for (let y = 0; y < h * ph; y += 1) {
    for (let x = 0; x < w * pw; x += 1) {
      for (let c = 0; c < channels; c += 1) {
        const place = (Math.floor(y / ph) * w + Math.floor(x / pw)) * channels + c;
        out[place] = Math.max(out[place], image[(y * width + x) * channels + c]);
      }
    }
  }
  return out;
}

/** Probabilities that a network of networks.mjs gives for one input. */
export function forward({ name, layers }, input) {
  const x = Float64Array.from(input);
  if (name === "cnn") {
    const [first, second, last] = layers;
    const early = pool(relu(convolve(x, [1, 40, 1], [1, 5], first)), [1, 40, 128], [1, 8]);
    return softmax(dense(relu(convolve(early, [1, 5, 128], [1, 5], second)), last));
  }
  if (name === "rnn") return softmax(lstm(x, layers));
  let image = x;
  let size = [40, 130, 1];
  for (const block of layers.slice(0, 3)) {
    const outputs = block.bias.length;
    const factor = block.gamma.map((gamma, o) => gamma / Math.sqrt(block.variance[o] + 1e-3));
    image = convolve(image, size, [3, 3], block).map((value, i) => {
      const o = i % outputs;
      return Math.max(0, (value - block.mean[o]) * factor[o] + block.beta[o]);
    });
    size = [size[0], size[1], outputs];
    if (outputs < 128) {
      image = pool(image, size, [2, 2]);
      size = [size[0] >> 1, size[1] >> 1, outputs];
    }
  }
  const places = size[0] * size[1];
  const means = new Float64Array(size[2]);
  image.forEach((value, i) => (means[i % size[2]] += value / places));
  return softmax(dense(means, layers[3]));
}

/** Keras' LSTM (gates in the order i, f, g, o) over 130 steps of 40 values, then four dense layers. */
function lstm(x, [{ kernel, recurrent, bias }, ...rest]) {
  const units = 40;
  let [h, c] = [new Float64Array(units), new Float64Array(units)];
  for (let t = 0; t < 130; t += 1) {
    const fromInput = dense(x.subarray(t * 40, t * 40 + 40), { kernel, bias });
    const gates = dense(h, { kernel: recurrent, bias: fromInput });
    c = c.map((before, u) => sigmoid(gates[units + u]) * before + sigmoid(gates[u]) * Math.tanh(gates[2 * units + u]));
    h = c.map((cell, u) => sigmoid(gates[3 * units + u]) * Math.tanh(cell));
  }
  return rest.reduce((values, layer, i) => (i < rest.length - 1 ? relu(dense(values, layer)) : dense(values, layer)), h);
}
