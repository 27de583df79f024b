//! The 2-D CNN.

use burn::nn::BatchNorm;
use burn::nn::conv::Conv2d;

use super::matrix::{After, Matrix, Taps};
use super::pool::raise;
use super::{dense, scale_and_shift, values};
use crate::nets::cnn2d::{COEFFICIENTS, Cnn2d, FRAMES, KERNEL};

/// Lines of zeros around an image.
const MARGIN: usize = KERNEL / 2;

/// [`Cnn2d`], ready to run. Images lie line by line, channels fastest.
#[derive(Debug, Clone)]
pub struct Cnn2dPlan {
    layers: Vec<Layer>,
    dense: Matrix,
}

/// A convolution with its batch norm folded in.
#[derive(Debug, Clone)]
struct Layer {
    matrix: Matrix,
    channels: usize,
}

impl Layer {
    fn of(conv: &Conv2d, norm: &BatchNorm) -> Layer {
        let [outputs, channels, _, _] = conv.weight.lazy_shape().dims();
        let (scale, shift) = scale_and_shift(norm);
        let weights = values(conv.weight.val());
        let bias = conv.bias.as_ref().map_or_else(|| vec![0.0; outputs], |bias| values(bias.val()));
        let bias: Vec<f32> = bias.iter().zip(&scale).zip(shift).map(|((b, scale), shift)| b * scale + shift).collect();
        let matrix = Matrix::new(KERNEL * KERNEL * channels, &bias, |row, output| {
            let (tap, channel) = (row / channels, row % channels);
            weights[(output * channels + channel) * KERNEL * KERNEL + tap] * scale[output]
        });
        Layer { matrix, channels }
    }

    /// Two lines of `image` from `line` on, `width` places each.
    fn two_lines(&self, image: &[f32], width: usize, line: usize, output: &mut [f32]) {
        let stride = (width + 2 * MARGIN) * self.channels;
        let place = |row: usize| (line + row / width) * stride + row % width * self.channels;
        self.matrix.convolve(image, Taps { taps: KERNEL, stride }, place, output, After::Relu);
    }
}

impl Cnn2dPlan {
    /// The plan of a network.
    pub fn of(network: &Cnn2d) -> Cnn2dPlan {
        let layers = network.blocks.iter().map(|block| Layer::of(&block.conv, &block.norm)).collect();
        Cnn2dPlan { layers, dense: dense(&network.dense) }
    }

    /// Values of one input.
    pub fn inputs(&self) -> usize {
        COEFFICIENTS * FRAMES
    }

    /// Logits, eight for each image of 40 × 130 in `input`.
    pub fn forward(&self, input: &[f32]) -> Vec<f32> {
        let (mut image, mut next, mut lines) = (Vec::new(), Vec::new(), Vec::new());
        let mut means = Vec::new();
        for input in input.chunks_exact(self.inputs()) {
            let (mut height, mut width) = (COEFFICIENTS, FRAMES);
            framed(&mut image, height, width, 1);
            for (line, values) in input.chunks_exact(FRAMES).enumerate() {
                image[(line + MARGIN) * (width + 2 * MARGIN) + MARGIN..][..width].copy_from_slice(values);
            }
            let start = means.len();
            for (index, layer) in self.layers.iter().enumerate() {
                let channels = layer.matrix.outputs();
                let last = index + 1 == self.layers.len();
                if last {
                    means.resize(start + channels, 0.0);
                } else {
                    framed(&mut next, height / 2, width / 2, channels);
                }
                lines.resize(2 * width * channels, 0.0);
                for line in (0..height).step_by(2) {
                    layer.two_lines(&image, width, line, &mut lines);
                    if last {
                        add_up(&lines, &mut means[start..]);
                    } else {
                        let place = ((line / 2 + MARGIN) * (width / 2 + 2 * MARGIN) + MARGIN) * channels;
                        halve(&lines, width, channels, &mut next[place..]);
                    }
                }
                if !last {
                    std::mem::swap(&mut image, &mut next);
                    (height, width) = (height / 2, width / 2);
                }
            }
            for sum in &mut means[start..] {
                *sum /= (height * width) as f32;
            }
        }
        let mut logits = vec![0.0; input.len() / self.inputs() * self.dense.outputs()];
        self.dense.apply(&means, &mut logits, After::Linear);
        logits
    }
}

/// An image of zeros with its margin.
fn framed(image: &mut Vec<f32>, height: usize, width: usize, channels: usize) {
    image.clear();
    image.resize((height + 2 * MARGIN) * (width + 2 * MARGIN) * channels, 0.0);
}

/// The largest of every two by two places of two lines; a last odd place is left out.
fn halve(lines: &[f32], width: usize, channels: usize, output: &mut [f32]) {
    let (upper, lower) = lines.split_at(width * channels);
    let pairs = upper.chunks_exact(2 * channels).zip(lower.chunks_exact(2 * channels));
    for (out, (upper, lower)) in output.chunks_exact_mut(channels).zip(pairs) {
        let ((a, b), (c, d)) = (upper.split_at(channels), lower.split_at(channels));
        out.copy_from_slice(a);
        for place in [b, c, d] {
            raise(out, place);
        }
    }
}

fn add_up(lines: &[f32], sums: &mut [f32]) {
    for place in lines.chunks_exact(sums.len()) {
        for (sum, value) in sums.iter_mut().zip(place) {
            *sum += value;
        }
    }
}
