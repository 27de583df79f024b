// WAV files whose headers say what is not so, and samples that no recorder writes.

import { hum, wav } from "../browser/audio.mjs";

/** A second of a voice, 16 bits, mono, 16 kHz, with the usual header of 44 bytes. */
export const sound = wav([hum(1, { sampleRate: 16_000 })], 16_000);

const MOST = 0xffff_ffff;

/** Fields of the header: where each stands, how many bytes it has, what it is set to. @type {[name: string, offset: number, width: number, lies: number[]][]} */
const FIELDS = [
  ["riff length", 4, 4, [0, 1, 8, 0x8000_0000, MOST]],
  ["format length", 16, 4, [0, 1, 2, 14, 15, 18, 40, 0x8000_0000, MOST]],
  ["format", 20, 2, [0, 2, 3, 6, 7, 0x11, 0x50, 0x55, 0xfffe, 0xffff]],
  ["channels", 22, 2, [0, 2, 3, 32, 33, 255, 0xffff]],
  ["rate", 24, 4, [0, 1, 7_999, 192_001, 768_000, 0x8000_0000, MOST]],
  ["bytes a second", 28, 4, [0, 1, MOST]],
  ["bytes a frame", 32, 2, [0, 1, 3, 4, 64, 0xffff]],
  ["bits", 34, 2, [0, 1, 7, 8, 12, 24, 32, 64, 0xffff]],
  ["data length", 40, 4, [0, 1, 3, 31_999, 32_001, 0x7fff_ffff, 0x8000_0000, MOST - 1, MOST]],
];

/** @returns {[name: string, bytes: Buffer][]} */
export function lyingHeaders() {
  return FIELDS.flatMap(([field, offset, width, lies]) =>
    lies.map((value) => {
      const bytes = Buffer.from(sound);
      bytes.writeUIntLE(value, offset, width);
      return /** @type {[string, Buffer]} */ ([`${field} of ${value}.wav`, bytes]);
    }),
  );
}

/**
 * A WAV file of floating-point samples.
 *
 * @param {number[] | Float32Array | Float64Array} samples interleaved
 * @param {{ rate?: number, channels?: number, bits?: 32 | 64 }} [format]
 */
function floats(samples, { rate = 16_000, channels = 1, bits = 32 } = {}) {
  const data = Buffer.from((bits === 64 ? Float64Array : Float32Array).from(samples).buffer);
  const file = Buffer.concat([sound.subarray(0, 44), data]);
  const block = (channels * bits) / 8;
  file.writeUInt32LE(file.length - 8, 4);
  file.writeUInt16LE(3, 20);
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE((rate * block) % 2 ** 32, 28);
  file.writeUInt16LE(block, 32);
  file.writeUInt16LE(bits, 34);
  file.writeUInt32LE(data.length, 40);
  return file;
}

/** @returns {[name: string, bytes: Buffer][]} */
export function strangeSamples() {
  const voice = hum(1, { sampleRate: 16_000 });
  const one = (/** @type {number} */ value) => voice.map((sample, i) => (i === 8_000 ? value : sample));
  const all = (/** @type {number} */ value) => new Float32Array(16_000).fill(value);
  return [
    ["one NaN.wav", floats(one(NaN))],
    ["one infinity.wav", floats(one(Infinity))],
    ["one minus infinity.wav", floats(one(-Infinity))],
    ["all NaN.wav", floats(all(NaN))],
    ["all infinity.wav", floats(all(Infinity))],
    ["all the largest.wav", floats(all(3.4e38))],
    ["largest, both signs.wav", floats(voice.map((_, i) => (i % 2 === 0 ? 3.4e38 : -3.4e38)))],
    ["denormal.wav", floats(voice.map((sample) => sample * 1e-40))],
    ["a million times too loud.wav", floats(voice.map((sample) => sample * 1e6))],
    ["double precision.wav", floats(voice, { bits: 64 })],
    ["double beyond single.wav", floats(Array.from(voice, (_, i) => (i % 2 === 0 ? 1e300 : -1e300)), { bits: 64 })],
    ["constant.wav", floats(all(0.5))],
    ["alternating.wav", floats(voice.map((_, i) => (i % 2 === 0 ? 1 : -1)))],
    ["no sample.wav", floats([])],
    ["one sample.wav", floats([0.5])],
    ["two samples.wav", floats([0.5, -0.5])],
    ["shorter than a frame.wav", floats(voice.slice(0, 700))],
    ["1 Hz.wav", floats(voice, { rate: 1 })],
    ["100 Hz.wav", floats(voice, { rate: 100 })],
    ["768 kHz.wav", floats(voice, { rate: 768_000 })],
    ["32 channels.wav", floats(voice, { channels: 32 })],
    ["32 channels, half a frame.wav", floats(voice.slice(0, 1_000), { channels: 32 })],
    ["64 channels.wav", floats(voice, { channels: 64 })],
    ["a loud end after silence.wav", floats(Float32Array.from({ length: 16_000 }, (_, i) => (i === 15_999 ? 1 : 0)))],
  ];
}
