//! What a network for voices adds to its logits for the functionals of a stretch.

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor};

use super::functionals::n_functionals;
use super::initial::Initial;
use super::model::Sizes;
use crate::mood::MOOD_COUNT;

/// How much the head's log-probabilities count against the network's logits. Found by cross-validation: from 0.5 to 1 hardly anything
/// changes but how sure the verdicts are.
const WEIGHT: f32 = 0.7;
/// The same for a voice that is known wholly: of it, the networks themselves know more.
const WEIGHT_WHERE_LEARNT: f32 = 0.2;

/// How far a functional counts, in standard deviations: what lies beyond has not been learnt.
pub const FUNCTIONAL_BOUND: f32 = 3.0;

/// How much the head counts for a voice of which `share` is known, 0 … 1.
pub(super) fn weight(share: f32) -> f32 {
    WEIGHT + share * (WEIGHT_WHERE_LEARNT - WEIGHT)
}

/// A ridge regression of the moods on the [functionals](super::Functionals) of a stretch. Its log-probabilities of the moods of each kind
/// of voice are added to the network's logits.
///
/// The networks see the same frames, and could find what the functionals tell; with twenty voices to learn from they do not. Taught
/// by itself, and held back by a ridge penalty, a linear head errs elsewhere than they do.
#[derive(Module, Debug)]
pub struct FunctionalHead {
    /// Mean of each functional over the training set.
    pub(super) mean: Param<Tensor<1>>,
    /// One divided by its standard deviation.
    pub(super) scale: Param<Tensor<1>>,
    pub(super) linear: Linear,
}

impl FunctionalHead {
    pub(super) fn new<I: Initial>(Sizes { columns, outputs, .. }: Sizes, device: &Device) -> Self {
        let values = n_functionals(columns);
        FunctionalHead {
            mean: Param::from_tensor(Tensor::zeros([values], device)),
            scale: Param::from_tensor(Tensor::ones([values], device)),
            linear: I::linear(values, outputs, device),
        }
    }

    /// What is added to the logits, `[batch, kinds of voice · moods]`, for the functionals of a batch, `[batch, values]`; `share`,
    /// `[batch, 1]`, is how far their voices are known, if they are.
    pub fn forward(&self, functionals: Tensor<2>, share: Option<Tensor<2>>) -> Tensor<2> {
        let centred = functionals - self.mean.val().unsqueeze::<2>();
        let bound = f64::from(FUNCTIONAL_BOUND);
        let logits = self.linear.forward((centred * self.scale.val().unsqueeze::<2>()).clamp(-bound, bound));
        let [batch, outputs] = logits.dims();
        let of_kinds = logits.reshape([batch, outputs / MOOD_COUNT, MOOD_COUNT]);
        let added = log_softmax(of_kinds, 2).reshape([batch, outputs]);
        match share {
            Some(share) => added * (share * (WEIGHT_WHERE_LEARNT - WEIGHT) + WEIGHT),
            None => added * WEIGHT,
        }
    }
}
