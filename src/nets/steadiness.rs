//! Whether a sound that is taken for music moves at all.

use super::input::{Domain, InputSettings};

/// MFCCs that are looked at: the shape of the spectrum, without loudness and without what noise alone makes flicker.
const COEFFICIENTS: std::ops::RangeInclusive<usize> = 1..=12;
/// By how many dB the coefficients of a sound vary that stays as it is, and of one that does not. White and brown noise have 3.0, a hum of the
/// mains up to 3.9; of 302 excerpts of music the steadiest twelve seconds have 4.9, and one window in a thousand less than 6.5.
const STEADY: f32 = 4.0;
const MOVING: f32 = 4.5;
/// How much an opinion on a steady sound counts: what it is nearest to is still said, but never surely.
const LEAST: f32 = 0.25;

/// How much of an opinion on a stretch of frames counts, from a quarter for a steady sound to 1. Networks for music have heard nothing but music, and
/// are as sure of noise as of the most rousing of it. Networks for voices have learnt noise.
pub fn counts(frames: &[f32], settings: &InputSettings) -> f32 {
    match settings.domain() {
        Domain::Voice => 1.0,
        Domain::Music => {
            let moving = (variation(frames, settings.columns()) - STEADY) / (MOVING - STEADY);
            LEAST + (1.0 - LEAST) * moving.clamp(0.0, 1.0)
        }
    }
}

/// Root of the mean variance of the coefficients over time.
fn variation(frames: &[f32], columns: usize) -> f32 {
    let n_frames = (frames.len() / columns).max(1) as f64;
    let variance = |column: usize| {
        let values = || frames.iter().skip(column).step_by(columns).map(|value| f64::from(*value));
        let mean = values().sum::<f64>() / n_frames;
        values().map(|value| (value - mean).powi(2)).sum::<f64>() / n_frames
    };
    let total: f64 = COEFFICIENTS.map(variance).sum();
    (total / COEFFICIENTS.count() as f64).sqrt() as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_counts_and_what_is_steady_does_not() {
        let settings = InputSettings::of(Domain::Music);
        let columns = settings.columns();
        let swaying =
            |by: f32| -> Vec<f32> { (0..300 * columns).map(|i| by * ((i / columns) as f32 * 0.37).sin()).collect() };
        // The standard deviation of a sine is its height / √2.
        assert_eq!(counts(&swaying(4.0), &settings), LEAST);
        assert_eq!(counts(&swaying(8.0), &settings), 1.0);
        let between = counts(&swaying(6.0), &settings);
        assert!((0.4..0.8).contains(&between), "{between}");
        assert_eq!(counts(&swaying(4.0)[..columns], &settings), LEAST, "a single frame does not move");
        assert_eq!(counts(&[], &settings), LEAST);
        assert_eq!(counts(&[], &InputSettings::of(Domain::Voice)), 1.0);
    }
}
