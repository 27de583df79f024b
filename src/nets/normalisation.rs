//! What inputs are scaled by: means and spreads, of a training set or of one voice.

use serde::{Deserialize, Serialize};

use super::Error;
use super::input::level;

/// Mean and standard deviation of every column over the training set's prepared frames.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Normalisation {
    /// One mean a column.
    pub mean: Vec<f32>,
    /// One standard deviation a column.
    pub std: Vec<f32>,
}

impl Normalisation {
    /// Statistics over `stretches`, each frame-major with `columns` values a frame.
    pub fn measure<'a>(columns: usize, stretches: impl Iterator<Item = &'a [f32]>) -> Normalisation {
        let mut moments = Moments::new(columns);
        for stretch in stretches {
            moments.add(stretch, 1.0);
        }
        moments.normalisation()
    }

    pub(super) fn check(&self, columns: usize) -> Result<(), Error> {
        for (name, values) in [("normalisation.mean", &self.mean), ("normalisation.std", &self.std)] {
            if values.len() != columns {
                return Err(Error::Shape { name: name.into(), expected: vec![columns], got: vec![values.len()] });
            }
            if values.iter().any(|value| !value.is_finite()) {
                return Err(Error::NotFinite { name: name.into() });
            }
        }
        if let Some(std) = self.std.iter().find(|std| **std <= 0.0) {
            let got = std.to_string();
            return Err(Error::OutOfRange { name: "normalisation.std", expected: "above 0", got });
        }
        Ok(())
    }

    /// Z-scores frame-major `frames` in place.
    pub fn apply(&self, frames: &mut [f32]) {
        for frame in frames.chunks_exact_mut(self.mean.len()) {
            for ((value, mean), std) in frame.iter_mut().zip(&self.mean).zip(&self.std) {
                *value = (*value - mean) / std;
            }
        }
    }

    /// Undoes [`Normalisation::apply`].
    pub fn undo(&self, frames: &mut [f32]) {
        for frame in frames.chunks_exact_mut(self.mean.len()) {
            for ((value, mean), std) in frame.iter_mut().zip(&self.mean).zip(&self.std) {
                *value = *value * std + mean;
            }
        }
    }
}

/// What inputs are scaled by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Of the levelled frames' columns.
    pub frames: Normalisation,
    /// Of the summary's values; empty where there is no summary.
    pub summary: Normalisation,
}

/// Sums from which mean and spread follow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Moments {
    count: f64,
    sum: Vec<f64>,
    squares: Vec<f64>,
}

impl Moments {
    fn new(columns: usize) -> Moments {
        Moments { count: 0.0, sum: vec![0.0; columns], squares: vec![0.0; columns] }
    }

    fn add(&mut self, frames: &[f32], weight: f64) {
        for frame in frames.chunks_exact(self.sum.len().max(1)) {
            self.count += weight;
            for ((sum, squares), value) in self.sum.iter_mut().zip(&mut self.squares).zip(frame) {
                *sum += weight * f64::from(*value);
                *squares += weight * f64::from(*value).powi(2);
            }
        }
    }

    fn normalisation(&self) -> Normalisation {
        let count = if self.count > 0.0 { self.count } else { 1.0 };
        let std = |(sum, squares): (&f64, &f64)| (squares / count - (sum / count).powi(2)).max(1e-6).sqrt() as f32;
        Normalisation {
            mean: self.sum.iter().map(|sum| (sum / count) as f32).collect(),
            std: self.sum.iter().zip(&self.squares).map(std).collect(),
        }
    }
}

/// Frames that the training set's mean and spread count as against those of a voice: about the audible part of two RAVDESS clips.
const GENERAL_FRAMES: f64 = 240.0;

/// What is known of one voice without any label: mean and spread of its levelled frames.
///
/// Singers differ more from one another than moods do. A network that is given frames relative to the voice's own mean and
/// spread hears what changes with the mood. The profile should hold several moods: a voice that was only ever heard calm
/// makes calm its zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VoiceProfile(Moments);

