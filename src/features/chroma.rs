//! Chroma: how much power lies on each of the twelve pitch classes.

use wide::bytemuck::cast;

use super::lanes::{LANES, Lanes};

/// Pitch classes, from C upwards in semitones.
pub const N_CHROMA: usize = 12;

/// Registers of a row of pitch classes.
const ROW: usize = N_CHROMA / LANES;

/// A440, 4.75 octaves above the reference of the octave scale (27.5 Hz, A0).
const A0_HZ: f64 = 27.5;
/// Centre and spread of the weight on octaves, in octaves above A0.
const CENTRE_OCTAVE: f64 = 5.0;
const OCTAVE_WIDTH: f64 = 2.0;

/// The filters of `librosa.filters.chroma` (after Ellis 2007, *Chroma feature analysis and synthesis*) with its defaults and no
/// deviation from A440: a bump over every pitch class, every column of unit length, then weighted by octave.
pub(super) struct ChromaBank {
    /// `n_fft / 2 + 1` rows.
    weights: Vec<[Lanes; ROW]>,
}

impl ChromaBank {
    pub fn new(sample_rate: u32, n_fft: usize) -> ChromaBank {
        let hz = |bin: usize| bin as f64 * f64::from(sample_rate) / n_fft as f64;
        // Position of a bin in semitones above A0. The bin at 0 Hz has none; librosa puts it 1.5 octaves below the next.
        let semitone = |bin: usize| match bin {
            0 => 12.0 * ((hz(1) / A0_HZ).log2() - 1.5),
            _ => 12.0 * (hz(bin) / A0_HZ).log2(),
        };
        let column = |bin: usize| {
            let width = (semitone(bin + 1) - semitone(bin)).max(1.0);
            // librosa counts from A and turns the rows by three: row 0 is C, three semitones above A.
            let bump = |class: usize| {
                let away = semitone(bin) - ((class + 3) % N_CHROMA) as f64;
                let away = (away + 6.0).rem_euclid(12.0) - 6.0;
                (-0.5 * (2.0 * away / width).powi(2)).exp()
            };
            let bumps: [f64; N_CHROMA] = std::array::from_fn(bump);
            let length = bumps.iter().map(|bump| bump * bump).sum::<f64>().sqrt();
            let octaves = (semitone(bin) / 12.0 - CENTRE_OCTAVE) / OCTAVE_WIDTH;
            let weight = (-0.5 * octaves * octaves).exp() / length.max(f64::MIN_POSITIVE);
            cast::<[f32; N_CHROMA], _>(bumps.map(|bump| (bump * weight) as f32))
        };
        ChromaBank { weights: (0..=n_fft / 2).map(column).collect() }
    }

    /// Chroma of four frames from their power spectra, the strongest pitch class of each frame at 1
    /// (`librosa.feature.chroma_stft`). A silent frame stays 0.
    pub fn apply(&self, power: &[Lanes]) -> [Lanes; N_CHROMA] {
        // Pitch classes lie side by side here, frames one after the other: three loads of weights serve four frames.
        let mut sums = [[Lanes::ZERO; ROW]; LANES];
        for (power, weights) in power.iter().zip(&self.weights) {
            for (sums, &power) in sums.iter_mut().zip(power.as_array()) {
                for (sum, &weight) in sums.iter_mut().zip(weights) {
                    *sum += Lanes::splat(power) * weight;
                }
            }
        }
        let mut chroma = [Lanes::ZERO; N_CHROMA];
        for (group, classes) in chroma.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
            *classes = Lanes::transpose(sums.map(|row| row.get(group).copied().unwrap_or_default()));
        }
        let strongest = chroma.iter().fold(Lanes::ZERO, |strongest, &value| strongest.max(value)).to_array();
        let scale: [f32; LANES] = strongest.map(|value| if value > f32::MIN_POSITIVE { 1.0 / value } else { 1.0 });
        chroma.map(|value| value * Lanes::from(scale))
    }
}
