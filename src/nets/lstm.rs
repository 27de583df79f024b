//! Long short-term memory (Hochreiter & Schmidhuber 1997), with PyTorch's parameters.
//!
//! burn's own LSTM keeps each gate apart, which costs eight small matrix products for every step. Here the
//! input projections of all steps are one product, and each step adds one product for its four gates.
//! Names, shapes in files and the gates' order (input, forget, cell, output) are those of
//! `torch.nn.LSTM(num_layers=1)`, so its `state_dict` loads as it is.

use burn::module::{Module, Param};
use burn::tensor::activation::{sigmoid, tanh};
use burn::tensor::{Bool, Device, Tensor, TensorData};

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

/// What a layer remembers after a step.
#[derive(Debug, Clone)]
pub struct LstmState {
    /// `[batch, hidden]`, −1 … 1.
    pub hidden: Tensor<2>,
    /// `[batch, hidden]`, unbounded.
    pub cell: Tensor<2>,
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
    /// Returns the hidden state after each step, `[batch, time, hidden]`, and the state after the last.
    /// Where `mask` `[batch, time]` is 0 (padding), the state is carried on unchanged.
    pub fn forward(&self, input: Tensor<3>, mask: Option<Tensor<2>>) -> (Tensor<3>, LstmState) {
        let (hidden, last) = self.layer().scan(Steps::new(input), mask.map(Padding::new).as_ref(), Order::Forward);
        (over_time(hidden, &last), last)
    }

    /// The state after the last step alone; see [`Lstm::forward`].
    pub fn last_state(&self, input: Tensor<3>, mask: Option<Tensor<2>>) -> LstmState {
        self.layer().scan(Steps::new(input), mask.map(Padding::new).as_ref(), Order::Forward).1
    }

