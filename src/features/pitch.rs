//! How high a voice is, and how clearly it has a pitch at all.

use super::lanes::{self, LANES, Lanes};

/// Values of the pitch of a frame: how high it is, how much of the sound belongs to it, and how far it stands out.
pub const N_PITCH: usize = 3;

/// Pitches that are tried, from the lowest of a man's speech to the highest of a woman's song, so many an octave.
const LOWEST_HZ: f64 = 65.0;
const HIGHEST_HZ: f64 = 1050.0;
const PER_OCTAVE: f64 = 36.0;
/// Pitches are told in octaves above this.
const REFERENCE_HZ: f64 = 100.0;
/// How many harmonics count, and how much less each than the one before it.
const HARMONICS: u32 = 10;
const DECAY: f64 = 0.84;
/// Bins on either side over which the spectrum is averaged: what does not rise above its surroundings is no partial.
const BESIDE: usize = 15;
/// How many times the average that is, so that a flat spectrum, a click's, has no partials by rounding.
const SURROUNDINGS: f32 = 1.001;
/// Least share of a sound, and least sum of magnitudes.
const LEAST_SHARE: f32 = 1e-4;
const LEAST_SUM: f32 = 1e-9;

/// Pitch by subharmonic summation (Hermes 1988): the frequency at whose multiples most of the spectrum's partials stand. Each frame by itself, so that
/// it can be streamed; which octave it is can be wrong.
pub(super) struct Pitch {
    candidates: Vec<Vec<Harmonic>>,
    /// By how much each bin's magnitude rises above its surroundings, in four frames.
    partials: Vec<Lanes>,
    /// How much belongs to each candidate.
    saliences: Vec<Lanes>,
}

/// A multiple of a candidate's frequency, between two bins.
struct Harmonic {
    bin: usize,
    /// How much that bin counts, and the next.
    weights: [f32; 2],
}

impl Pitch {
    /// For spectra of `n_fft` samples at `sample_rate`.
    pub fn new(sample_rate: u32, n_fft: usize) -> Pitch {
        let n_bins = n_fft / 2 + 1;
        let hz_per_bin = f64::from(sample_rate) / n_fft as f64;
        let harmonics = |hz: f64| {
            let places = (1..=HARMONICS).map(|number| (number, f64::from(number) * hz / hz_per_bin));
            let inside = places.take_while(|(_, place)| *place < (n_bins - 1) as f64);
            let harmonic = |(number, place): (u32, f64)| {
                let (weight, above) = (DECAY.powi(number as i32 - 1), place.fract());
                let weights = [weight * (1.0 - above), weight * above].map(|weight| weight as f32);
                Harmonic { bin: place as usize, weights }
            };
            inside.map(harmonic).collect()
        };
        let candidates: Vec<Vec<Harmonic>> = (0..n_candidates()).map(|index| harmonics(hz_of(index as f64))).collect();
        Pitch { saliences: vec![Lanes::ZERO; candidates.len()], candidates, partials: vec![Lanes::ZERO; n_bins] }
    }

    /// Of each of four frames, whose `magnitudes` are those of each bin: the pitch in octaves above 100 Hz; ln of the part of all magnitudes that
    /// belongs to it; ln of how many times as much belongs to it as to a pitch on average. A gain moves none of them.
    pub fn of(&mut self, magnitudes: &[Lanes]) -> [[f32; N_PITCH]; LANES] {
        let sum = magnitudes.iter().fold(Lanes::ZERO, |sum, magnitude| sum + *magnitude);
        self.find_partials(magnitudes);
        let mut total = Lanes::ZERO;
        for (salience, harmonics) in self.saliences.iter_mut().zip(&self.candidates) {
            *salience = harmonics.iter().fold(Lanes::ZERO, |sum, Harmonic { bin, weights: [low, high] }| {
                let at = |bin: usize| self.partials.get(bin).copied().unwrap_or_default();
                sum + at(*bin) * Lanes::splat(*low) + at(*bin + 1) * Lanes::splat(*high)
            });
            total += *salience;
        }
        let mean = total * Lanes::splat(1.0 / self.saliences.len() as f32);
        std::array::from_fn(|lane| {
            let Peak { place, salience } = self.highest(lane);
            let share = |of: Lanes| (salience / lanes::lane(&of, lane).max(LEAST_SUM) + LEAST_SHARE).ln();
            let octaves = (hz_of(f64::from(place)) / REFERENCE_HZ).log2();
            [octaves as f32, share(sum), share(mean)]
        })
    }

    /// What rises above the bins around it.
    fn find_partials(&mut self, magnitudes: &[Lanes]) {
        let n_bins = magnitudes.len();
        let at = |bin: usize| magnitudes.get(bin).copied().unwrap_or_default();
        let mut around = (0..BESIDE.min(n_bins)).fold(Lanes::ZERO, |sum, bin| sum + at(bin));
        for (bin, (partial, magnitude)) in self.partials.iter_mut().zip(magnitudes).enumerate() {
            let (first, end) = (bin.saturating_sub(BESIDE), (bin + BESIDE + 1).min(n_bins));
            around += at(bin + BESIDE);
            let surroundings = around * Lanes::splat(SURROUNDINGS / (end - first) as f32);
            *partial = (*magnitude - surroundings).max(Lanes::ZERO);
            if bin >= BESIDE {
                around -= at(first);
            }
        }
    }

    /// The highest candidate of a frame, and where between it and its neighbours the top of a parabola through them lies.
    fn highest(&self, lane: usize) -> Peak {
        let of = |index: usize| self.saliences.get(index).map_or(0.0, |salience| lanes::lane(salience, lane));
        let (mut best, mut salience) = (0, of(0));
        for index in 1..self.saliences.len() {
            if of(index) > salience {
                (best, salience) = (index, of(index));
            }
        }
        if best == 0 || best + 1 == self.saliences.len() {
            return Peak { place: best as f32, salience };
        }
        let (before, after) = (of(best - 1), of(best + 1));
        // Both differences are at most 0 in sum, and less where there is a top at all.
        let bend = before - 2.0 * salience + after;
        let aside = if bend < 0.0 { (0.5 * (before - after) / bend).clamp(-0.5, 0.5) } else { 0.0 };
        Peak { place: best as f32 + aside, salience }
    }
}

struct Peak {
    /// Position among the candidates.
    place: f32,
    salience: f32,
}

fn n_candidates() -> usize {
    ((HIGHEST_HZ / LOWEST_HZ).log2() * PER_OCTAVE) as usize + 1
}

/// The frequency of a position among the candidates.
fn hz_of(place: f64) -> f64 {
    LOWEST_HZ * (place / PER_OCTAVE).exp2()
}
