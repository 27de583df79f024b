//! What the study's networks were fed.

use std::path::PathBuf;

use rayon::prelude::*;

use super::kaiser_fast;
use crate::audio::decode::decode;
use crate::features::{Mfcc, MfccOptions, Padding};
use crate::mood::Mood;
use crate::train::ravdess::Clip;

/// Sample rate of all features, in Hz.
pub const SAMPLE_RATE: u32 = 22_050;
/// Coefficients of every MFCC.
pub const N_MFCC: usize = 40;
/// Frames of the RNN's three seconds.
pub const RNN_FRAMES: usize = 130;

const RNN_SAMPLES: usize = 3 * SAMPLE_RATE as usize;

/// One clip as it comes from the MFCC. The CNN reads its input like this; the LSTM's is brought to another
/// scale first, see [`Inputs::standardised`].
#[derive(Debug, Clone, PartialEq)]
pub struct StudyFeatures {
    /// Mean MFCC over the whole clip, `[40]`: the CNN's input.
    pub mean: Vec<f32>,
    /// MFCC of the first three seconds, coefficient-major `[40, 130]`: the RNN's input.
    pub first_seconds: Vec<f32>,
}

/// A clip with its features.
#[derive(Debug, Clone)]
pub struct Example {
    /// What the clip's name says.
    pub clip: Clip,
    /// What the networks see of it.
    pub features: StudyFeatures,
}

/// Clips that could be read, in the order of the list, and those that could not, with the reason.
#[derive(Debug, Default)]
pub struct Loaded {
    /// What can be learnt from.
    pub examples: Vec<Example>,
    /// What was skipped.
    pub skipped: Vec<(PathBuf, String)>,
}

/// Features of samples at `sample_rate` Hz.
///
/// Resampled by `kaiser_fast`. The mean is over all frames of librosa's MFCC. The three seconds are
/// padded by reflection, as librosa did up to 0.8.1; a shorter clip is filled up with silence first.
///
/// # Errors
/// When the features refuse their settings, which they do not.
pub fn study_features(samples: &[f32], sample_rate: u32) -> Result<StudyFeatures, crate::features::Error> {
    let options = MfccOptions { sample_rate: SAMPLE_RATE, n_mfcc: N_MFCC, ..MfccOptions::default() };
    let resampled = kaiser_fast::resample(samples, sample_rate, SAMPLE_RATE);
    let mean = Mfcc::new(&options)?.mean(&resampled);

    let mut start = resampled;
    start.resize(RNN_SAMPLES, 0.0);
    let frames = Mfcc::new(&MfccOptions { padding: Padding::Reflect, ..options })?.mfcc(&start);
    let first_seconds = (0..N_MFCC).flat_map(|k| frames.iter().map(move |frame| frame[k])).collect();
    Ok(StudyFeatures { mean, first_seconds })
}

/// Reads clips on all cores; `progress` is called after each. A clip that cannot be read is skipped.
pub fn load(clips: &[Clip], progress: impl Fn() + Sync) -> Loaded {
    let read: Vec<Result<StudyFeatures, String>> = clips
        .par_iter()
        .map(|clip| {
            let features = decode(&clip.path)
                .map_err(|error| error.to_string())
                .and_then(|pcm| study_features(pcm.samples(), pcm.sample_rate()).map_err(|error| error.to_string()));
            progress();
            features
        })
        .collect();
    let mut loaded = Loaded::default();
    for (clip, features) in clips.iter().zip(read) {
        match features {
            Ok(features) => loaded.examples.push(Example { clip: clip.clone(), features }),
            Err(reason) => loaded.skipped.push((clip.path.clone(), reason)),
        }
    }
    loaded
}

/// What a network is fed, example by example, and what it should say.
pub struct Inputs {
    /// All examples, one after the other, each of [`Inputs::shape`].
    pub values: Vec<f32>,
    /// Shape of one example.
    pub shape: [usize; 2],
    /// True moods.
    pub labels: Vec<Mood>,
}

impl Inputs {
    /// Mean MFCCs, `[1, 40]`, for the CNN.
    pub fn mean_mfcc(examples: &[Example]) -> Inputs {
        Self::gather(examples, [1, N_MFCC], |features| features.mean.clone())
    }

    /// As the study had it: 40 coefficients as time steps of 130 frames.
    pub fn coefficients_as_time(examples: &[Example]) -> Inputs {
        Self::gather(examples, [N_MFCC, RNN_FRAMES], |features| features.first_seconds.clone())
    }

    /// The right way round: 130 frames as time steps of 40 coefficients.
    pub fn frames_as_time(examples: &[Example]) -> Inputs {
        let transposed = |features: &StudyFeatures| {
            let rows = &features.first_seconds;
            (0..RNN_FRAMES).flat_map(|t| (0..N_MFCC).map(move |k| rows[k * RNN_FRAMES + t])).collect()
        };
        Self::gather(examples, [RNN_FRAMES, N_MFCC], transposed)
    }

    /// The same inputs, each column of all steps minus its mean and divided by its standard deviation over
    /// the clips in `train`: scikit-learn's `StandardScaler` on the steps, `reshape(-1, columns)`, which is
    /// how sequences are usually scaled before Keras.
    ///
    /// The study prints its LSTM's features as they come from the MFCC and does not mention a scale. Fed
    /// like that (values down to −900), the gates saturate: this LSTM then learns the training part by
    /// heart and stays under 40 % on the test part, at losses from 2.2 to 2.6. The study reports 73.91 % at
    /// 1.041. That the study had this scale is our inference: of ten scalings that were tried, this one came
    /// closest to its accuracy, and its loss is the study's.
    pub fn standardised(&self, train: &[usize]) -> Inputs {
        let [rows, columns] = self.shape;
        let steps =
            |index: &usize| self.values[index * rows * columns..(index + 1) * rows * columns].chunks_exact(columns);
        let (mut sums, mut squares) = (vec![0.0f64; columns], vec![0.0f64; columns]);
        for step in train.iter().flat_map(steps) {
            for ((sum, square), value) in sums.iter_mut().zip(&mut squares).zip(step) {
                *sum += f64::from(*value);
                *square += f64::from(*value).powi(2);
            }
        }
        let count = (train.len() * rows).max(1) as f64;
        let scales: Vec<(f64, f64)> = sums
            .iter()
            .zip(&squares)
            .map(|(sum, square)| {
                let mean = sum / count;
                (mean, (square / count - mean * mean).max(0.0).sqrt().max(f64::EPSILON))
            })
            .collect();
        let scaled = |step: &[f32]| -> Vec<f32> {
            step.iter().zip(&scales).map(|(value, (mean, std))| ((f64::from(*value) - mean) / std) as f32).collect()
        };
        let values = self.values.chunks_exact(columns).flat_map(scaled).collect();
        Inputs { values, shape: self.shape, labels: self.labels.clone() }
    }

    fn gather(examples: &[Example], shape: [usize; 2], of: impl Fn(&StudyFeatures) -> Vec<f32>) -> Inputs {
        Inputs {
            values: examples.iter().flat_map(|example| of(&example.features)).collect(),
            shape,
            labels: examples.iter().map(|example| example.clip.mood).collect(),
        }
    }
}
