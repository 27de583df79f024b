//! From MFCC frames to what the mood networks see: the same code in training and in use.
//!
//! A stretch of frames loses its silent ends, its loudness and the training set's mean and spread:
//!
//! 1. frames at either end more than [`InputSettings::trim_db`] below the loudest are cut away;
//! 2. the mean of coefficient 0 over what is left is subtracted. A gain adds a constant to every mel band in
//!    dB, and the DCT puts that constant into coefficient 0 alone, so the networks cannot hear it;
//! 3. every coefficient is z-scored by the training set's [`Normalisation`].

use serde::{Deserialize, Serialize};

use super::Error;
use crate::audio::SAMPLE_RATE;
use crate::features::MfccOptions;

/// How mood windows are cut from a recording and prepared. Fixed for a build; written into every model
/// file so that weights and code cannot disagree unnoticed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InputSettings {
    /// The MFCCs. No `top_db`: the dB floor is absolute, so a frame is the same in whatever window it falls.
    pub mfcc: MfccOptions,
    /// Frames of a window.
    pub window_frames: usize,
    /// Frames from the start of a window to the start of the next.
    pub hop_frames: usize,
    /// Leading and trailing frames this far below the window's loudest frame are cut away, in dB.
    pub trim_db: f32,
    /// A window whose loudest frame lies below this level is silent: no network is asked. In dB, as
    /// [`InputSettings::level_db`] gives it; digital silence is −100, 16-bit dither about −83.
    pub silence_db: f32,
}

impl Default for InputSettings {
    fn default() -> Self {
        InputSettings {
            mfcc: MfccOptions { sample_rate: SAMPLE_RATE, n_mfcc: 40, top_db: None, ..MfccOptions::default() },
            window_frames: 176,
            hop_frames: 43,
            trim_db: 35.0,
            silence_db: -80.0,
        }
    }
}

impl InputSettings {
    /// Seconds from one frame to the next.
    pub fn frame_s(&self) -> f64 {
        self.mfcc.hop_length as f64 / f64::from(self.mfcc.sample_rate)
    }

    /// Length of a window in seconds.
    pub fn window_s(&self) -> f64 {
        self.window_frames as f64 * self.frame_s()
    }

    /// Seconds from the start of a window to the start of the next.
    pub fn hop_s(&self) -> f64 {
        self.hop_frames as f64 * self.frame_s()
    }

    /// Level of a frame: the mean of its mel bands in dB, read off coefficient 0 of the orthonormal DCT.
    pub fn level_db(&self, frame: &[f32]) -> f32 {
        frame.first().copied().unwrap_or(f32::NEG_INFINITY) / (self.mfcc.n_mels as f32).sqrt()
    }

    /// Refuses settings other than this build's.
    pub(super) fn check_is_ours(&self) -> Result<(), Error> {
        let ours = InputSettings::default();
        let differs = |field, expected: &dyn std::fmt::Debug, got: &dyn std::fmt::Debug| {
            Err(Error::Features { field, expected: format!("{expected:?}"), got: format!("{got:?}") })
        };
        if self.mfcc != ours.mfcc {
            return differs("mfcc", &ours.mfcc, &self.mfcc);
        }
        if self.window_frames != ours.window_frames {
            return differs("window_frames", &ours.window_frames, &self.window_frames);
        }
        if self.hop_frames != ours.hop_frames {
            return differs("hop_frames", &ours.hop_frames, &self.hop_frames);
        }
        if self.trim_db != ours.trim_db {
            return differs("trim_db", &ours.trim_db, &self.trim_db);
        }
        if self.silence_db != ours.silence_db {
            return differs("silence_db", &ours.silence_db, &self.silence_db);
        }
        Ok(())
    }

    /// Frames `start..end` of `frames` (frame-major, `n_mfcc` each) that are left when the quiet ends are
    /// cut away, or `None` when all of it is silent.
    pub fn active(&self, frames: &[f32]) -> Option<std::ops::Range<usize>> {
        let levels = || frames.chunks_exact(self.mfcc.n_mfcc).map(|frame| self.level_db(frame));
        let loudest = levels().fold(f32::NEG_INFINITY, f32::max);
        // Also true when there is no frame at all.
        if loudest < self.silence_db {
            return None;
        }
        let audible = |level: f32| level >= loudest - self.trim_db;
        let start = levels().position(audible)?;
        let end = levels().rposition(audible)? + 1;
        Some(start..end)
    }
}

/// Mean and standard deviation of every coefficient over the training set's prepared frames.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Normalisation {
    /// One mean a coefficient.
    pub mean: Vec<f32>,
    /// One standard deviation a coefficient.
    pub std: Vec<f32>,
}

impl Normalisation {
    /// Statistics over `stretches`, each frame-major and already [levelled](level).
    pub fn measure<'a>(n_mfcc: usize, stretches: impl Iterator<Item = &'a [f32]>) -> Normalisation {
        let (mut count, mut sum, mut squares) = (0.0f64, vec![0.0f64; n_mfcc], vec![0.0f64; n_mfcc]);
        for frame in stretches.flat_map(|stretch| stretch.chunks_exact(n_mfcc)) {
            count += 1.0;
            for ((sum, squares), value) in sum.iter_mut().zip(&mut squares).zip(frame) {
                *sum += f64::from(*value);
                *squares += f64::from(*value).powi(2);
            }
        }
        let count = count.max(1.0);
        let std = |(sum, squares): (&f64, &f64)| (squares / count - (sum / count).powi(2)).max(1e-6).sqrt() as f32;
        Normalisation {
            mean: sum.iter().map(|sum| (sum / count) as f32).collect(),
            std: sum.iter().zip(&squares).map(std).collect(),
        }
    }

    pub(super) fn check(&self, n_mfcc: usize) -> Result<(), Error> {
        for (name, values) in [("normalisation.mean", &self.mean), ("normalisation.std", &self.std)] {
            if values.len() != n_mfcc {
                return Err(Error::Shape { name: name.into(), expected: vec![n_mfcc], got: vec![values.len()] });
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
}

/// Takes the mean of coefficient 0 away from it: the loudness of the stretch.
pub fn level(frames: &mut [f32], n_mfcc: usize) {
    let n_frames = (frames.len() / n_mfcc).max(1);
    let mean = frames.iter().step_by(n_mfcc).map(|c0| f64::from(*c0)).sum::<f64>() / n_frames as f64;
    for c0 in frames.iter_mut().step_by(n_mfcc) {
        *c0 -= mean as f32;
    }
}
