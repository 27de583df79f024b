//! The study's networks.

use super::convolution::Convolution;
use super::dense;
use super::lstm::{Direction, Order, Sequences};
use super::matrix::{After, Matrix};
use super::pool::raise;
use crate::nets::study::{CNN_COEFFICIENTS, POOL, StudyCnn, StudyRnn};

/// [`StudyCnn`], ready to run.
#[derive(Debug, Clone)]
pub struct StudyCnnPlan {
    first: Convolution,
    second: Convolution,
    dense: Matrix,
}

impl StudyCnnPlan {
    /// The plan of a network.
    pub fn of(network: &StudyCnn) -> StudyCnnPlan {
        let second = Convolution::of(&network.conv2);
        let (channels, length) = (second.outputs(), CNN_COEFFICIENTS / POOL);
        // Dense weights are made for [channel][place]; here places come first.
        let flat = dense(&network.dense);
        let weights = super::values(network.dense.weight.val());
        let bias =
            network.dense.bias.as_ref().map_or_else(|| vec![0.0; flat.outputs()], |bias| super::values(bias.val()));
        let dense = Matrix::new(flat.inputs(), &bias, |row, output| {
            let (place, channel) = (row / channels, row % channels);
            weights[(channel * length + place) * bias.len() + output]
        });
        StudyCnnPlan { first: Convolution::of(&network.conv1), second, dense }
    }

    /// Values of one input.
    pub fn inputs(&self) -> usize {
        CNN_COEFFICIENTS
    }

    /// Logits, eight for each mean MFCC in `input`.
    pub fn forward(&self, input: &[f32]) -> Vec<f32> {
        let batch = input.len() / CNN_COEFFICIENTS;
        let (margin, length) = (self.first.margin(), CNN_COEFFICIENTS / POOL);
        let (wide, channels) = (self.first.outputs(), self.second.outputs());
        let mut padded = vec![0.0; CNN_COEFFICIENTS + 2 * margin];
        let mut early = vec![0.0; CNN_COEFFICIENTS * wide];
        let framed = length + 2 * self.second.margin();
        let mut pooled = vec![0.0f32; batch * framed * wide];
        for (input, pooled) in input.chunks_exact(CNN_COEFFICIENTS).zip(pooled.chunks_exact_mut(framed * wide)) {
            padded[margin..][..CNN_COEFFICIENTS].copy_from_slice(input);
            self.first.apply(&padded, |t| t, &mut early);
            let inside = pooled[self.second.margin() * wide..].chunks_exact_mut(wide);
            for (out, eight) in inside.zip(early.chunks_exact(POOL * wide)) {
                // Nothing lies below the zeros that are there: a ReLU came before.
                for row in eight.chunks_exact(wide) {
                    raise(out, row);
                }
            }
        }
        let mut late = vec![0.0; batch * length * channels];
        self.second.apply(&pooled, |t| t / length * framed + t % length, &mut late);
        let mut logits = vec![0.0; batch * self.dense.outputs()];
        self.dense.apply(&late, &mut logits, After::Linear);
        logits
    }
}

/// [`StudyRnn`], ready to run.
#[derive(Debug, Clone)]
pub struct StudyRnnPlan {
    lstm: Direction,
    features: usize,
    dense: [Matrix; 4],
}

impl StudyRnnPlan {
    /// The plan of a network.
    pub fn of(network: &StudyRnn) -> StudyRnnPlan {
        let StudyRnn { lstm, dense1, dense2, dense3, dense4, .. } = network;
        let [features, _] = lstm.weight_ih_l0.lazy_shape().dims();
        StudyRnnPlan { lstm: Direction::of(lstm), features, dense: [dense1, dense2, dense3, dense4].map(dense) }
    }

    /// Logits, eight for each of `batch` sequences of equal length in `input`.
    pub fn forward(&self, input: Vec<f32>, batch: usize) -> Vec<f32> {
        let steps = input.len() / self.features.max(1) / batch.max(1);
        let hidden = self.lstm.hidden();
        let mut rows = vec![0.0; batch * hidden];
        let sequences = Sequences { values: input, steps: vec![steps; batch] };
        self.lstm.scan(&sequences, Order::Forward, |sequence, time, state| {
            if time + 1 == steps {
                rows[sequence * hidden..][..hidden].copy_from_slice(state);
            }
        });
        let [between @ .., last] = &self.dense;
        for layer in between {
            rows = applied(layer, &rows, batch, After::Relu);
        }
        applied(last, &rows, batch, After::Linear)
    }
}

fn applied(layer: &Matrix, rows: &[f32], batch: usize, after: After) -> Vec<f32> {
    let mut output = vec![0.0; batch * layer.outputs()];
    layer.apply(rows, &mut output, after);
    output
}
