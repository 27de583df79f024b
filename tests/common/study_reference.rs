//! The study's two networks against PyTorch's logits. Everything is compiled in, so that it runs in wasm too.

use burn::tensor::{Device, Tensor, TensorData};
use songmood::nets::plan::{StudyCnnPlan, StudyRnnPlan};
use songmood::nets::study::{StudyCnn, StudyRnn};
use songmood::nets::tensors;

/// Largest difference from PyTorch that is accepted.
const TOLERANCE: f32 = 1e-5;

/// Panics where a logit is off by more than 1e-5, of the burn modules on `device` or of their plans.
pub fn check(device: &Device) {
    let (weights, _) = tensors::read(include_bytes!("../golden/study_cnn.safetensors")).expect("readable weights");
    let network = StudyCnn::load(&weights, device).expect("the study's CNN");
    let input = npy(include_bytes!("../golden/study_cnn.input.npy"), device);
    let expected = include_bytes!("../golden/study_cnn.logits.npy");
    compare("CNN", network.forward(input.clone()), expected);
    let logits = StudyCnnPlan::of(&network).forward(&numbers(input));
    compare("CNN's plan", Tensor::<1>::from_data(logits.as_slice(), device).reshape([-1, 8]), expected);

    let (weights, _) = tensors::read(include_bytes!("../golden/study_rnn.safetensors")).expect("readable weights");
    let network = StudyRnn::load(&weights, 40, device).expect("the study's RNN");
    let input = npy(include_bytes!("../golden/study_rnn.input.npy"), device);
    let expected = include_bytes!("../golden/study_rnn.logits.npy");
    compare("RNN", network.forward(input.clone()), expected);
    let [batch, ..]: [usize; 3] = input.dims();
    let logits = StudyRnnPlan::of(&network).forward(numbers(input), batch);
    compare("RNN's plan", Tensor::<1>::from_data(logits.as_slice(), device).reshape([-1, 8]), expected);
}

fn numbers(tensor: Tensor<3>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

fn compare(name: &str, got: Tensor<2>, expected: &[u8]) {
    let expected = npy::<2>(expected, &got.device());
    assert_eq!(got.dims(), expected.dims(), "{name}: shape of the logits");
    let difference: f32 = (got - expected).abs().max().into_scalar();
    assert!(difference <= TOLERANCE, "{name}: logits differ from PyTorch's by {difference:e}");
}

/// A little-endian f32 array in C order; the shape is asked of the header.
fn npy<const D: usize>(file: &[u8], device: &Device) -> Tensor<D> {
    assert_eq!(&file[..8], b"\x93NUMPY\x01\x00", "a version 1 .npy file");
    let end = 10 + usize::from(u16::from_le_bytes([file[8], file[9]]));
    let header = std::str::from_utf8(&file[10..end]).expect("a text header");
    assert!(header.contains("'<f4'") && header.contains("'fortran_order': False"), "{header}");
    let shape = header.split('(').nth(1).and_then(|rest| rest.split(')').next()).expect("a shape");
    let shape: Vec<usize> = shape.split(',').filter_map(|n| n.trim().parse().ok()).collect();
    let values: Vec<f32> = file[end..].as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    Tensor::from_data(TensorData::new(values, shape), device)
}
