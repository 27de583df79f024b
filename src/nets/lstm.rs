//! Long short-term memory (Hochreiter & Schmidhuber 1997), with PyTorch's parameters.
//!
//! burn's own LSTM keeps each gate apart, which costs eight small matrix products for every step. Here the
//! input projections of all steps and both directions are one product, and each step adds one product for its four gates. Where it
//! learns, all steps are one operation (`fused::scan`).
//! Names, shapes in files and the gates' order (input, forget, cell, output) are those of
//! `torch.nn.LSTM(num_layers=1)`, so its `state_dict` loads as it is.

use burn::module::{Module, Param};
use burn::tensor::activation::{sigmoid, tanh};
use burn::tensor::{Device, Tensor};

use super::initial::{Initial, Random};

/// One layer, read from the first step to the last.
///
/// The cell, for input `x`, hidden state `h` and cell state `c`:
/// `i, f, o = σ(x·W_ih + b_ih + h·W_hh + b_hh)`, `g = tanh(…)`, `c' = f·c + i·g`, `h' = o·tanh(c')`.
#[derive(Module, Debug)]
pub struct Lstm {
    /// `[input, 4·hidden]` in memory, `[4·hidden, input]` in files.
    pub weight_ih_l0: Param<Tensor<2>>,
    /// `[hidden, 4·hidden]` in memory, `[4·hidden, hidden]` in files.
    pub weight_hh_l0: Param<Tensor<2>>,
    /// `[4·hidden]`
    pub bias_ih_l0: Param<Tensor<1>>,
    /// `[4·hidden]`
    pub bias_hh_l0: Param<Tensor<1>>,
}

/// Two layers over the same input, one of them read from the last step to the first.
#[derive(Module, Debug)]
pub struct BiLstm {
    /// Forward layer, see [`Lstm::weight_ih_l0`].
    pub weight_ih_l0: Param<Tensor<2>>,
    /// Forward layer.
    pub weight_hh_l0: Param<Tensor<2>>,
    /// Forward layer.
    pub bias_ih_l0: Param<Tensor<1>>,
    /// Forward layer.
    pub bias_hh_l0: Param<Tensor<1>>,
    /// Reverse layer.
    pub weight_ih_l0_reverse: Param<Tensor<2>>,
    /// Reverse layer.
    pub weight_hh_l0_reverse: Param<Tensor<2>>,
    /// Reverse layer.
    pub bias_ih_l0_reverse: Param<Tensor<1>>,
    /// Reverse layer.
    pub bias_hh_l0_reverse: Param<Tensor<1>>,
}

impl Lstm {
    /// Weights drawn as PyTorch draws them: uniform within ±1/√hidden.
    pub fn new(input: usize, hidden: usize, device: &Device) -> Self {
        Self::of::<Random>(input, hidden, device)
    }

    pub(super) fn of<I: Initial>(input: usize, hidden: usize, device: &Device) -> Self {
        let [weight_ih_l0, weight_hh_l0] = matrices::<I>(input, hidden, device);
        let [bias_ih_l0, bias_hh_l0] = biases::<I>(hidden, device);
        Self { weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0 }
    }

    /// Runs over `input` `[batch, time, features]` from a zero state.
    ///
    /// Returns the hidden state after each step, `[batch, time, hidden]`. Where `mask` `[batch, time]` is 0 (padding), the state is
    /// carried on unchanged.
    pub fn forward(&self, input: Tensor<3>, mask: Option<Tensor<2>>) -> Tensor<3> {
        let Self { weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0 } = self;
        Layers::new(vec![Layer { weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0 }]).forward(input, mask)
    }

    /// The hidden state after the last step alone, `[batch, hidden]`; see [`Lstm::forward`].
    pub fn last_state(&self, input: Tensor<3>, mask: Option<Tensor<2>>) -> Tensor<2> {
        let [batch, time, _] = input.dims();
        if time == 0 {
            let [hidden, _] = self.weight_hh_l0.val().dims();
            return Tensor::zeros([batch, hidden], &input.device());
        }
        self.forward(input, mask).narrow(1, time - 1, 1).squeeze_dim(1)
    }
}

impl BiLstm {
    /// Weights drawn as PyTorch draws them: uniform within ±1/√hidden.
    pub fn new(input: usize, hidden: usize, device: &Device) -> Self {
        Self::of::<Random>(input, hidden, device)
    }

    pub(super) fn of<I: Initial>(input: usize, hidden: usize, device: &Device) -> Self {
        let [weight_ih_l0, weight_hh_l0] = matrices::<I>(input, hidden, device);
        let [bias_ih_l0, bias_hh_l0] = biases::<I>(hidden, device);
        let [weight_ih_l0_reverse, weight_hh_l0_reverse] = matrices::<I>(input, hidden, device);
        let [bias_ih_l0_reverse, bias_hh_l0_reverse] = biases::<I>(hidden, device);
        Self {
            weight_ih_l0,
            weight_hh_l0,
            bias_ih_l0,
            bias_hh_l0,
            weight_ih_l0_reverse,
            weight_hh_l0_reverse,
            bias_ih_l0_reverse,
            bias_hh_l0_reverse,
        }
    }

