//! The first convolution of a network that reads every frame twice: as it is, and relative to the mean of its stretch.
//!
//! With W₁ for the frames as they are and W₂ for what is relative, `W₁ ∗ x + W₂ ∗ (x − m) = (W₁ + W₂) ∗ x − W₂ ∗ m`. The first
//! term has half the products, and the second is the same for all frames but those whose filter reaches over an end.

use super::convolution::{Framed, halved};
use super::matrix::{After, Matrix};
use super::{scale_and_shift, values};
use crate::nets::blocks::ConvBlock;

/// A [`ConvBlock`] whose second half of channels is the first half less its mean over time; its taps are neighbours, and it halves.
#[derive(Debug, Clone)]
pub struct Relative {
    /// W₁ + W₂, tap by tap.
    sum: Matrix,
    /// W₂, a mean frame to the outputs of each tap.
    of_mean: Matrix,
    bias: Vec<f32>,
    columns: usize,
    kernel: usize,
}

impl Relative {
    /// The weights of a block, its batch norm folded in.
    pub fn of(block: &ConvBlock) -> Relative {
        let (scale, shift) = scale_and_shift(&block.norm);
        let [outputs, channels, kernel] = block.conv.weight.lazy_shape().dims();
        let columns = channels / 2;
        let weights = values(block.conv.weight.val());
        let weight = |output: usize, channel: usize, tap: usize| {
            weights[(output * channels + channel) * kernel + tap] * scale[output]
        };
        let bias = block.conv.bias.as_ref().map_or_else(|| vec![0.0; outputs], |bias| values(bias.val()));
        Relative {
            sum: Matrix::new(kernel * columns, &vec![0.0; outputs], |row, output| {
                let (tap, column) = (row / columns, row % columns);
                weight(output, column, tap) + weight(output, columns + column, tap)
            }),
            of_mean: Matrix::new(columns, &vec![0.0; kernel * outputs], |column, place| {
                weight(place % outputs, columns + column, place / outputs)
            }),
            bias: bias.iter().zip(&scale).zip(&shift).map(|((bias, scale), shift)| bias * scale + shift).collect(),
            columns,
            kernel,
        }
    }

    /// As [`Block::apply`](super::convolution::Block::apply), for frames as they are alone.
    pub fn apply(&self, input: &Framed, between: &mut Vec<f32>, output: &mut [f32]) {
        let (frames, channels) = (input.frames(), self.bias.len());
        let n_frames = frames.len() / self.columns;
        between.resize(n_frames * channels, 0.0);
        self.begin(frames, n_frames, between);
        self.sum.convolve_onto(input.values(), |t| t * self.columns, between, After::Relu);
        halved(between, channels, output);
    }

    /// `bias − W₂ ∗ m` of each frame.
    fn begin(&self, frames: &[f32], n_frames: usize, output: &mut [f32]) {
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
