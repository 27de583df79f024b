//! What is added to the logits for the functionals of a stretch.

use super::matrix::{After, Matrix};
use super::voice_head::add_log_softmax;
use super::{dense, values};
use crate::mood::MOOD_COUNT;
use crate::nets::Own;
use crate::nets::functional_head::{self, FUNCTIONAL_BOUND, FUNCTIONAL_WEIGHT};

/// [`functional_head::FunctionalHead`].
#[derive(Debug, Clone)]
pub struct FunctionalHead {
    mean: Vec<f32>,
    general: Regression,
    own: Option<Regression>,
}

impl FunctionalHead {
    /// The weights of a module.
    pub fn of(head: &functional_head::FunctionalHead) -> FunctionalHead {
        let own = |own: &functional_head::OwnFunctionals| Regression {
            scale: values(own.scale.val()),
            linear: dense(&own.linear),
        };
        FunctionalHead {
            mean: values(head.mean.val()),
            general: Regression { scale: values(head.scale.val()), linear: dense(&head.linear) },
            own: head.own.as_ref().map(own),
        }
    }

    /// Adds to the `outputs` of a stretch, whose `functionals` are known, and whose voice may be. `buffers` are for results in between.
    pub fn add(&self, functionals: &[f32], own: Option<&Own>, buffers: [&mut Vec<f32>; 2], outputs: &mut [f32]) {
        let [centred, added] = buffers;
        centred.clear();
        centred.extend(functionals.iter().zip(&self.mean).map(|(value, mean)| value - mean));
        let mut share = 0.0;
        if let Some((regression, own)) = self.own.as_ref().zip(own) {
            share = own.functionals_share;
            let mut relative = centred.clone();
            let usual = own.functionals.iter().zip(&self.mean).map(|(own, mean)| share * (own - mean));
            relative.iter_mut().zip(usual).for_each(|(value, usual)| *value -= usual);
            regression.add(&mut relative, share, added, outputs);
        }
        self.general.add(centred, 1.0 - share, added, outputs);
    }
}

/// A linear regression on scaled values.
#[derive(Debug, Clone)]
struct Regression {
    scale: Vec<f32>,
    linear: Matrix,
}

impl Regression {
    /// Adds what it gives for `centred` values, which it scales, times `share`.
    fn add(&self, centred: &mut [f32], share: f32, added: &mut Vec<f32>, outputs: &mut [f32]) {
        for (value, scale) in centred.iter_mut().zip(&self.scale) {
            *value = (*value * scale).clamp(-FUNCTIONAL_BOUND, FUNCTIONAL_BOUND);
        }
        added.clear();
        added.resize(outputs.len(), 0.0);
        self.linear.apply(centred, added, After::Linear);
        add_log_softmax(added, share * FUNCTIONAL_WEIGHT, outputs);
        let moods = outputs.len() / MOOD_COUNT * MOOD_COUNT;
        let circumplex = outputs.iter_mut().zip(&*added).skip(moods);
        circumplex.for_each(|(output, added)| *output += share * added);
    }
}
