//! Changes to frames that leave the mood as it is. Each is a plain function on frame-major frames, in
//! units of the training set's spread, and draws from the generator it is given.

use std::borrow::Cow;

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::tract::VocalTract;
use crate::features::MusicColumns;
use crate::nets::input;
use crate::nets::{Domain, InputSettings, Normalisation};

/// How strongly training clips are varied.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Augmentation {
    /// Tempo is multiplied by up to this factor or divided by it.
    pub stretch: f32,
    /// Share of the clips that are taken relative to their own voice, as they are when a voice was learnt. Not for music.
    pub own_voice: f32,
    /// Share of the clips that are taken from a disturbed recording: with noise, by telephone, in a room, at a low sample rate, faster or slower.
    pub disturbed: f32,
    /// Frequencies of spoken voices are multiplied by up to this factor or divided by it, as [`VocalTract`] does it. Not those of sung
    /// ones: RAVDESS sings a few melodies in a few keys, and a voice in another key is taken for another melody.
    pub tract: f32,
    /// Standard deviation of the noise on every value.
    pub noise: f32,
    /// Standard deviation of the noise on every value of the summary, which moves a little when a recording begins a fraction of a frame later.
    pub summary_noise: f32,
    /// Standard deviation of an offset on every coefficient of the whole clip: another microphone.
    pub offset: f32,
    /// Standard deviation of the factor on all values.
    pub gain: f32,
    /// Longest run of frames that is masked.
    pub mask_frames: usize,
    /// Largest number of neighbouring coefficients that is masked.
    pub mask_coefficients: usize,
    /// Share of the batches in which clips are mixed, and the parameter of the Beta distribution that the
    /// shares of the mixture are drawn from.
    pub mixup: (f32, f32),
}

impl Augmentation {
    /// What the shipped networks of a domain were taught with. Tempo is part of the mood of music; a masked band would be missing
    /// from the statistics of the window, which say most about it, and noise would add to how much they say that frames change.
    pub fn of(domain: Domain) -> Self {
        let voice = Augmentation {
            stretch: 1.2,
            own_voice: 0.5,
            disturbed: 0.3,
            tract: 1.127,
            noise: 0.1,
            summary_noise: 0.1,
            offset: 0.15,
            gain: 0.05,
            mask_frames: 30,
            mask_coefficients: 6,
            mixup: (0.5, 0.3),
        };
        match domain {
            Domain::Voice => voice,
            Domain::Music => Augmentation {
                stretch: 1.0,
                own_voice: 0.0,
                tract: 1.0,
                noise: 0.0,
                mask_frames: 0,
                mask_coefficients: 0,
                ..voice
            },
        }
    }
}

/// A standard normal number.
pub fn normal(generator: &mut impl Rng) -> f32 {
    StandardNormal.sample(generator)
}

/// Plays frames faster (`rate` above 1) or slower, by linear interpolation between frames.
pub fn stretch(frames: &[f32], columns: usize, rate: f32) -> Vec<f32> {
    let n_frames = frames.len() / columns;
    let stretched = ((n_frames as f32 / rate).round() as usize).max(1);
    let mut out = Vec::with_capacity(stretched * columns);
    for t in 0..stretched {
        let position = (t as f32 * rate).min(n_frames as f32 - 1.0);
        let (before, share) = (position as usize, position.fract());
        let after = (before + 1).min(n_frames - 1);
        let row = |t: usize| &frames[t * columns..(t + 1) * columns];
        out.extend(row(before).iter().zip(row(after)).map(|(a, b)| a + share * (b - a)));
    }
    out
}

/// At most `window_frames` neighbouring frames, from anywhere.
pub fn crop<'a>(frames: &'a [f32], columns: usize, window_frames: usize, generator: &mut impl Rng) -> &'a [f32] {
    let spare = (frames.len() / columns).saturating_sub(window_frames);
    let start = if spare == 0 { 0 } else { generator.random_range(0..=spare) };
    let end = (start + window_frames).min(frames.len() / columns);
    input::stretch(frames, columns, start..end)
}

/// Noise, offset and gain on the first `heard` columns. Values are moved by multiples of each column's spread. The `onset` strength stays as
/// it is: it is made of differences in dB, which another microphone leaves alone, and most of the rhythm in a summary is counted in it.
pub fn perturb(
    frames: &mut [f32],
    heard: usize,
    onset: Option<usize>,
    spread: &Normalisation,
    settings: &Augmentation,
    generator: &mut impl Rng,
) {
    let gain = 1.0 + settings.gain * normal(generator);
    let offsets: Vec<f32> =
        spread.std.iter().take(heard).map(|std| settings.offset * std * normal(generator)).collect();
    for frame in frames.chunks_exact_mut(spread.std.len()) {
        let coefficients = frame.iter_mut().zip(&spread.mean).zip(&spread.std).zip(&offsets).enumerate();
        for (_, (((value, mean), std), offset)) in coefficients.filter(|(column, _)| Some(*column) != onset) {
            let noise = if settings.noise > 0.0 { settings.noise * std * normal(generator) } else { 0.0 };
            *value = mean + gain * (*value - mean) + offset + noise;
        }
    }
}

