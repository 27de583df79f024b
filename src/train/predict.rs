//! What a network says of clips it has not learnt from.

use serde::{Deserialize, Serialize};

use super::clips::Clip;
use crate::classifier::windows::cut;
use crate::mood::{MOOD_COUNT, Scores};
use crate::nets::{Model, calibrated};

/// A network's logits on one clip, cut into windows just as the classifier cuts a recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClipLogits {
    /// Position of the clip in the corpus.
    pub clip: usize,
    /// For each window that can be heard: the frames heard, and the logits.
    pub windows: Vec<(usize, Vec<f32>)>,
}

/// Judges clips, given with their positions in the corpus.
pub fn logits<'a>(model: &Model, clips: impl Iterator<Item = (usize, &'a Clip)>) -> Vec<ClipLogits> {
    let settings = &model.card().input;
    let n_mfcc = settings.mfcc.n_mfcc;
    clips
        .map(|(index, clip)| {
            let stretches: Vec<&[f32]> = cut(clip.frames.len() / n_mfcc, settings)
                .into_iter()
                .filter_map(|window| {
                    let frames = &clip.frames[window.start * n_mfcc..window.end * n_mfcc];
                    let active = settings.active(frames)?;
                    Some(&frames[active.start * n_mfcc..active.end * n_mfcc])
                })
                .collect();
            let weights = stretches.iter().map(|frames| frames.len() / n_mfcc);
            ClipLogits { clip: index, windows: weights.zip(model.logits(&stretches)).collect() }
        })
        .collect()
}

impl ClipLogits {
    /// Probabilities for the clip at a temperature: the mean over its windows, weighted by what was heard.
    pub fn scores(&self, temperature: f32) -> Scores {
        let (mut sum, mut total) = ([0.0; MOOD_COUNT], 0.0);
        for (weight, logits) in &self.windows {
            let Some(scores) = calibrated(logits, temperature) else { continue };
            for (sum, probability) in sum.iter_mut().zip(scores.0) {
                *sum += *weight as f32 * probability;
            }
            total += *weight as f32;
        }
        if total == 0.0 { Scores::UNIFORM } else { Scores(sum.map(|sum| sum / total)) }
    }
}

/// The mean of two networks' probabilities.
pub fn both(a: &Scores, b: &Scores) -> Scores {
    let mut mean = a.0;
    for (mean, b) in mean.iter_mut().zip(b.0) {
        *mean = (*mean + b) / 2.0;
    }
    Scores(mean)
}
