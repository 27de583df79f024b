//! How parameters come about: drawn at random, to be trained, or blank, to be read from a file.
//!
//! burn's own initialisers draw on most of its operations (one of them decomposes matrices). A program that only reads
//! files need not hold them: the package for browsers is a quarter smaller for it.

use burn::module::{Initializer, Param, ParamId, RunningState};
use burn::nn::conv::{Conv1d, Conv1dConfig, Conv2d, Conv2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig1d, PaddingConfig2d};
use burn::tensor::{Device, Tensor, TensorData};

/// Makes layers. Convolutions keep the length or size of what they are given.
pub trait Initial {
    /// A dense layer with a bias.
    fn linear(inputs: usize, outputs: usize, device: &Device) -> Linear;
    /// A convolution over time, from `channels[0]` to `channels[1]`.
    fn conv1d(channels: [usize; 2], kernel: usize, dilation: usize, device: &Device) -> Conv1d;
    /// A convolution of images with a square kernel.
    fn conv2d(channels: [usize; 2], kernel: usize, device: &Device) -> Conv2d;
    /// Batch norm that changes nothing yet.
    fn norm(channels: usize, epsilon: f64, device: &Device) -> BatchNorm;
    /// Values within ±`bound`.
    fn uniform<const D: usize>(shape: [usize; D], bound: f64, device: &Device) -> Param<Tensor<D>>;
}

/// burn's defaults.
#[derive(Debug)]
pub struct Random;

/// Zeros.
#[derive(Debug)]
pub struct Blank;

impl Initial for Random {
    fn linear(inputs: usize, outputs: usize, device: &Device) -> Linear {
        LinearConfig::new(inputs, outputs).init(device)
    }

    fn conv1d([input, output]: [usize; 2], kernel: usize, dilation: usize, device: &Device) -> Conv1d {
        let margin = kernel / 2 * dilation;
        Conv1dConfig::new(input, output, kernel)
            .with_dilation(dilation)
            .with_padding(PaddingConfig1d::Explicit(margin, margin))
            .init(device)
    }

    fn conv2d(channels: [usize; 2], kernel: usize, device: &Device) -> Conv2d {
        let margin = kernel / 2;
        Conv2dConfig::new(channels, [kernel, kernel])
            .with_padding(PaddingConfig2d::Explicit(margin, margin, margin, margin))
            .init(device)
    }

    fn norm(channels: usize, epsilon: f64, device: &Device) -> BatchNorm {
        BatchNormConfig::new(channels).with_epsilon(epsilon).init(device)
    }

    fn uniform<const D: usize>(shape: [usize; D], bound: f64, device: &Device) -> Param<Tensor<D>> {
        Initializer::Uniform { min: -bound, max: bound }.init(shape, device)
    }
}

fn blank<const D: usize>(shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(vec![0.0f32; shape.iter().product()], shape), device)
}

/// Zeros that take memory only where they are asked for: a file's header may claim any width, and is refused before that.
fn later<const D: usize>(shape: [usize; D], device: &Device) -> Param<Tensor<D>> {
    let zeros = move |device: &Device, learns| blank(shape, device).set_require_grad(learns);
    Param::uninitialized(ParamId::new(), zeros, device.clone(), true, shape.into())
}

impl Initial for Blank {
    fn linear(inputs: usize, outputs: usize, device: &Device) -> Linear {
        let weight = later([inputs, outputs], device);
        Linear { weight, bias: Some(later([outputs], device)) }
    }

    fn conv1d([input, output]: [usize; 2], kernel: usize, dilation: usize, device: &Device) -> Conv1d {
        let margin = kernel / 2 * dilation;
        Conv1d {
            weight: later([output, input, kernel], device),
            bias: Some(later([output], device)),
            stride: 1,
            kernel_size: kernel,
            dilation,
            groups: 1,
            padding: PaddingConfig1d::Explicit(margin, margin),
        }
    }

    fn conv2d([input, output]: [usize; 2], kernel: usize, device: &Device) -> Conv2d {
        let margin = kernel / 2;
        Conv2d {
            weight: later([output, input, kernel, kernel], device),
            bias: Some(later([output], device)),
            stride: [1, 1],
            kernel_size: [kernel, kernel],
            dilation: [1, 1],
            groups: 1,
            padding: PaddingConfig2d::Explicit(margin, margin, margin, margin),
        }
    }

    fn norm(channels: usize, epsilon: f64, device: &Device) -> BatchNorm {
        BatchNorm {
            gamma: later([channels], device),
            beta: later([channels], device),
            training: Param::from_bool(true),
            running_mean: RunningState::new(blank([channels], device)),
            running_var: RunningState::new(blank([channels], device)),
            momentum: MOMENTUM,
            epsilon,
        }
    }

    fn uniform<const D: usize>(shape: [usize; D], _bound: f64, device: &Device) -> Param<Tensor<D>> {
        later(shape, device)
    }
}

/// What burn's batch norm adds to a variance unless told otherwise.
pub const EPSILON: f64 = 1e-5;
/// burn's default for running statistics.
const MOMENTUM: f64 = 0.1;
