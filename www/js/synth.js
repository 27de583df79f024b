// @ts-check
/** A small synthesiser for the built-in sample: a sung vowel, a plucked string, strings with tremolo, a drum. */

/** @typedef {{ samples: Float32Array, sampleRate: number, noise: number }} Out `noise` is the state of the noise generator */
/** @typedef {readonly [hz: number, gain: number, widthHz: number][]} Vowel formants */

/** Formants of a singing voice, near Peterson & Barney (1952), averaged and rounded. */
export const VOWELS = {
  /** @type {Vowel} */ ah: [[730, 1, 90], [1090, 0.5, 110], [2440, 0.2, 170], [3400, 0.1, 250]],
  /** @type {Vowel} */ eh: [[530, 1, 80], [1840, 0.45, 120], [2480, 0.25, 170], [3500, 0.1, 250]],
  /** @type {Vowel} */ oh: [[570, 1, 80], [840, 0.5, 90], [2410, 0.06, 170], [3300, 0.03, 250]],
  /** @type {Vowel} */ oo: [[300, 1, 70], [870, 0.3, 90], [2240, 0.05, 170], [3200, 0.02, 250]],
};

/** @param {number} midi note number, 69 = 440 Hz */
const hertz = (midi) => 440 * 2 ** ((midi - 69) / 12);

/**
 * White noise −1 … 1 from a linear congruential generator, the same each time.
 * @param {Out} out
 */
function noise(out) {
  out.noise = (Math.imul(out.noise, 1_664_525) + 1_013_904_223) >>> 0;
  return out.noise / 2 ** 31 - 1;
}

/**
 * Adds `value(t, share)` for every sample of a note; what lies outside the piece is left out.
 * @param {Out} out
 * @param {number} startS
 * @param {number} lengthS
 * @param {(t: number, share: number) => number} value t in seconds since the start, share 0 … 1 of the note
 */
function render({ samples, sampleRate }, startS, lengthS, value) {
  const from = Math.round(startS * sampleRate);
  const count = Math.min(Math.round(lengthS * sampleRate), samples.length - from);
  for (let i = 0; i < count; i++) samples[from + i] += value(i / sampleRate, i / count);
}

/** Rises over `attackS`, falls over the last `releaseS`; smooth at both ends. @param {number} t @param {number} lengthS @param {number} attackS @param {number} releaseS */
function envelope(t, lengthS, attackS, releaseS) {
  const rise = t < attackS ? 0.5 - 0.5 * Math.cos((Math.PI * t) / attackS) : 1;
  const left = Math.max(0, lengthS - t);
  return left < releaseS ? rise * (0.5 - 0.5 * Math.cos((Math.PI * left) / releaseS)) : rise;
}

/**
 * A sung vowel: harmonics of one pitch, weighted by the formants, with vibrato and breath.
 * @param {Out} out
 * @param {number} startS
 * @param {number} lengthS
 * @param {number} midi
 * @param {{ gain: number, vowel: Vowel, attackS: number, vibrato: number, breath: number, tilt: number, glide?: number }} how
 *   vibrato and glide in semitones, tilt: how steeply the harmonics fall (0.5 pressed … 1.5 soft)
 */
export function voice(out, startS, lengthS, midi, { gain, vowel, attackS, vibrato, breath, tilt, glide = 0 }) {
  const f0 = hertz(midi);
  const harmonics = Math.min(40, Math.floor(6000 / f0));
  const weights = Float64Array.from({ length: harmonics }, (_, i) => {
    const hz = (i + 1) * f0;
    const formants = vowel.reduce((sum, [centre, level, width]) => sum + level / (1 + ((hz - centre) / width) ** 2), 0.02);
    return formants / (i + 1) ** tilt;
  });
  const scale = gain / Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
  let phase = 0;
  render(out, startS, lengthS, (t, share) => {
    const bend = vibrato * Math.min(1, t * 2) * Math.sin(2 * Math.PI * 5.5 * t) + glide * share - glide * 0.5;
    phase += (2 * Math.PI * f0 * 2 ** (bend / 12)) / out.sampleRate;
    // sin(kφ) by its recurrence: a sine for each harmonic would take a second.
    const twice = 2 * Math.cos(phase);
    let before = 0;
    let now = Math.sin(phase);
    let sum = 0;
    for (let k = 0; k < weights.length; k++) {
      sum += weights[k] * now;
      const next = twice * now - before;
      before = now;
      now = next;
    }
    return envelope(t, lengthS, attackS, Math.min(0.25, lengthS / 3)) * (sum * scale + noise(out) * breath);
  });
}

/**
 * A plucked string: few harmonics, the higher ones dying first.
 * @param {Out} out @param {number} startS @param {number} lengthS @param {number} midi @param {number} gain
 */
export function pluck(out, startS, lengthS, midi, gain) {
  const step = 2 * Math.PI * hertz(midi);
  // The fading of each harmonic, one sample further each time: no exponential in the loop.
  const fading = [2.2 / lengthS, 2.2 / lengthS + 6, 2.2 / lengthS + 12].map((rate) => Math.exp(-rate / out.sampleRate));
  let [first, second, third] = [gain, 0.5 * gain, 0.25 * gain];
  render(out, startS, lengthS, (t) => {
    const sine = Math.sin(step * t);
    const sum = sine * (first + 2 * second * Math.cos(step * t) + third * (3 - 4 * sine * sine));
    first *= fading[0];
    second *= fading[1];
    third *= fading[2];
    return sum * envelope(t, lengthS, 0.004, lengthS * 0.4);
  });
}

/**
 * Held strings: slightly detuned pairs of bright tones.
 * @param {Out} out @param {number} startS @param {number} lengthS @param {number[]} notes
 * @param {{ gain: number, tremoloHz: number, brightness: number }} how brightness: number of harmonics
 */
export function strings(out, startS, lengthS, notes, { gain, tremoloHz, brightness }) {
  for (const midi of notes) {
    for (const detune of [-0.06, 0.06]) {
      // A phasor turned by the same angle each sample gives sine and cosine without calling either.
      const step = (2 * Math.PI * hertz(midi + detune)) / out.sampleRate;
      const [turnCos, turnSin] = [Math.cos(step), Math.sin(step)];
      let cos = 1;
      let sin = 0;
      render(out, startS, lengthS, (t) => {
        const twice = 2 * cos;
        let before = 0;
        let now = sin;
        let sum = 0;
        for (let k = 1; k <= brightness; k++) {
          sum += now / k;
          const next = twice * now - before;
          before = now;
          now = next;
        }
        const real = cos * turnCos - sin * turnSin;
        sin = cos * turnSin + sin * turnCos;
        cos = real;
        const tremolo = tremoloHz > 0 ? 0.6 + 0.4 * Math.sin(2 * Math.PI * tremoloHz * t) : 1;
        return gain * tremolo * envelope(t, lengthS, 0.08, 0.12) * sum;
      });
    }
  }
}

/**
 * A drum: a falling tone with a burst of noise.
 * @param {Out} out @param {number} startS @param {number} lengthS @param {number} gain
 */
export function strike(out, startS, lengthS, gain) {
  render(out, startS, lengthS, (t) => {
    const tone = Math.sin(2 * Math.PI * (55 * t + 4 * (1 - Math.exp(-t * 30))));
    return gain * envelope(t, lengthS, 0.002, lengthS * 0.5) * (tone * Math.exp(-t * 12) + 0.35 * noise(out) * Math.exp(-t * 45));
  });
}
