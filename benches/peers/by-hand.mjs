// What a developer writes by hand around a library that stops short of MFCC: librosa's mel filters and orthonormal DCT.

export const N_FFT = 2048;
export const HOP = 512;
export const N_MELS = 128;
export const N_MFCC = 40;

/** The periodic Hann window. */
export const hann = () => Float64Array.from({ length: N_FFT }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / N_FFT));

const toMel = (hz) => (hz < 1000 ? (hz * 3) / 200 : 15 + (Math.log(hz / 1000) * 27) / Math.log(6.4));
const toHz = (mel) => (mel < 15 ? (mel * 200) / 3 : 1000 * Math.exp(((mel - 15) * Math.log(6.4)) / 27));

/** Slaney's filters, each scaled by 2 / (its width): one row of n_fft / 2 + 1 weights for each band. */
export function melBank(sampleRate) {
  const top = toMel(sampleRate / 2);
  const corner = Array.from({ length: N_MELS + 2 }, (_, i) => toHz((top * i) / (N_MELS + 1)));
  const weight = (band, bin) => {
    const [left, centre, right] = corner.slice(band, band + 3);
    const hz = (bin * sampleRate) / N_FFT;
    return (Math.max(0, Math.min((hz - left) / (centre - left), (right - hz) / (right - centre))) * 2) / (right - left);
  };
  return Array.from({ length: N_MELS }, (_, band) => Float64Array.from({ length: N_FFT / 2 + 1 }, (_, bin) => weight(band, bin)));
}

/** The first rows of the orthonormal DCT-II, row by row. */
export function dctMatrix() {
  const scale = (row) => Math.sqrt((row > 0 ? 2 : 1) / N_MELS);
  const weight = (i) => {
    const [row, band] = [Math.floor(i / N_MELS), i % N_MELS];
    return scale(row) * Math.cos((Math.PI * row * (2 * band + 1)) / (2 * N_MELS));
  };
  return Float64Array.from({ length: N_MFCC * N_MELS }, (_, i) => weight(i));
}

/** DCT of frame-major mel bands in dB. */
export function dctRows(db, dct = Float32Array.from(dctMatrix())) {
  const frames = db.length / N_MELS;
  const out = new Float32Array(frames * N_MFCC);
  for (let t = 0; t < frames; t += 1) {
    for (let c = 0; c < N_MFCC; c += 1) {
      let sum = 0;
      for (let m = 0; m < N_MELS; m += 1) sum += dct[c * N_MELS + m] * db[t * N_MELS + m];
      out[t * N_MFCC + c] = sum;
    }
  }
  return out;
}

/** Nothing more than 80 dB below the loudest, in place. */
export function clip(db) {
  let highest = -Infinity;
  for (const value of db) if (value > highest) highest = value;
  for (let i = 0; i < db.length; i += 1) if (db[i] < highest - 80) db[i] = highest - 80;
}

/** PCM with half a frame of zeros before and after, and how many frames lie in it. */
export function centred(pcm) {
  const padded = new Float32Array(pcm.length + N_FFT);
  padded.set(pcm, N_FFT / 2);
  return { padded, frames: 1 + Math.floor(pcm.length / HOP) };
}
