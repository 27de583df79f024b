//! Tones, and how much of one is in a signal.

use std::f64::consts::TAU;

/// `len` samples of a sine at full scale.
pub fn sine(hz: f64, sample_rate: u32, len: usize) -> Vec<f32> {
    (0..len).map(|n| (TAU * hz * n as f64 / f64::from(sample_rate)).sin() as f32).collect()
}

/// Root mean square, in dB relative to that of a sine at full scale.
pub fn level_db(samples: &[f32]) -> f64 {
    let power = samples.iter().map(|&sample| f64::from(sample).powi(2)).sum::<f64>() / samples.len() as f64;
    10.0 * (2.0 * power).max(1e-30).log10()
}

/// Amplitude of the tone of `hz` in `samples`, by projection under a Hann window.
#[allow(dead_code)] // Not every test crate that includes this file needs all of it.
pub fn amplitude(samples: &[f32], hz: f64, sample_rate: u32) -> f64 {
    let (mut cosine, mut sine, mut sum) = (0.0, 0.0, 0.0);
    for (n, &sample) in samples.iter().enumerate() {
        let weight = 0.5 - 0.5 * (TAU * n as f64 / samples.len() as f64).cos();
        let phase = TAU * hz * n as f64 / f64::from(sample_rate);
        cosine += weight * f64::from(sample) * phase.cos();
        sine += weight * f64::from(sample) * phase.sin();
        sum += weight;
    }
    2.0 * cosine.hypot(sine) / sum
}
