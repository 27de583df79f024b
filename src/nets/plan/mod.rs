//! The networks as they are run where nothing is learnt.
//!
//! A plan is made once of a burn module with its weights, and gives what the module gives (the tests hold it against burn's own
//! result and PyTorch's): batch norm is folded into the convolution before it, weights lie in the order in which they are
//! read, layers write where the next one reads, sequences of different length need no padding, and an LSTM's four gates are one
//! product. Training, and whoever wants gradients, uses the modules.
//!
//! Why not burn's own operations: measured in Chromium, one thread, its flex backend takes 2.7 ms for the study's LSTM and
//! 8.5 ms for the 2-D CNN, onnxruntime-web 0.34 and 5.2 ms. `docs/speed.md` says where the time goes.

#![expect(
    clippy::indexing_slicing,
    reason = "shapes are the modules' own and buffers are made from them; checks in these loops would cost their speed"
)]

pub(super) mod activation;
mod cnn2d;
mod convolution;
mod functional_head;
mod lstm;
mod matrix;
mod mood;
mod pool;
mod relative;
mod statistics;
mod study;
mod voice_head;

pub use cnn2d::Cnn2dPlan;
pub use mood::{MoodPlan, Stretch};
pub(crate) use statistics::measure;
pub use study::{StudyCnnPlan, StudyRnnPlan};

use burn::nn::{BatchNorm, Linear};
use burn::tensor::Tensor;

use matrix::Matrix;

/// A parameter's numbers, last axis fastest.
fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    // Our parameters are f32 always; asking for them as such keeps burn's conversions out of the package for browsers.
    tensor.into_data().try_into_vec::<f32>().unwrap_or_default()
}

/// A dense layer's weights.
fn dense(linear: &Linear) -> Matrix {
    let [_, outputs] = linear.weight.lazy_shape().dims();
    let weights = values(linear.weight.val());
    let bias = linear.bias.as_ref().map_or_else(|| vec![0.0; outputs], |bias| values(bias.val()));
    Matrix::new(weights.len() / outputs.max(1), &bias, |row, column| weights[row * outputs + column])
}

/// Batch norm as it is in use: a factor and an offset for each channel.
fn scale_and_shift(norm: &BatchNorm) -> (Vec<f32>, Vec<f32>) {
    let variance = values(norm.running_var.value());
    let scale: Vec<f32> = values(norm.gamma.val())
        .iter()
        .zip(variance)
        .map(|(gamma, variance)| gamma / (variance + norm.epsilon as f32).sqrt())
        .collect();
    let moved = values(norm.running_mean.value()).into_iter().zip(values(norm.beta.val())).zip(&scale);
    let shift = moved.map(|((mean, beta), scale)| beta - mean * scale).collect();
    (scale, shift)
}
