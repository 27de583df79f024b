//! The networks that songmood was made after and is compared with.

use wasm_bindgen::prelude::*;

use super::{code_of_model, error};
use crate::mood::MOOD_COUNT;
use crate::nets::cnn2d::Cnn2d;
use crate::nets::plan::{Cnn2dPlan, StudyCnnPlan, StudyRnnPlan};
use crate::nets::study::{StudyCnn, StudyRnn};
use crate::nets::{default_device, tensors};

/// Steps of a sequence and values of a step that the study's LSTM reads the right way round: three seconds of frames.
const SEQUENCE: [usize; 2] = [130, 40];

/// A network with weights of your own: one of the two of the original study, or a 2-D CNN of the usual kind. They are here to be
/// compared with; the page's moods come from `Classifier`.
#[wasm_bindgen]
pub struct StudyNetwork {
    plan: Plan,
}

enum Plan {
    Cnn(StudyCnnPlan),
    Rnn(StudyRnnPlan),
    Cnn2d(Cnn2dPlan),
}

#[wasm_bindgen]
impl StudyNetwork {
    /// `architecture` is `"cnn"` (40 mean MFCCs), `"rnn"` (130 frames of 40 MFCCs) or `"cnn-2d"` (40 MFCCs of 130 frames each);
    /// `weights` a safetensors file with PyTorch's names and layouts (`conv1.weight`, `lstm.weight_ih_l0`, `blocks.0.conv.weight`, …).
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "\"cnn\" | \"rnn\" | \"cnn-2d\"")] architecture: &str,
        weights: &[u8],
    ) -> Result<StudyNetwork, JsValue> {
        let refused = |source: crate::nets::Error| error(code_of_model(&source), &source.to_string());
        let (tensors, _) = tensors::read(weights).map_err(refused)?;
        let device = default_device();
        let plan = match architecture {
            "cnn" => Plan::Cnn(StudyCnnPlan::of(&StudyCnn::load(&tensors, &device).map_err(refused)?)),
            "rnn" => Plan::Rnn(StudyRnnPlan::of(&StudyRnn::load(&tensors, SEQUENCE[1], &device).map_err(refused)?)),
            "cnn-2d" => Plan::Cnn2d(Cnn2dPlan::of(&Cnn2d::load(&tensors, &device).map_err(refused)?)),
            other => {
                let message = format!("there is no architecture “{other}”; take “cnn”, “rnn” or “cnn-2d”");
                return Err(error("model-architecture", &message));
            }
        };
        Ok(StudyNetwork { plan })
    }

    /// Probabilities of the eight moods for each input of a batch; inputs lie one after the other.
    pub fn forward(&self, input: Vec<f32>) -> Result<Vec<f32>, JsValue> {
        let values = match &self.plan {
            Plan::Cnn(plan) => plan.inputs(),
            Plan::Rnn(_) => SEQUENCE[0] * SEQUENCE[1],
            Plan::Cnn2d(plan) => plan.inputs(),
        };
        if !input.len().is_multiple_of(values) || input.is_empty() {
            let message = format!("an input has {values} values, and {} are no whole number of inputs", input.len());
            return Err(error("invalid-options", &message));
        }
        let batch = input.len() / values;
        let mut outputs = match &self.plan {
            Plan::Cnn(plan) => plan.forward(&input),
            Plan::Rnn(plan) => plan.forward(input, batch),
            Plan::Cnn2d(plan) => plan.forward(&input),
        };
        outputs.chunks_exact_mut(MOOD_COUNT).for_each(softmax);
        Ok(outputs)
    }
}

/// Logits to probabilities.
fn softmax(logits: &mut [f32]) {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for logit in logits.iter_mut() {
        *logit = (*logit - highest).exp();
    }
    let total: f32 = logits.iter().sum();
    for value in logits {
        *value /= total;
    }
}
