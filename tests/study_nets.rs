//! The study's networks and the LSTM under them, against other implementations.

#[path = "common/devices.rs"]
mod devices;
#[path = "common/study_reference.rs"]
mod study_reference;

use burn::tensor::{Device, Distribution, Tensor};
use devices::devices;
use songmood::nets::lstm::{BiLstm, Lstm};

fn difference<const D: usize>(a: Tensor<D>, b: Tensor<D>) -> f32 {
    assert_eq!(a.dims(), b.dims());
    (a - b).abs().max().into_scalar()
}

fn noise(shape: [usize; 3], device: &Device) -> Tensor<3> {
    Tensor::random(shape, Distribution::Normal(0.0, 1.0), device)
}

#[test]
fn logits_are_pytorchs() {
    for device in devices() {
        study_reference::check(&device);
    }
}

/// burn's own LSTM with the weights of ours, gate by gate.
fn burns(lstm: &Lstm, device: &Device) -> burn::nn::Lstm {
    use burn::module::Param;
    let [input, width] = lstm.weight_ih_l0.val().dims();
    let hidden = width / 4;
    let mut theirs = burn::nn::LstmConfig::new(input, hidden, true).init(device);
    let fill = |gate: &mut burn::nn::GateController, k: usize| {
        let columns = k * hidden..(k + 1) * hidden;
        let matrix = |of: &Param<Tensor<2>>, rows| {
            Param::from_data(of.val().slice([0..rows, columns.clone()]).into_data(), device)
        };
        let vector =
            |of: &Param<Tensor<1>>| Some(Param::from_data(of.val().slice([columns.clone()]).into_data(), device));
        gate.input_transform.weight = matrix(&lstm.weight_ih_l0, input);
        gate.hidden_transform.weight = matrix(&lstm.weight_hh_l0, hidden);
        gate.input_transform.bias = vector(&lstm.bias_ih_l0);
        gate.hidden_transform.bias = vector(&lstm.bias_hh_l0);
    };
    fill(&mut theirs.input_gate, 0);
    fill(theirs.forget_gate.as_mut().expect("a forget gate"), 1);
    fill(&mut theirs.cell_gate, 2);
    fill(&mut theirs.output_gate, 3);
    theirs
}

#[test]
fn the_lstm_computes_what_burns_own_does() {
    for device in devices() {
        let lstm = Lstm::new(5, 7, &device);
        let input = noise([3, 11, 5], &device);
        let (expected, state) = burns(&lstm, &device).forward(input.clone(), None);
        assert!(difference(lstm.forward(input.clone(), None), expected) < 1e-6);
        assert!(difference(lstm.last_state(input, None), state.hidden) < 1e-6);
    }
}

#[test]
fn a_mask_makes_padding_invisible_to_both_directions() {
    for device in devices() {
        let lstm = BiLstm::new(4, 6, &device);
        let sequence = noise([2, 5, 4], &device);
        let padded = Tensor::cat(vec![sequence.clone(), noise([2, 3, 4], &device)], 1);
        let mask = Tensor::cat(vec![Tensor::ones([2, 5], &device), Tensor::zeros([2, 3], &device)], 1);
        let alone = lstm.forward(sequence, None);
        let hidden = lstm.forward(padded, Some(mask)).slice([0..2, 0..5]);
        assert_eq!(difference(hidden, alone), 0.0);
    }
}

#[test]
fn a_masked_last_state_is_that_of_the_shorter_sequence() {
    for device in devices() {
        let lstm = Lstm::new(4, 6, &device);
        let sequence = noise([1, 6, 4], &device);
        let mask = Tensor::from_data([[1.0, 1.0, 1.0, 0.0, 0.0, 0.0]], &device);
        let masked = lstm.last_state(sequence.clone(), Some(mask));
        let short = lstm.last_state(sequence.slice([0..1, 0..3]), None);
        assert_eq!(difference(masked, short), 0.0);
    }
}

#[test]
fn padding_in_the_middle_carries_hidden_state_and_cell_on() {
    for device in devices() {
        let lstm = Lstm::new(4, 6, &device);
        let sequence = noise([1, 6, 4], &device);
        let mask = Tensor::from_data([[1.0, 1.0, 0.0, 0.0, 1.0, 1.0]], &device);
        let heard = Tensor::cat(vec![sequence.clone().narrow(1, 0, 2), sequence.clone().narrow(1, 4, 2)], 1);
        assert_eq!(difference(lstm.last_state(sequence, Some(mask)), lstm.last_state(heard, None)), 0.0);
    }
}

#[test]
fn an_empty_sequence_leaves_the_zero_state() {
    for device in devices() {
        let state = Lstm::new(4, 6, &device).last_state(Tensor::zeros([2, 0, 4], &device), None);
        assert_eq!(state.abs().max().into_scalar::<f32>(), 0.0);
    }
}

/// Where it learns, all steps are one operation.
#[cfg(feature = "train")]
#[test]
fn gradients_are_those_of_burns_lstm() {
    for device in devices() {
        let device = device.autodiff();
        let lstm = Lstm::new(3, 4, &device);
        let input = noise([2, 9, 3], &device).require_grad();
        let weights = noise([2, 9, 4], &device);

        let hidden = lstm.forward(input.clone(), None);
        let ours = (hidden * weights.clone()).sum().backward();
        let other = burns(&lstm, &device);
        let (hidden, _) = other.forward(input.clone(), None);
        let theirs = (hidden * weights).sum().backward();

        let of_input = |gradients| input.grad(gradients).expect("a gradient of the input");
        assert!(difference(of_input(&ours), of_input(&theirs)) < 1e-5);
        let recurrent = lstm.weight_hh_l0.val().grad(&ours).expect("a gradient of the weights");
        let gate = &other.output_gate.hidden_transform.weight;
        let of_gate = gate.val().grad(&theirs).expect("a gradient of the gate");
        assert!(difference(recurrent.slice([0..4, 12..16]), of_gate) < 1e-5);
    }
}