/// Sets a run of frames and a band of the first `heard` columns to the training set's mean (Park et al. 2019,
/// *SpecAugment*).
pub fn mask(
    frames: &mut [f32],
    heard: usize,
    spread: &Normalisation,
    settings: &Augmentation,
    generator: &mut impl Rng,
) {
    let columns = spread.mean.len();
    let n_frames = frames.len() / columns;
    let rows = generator.random_range(0..=settings.mask_frames.min(n_frames / 2));
    let first = generator.random_range(0..=n_frames - rows);
    for frame in frames[first * columns..(first + rows) * columns].chunks_exact_mut(columns) {
        frame[..heard].copy_from_slice(&spread.mean[..heard]);
    }
    let band = generator.random_range(0..=settings.mask_coefficients.min(heard / 2));
    let first = generator.random_range(0..=heard - band);
    for frame in frames.chunks_exact_mut(columns) {
        frame[first..first + band].copy_from_slice(&spread.mean[first..first + band]);
    }
}

/// A share drawn from Beta(a, a) (Jöhnk 1964), for mixing two clips.
pub fn beta(a: f32, generator: &mut impl Rng) -> f32 {
    loop {
        let x = generator.random::<f32>().powf(1.0 / a);
        let y = generator.random::<f32>().powf(1.0 / a);
        if x + y > 0.0 && x + y <= 1.0 {
            return x / (x + y);
        }
    }
}

/// A clip as a network will see it, varied at random. `own` is what its voice's frames are scaled by, where that is known; `tract`
/// scales its frequencies, where that may be.
pub fn vary(
    frames: &[f32],
    input: &InputSettings,
    spread: &Normalisation,
    own: Option<&Normalisation>,
    tract: Option<&VocalTract>,
    settings: &Augmentation,
    generator: &mut impl Rng,
) -> Vec<f32> {
    let (columns, heard, window_frames) = (input.columns(), input.heard_columns(), input.window_frames);
    let bound = settings.stretch.ln();
    let rate = generator.random_range(-bound..=bound).exp();
    let stretched = if rate == 1.0 { Cow::Borrowed(frames) } else { Cow::Owned(stretch(frames, columns, rate)) };
    let mut varied = crop(&stretched, columns, window_frames, generator).to_vec();
    // Loudness goes first, as in use, so that noise and masks are relative to levelled frames.
    input::level(&mut varied, columns);
    if let Some(own) = own.filter(|_| generator.random::<f32>() < settings.own_voice) {
        // The batch will be scaled by the training set's spread.
        own.apply(&mut varied);
        spread.undo(&mut varied);
    }
    if let Some(tract) = tract {
        tract.vary(&mut varied, columns, generator);
        input::level(&mut varied, columns);
    }
    perturb(&mut varied, heard, input.music_columns().map(MusicColumns::onset), spread, settings, generator);
    mask(&mut varied, heard, spread, settings, generator);
    varied
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn stretching_changes_the_length_and_keeps_a_ramp_a_ramp() {
        let ramp: Vec<f32> = (0..100).flat_map(|t| [t as f32, 5.0]).collect();
        let faster = stretch(&ramp, 2, 1.25);
        assert_eq!(faster.len(), 2 * 80);
        assert!((faster[2 * 10] - 12.5).abs() < 1e-4 && faster[2 * 10 + 1] == 5.0);
        assert_eq!(stretch(&ramp, 2, 1.0), ramp);
        assert_eq!(stretch(&ramp[..2], 2, 3.0).len(), 2);
    }

    #[test]
    fn a_microphone_leaves_onsets_alone() {
        let spread = Normalisation { mean: vec![0.0; 3], std: vec![1.0; 3] };
        let mut frames = vec![1.0; 3 * 10];
        let settings = Augmentation { noise: 0.0, ..Augmentation::of(Domain::Music) };
        perturb(&mut frames, 2, Some(1), &spread, &settings, &mut ChaCha8Rng::seed_from_u64(3));
        for frame in frames.chunks_exact(3) {
            assert!(frame[0] != 1.0 && frame[1..] == [1.0, 1.0], "{frame:?}");
        }
    }

    #[test]
    fn masks_cover_no_more_than_they_may() {
        let spread = Normalisation { mean: vec![7.0; 10], std: vec![1.0; 10] };
        let mut generator = ChaCha8Rng::seed_from_u64(1);
        for _ in 0..50 {
            let mut frames = vec![0.0; 10 * 40];
            mask(&mut frames, 10, &spread, &Augmentation::of(Domain::Voice), &mut generator);
            let masked = frames.iter().filter(|v| **v == 7.0).count();
            assert!(masked <= 20 * 10 + 5 * 40, "{masked}");
        }
    }

    #[test]
    fn beta_shares_have_their_mean_and_lie_near_the_ends() {
        let mut generator = ChaCha8Rng::seed_from_u64(2);
        let shares: Vec<f32> = (0..4000).map(|_| beta(0.3, &mut generator)).collect();
        let mean = shares.iter().sum::<f32>() / 4000.0;
        assert!((mean - 0.5).abs() < 0.03, "{mean}");
        let extreme = shares.iter().filter(|s| !(0.1..0.9).contains(*s)).count();
        assert!(extreme > 2000, "{extreme}");
    }
}
