//! What is added to the logits for the functionals of a stretch.

use super::matrix::{After, Matrix};
use super::voice_head::add_log_softmax;
use super::{dense, values};
use crate::nets::functional_head::{self, FUNCTIONAL_BOUND, weight};

/// [`functional_head::FunctionalHead`].
#[derive(Debug, Clone)]
pub struct FunctionalHead {
    mean: Vec<f32>,
    scale: Vec<f32>,
    linear: Matrix,
}

impl FunctionalHead {
    /// The weights of a module.
    pub fn of(head: &functional_head::FunctionalHead) -> FunctionalHead {
        FunctionalHead { mean: values(head.mean.val()), scale: values(head.scale.val()), linear: dense(&head.linear) }
    }

    /// Adds to the `logits` of a stretch, of which `functionals` are known and whose voice is known as far as `share` says. `scaled` and
    /// `added` are for results in between.
    pub fn add(&self, functionals: &[f32], share: f32, [scaled, added]: [&mut Vec<f32>; 2], logits: &mut [f32]) {
        scaled.clear();
        let each = functionals.iter().zip(&self.mean).zip(&self.scale);
        scaled.extend(
            each.map(|((value, mean), scale)| ((value - mean) * scale).clamp(-FUNCTIONAL_BOUND, FUNCTIONAL_BOUND)),
        );
        added.clear();
        added.resize(logits.len(), 0.0);
        self.linear.apply(scaled, added, After::Linear);
        add_log_softmax(added, weight(share), logits);
    }
}
