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
        add_log_softmax(added, own.share * VOICE_HEAD_WEIGHT, logits);
    }
}

/// Adds the logarithms of the softmax of `more` within each kind of voice, times `weight`.
pub(super) fn add_log_softmax(more: &[f32], weight: f32, logits: &mut [f32]) {
    for (logits, more) in logits.chunks_exact_mut(MOOD_COUNT).zip(more.chunks_exact(MOOD_COUNT)) {
        let highest = more.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let total: f32 = more.iter().map(|value| (value - highest).exp()).sum();
        for (logit, value) in logits.iter_mut().zip(more) {
            *logit += weight * (value - highest - total.ln());
        }
    }
}
