// Sound made here, the same every time, and the file formats that carry it between programs.

/**
 * A voice-like tone with vibrato, a swell and some noise.
 *
 * @param {{ seconds: number, sampleRate: number, pitch?: number, noise?: number, seed?: number }} sound
 * @returns {Float32Array} mono, within −1 … 1
 */
export function tune({ seconds, sampleRate, pitch = 220, noise = 0.02, seed = 1 }) {
  const pcm = new Float32Array(Math.round(seconds * sampleRate));
  let state = seed >>> 0;
  let phase = 0;
  for (let i = 0; i < pcm.length; i += 1) {
    const t = i / sampleRate;
    phase += (2 * Math.PI * pitch * (1 + 0.02 * Math.sin(2 * Math.PI * 5.5 * t))) / sampleRate;
    let value = 0;
    for (let harmonic = 1; harmonic <= 8; harmonic += 1) value += Math.sin(harmonic * phase) / harmonic;
    // A linear congruential generator, Numerical Recipes' constants.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const swell = 0.6 + 0.4 * Math.sin(2 * Math.PI * 0.7 * t);
    pcm[i] = 0.3 * swell * value + noise * (state / 2 ** 31 - 1);
  }
  return pcm;
}

/**
 * A mono WAV file of 32-bit floats, which keeps every sample as it is.
 *
 * @param {Float32Array} pcm
 * @param {number} sampleRate
 */
export function wav(pcm, sampleRate) {
  const bytes = Buffer.alloc(44 + 4 * pcm.length);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(3, 20); // IEEE float
  bytes.writeUInt16LE(1, 22); // channels
  bytes.writeUInt32LE(sampleRate, 24);
  bytes.writeUInt32LE(4 * sampleRate, 28);
  bytes.writeUInt16LE(4, 32); // bytes per frame
  bytes.writeUInt16LE(32, 34); // bits per sample
  bytes.write("data", 36);
  bytes.writeUInt32LE(4 * pcm.length, 40);
  pcm.forEach((value, i) => bytes.writeFloatLE(value, 44 + 4 * i));
  return bytes;
}

/**
 * Reads a NumPy array of little-endian f32 in C order.
 *
 * @param {Buffer} bytes
 * @returns {{ shape: number[], data: Float32Array }}
 */
export function readNpy(bytes) {
  if (bytes.toString("latin1", 0, 6) !== "\x93NUMPY") throw new Error("not an .npy file");
  const [start, length] = bytes[6] === 1 ? [10, bytes.readUInt16LE(8)] : [12, bytes.readUInt32LE(8)];
  const header = bytes.toString("latin1", start, start + length);
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1]?.split(",").filter((part) => part.trim()).map(Number);
  if (!shape || !/'descr':\s*'<f4'/.test(header) || !/'fortran_order':\s*False/.test(header)) {
    throw new Error(`not an array of <f4 in C order: ${header}`);
  }
  return { shape, data: new Float32Array(new Uint8Array(bytes.subarray(start + length)).buffer) };
}

/**
 * Swaps rows and columns: the package's MFCCs are frame by frame, NumPy files hold `[coefficients, frames]`.
 *
 * @param {Float32Array} data
 * @param {number} rows
 * @param {number} columns
 */
export function transpose(data, rows, columns) {
  const result = new Float32Array(data.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      result[column * rows + row] = data[row * columns + column] ?? NaN;
    }
  }
  return result;
}

/**
 * The largest difference between two arrays of the same length; NaN where either holds one.
 *
 * @param {ArrayLike<number>} a
 * @param {ArrayLike<number>} b
 */
export function largestDifference(a, b) {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i += 1) {
    const difference = Math.abs((a[i] ?? NaN) - (b[i] ?? NaN));
    if (!(difference <= largest)) largest = difference;
    if (Number.isNaN(largest)) break;
  }
  return largest;
}
