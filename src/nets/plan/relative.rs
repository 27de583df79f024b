//! What is left to do for a convolution that reads every frame twice: as it is, and relative to the mean of its stretch.
//!
//! With W₁ for the frames as they are and W₂ for what is relative, `W₁ ∗ x + W₂ ∗ (x − m) = (W₁ + W₂) ∗ x − W₂ ∗ m`. The first
//! term has half the products, and the second is the same for all frames but those whose filter reaches over an end.

use super::convolution::Folded;
use super::matrix::{After, Matrix};

/// `bias − W₂ ∗ m`, to which the convolution of the frames is added. Its taps are neighbours.
#[derive(Debug, Clone)]
pub struct MeanTerm {
    /// W₂, a mean frame to the outputs of each tap.
    of_mean: Matrix,
    bias: Vec<f32>,
    columns: usize,
    kernel: usize,
}

impl MeanTerm {
    /// The term of a layer whose second half of channels is the first half less its mean over time.
    pub fn of(layer: &Folded) -> MeanTerm {
        let (columns, outputs, kernel) = (layer.channels / 2, layer.bias.len(), layer.kernel);
        MeanTerm {
            of_mean: Matrix::new(columns, &vec![0.0; kernel * outputs], |column, place| {
                layer.weight(place % outputs, columns + column, place / outputs)
            }),
            bias: layer.bias.clone(),
            columns,
            kernel,
        }
    }

    /// The term of each frame, to `output`.
    pub fn begin(&self, frames: &[f32], output: &mut [f32]) {
        let n_frames = frames.len() / self.columns;
        let mut of_taps = vec![0.0; self.of_mean.outputs()];
        self.of_mean.apply(&mean(frames, self.columns), &mut of_taps, After::Linear);
        let without = |taps: std::ops::Range<usize>| {
            let mut row = self.bias.clone();
            for tap in of_taps.chunks_exact(self.bias.len()).skip(taps.start).take(taps.len()) {
                row.iter_mut().zip(tap).for_each(|(value, part)| *value -= part);
            }
            row
        };
        let inside = without(0..self.kernel);
        let margin = self.kernel / 2;
        for (t, row) in output.chunks_exact_mut(self.bias.len()).enumerate() {
            let taps = margin.saturating_sub(t)..self.kernel.min(n_frames + margin - t);
            if taps.len() == self.kernel { row.copy_from_slice(&inside) } else { row.copy_from_slice(&without(taps)) }
        }
    }
}

/// The mean frame.
fn mean(frames: &[f32], columns: usize) -> Vec<f32> {
    let mut mean = vec![0.0; columns];
    for frame in frames.chunks_exact(columns) {
        for (sum, value) in mean.iter_mut().zip(frame) {
            *sum += value;
        }
    }
    let n_frames = (frames.len() / columns).max(1) as f32;
    mean.iter_mut().for_each(|sum| *sum /= n_frames);
    mean
}
