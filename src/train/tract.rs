//! Voices of other sizes: the frequencies of frames of MFCCs, scaled.

use rand::{Rng, RngExt};

use crate::features::{MfccOptions, mel_corners};

/// Vocal tract length perturbation (Jaitly & Hinton 2013) on MFCCs: as if the same was said by a shorter or longer vocal tract.
///
/// Scaling frequencies moves mel bands, and mel bands are what the cosine transform of the coefficients gives back, as far as
/// the coefficients tell them apart. So a scale is one matrix on the coefficients.
#[derive(Debug, Clone)]
pub struct VocalTract {
    /// For each scale, `[n_mfcc × n_mfcc]`: what each coefficient that goes in adds to each that comes out.
    matrices: Vec<Vec<f32>>,
    n_mfcc: usize,
}

/// Scales that are prepared, evenly spaced between the bounds in their logarithm.
const N_SCALES: usize = 9;

impl VocalTract {
    /// Scales of up to `bound` (above 1) and down to its inverse.
    pub fn new(options: &MfccOptions, bound: f32) -> VocalTract {
        let log_bound = f64::from(bound).ln();
        let scale = |index: usize| (log_bound * (2.0 * index as f64 / (N_SCALES - 1) as f64 - 1.0)).exp();
        let matrices = (0..N_SCALES).map(|index| matrix(options, scale(index))).collect();
        VocalTract { matrices, n_mfcc: options.n_mfcc }
    }

    /// Scales all frames, `columns` values each of which the first are the MFCCs, by one of the scales.
    pub fn vary(&self, frames: &mut [f32], columns: usize, generator: &mut impl Rng) {
        let matrix = &self.matrices[generator.random_range(0..self.matrices.len())];
        let mut scaled = vec![0.0; self.n_mfcc];
        for frame in frames.chunks_exact_mut(columns) {
            scaled.fill(0.0);
            for (value, row) in frame.iter().zip(matrix.chunks_exact(self.n_mfcc)) {
                for (sum, weight) in scaled.iter_mut().zip(row) {
                    *sum += value * weight;
                }
            }
            frame[..self.n_mfcc].copy_from_slice(&scaled);
        }
    }
}

/// Back to mel bands, each band from where `scale` times its frequency lies, and to coefficients again.
fn matrix(options: &MfccOptions, scale: f64) -> Vec<f32> {
    let (n_mels, n_mfcc) = (options.n_mels, options.n_mfcc);
    let corner = mel_corners(options);
    let centres: Vec<f64> = (0..n_mels).map(|band| corner(band + 1)).collect();
    // The band below a frequency, and how far it lies on the way to the next. Beyond the ends it is the end.
    let place = |hz: f64| -> (usize, f64) {
        let above = centres.partition_point(|centre| *centre <= hz);
        if above == 0 {
            return (0, 0.0);
        }
        let below = (above - 1).min(n_mels - 2);
        (below, ((hz - centres[below]) / (centres[below + 1] - centres[below])).min(1.0))
    };
    let places: Vec<(usize, f64)> = centres.iter().map(|hz| place(scale * hz)).collect();
    let dct = |k: usize, band: usize| -> f64 {
        let angle = std::f64::consts::PI * k as f64 * (2 * band + 1) as f64 / (2 * n_mels) as f64;
        let norm = if k == 0 { 1.0 } else { 2.0 };
        (norm / n_mels as f64).sqrt() * angle.cos()
    };
    let mut matrix = vec![0.0; n_mfcc * n_mfcc];
    for (input, row) in matrix.chunks_exact_mut(n_mfcc).enumerate() {
        let scaled = places.iter().map(|&(below, share)| {
            let (low, high) = (dct(input, below), dct(input, below + 1));
            low + share * (high - low)
        });
        let scaled: Vec<f64> = scaled.collect();
        for (output, weight) in row.iter_mut().enumerate() {
            *weight = scaled.iter().enumerate().map(|(band, value)| value * dct(output, band)).sum::<f64>() as f32;
        }
    }
    matrix
}

#[cfg(test)]
mod tests {
    use super::*;

    /// MFCCs of a spectrum with one formant: a smooth hill of 30 dB around `hz`.
    fn formant(options: &MfccOptions, hz: f64) -> Vec<f32> {
        let corner = mel_corners(options);
        let db = |band: usize| 30.0 * (-(corner(band + 1) / hz).ln().powi(2) / 0.1).exp();
        let n_mels = options.n_mels as f64;
        let coefficient = |k: usize| -> f32 {
            let norm = (if k == 0 { 1.0 } else { 2.0 } / n_mels).sqrt();
            let wave = |band: usize| (std::f64::consts::PI * k as f64 * (2 * band + 1) as f64 / (2.0 * n_mels)).cos();
            (0..options.n_mels).map(|band| norm * db(band) * wave(band)).sum::<f64>() as f32
        };
        (0..options.n_mfcc).map(coefficient).collect()
    }

    #[test]
    fn a_formant_moves_and_stays_a_formant() {
        let options = MfccOptions { n_mfcc: 40, ..MfccOptions::default() };
        let apply = |frame: &[f32], scale: f64| -> Vec<f32> {
            let matrix = matrix(&options, scale);
            (0..40).map(|output| (0..40).map(|input| frame[input] * matrix[input * 40 + output]).sum()).collect()
        };
        let near = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt();
        let (before, after) = (formant(&options, 2000.0), formant(&options, 2000.0 / 1.12));
        assert!(near(&apply(&before, 1.0), &before) < 0.01, "a scale of 1 changes nothing");
        let moved = near(&before, &after);
        let left = near(&apply(&before, 1.12), &after);
        assert!(left < 0.05 * moved, "{left} of {moved} is left");
    }
}
