// @ts-check
/**
 * The built-in sample: a small piece in four parts, written here as notes and rendered by our own synthesiser,
 * so that no recording has to be shipped. A voice-like lead (harmonics shaped by vowel formants) carries it, because
 * the networks learnt from voices. It is the same to the last sample each time.
 */

import { pluck, strike, strings, voice, VOWELS } from "./synth.js";
import { wavFile } from "../pkg/client/wav.js";

const RATE = 32_000;
const PART_S = 6;
const PARTS = 4;

/** @typedef {import("./synth.js").Out} Out */

/**
 * Calm: a low voice, round and slow, over a soft arpeggio.
 * @param {Out} out
 * @param {number} at seconds
 */
function calm(out, at) {
  const chords = [[45, 52, 57, 61, 64], [50, 54, 57, 62, 66]];
  chords.forEach((chord, bar) => {
    for (let i = 0; i < 6; i++) pluck(out, at + bar * 3 + i * 0.5, 2, chord[i % 5], 0.04);
  });
  const melody = [[0, 61, 1.5], [1.45, 59, 1.5], [2.9, 57, 1.5], [4.35, 54, 1.6]];
  for (const [t, midi, s] of melody) voice(out, at + t, s, midi, { gain: 0.26, vowel: VOWELS.oo, attackS: 0.25, vibrato: 0.2, breath: 0.01, tilt: 1.2 });
}

/**
 * Bright: quick rising steps, light and bouncing.
 * @param {Out} out
 * @param {number} at seconds
 */
function bright(out, at) {
  const step = PART_S / 12;
  const tune = [54, 57, 61, 62, 54, 57, 61, 64, 57, 61, 64, 66];
  tune.forEach((midi, i) => {
    voice(out, at + i * step, step * 0.96, midi, { gain: 0.3, vowel: VOWELS.eh, attackS: 0.03, vibrato: 0.3, breath: 0.005, tilt: 0.7, glide: 0.3 });
    pluck(out, at + (i + 0.5) * step, 0.4, midi + 12, 0.03);
    if (i % 2 === 0) strike(out, at + i * step, 0.14, 0.04);
  });
}

/**
 * Dark: slow and pleading, over a drone.
 * @param {Out} out
 * @param {number} at seconds
 */
function dark(out, at) {
  strings(out, at, PART_S, [40, 52], { gain: 0.012, tremoloHz: 0, brightness: 3 });
  const lament = [[0, 64, 0.95], [0.9, 66, 0.95], [1.8, 68, 1.2], [3, 64, 0.95], [3.9, 66, 0.95], [4.8, 71, 1.25]];
  for (const [t, midi, s] of lament) voice(out, at + t, s, midi, { gain: 0.24, vowel: VOWELS.oo, attackS: 0.2, vibrato: 0.25, breath: 0.01, tilt: 1.15 });
}

/**
 * Tense: pressed cries that fall, over a trembling cluster.
 * @param {Out} out
 * @param {number} at seconds
 */
function tense(out, at) {
  for (let i = 0; i < 4; i++) {
    strings(out, at + i * 1.5, 1.55, [50, 51, 56].map((midi) => midi + i), { gain: 0.008, tremoloHz: 9 + i * 2, brightness: 14 });
    [64, 63, 61, 59].forEach((midi, k) => voice(out, at + i * 1.5 + k * 0.37, 0.36, midi + i, { gain: 0.36, vowel: VOWELS.ah, attackS: 0.02, vibrato: 0.6, breath: 0.02, tilt: 0.5 }));
    strike(out, at + i * 1.5, 0.3, 0.06);
  }
}

/**
 * Renders the piece.
 * @returns {{ samples: Float32Array, sampleRate: number }} mono, peak 0.8
 */
export function renderSample() {
  const out = { samples: new Float32Array(RATE * PART_S * PARTS + RATE / 2), sampleRate: RATE, noise: 1 };
  [calm, bright, dark, tense].forEach((part, i) => part(out, i * PART_S));
  const { samples } = out;
  let peak = 0;
  for (let i = 0; i < samples.length; i++) peak = Math.max(peak, Math.abs(samples[i]));
  for (let i = 0; i < samples.length; i++) samples[i] *= 0.8 / peak;
  return { samples, sampleRate: RATE };
}

/** The piece as a WAV file. */
export function sampleWav() {
  const { samples, sampleRate } = renderSample();
  return wavFile(samples, sampleRate);
}
