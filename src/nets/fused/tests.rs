//! Results and gradients against burn's own operations, which run where a device is not served.

use burn::nn::conv::Conv1dConfig;
use burn::nn::{BatchNorm, BatchNormConfig, PaddingConfig1d};
use burn::tensor::activation::relu;
use burn::tensor::module::max_pool1d;
use burn::tensor::ops::MaxPoolOptions;
use burn::tensor::{Device, Distribution, Tensor};

use super::*;

fn device() -> Device {
    crate::nets::default_device().autodiff()
}

/// Values from −1 to 1.
fn noise<const D: usize>(dims: [usize; D]) -> Tensor<D> {
    Tensor::random(dims, Distribution::Uniform(-1.0, 1.0), &device())
}

#[track_caller]
fn assert_near<const D: usize>(ours: Tensor<D>, burns: Tensor<D>, what: &str) {
    assert_eq!(ours.dims(), burns.dims(), "{what}");
    let difference: f32 = (ours.inner() - burns.inner()).abs().max().into_scalar();
    assert!(difference < 1e-4, "{what}: {difference}");
}

/// 1 for the first frames of each stretch, `[1, batch, time]`.
fn first_frames(counts: &[usize], time: usize) -> Tensor<3> {
    let rows = counts.iter().flat_map(|count| (0..time).map(move |t| if t < *count { 1.0 } else { 0.0 }));
    Tensor::from_data(TensorData::new(rows.collect::<Vec<f32>>(), [1, counts.len(), time]), &device())
}

#[test]
fn a_convolution_is_burns_and_so_is_its_gradient() {
    // Stretches longer than a group's columns, so many that there are several groups, and shorter than the filters reach.
    for (dilation, batch, time) in [(1, 3, 21), (2, 3, 700), (4, 70, 15), (4, 2, 3)] {
        let margin = 2 * dilation;
        let conv = Conv1dConfig::new(7, 6, 5).with_dilation(dilation);
        let conv = conv.with_padding(PaddingConfig1d::Explicit(margin, margin)).init(&device());
        let (frames, target) = (noise([7, batch, time]).require_grad(), noise([6, batch, time]));
        let (weight, bias) = (conv.weight.val(), conv.bias.as_ref().unwrap().val());
        let ours = convolve(frames.clone(), weight.clone(), bias.clone(), dilation);
        let burns = conv.forward(frames.clone().swap_dims(0, 1)).swap_dims(0, 1);
        assert_near(ours.clone(), burns.clone(), "output");
        let [ours, burns] = [ours, burns].map(|output| (output * target.clone()).mean().backward());
        assert_near(frames.grad(&ours).unwrap(), frames.grad(&burns).unwrap(), "by the frames");
        assert_near(weight.grad(&ours).unwrap(), weight.grad(&burns).unwrap(), "by the filters");
        assert_near(bias.grad(&ours).unwrap(), bias.grad(&burns).unwrap(), "by the bias");
    }
}

/// With burn's layers.
fn settle_by_burn(norm: &BatchNorm, frames: Tensor<3>, mask: Option<Tensor<3>>, halve: bool) -> Tensor<3> {
    let frames = relu(norm.forward(frames.swap_dims(0, 1))).swap_dims(0, 1);
    let frames = match mask {
        Some(mask) => frames * mask,
        None => frames,
    };
    if halve { max_pool1d(frames, MaxPoolOptions::new([2]).with_stride([2])) } else { frames }
}

#[test]
fn what_follows_a_convolution_is_burns_and_so_is_its_gradient() {
    let cases = [(4, 6, None, false), (3, 9, None, true), (2, 40, Some([40, 11]), true), (2, 40, Some([7, 40]), false)];
    for (batch, time, counts, halve) in cases {
        let norm = BatchNormConfig::new(5).init(&device());
        let (gamma, beta) = (noise([5]).require_grad(), noise([5]).require_grad());
        let norm =
            BatchNorm { gamma: norm.gamma.map(|_| gamma.clone()), beta: norm.beta.map(|_| beta.clone()), ..norm };
        let mask = counts.map(|counts| first_frames(&counts, time));
        let frames = (noise([5, batch, time]) * 3.0 + 1.0).detach().require_grad();
        let ours = settle(frames.clone(), [gamma.clone(), beta.clone()], norm.epsilon, mask.clone(), halve);
        let burns = settle_by_burn(&norm, frames.clone(), mask, halve);
        assert_near(ours.frames.clone(), burns.clone(), "output");
        let momentum = norm.momentum;
        assert_near(ours.mean * momentum, norm.running_mean.value_sync(), "mean");
        assert_near(ours.variance * momentum + (1.0 - momentum), norm.running_var.value_sync(), "variance");
        let target = noise(burns.dims());
        let [ours, burns] = [ours.frames, burns].map(|output| (output * target.clone()).sum().backward());
        assert_near(frames.grad(&ours).unwrap(), frames.grad(&burns).unwrap(), "by the frames");
        assert_near(gamma.grad(&ours).unwrap(), gamma.grad(&burns).unwrap(), "by gamma");
        assert_near(beta.grad(&ours).unwrap(), beta.grad(&burns).unwrap(), "by beta");
    }
}

#[test]
fn the_steps_of_an_lstm_are_burns_and_so_is_their_gradient() {
    for (hidden, counts) in [(4, None), (7, Some([9, 2, 5]))] {
        let projected = noise([9, 3, 2 * 4 * hidden]).require_grad();
        let recurrent = noise([2, hidden, 4 * hidden]).require_grad();
        let mask: Option<Tensor<2>> = counts.map(|counts| first_frames(&counts, 9).squeeze_dim(0).swap_dims(0, 1));
        let ours = scan(projected.clone(), recurrent.clone(), mask.clone());
        let burns = crate::nets::lstm::scan(projected.clone(), &recurrent, mask.as_ref());
        assert_near(ours.clone(), burns.clone(), "output");
        let target = noise([9, 3, 2 * hidden]);
        let [ours, burns] = [ours, burns].map(|output| (output * target.clone()).sum().backward());
        assert_near(projected.grad(&ours).unwrap(), projected.grad(&burns).unwrap(), "by what the input gives");
        assert_near(recurrent.grad(&ours).unwrap(), recurrent.grad(&burns).unwrap(), "by the state's weights");
    }
}

#[test]
fn what_need_not_learn_gets_no_gradient_and_no_node() {
    let frames = convolve(noise([2, 3, 8]), noise([4, 2, 5]), noise([4]), 1);
    assert!(!frames.is_require_grad());
    let weight = noise([4, 2, 5]).require_grad();
    let gradients = convolve(noise([2, 3, 8]), weight.clone(), noise([4]), 1).sum().backward();
    assert!(weight.grad(&gradients).is_some());
}
