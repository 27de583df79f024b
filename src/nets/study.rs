//! The two networks of the original study, layer by layer as it had them.
//!
//! They are here to be compared with (`songmood reproduce`), not to be used: the page has its own.
//! Files hold PyTorch's names and layouts; see `load`.

use burn::module::Module;
use burn::nn::Linear;
use burn::nn::conv::Conv1d;
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, s};

use super::Error;
use super::dropout::Dropout;
use super::initial::{Blank, Initial, Random};
use super::lstm::Lstm;
use super::tensors::{self, Tensors};
use crate::mood::MOOD_COUNT;

/// Coefficients of the mean MFCC that [`StudyCnn`] reads.
pub const CNN_COEFFICIENTS: usize = 40;

const CHANNELS: usize = 128;
/// Coefficients that the first pooling makes one of.
pub(super) const POOL: usize = 8;

/// A CNN over the 40 coefficients of a clip's mean MFCC.
#[derive(Module, Debug)]
pub struct StudyCnn {
    pub(super) conv1: Conv1d,
    pub(super) conv2: Conv1d,
    pub(super) dense: Linear,
    dropout: Dropout,
}

impl StudyCnn {
    /// Random weights, burn's defaults.
    pub fn new(device: &Device) -> Self {
        Self::of::<Random>(device)
    }

    fn of<I: Initial>(device: &Device) -> Self {
        let conv = |channels_in| I::conv1d([channels_in, CHANNELS], 5, 1, device);
        Self {
            conv1: conv(1),
            conv2: conv(CHANNELS),
            dense: I::linear(CHANNELS * CNN_COEFFICIENTS / POOL, MOOD_COUNT, device),
            dropout: Dropout::new(0.1),
        }
    }

    /// Weights from a file in PyTorch's layout (`conv1.weight` `[128, 1, 5]`, … `dense.weight` `[8, 640]`).
    ///
    /// # Errors
    /// Where names or shapes differ from the network's.
    pub fn load(tensors: &Tensors, device: &Device) -> Result<Self, Error> {
        tensors::load_state(Self::of::<Blank>(device), tensors)
    }

    /// Logits `[batch, 8]` of mean MFCCs `[batch, 1, 40]`.
    pub fn forward(&self, input: Tensor<3>) -> Tensor<2> {
        // The study has ReLU, dropout, pooling. ReLU commutes with the two others, and after them an
        // eighth of the values is left for it.
        let x = relu(pool(self.dropout.forward(convolve(&self.conv1, input.swap_dims(1, 2)))));
        let x = self.dropout.forward(relu(convolve(&self.conv2, x)));
        // Channel-major, as PyTorch flattens `[batch, channels, length]`.
        self.dense.forward(x.swap_dims(1, 2).flatten(1, 2))
    }
}

/// `conv` on `[batch, length, channels]`, as one matrix product.
///
/// Signals here are 40 and 5 values long. burn's convolution is made for long ones, and its gradient takes
/// most of the time of a training step; this way a step takes half as long.
fn convolve(conv: &Conv1d, input: Tensor<3>) -> Tensor<3> {
    let [batch, length, channels] = input.dims();
    let weight = conv.weight.val();
    let [outputs, _, kernel] = weight.dims();
    let edge = Tensor::zeros([batch, kernel / 2, channels], &input.device());
    let padded = Tensor::cat(vec![edge.clone(), input, edge], 1);
    let taps = (0..kernel).map(|k| padded.clone().slice([0..batch, k..k + length])).collect();
    let patches = Tensor::cat(taps, 2).reshape([batch * length, kernel * channels]);
    let matrix = weight.permute([2, 1, 0]).reshape([kernel * channels, outputs]);
    let product = patches.matmul(matrix).reshape([batch, length, outputs]);
    match &conv.bias {
        Some(bias) => product + bias.val().unsqueeze(),
        None => product,
    }
}

/// Maximum of every eight neighbours of `[batch, length, channels]`; a rest is left out.
fn pool(input: Tensor<3>) -> Tensor<3> {
    let [batch, length, channels] = input.dims();
    let pooled = length / POOL;
    let mut x = input.slice([0..batch, 0..pooled * POOL]).reshape([batch * pooled, POOL, channels]);
    let mut width = POOL;
    // Halving is cheaper than burn's pooling, which looks at one value at a time.
    while width > 1 {
        width /= 2;
        let (low, high) = (x.clone().slice(s![.., 0..width]), x.slice(s![.., width..2 * width]));
        x = low.max_pair(high);
    }
    x.reshape([batch, pooled, channels])
}

/// An LSTM over a clip's first three seconds, its last state read by four dense layers.
#[derive(Module, Debug)]
pub struct StudyRnn {
    pub(super) lstm: Lstm,
    pub(super) dense1: Linear,
    pub(super) dense2: Linear,
    pub(super) dense3: Linear,
    pub(super) dense4: Linear,
    light: Dropout,
    heavy: Dropout,
}

impl StudyRnn {
    /// Units of the LSTM.
    pub const HIDDEN: usize = 40;

    /// Random weights, burn's defaults; `features` is the width of one time step.
    ///
    /// The study fed coefficients as time steps, so its width was the 130 frames of three seconds; the
    /// right way round it is the 40 coefficients.
    pub fn new(features: usize, device: &Device) -> Self {
        Self::of::<Random>(features, device)
    }

    fn of<I: Initial>(features: usize, device: &Device) -> Self {
        let dense = |inputs, outputs| I::linear(inputs, outputs, device);
        Self {
            lstm: Lstm::of::<I>(features, Self::HIDDEN, device),
            dense1: dense(Self::HIDDEN, 40),
            dense2: dense(40, 20),
            dense3: dense(20, 10),
            dense4: dense(10, MOOD_COUNT),
            light: Dropout::new(0.2),
            heavy: Dropout::new(0.4),
        }
    }

    /// Keras' LSTM has one bias, PyTorch's two: this keeps the second one from being trained.
    pub fn with_one_bias(mut self) -> Self {
        self.lstm.bias_hh_l0 = self.lstm.bias_hh_l0.set_require_grad(false);
        self
    }

    /// Weights from a file in PyTorch's layout (`lstm.weight_ih_l0` `[160, features]`, … `dense4.bias`).
    ///
    /// # Errors
    /// Where names or shapes differ from the network's.
    pub fn load(tensors: &Tensors, features: usize, device: &Device) -> Result<Self, Error> {
        tensors::load_state(Self::of::<Blank>(features, device), tensors)
    }

    /// Logits `[batch, 8]` of sequences `[batch, time, features]`.
    pub fn forward(&self, input: Tensor<3>) -> Tensor<2> {
        let x = self.lstm.last_state(input, None);
        let x = self.light.forward(relu(self.dense1.forward(x)));
        let x = self.heavy.forward(relu(self.dense2.forward(x)));
        let x = self.heavy.forward(relu(self.dense3.forward(x)));
        self.dense4.forward(x)
    }
}
