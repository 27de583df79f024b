//! What a network adds to its outputs for the functionals of a stretch.

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor};

use super::functionals::n_functionals;
use super::initial::Initial;
use super::model::Sizes;
use crate::mood::MOOD_COUNT;

/// How much log-probabilities from functionals count against the network's logits. Found by cross-validation: from 0.5 to 1 hardly anything
/// changes but how sure the verdicts are.
pub(super) const FUNCTIONAL_WEIGHT: f32 = 0.7;

/// How far a functional counts, in standard deviations: what lies beyond has not been learnt.
pub const FUNCTIONAL_BOUND: f32 = 3.0;

/// A ridge regression of the moods on the [functionals](super::Functionals) of a stretch, and another for functionals relative to a voice
/// that was learnt. Their log-probabilities of the moods of each kind of voice are added to the network's logits: those of the first as
/// far as the voice is not known, those of the second as far as it is.
///
/// The networks see the same frames, and could find what the functionals tell; with twenty voices to learn from they do not. Taught
/// by itself, and held back by a ridge penalty, a linear head errs elsewhere than they do. Music has no voice to be relative to; of it the
/// head tells valence and arousal too, which are added to the network's own.
#[derive(Module, Debug)]
pub struct FunctionalHead {
    /// Mean of each functional over the training set.
    pub(super) mean: Param<Tensor<1>>,
    /// One divided by its standard deviation.
    pub(super) scale: Param<Tensor<1>>,
    pub(super) linear: Linear,
    pub(super) own: Option<OwnFunctionals>,
}

/// The regression on functionals relative to a voice: less the mean of all that was heard of it, whatever its moods. What a singer always
/// does says nothing, what differs from it does.
#[derive(Module, Debug)]
pub struct OwnFunctionals {
    /// One divided by the standard deviation of each functional within a voice.
    pub(super) scale: Param<Tensor<1>>,
    pub(super) linear: Linear,
}

/// The mean functionals of the voices of a batch.
#[derive(Debug, Clone)]
pub struct KnownFunctionals {
    /// `[batch, values]`, see [`Own::functionals`](super::Own).
    pub mean: Tensor<2>,
    /// How far they are known, `[batch, 1]`.
    pub share: Tensor<2>,
}

impl FunctionalHead {
    pub(super) fn new<I: Initial>(Sizes { heard, outputs, .. }: Sizes, own: bool, device: &Device) -> Self {
        let values = n_functionals(heard);
        let ones = || Param::from_tensor(Tensor::ones([values], device));
        FunctionalHead {
            mean: Param::from_tensor(Tensor::zeros([values], device)),
            scale: ones(),
            linear: I::linear(values, outputs, device),
            own: own.then(|| OwnFunctionals { scale: ones(), linear: I::linear(values, outputs, device) }),
        }
    }

    /// What is added to the outputs for the functionals of a batch, `[batch, values]`, whose voices may be known.
    pub fn forward(&self, functionals: Tensor<2>, voices: Option<KnownFunctionals>) -> Tensor<2> {
        let mean = self.mean.val().unsqueeze::<2>();
        let general = added(functionals.clone() - mean.clone(), &self.scale, &self.linear);
        match voices.zip(self.own.as_ref()) {
            None => general,
            Some((KnownFunctionals { mean: of_voices, share }, OwnFunctionals { scale, linear })) => {
                let usual = (of_voices - mean.clone()) * share.clone() + mean;
                (added(functionals - usual, scale, linear) - general.clone()) * share + general
            }
        }
    }
}

/// For centred functionals, the weighted log-probabilities of the moods of each kind of voice; then valence and arousal, if there are any.
fn added(centred: Tensor<2>, scale: &Param<Tensor<1>>, linear: &Linear) -> Tensor<2> {
    let bound = f64::from(FUNCTIONAL_BOUND);
    let all = linear.forward((centred * scale.val().unsqueeze::<2>()).clamp(-bound, bound));
    let [batch, outputs] = all.dims();
    let kinds = outputs / MOOD_COUNT;
    let logits = all.clone().narrow(1, 0, kinds * MOOD_COUNT).reshape([batch, kinds, MOOD_COUNT]);
    let moods = log_softmax(logits, 2).reshape([batch, kinds * MOOD_COUNT]) * FUNCTIONAL_WEIGHT;
    match outputs % MOOD_COUNT {
        0 => moods,
        rest => Tensor::cat(vec![moods, all.narrow(1, kinds * MOOD_COUNT, rest)], 1),
    }
}
