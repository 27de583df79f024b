//! What is added to the logits once a voice was learnt.

use super::dense;
use super::matrix::{After, Matrix};
use super::statistics::measure;
use crate::mood::MOOD_COUNT;
use crate::nets::Own;
use crate::nets::voice_head::{self, VOICE_HEAD_WEIGHT};

/// [`voice_head::VoiceHead`].
#[derive(Debug, Clone)]
pub struct VoiceHead {
    linear: Matrix,
}

impl VoiceHead {
    /// The weights of a module.
    pub fn of(head: &voice_head::VoiceHead) -> VoiceHead {
        VoiceHead { linear: dense(&head.linear) }
    }

    /// Adds to the `logits` of a stretch of z-scored frames of `columns` values. `between` is for results in between.
    pub fn add(&self, frames: &[f32], columns: usize, own: &Own, between: &mut Vec<f32>, logits: &mut [f32]) {
        between.clear();
        between.resize(3 * columns + logits.len(), 0.0);
        let (statistics, added) = between.split_at_mut(3 * columns);
        measure(frames, columns, statistics);
        for (value, more) in statistics.iter_mut().skip(columns).zip(&own.variation) {
            *value -= more;
        }
        self.linear.apply(statistics, added, After::Linear);
        for (logits, added) in logits.chunks_exact_mut(MOOD_COUNT).zip(added.chunks_exact(MOOD_COUNT)) {
            let highest = added.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let total: f32 = added.iter().map(|value| (value - highest).exp()).sum();
            for (logit, value) in logits.iter_mut().zip(added) {
                *logit += own.share * VOICE_HEAD_WEIGHT * (value - highest - total.ln());
            }
        }
    }
}
