// Sounds for the tests, made here: nothing recorded is needed.

import { closeSync, openSync, writeSync } from "node:fs";

const RATE = 44_100;

/**
 * A WAV file, 16-bit PCM.
 *
 * @param {[Float32Array, ...Float32Array[]]} channels samples −1 … 1
 * @param {number} sampleRate Hz
 * @returns {Buffer}
 */
export function wav(channels, sampleRate = RATE) {
  const frames = channels[0].length;
  const block = channels.length * 2;
  const file = Buffer.alloc(44 + frames * block);
  file.write("RIFF", 0, "latin1");
  file.writeUInt32LE(36 + frames * block, 4);
  file.write("WAVEfmt ", 8, "latin1");
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(channels.length, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * block, 28);
  file.writeUInt16LE(block, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36, "latin1");
  file.writeUInt32LE(frames * block, 40);
  for (let i = 0; i < frames; i += 1) {
    channels.forEach((channel, c) => {
      const sample = Math.max(-1, Math.min(1, channel[i] ?? 0));
      file.writeInt16LE(Math.round(sample * 32_767), 44 + i * block + c * 2);
    });
  }
  return file;
}

/**
 * The same in mono and as 32-bit floats, which every decoder gives as they are.
 *
 * @param {Float32Array} samples
 * @param {number} sampleRate Hz
 * @returns {Buffer}
 */
export function floats(samples, sampleRate) {
  const file = Buffer.concat([wav([new Float32Array(0)], sampleRate), Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)]);
  /** @type {[at: number, width: number, value: number][]} */
  const fields = [[4, 4, file.length - 8], [20, 2, 3], [28, 4, sampleRate * 4], [32, 2, 4], [34, 2, 32], [40, 4, samples.byteLength]];
  for (const [at, width, value] of fields) file.writeUIntLE(value, at, width);
  return file;
}

/**
 * A hummed voice: harmonics of a pitch that sways, louder and softer once a second.
 *
 * @param {number} seconds
 * @param {{ hertz?: number, gain?: number, sampleRate?: number }} [options]
 * @returns {Float32Array}
 */
export function hum(seconds, { hertz = 220, gain = 0.4, sampleRate = RATE } = {}) {
  let phase = 0;
  return Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => {
    const t = i / sampleRate;
    phase += (2 * Math.PI * hertz * (1 + 0.02 * Math.sin(2 * Math.PI * 5 * t))) / sampleRate;
    const tone = Math.sin(phase) + 0.5 * Math.sin(2 * phase) + 0.33 * Math.sin(3 * phase) + 0.2 * Math.sin(5 * phase);
    return gain * (0.6 + 0.4 * Math.sin(2 * Math.PI * t)) * tone * 0.5;
  });
}

/** @param {number} seconds */
export const silence = (seconds, sampleRate = RATE) => new Float32Array(Math.round(seconds * sampleRate));

/**
 * A song of two halves that differ: low and soft, then high and loud.
 *
 * @param {number} seconds
 */
export function song(seconds, sampleRate = RATE) {
  const low = hum(seconds / 2, { hertz: 130, gain: 0.15, sampleRate });
  const high = hum(seconds / 2, { hertz: 440, gain: 0.8, sampleRate });
  const whole = new Float32Array(low.length + high.length);
  whole.set(low);
  whole.set(high, low.length);
  return whole;
}

/** A WAV file with a song of the given length, in stereo. @param {number} seconds */
export function songFile(seconds, sampleRate = RATE) {
  const samples = song(seconds, sampleRate);
  return wav([samples, samples.map((sample) => sample * 0.8)], sampleRate);
}

/**
 * Writes a WAV file of any length, in mono and part by part: half a minute of one voice, then of another, eight of them.
 *
 * @param {string} path
 * @param {number} seconds
 * @param {number} sampleRate Hz
 */
export function writeLongSong(path, seconds, sampleRate) {
  const VOICES = 8;
  const PART_S = 30;
  const HEADER = 44;
  const part = (/** @type {number} */ i) => wav([hum(PART_S, { hertz: 110 * 2 ** ((i * 5) / 12), gain: 0.15 + 0.1 * ((i * 3) % VOICES), sampleRate })], sampleRate);
  const voices = Array.from({ length: VOICES }, (_, i) => part(i).subarray(HEADER));
  const bytes = 2 * Math.round(seconds * sampleRate);
  const header = Buffer.from(part(0).subarray(0, HEADER));
  header.writeUInt32LE(HEADER - 8 + bytes, 4);
  header.writeUInt32LE(bytes, HEADER - 4);
  const file = openSync(path, "w");
  writeSync(file, header);
  let left = bytes;
  while (left > 0) {
    for (const voice of voices) left -= writeSync(file, voice.subarray(0, left));
  }
  closeSync(file);
}
