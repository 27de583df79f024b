// Three minutes of something like music, the same for everybody and every time: chords, bass, drum and hiss, with a near
// silence every 20 s, so that librosa's top_db has something to do.

const CHORDS = [[57, 60, 64, 69], [53, 57, 60, 65], [48, 55, 60, 64], [55, 59, 62, 67]];
const BEAT_S = 60 / 118;
const hertz = (note) => 440 * 2 ** ((note - 69) / 12);

/**
 * @param {number} seconds
 * @param {number} sampleRate Hz
 * @param {number} [channel] another number gives another recording of the same song
 * @returns {Float32Array} −1 … 1
 */
export function sound(seconds, sampleRate, channel = 0) {
  const samples = new Float32Array(Math.round(seconds * sampleRate));
  let state = 12_345 + channel * 777;
  const noise = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0) / 2 ** 31;
  const add = (from, lengthS, value) => {
    const length = Math.min(samples.length - from, Math.round(lengthS * sampleRate));
    for (let i = 0; i < length; i += 1) samples[from + i] += value(i / sampleRate);
  };
  const tone = (from, lengthS, frequency, { gain, decay, partials }) => {
    for (let h = 1; h <= partials && frequency * h < sampleRate * 0.46; h += 1) {
      const turn = 2 * Math.PI * frequency * h * (1 + 0.0004 * h * h);
      const fall = decay * (0.6 + 0.4 * h);
      add(from, lengthS, (t) => (gain / h ** 1.3) * Math.exp(-fall * t) * Math.min(1, t * 110) * Math.sin(turn * t + h * 1.7 + channel));
    }
  };
  for (let beat = 0; beat * BEAT_S < seconds; beat += 1) {
    const from = Math.round(beat * BEAT_S * sampleRate);
    const bar = beat >> 2;
    const chord = CHORDS[bar % 4];
    tone(from, BEAT_S, hertz(chord[0] - 24), { gain: 0.22, decay: 3, partials: 6 });
    if (beat % 2 === 0) for (const note of chord) tone(from, 2 * BEAT_S, hertz(note), { gain: 0.09, decay: 2.2, partials: 9 });
    tone(from, BEAT_S, hertz(chord[(beat * 7 + bar) % 4] + 12), { gain: 0.1, decay: 5, partials: 7 });
    add(from, 0.18, (t) => 0.5 * Math.exp(-22 * t) * Math.sin(2 * Math.PI * (48 * t + 9 * (1 - Math.exp(-30 * t)))));
    let before = 0;
    add(Math.min(samples.length, from + Math.round((BEAT_S * sampleRate) / 2)), 0.09, (t) => {
      const now = noise();
      const hiss = 0.16 * Math.exp(-55 * t) * (now - before);
      before = now;
      return hiss;
    });
  }
  return samples.map((sample, i) => {
    const t = i / sampleRate;
    const quiet = t % 20 > 18.5 ? 1e-4 : 1;
    return 0.7 * (sample * (0.8 + 0.2 * Math.sin(2 * Math.PI * 0.21 * t)) * quiet + 2e-5 * noise());
  });
}
