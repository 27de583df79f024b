//! A 2-D CNN of the usual kind over three seconds of MFCCs.
//!
//! Nobody trained it: it stands for the networks that other libraries run on such input, and is what songmood's speed is
//! compared with theirs on (`npm run bench`).

use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::nn::{BatchNorm, Linear};
use burn::tensor::activation::relu;
use burn::tensor::module::max_pool2d;
use burn::tensor::ops::MaxPoolOptions;
use burn::tensor::{Device, Tensor};

use super::Error;
use super::initial::{Blank, Initial, Random};
use super::tensors::{self, Tensors};
use crate::mood::MOOD_COUNT;

/// Coefficients of a frame: the image's height.
pub const COEFFICIENTS: usize = 40;
/// Frames, about three seconds: the image's width.
pub const FRAMES: usize = 130;
/// Height and width of every kernel.
pub const KERNEL: usize = 3;

const CHANNELS: [usize; 3] = [32, 64, 128];
/// What batch norm adds to a variance: Keras' default.
const EPSILON: f64 = 1e-3;

/// Three convolutions with batch norm and ReLU, the first two followed by pooling of 2 × 2, then the mean over the image and
/// a dense layer.
#[derive(Module, Debug)]
pub struct Cnn2d {
    pub(super) blocks: Vec<Block>,
    pub(super) dense: Linear,
}

/// Convolution (3 × 3, the image keeps its size) and batch norm.
#[derive(Module, Debug)]
pub(super) struct Block {
    pub(super) conv: Conv2d,
    pub(super) norm: BatchNorm,
}

impl Cnn2d {
    /// Random weights, burn's defaults.
    pub fn new(device: &Device) -> Self {
        Self::of::<Random>(device)
    }

    fn of<I: Initial>(device: &Device) -> Self {
        let block = |input: usize, output: usize| Block {
            conv: I::conv2d([input, output], KERNEL, device),
            norm: I::norm(output, EPSILON, device),
        };
        let inputs = [1].into_iter().chain(CHANNELS);
        let [.., pooled] = CHANNELS;
        Cnn2d {
            blocks: inputs.zip(CHANNELS).map(|(input, output)| block(input, output)).collect(),
            dense: I::linear(pooled, MOOD_COUNT, device),
        }
    }

    /// Weights from a file in PyTorch's layout (`blocks.0.conv.weight` `[32, 1, 3, 3]`, … `dense.weight` `[8, 128]`).
    ///
    /// # Errors
    /// Where names or shapes differ from the network's.
    pub fn load(tensors: &Tensors, device: &Device) -> Result<Self, Error> {
        tensors::load_state(Self::of::<Blank>(device), tensors)
    }

    /// Logits `[batch, 8]` of MFCCs `[batch, 1, 40, 130]`.
    pub fn forward(&self, input: Tensor<4>) -> Tensor<2> {
        let mut x = input;
        for (index, Block { conv, norm }) in self.blocks.iter().enumerate() {
            x = relu(norm.forward(conv.forward(x)));
            if index + 1 < self.blocks.len() {
                x = max_pool2d(x, MaxPoolOptions::new([2, 2]).with_stride([2, 2]));
            }
        }
        self.dense.forward(x.mean_dim(3).mean_dim(2).flatten(1, 3))
    }
}
