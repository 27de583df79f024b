//! What a network adds to its logits once a voice was learnt.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor};

use super::functional_head::KnownFunctionals;
use super::initial::Initial;
use super::model::Sizes;
use crate::mood::MOOD_COUNT;

/// How much the head's log-probabilities count against the network's logits, where a voice is known well. Found by cross-validation:
/// from 0.6 to 1 hardly anything changes but how sure the verdicts are.
pub(super) const VOICE_HEAD_WEIGHT: f32 = 0.7;

/// A logistic regression on the [statistics](super::blocks::Statistics::measure) of a stretch relative to its voice: frames are scaled by
/// the voice's own mean and spread, and their variation is counted from what is usual for it. Its log-probabilities of the moods of each
/// kind of voice are added to the network's logits, as far as the voice is known.
///
/// The networks are given statistics too, relative or not; but they are taught to judge any voice, and their deeper layers outvote what
/// is plain to see of a voice that is known. A head that knows nothing else errs elsewhere than they do.
#[derive(Module, Debug)]
pub struct VoiceHead {
    pub(super) linear: Linear,
}

/// What is known of the voices of a batch.
#[derive(Debug, Clone)]
pub struct KnownVoices {
    /// `[batch, 2 · columns]`, see [`Own::variation`](super::Own).
    pub variation: Tensor<2>,
    /// `[batch, 1]`, see [`Own::share`](super::Own).
    pub share: Tensor<2>,
    /// What their functionals usually are.
    pub functionals: KnownFunctionals,
}

impl VoiceHead {
    pub(super) fn new<I: Initial>(Sizes { columns, outputs, .. }: Sizes, device: &Device) -> Self {
        VoiceHead { linear: I::linear(3 * columns, outputs, device) }
    }

    /// What is added to the logits, `[batch, kinds of voice · moods]`, for the statistics of a batch, `[batch, 3 · columns]`.
    pub fn forward(&self, statistics: Tensor<2>, voices: KnownVoices) -> Tensor<2> {
        let [batch, values] = statistics.dims();
        let columns = values / 3;
        let means = statistics.clone().slice([0..batch, 0..columns]);
        let variation = statistics.slice([0..batch, columns..values]) - voices.variation;
        let logits = self.linear.forward(Tensor::cat(vec![means, variation], 1));
        let outputs = logits.dims()[1];
        let of_kinds = logits.reshape([batch, outputs / MOOD_COUNT, MOOD_COUNT]);
        log_softmax(of_kinds, 2).reshape([batch, outputs]) * voices.share * VOICE_HEAD_WEIGHT
    }
}
