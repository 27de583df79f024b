// @ts-check
/** Writing WAV files. */

/**
 * The head of a mono 16-bit PCM WAV file.
 * @param {number} frames
 * @param {number} sampleRate Hz
 * @returns {ArrayBuffer}
 */
export function wavHeader(frames, sampleRate) {
  const bytes = new ArrayBuffer(44);
  const view = new DataView(bytes);
  /** @param {number} at @param {string} text */
  const tag = (at, text) => [...text].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  tag(0, "RIFF");
  view.setUint32(4, 36 + frames * 2, true);
  tag(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true); // bytes a second
  view.setUint16(32, 2, true); // bytes a frame
  view.setUint16(34, 16, true); // bits a sample
  tag(36, "data");
  view.setUint32(40, frames * 2, true);
  return bytes;
}

/**
 * Samples as 16-bit PCM.
 * @param {Float32Array} samples −1 … 1; what lies outside is clipped
 * @returns {ArrayBuffer}
 */
export function pcm16(samples) {
  const bytes = new ArrayBuffer(samples.length * 2);
  const view = new DataView(bytes);
  for (let i = 0; i < samples.length; i++) {
    view.setInt16(i * 2, Math.round(Math.max(-1, Math.min(1, samples[i])) * 32767), true);
  }
  return bytes;
}

/**
 * Mono samples as a 16-bit PCM WAV file.
 * @param {Float32Array} samples −1 … 1; what lies outside is clipped
 * @param {number} sampleRate Hz
 * @returns {ArrayBuffer}
 */
export function wavFile(samples, sampleRate) {
  const file = new Uint8Array(44 + samples.length * 2);
  file.set(new Uint8Array(wavHeader(samples.length, sampleRate)));
  file.set(new Uint8Array(pcm16(samples)), 44);
  return file.buffer;
}