    /// Runs both ways over `input` `[batch, time, features]`, each from a zero state.
    ///
    /// Returns `[batch, time, 2·hidden]`, forward states before reverse ones. Where `mask` `[batch, time]`
    /// is 0 (padding), both directions carry their state on unchanged: a sequence padded at its end gives
    /// at its valid steps what it gives alone.
    pub fn forward(&self, input: Tensor<3>, mask: Option<Tensor<2>>) -> Tensor<3> {
        let forward = Layer {
            weight_ih_l0: &self.weight_ih_l0,
            weight_hh_l0: &self.weight_hh_l0,
            bias_ih_l0: &self.bias_ih_l0,
            bias_hh_l0: &self.bias_hh_l0,
        };
        let reverse = Layer {
            weight_ih_l0: &self.weight_ih_l0_reverse,
            weight_hh_l0: &self.weight_hh_l0_reverse,
            bias_ih_l0: &self.bias_ih_l0_reverse,
            bias_hh_l0: &self.bias_hh_l0_reverse,
        };
        Layers::new(vec![forward, reverse]).forward(input, mask)
    }
}

fn matrices<I: Initial>(input: usize, hidden: usize, device: &Device) -> [Param<Tensor<2>>; 2] {
    [input, hidden].map(|rows| I::uniform([rows, 4 * hidden], bound(hidden), device))
}

fn biases<I: Initial>(hidden: usize, device: &Device) -> [Param<Tensor<1>>; 2] {
    std::array::from_fn(|_| I::uniform([4 * hidden], bound(hidden), device))
}

fn bound(hidden: usize) -> f64 {
    1.0 / (hidden as f64).sqrt()
}

/// The parameters of one direction; see [`Lstm`].
struct Layer<'a> {
    weight_ih_l0: &'a Param<Tensor<2>>,
    weight_hh_l0: &'a Param<Tensor<2>>,
    bias_ih_l0: &'a Param<Tensor<1>>,
    bias_hh_l0: &'a Param<Tensor<1>>,
}

/// All directions: forward alone, or forward and reverse.
struct Layers {
    /// `[features, directions · 4·hidden]`
    input: Tensor<2>,
    /// The two biases, which only ever act as a sum: `[directions · 4·hidden]`.
    bias: Tensor<1>,
    /// `[directions, hidden, 4·hidden]`
    recurrent: Tensor<3>,
}

impl Layers {
    fn new(layers: Vec<Layer>) -> Self {
        let bias = |layer: &Layer| layer.bias_ih_l0.val() + layer.bias_hh_l0.val();
        Self {
            input: Tensor::cat(layers.iter().map(|layer| layer.weight_ih_l0.val()).collect(), 1),
            bias: Tensor::cat(layers.iter().map(bias).collect(), 0),
            recurrent: Tensor::stack(layers.iter().map(|layer| layer.weight_hh_l0.val()).collect(), 0),
        }
    }

    /// The hidden states after each step, `[batch, time, directions · hidden]`, from `input` `[batch, time, features]`.
    fn forward(&self, input: Tensor<3>, mask: Option<Tensor<2>>) -> Tensor<3> {
        let [batch, time, features] = input.dims();
        let [directions, hidden, width] = self.recurrent.dims();
        if time == 0 {
            return Tensor::zeros([batch, 0, directions * hidden], &input.device());
        }
        // Time first, so that one step is one piece of memory.
        let rows = input.swap_dims(0, 1).reshape([time * batch, features]);
        let projected = rows.matmul(self.input.clone()) + self.bias.clone().unsqueeze();
        let projected = projected.reshape([time, batch, directions * width]);
        let mask = mask.map(|mask| mask.swap_dims(0, 1));
        #[cfg(feature = "train")]
        if super::fused::serves(&projected.device()) {
            return super::fused::scan(projected, self.recurrent.clone(), mask).swap_dims(0, 1);
        }
        scan(projected, &self.recurrent, mask.as_ref()).swap_dims(0, 1)
    }
}

/// What `fused::scan` does in one piece, by burn's operations: the hidden states after each step, `[time, batch, directions · hidden]`,
/// from what the input gives the gates, `[time, batch, directions · 4·hidden]`.
pub(super) fn scan(projected: Tensor<3>, recurrent: &Tensor<3>, mask: Option<&Tensor<2>>) -> Tensor<3> {
    let [directions, _, width] = recurrent.dims();
    let each = (0..directions).map(|direction| {
        let projected = projected.clone().narrow(2, direction * width, width);
        scan_one(projected, recurrent.clone().narrow(0, direction, 1).squeeze_dim(0), mask, direction > 0)
    });
    Tensor::cat(each.collect(), 2)
}

fn scan_one(projected: Tensor<3>, recurrent: Tensor<2>, mask: Option<&Tensor<2>>, reverse: bool) -> Tensor<3> {
    let [time, batch, width] = projected.dims();
    let size = width / 4;
    let zeros = Tensor::zeros([batch, size], &projected.device());
    let (mut hidden, mut cell) = (zeros.clone(), zeros);
    let mut states = Vec::with_capacity(time);
    for step in 0..time {
        let step = if reverse { time - 1 - step } else { step };
        let from_input = projected.clone().narrow(0, step, 1).squeeze_dim::<2>(0);
        let gates = from_input + hidden.clone().matmul(recurrent.clone());
        let gate = |k: usize| gates.clone().narrow(1, k * size, size);
        let next_cell = sigmoid(gate(1)) * cell.clone() + sigmoid(gate(0)) * tanh(gate(2));
        let next_hidden = sigmoid(gate(3)) * tanh(next_cell.clone());
        (hidden, cell) = match mask {
            None => (next_hidden, next_cell),
            Some(mask) => {
                let padded = mask.clone().narrow(0, step, 1).swap_dims(0, 1).equal_elem(0.0).expand([batch, size]);
                (next_hidden.mask_where(padded.clone(), hidden), next_cell.mask_where(padded, cell))
            }
        };
        states.push(hidden.clone());
    }
    if reverse {
        states.reverse();
    }
    Tensor::stack(states, 0)
}