    fn layer(&self) -> Layer {
        Layer::new(&self.weight_ih_l0, &self.weight_hh_l0, &self.bias_ih_l0, &self.bias_hh_l0)
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
        let padding = mask.map(Padding::new);
        let steps = Steps::new(input);
        let forward = Layer::new(&self.weight_ih_l0, &self.weight_hh_l0, &self.bias_ih_l0, &self.bias_hh_l0);
        let reverse = Layer::new(
            &self.weight_ih_l0_reverse,
            &self.weight_hh_l0_reverse,
            &self.bias_ih_l0_reverse,
            &self.bias_hh_l0_reverse,
        );
        let (ahead, last) = forward.scan(steps.clone(), padding.as_ref(), Order::Forward);
        let (back, first) = reverse.scan(steps, padding.as_ref(), Order::Reverse);
        Tensor::cat(vec![over_time(ahead, &last), over_time(back, &first)], 2)
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

/// A batch of sequences with time first, so that one step is one piece of memory: `[time·batch, features]`.
#[derive(Clone)]
struct Steps {
    rows: Tensor<2>,
    batch: usize,
    time: usize,
}

impl Steps {
    fn new(input: Tensor<3>) -> Self {
        let [batch, time, features] = input.dims();
        let rows = input.swap_dims(0, 1).reshape([time * batch, features]);
        Self { rows, batch, time }
    }
}

/// Which sequences are past their end, `[batch, time]`.
struct Padding(Tensor<2, Bool>);

impl Padding {
    fn new(mask: Tensor<2>) -> Self {
        Self(mask.equal_elem(0.0))
    }

    /// `kept` where step `t` is padding, else `fresh`.
    fn keep(&self, t: usize, fresh: Tensor<2>, kept: Tensor<2>) -> Tensor<2> {
        let [batch, _] = self.0.dims();
        let padded = self.0.clone().slice([0..batch, t..t + 1]).expand(fresh.dims());
        fresh.mask_where(padded, kept)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Order {
    Forward,
    Reverse,
}

/// The tensors of one direction, with the two biases (which only ever act as a sum) added up.
///
/// The candidate's columns are doubled here, once: tanh(x) = 2·σ(2x) − 1, so that one call of σ serves all
/// four gates of a step.
struct Layer {
    input: Tensor<2>,
    recurrent: Tensor<2>,
    bias: Tensor<1>,
}

impl Layer {
    fn new(
        weight_ih: &Param<Tensor<2>>,
        weight_hh: &Param<Tensor<2>>,
        bias_ih: &Param<Tensor<1>>,
        bias_hh: &Param<Tensor<1>>,
    ) -> Self {
        let [hidden, width] = weight_hh.val().dims();
        let factors: Vec<f32> = (0..width).map(|k| if k / hidden.max(1) == 2 { 2.0 } else { 1.0 }).collect();
        let factors = Tensor::<1>::from_data(TensorData::new(factors, [width]), &bias_ih.val().device());
        let scaled = |weight: &Param<Tensor<2>>| weight.val() * factors.clone().unsqueeze();
        Self {
            input: scaled(weight_ih),
            recurrent: scaled(weight_hh),
            bias: (bias_ih.val() + bias_hh.val()) * factors.clone(),
        }
    }

    /// The hidden state after each step, in the order of the input, and the last state reached.
    fn scan(&self, steps: Steps, padding: Option<&Padding>, order: Order) -> (Vec<Tensor<2>>, LstmState) {
        let Steps { rows, batch, time } = steps;
        let [hidden_size, _] = self.recurrent.dims();
        let device = rows.device();
        if time == 0 {
            return (Vec::new(), LstmState::zeros(batch, hidden_size, &device));
        }
        let projected = rows.matmul(self.input.clone()) + self.bias.clone().unsqueeze();
        let mut projected = split_rows(projected, batch, time);
        if order == Order::Reverse {
            projected.reverse();
        }

        let mut state: Option<LstmState> = None;
        let mut hidden = Vec::with_capacity(time);
        for (step, from_input) in projected.into_iter().enumerate() {
            let t = if order == Order::Forward { step } else { time - 1 - step };
            let next = self.step(from_input, state.as_ref());
            let next = match (padding, state) {
                (None, _) => next,
                (Some(padding), before) => {
                    let before = before.unwrap_or_else(|| LstmState::zeros(batch, hidden_size, &device));
                    LstmState {
                        hidden: padding.keep(t, next.hidden, before.hidden),
                        cell: padding.keep(t, next.cell, before.cell),
                    }
                }
            };
            hidden.push(next.hidden.clone());
            state = Some(next);
        }
        if order == Order::Reverse {
            hidden.reverse();
        }
        (hidden, state.unwrap_or_else(|| LstmState::zeros(batch, hidden_size, &device)))
    }

    /// One step; without a state before it the recurrent part is nought and is not computed.
    fn step(&self, from_input: Tensor<2>, before: Option<&LstmState>) -> LstmState {
        let gates = match before {
            Some(state) => from_input + state.hidden.clone().matmul(self.recurrent.clone()),
            None => from_input,
        };
        let [batch, width] = gates.dims();
        let size = width / 4;
        let gates = sigmoid(gates);
        let gate = |k: usize| gates.clone().slice([0..batch, k * size..(k + 1) * size]);
        let candidate = gate(2) * 2.0 - 1.0;
        let mut cell = gate(0) * candidate;
        if let Some(state) = before {
            cell = gate(1) * state.cell.clone() + cell;
        }
        let hidden = gate(3) * tanh(cell.clone());
        LstmState { hidden, cell }
    }
}

impl LstmState {
    fn zeros(batch: usize, hidden: usize, device: &Device) -> Self {
        let zeros = Tensor::zeros([batch, hidden], device);
        Self { hidden: zeros.clone(), cell: zeros }
    }
}

/// `[batch, time, hidden]` from the states after each step.
fn over_time(hidden: Vec<Tensor<2>>, last: &LstmState) -> Tensor<3> {
    if hidden.is_empty() {
        let [batch, size] = last.hidden.dims();
        return Tensor::zeros([batch, 0, size], &last.hidden.device());
    }
    Tensor::stack(hidden, 1)
}

/// `[time·batch, width]` into `time` pieces of `[batch, width]`.
///
/// The gradient of a slice is as large as what it was cut from. Cutting `time` slices out of the whole
/// would cost `time²`; halving again and again costs `time · log₂ time`.
#[allow(clippy::single_range_in_vec_init)] // burn slices by an array with a range for each axis.
fn split_rows(rows: Tensor<2>, batch: usize, time: usize) -> Vec<Tensor<2>> {
    if time <= 1 {
        return vec![rows];
    }
    if !rows.device().is_autodiff() {
        return (0..time).map(|t| rows.clone().slice([t * batch..(t + 1) * batch])).collect();
    }
    let half = time / 2;
    let later = rows.clone().slice([half * batch..time * batch]);
    let mut pieces = split_rows(rows.slice([0..half * batch]), batch, half);
    pieces.append(&mut split_rows(later, batch, time - half));
    pieces
}
