//! What is added to the logits once a voice was learnt.

use super::dense;
use super::matrix::{After, Matrix};
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

    /// Adds to the `logits` of a stretch, whose `statistics` were [measured](super::measure) and become relative to the voice. `added`
    /// is for results in between.
    pub fn add(&self, statistics: &mut [f32], own: &Own, added: &mut Vec<f32>, logits: &mut [f32]) {
        own.relative(statistics);
        added.clear();
        added.resize(logits.len(), 0.0);
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