impl VoiceProfile {
    /// Nothing is known yet of a voice whose frames have `columns` values.
    pub fn new(columns: usize) -> VoiceProfile {
        VoiceProfile(Moments::new(columns))
    }

    /// Learns from the audible frames of a stretch, each counted as `weight` frames: below 1 where stretches overlap.
    pub fn learn(&mut self, stretch: &[f32], weight: f64) {
        let columns = self.columns();
        let mut levelled = stretch.to_vec();
        level(&mut levelled, columns);
        self.0.add(&levelled, weight);
    }

    /// Values of a frame.
    pub fn columns(&self) -> usize {
        self.0.sum.len()
    }

    /// Audible frames learnt from.
    pub fn n_frames(&self) -> f64 {
        self.0.count
    }

    /// What this voice's frames are scaled by: with n frames learnt, `(n · own + 240 · general) / (n + 240)` for means and for spreads.
    pub fn blend(&self, general: &Normalisation) -> Normalisation {
        let own = self.0.normalisation();
        let share = (self.0.count / (self.0.count + GENERAL_FRAMES)) as f32;
        let blend = |(own, general): (&f32, &f32)| general + share * (own - general);
        Normalisation {
            mean: own.mean.iter().zip(&general.mean).map(blend).collect(),
            std: own.std.iter().zip(&general.std).map(blend).collect(),
        }
    }

    /// Whether the profile can be used for frames of `columns` values: it may have been stored and changed elsewhere.
    pub fn is_valid(&self, columns: usize) -> bool {
        let Moments { count, sum, squares } = &self.0;
        let numbers = [*count].into_iter().chain(sum.iter().copied()).chain(squares.iter().copied());
        let lengths = sum.len() == columns && squares.len() == columns;
        lengths && *count >= 0.0 && numbers.into_iter().all(|value| (value as f32).is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames of two values: one that goes up and down around `mean`, and a level that differs from stretch to stretch.
    fn frames(n: usize, level: f32, mean: f32, swing: f32) -> Vec<f32> {
        (0..n).flat_map(|t| [level, mean + if t % 2 == 0 { swing } else { -swing }]).collect()
    }

    #[test]
    fn a_voice_moves_the_scale_as_far_as_it_is_known() {
        let general = Normalisation { mean: vec![0.0, 1.0], std: vec![1.0, 2.0] };
        let mut voice = VoiceProfile::new(2);
        assert_eq!(voice.blend(&general), general);
        voice.learn(&frames(120, -300.0, 5.0, 4.0), 1.0);
        voice.learn(&frames(120, -500.0, 5.0, 4.0), 1.0);
        let half = voice.blend(&general);
        assert!((half.mean[1] - 3.0).abs() < 1e-3 && (half.std[1] - 3.0).abs() < 1e-3, "{half:?}");
        assert!(half.mean[0].abs() < 1e-3, "loudness is no part of a voice: {half:?}");
        for _ in 0..400 {
            voice.learn(&frames(240, 0.0, 5.0, 4.0), 0.5);
        }
        let known = voice.blend(&general);
        assert!((known.mean[1] - 5.0).abs() < 0.03 && (known.std[1] - 4.0).abs() < 0.03, "{known:?}");
    }

    #[test]
    fn a_profile_that_was_tampered_with_is_not_used() {
        let mut voice = VoiceProfile::new(3);
        assert!(voice.is_valid(3) && !voice.is_valid(40));
        voice.0.squares[1] = f64::NAN;
        assert!(!voice.is_valid(3));
    }

    #[test]
    fn undoing_gives_frames_back() {
        let scale = Normalisation { mean: vec![1.0, -2.0], std: vec![3.0, 0.5] };
        let frames = [0.0, 1.0, 2.0, 3.0];
        let mut moved = frames;
        scale.apply(&mut moved);
        scale.undo(&mut moved);
        assert!(frames.iter().zip(moved).all(|(a, b)| (a - b).abs() < 1e-6));
    }
}
