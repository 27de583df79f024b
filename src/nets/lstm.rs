//! Long short-term memory (Hochreiter & Schmidhuber 1997), with PyTorch's parameters.
//!
//! burn's own LSTM keeps each gate apart, which costs eight small matrix products for every step. Here the
//! input projections of all steps are one product, and each step adds one product for its four gates. Both directions take their steps
//! together: small networks spend their time on the number of operations, not on what these compute.
//! Names, shapes in files and the gates' order (input, forget, cell, output) are those of
//! `torch.nn.LSTM(num_layers=1)`, so its `state_dict` loads as it is.

use burn::module::{Module, Param};
use burn::tensor::activation::{sigmoid, tanh};
use burn::tensor::{Device, Tensor, TensorData};

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
        let (hidden, last) = self.layers().scan(input, mask);
        (over_time(hidden, &last), last.first())
    }

    /// The state after the last step alone; see [`Lstm::forward`].
    pub fn last_state(&self, input: Tensor<3>, mask: Option<Tensor<2>>) -> LstmState {
        self.layers().scan(input, mask).1.first()
    }

    fn layers(&self) -> Layers {
        Layers::new(vec![Layer::new(&self.weight_ih_l0, &self.weight_hh_l0, &self.bias_ih_l0, &self.bias_hh_l0)])
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
        let forward = Layer::new(&self.weight_ih_l0, &self.weight_hh_l0, &self.bias_ih_l0, &self.bias_hh_l0);
        let reverse = Layer::new(
            &self.weight_ih_l0_reverse,
            &self.weight_hh_l0_reverse,
            &self.bias_ih_l0_reverse,
            &self.bias_hh_l0_reverse,
        );
        let (hidden, last) = Layers::new(vec![forward, reverse]).scan(input, mask);
        over_time(hidden, &last)
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
}

/// The directions that take their steps together: forward alone, or forward and reverse. In step k the forward one reads the
/// k-th input, the reverse one the k-th from the end.
struct Layers {
    each: Vec<Layer>,
    /// `[directions, hidden, 4·hidden]`
    recurrent: Tensor<3>,
}

/// States of all directions after a step.
struct Step {
    /// `[directions, batch, hidden]`
    hidden: Tensor<3>,
    /// The same shape.
    cell: Tensor<3>,
}

impl Layers {
    fn new(each: Vec<Layer>) -> Self {
        let recurrent = Tensor::stack(each.iter().map(|layer| layer.recurrent.clone()).collect(), 0);
        Self { each, recurrent }
    }

    /// The hidden states after each step, and the last states reached, from `input` `[batch, time, features]`.
    fn scan(&self, input: Tensor<3>, mask: Option<Tensor<2>>) -> (Vec<Tensor<3>>, Step) {
        let [batch, time, features] = input.dims();
        let [directions, size, width] = self.recurrent.dims();
        let zeros = Tensor::zeros([directions, batch, size], &input.device());
        let zeros = Step { hidden: zeros.clone(), cell: zeros };
        if time == 0 {
            return (Vec::new(), zeros);
        }
        // Time first, so that one step is one piece of memory.
        let rows = input.swap_dims(0, 1).reshape([time * batch, features]);
        let projected = self.each.iter().enumerate().map(|(direction, layer)| {
            let rows = rows.clone().matmul(layer.input.clone()) + layer.bias.clone().unsqueeze();
            in_step_order(rows.reshape([time, batch, width]), direction)
        });
        let projected: Tensor<4> = Tensor::stack(projected.collect(), 1);
        let padded = mask.map(|mask| {
            let mask = mask.swap_dims(0, 1).unsqueeze_dim(2);
            let of = |direction| in_step_order(mask.clone(), direction);
            Tensor::<3>::stack::<4>((0..directions).map(of).collect(), 1).equal_elem(0.0)
        });

        let mut state: Option<Step> = None;
        let mut hidden = Vec::with_capacity(time);
        let projected = projected.reshape([time * directions * batch, width]);
        for (step, from_input) in split_rows(projected, directions * batch, time).into_iter().enumerate() {
            let from_input = from_input.reshape([directions, batch, width]);
            let next = self.step(from_input, state.as_ref());
            let next = match &padded {
                None => next,
                Some(padded) => {
                    let Step { hidden, cell } = state.as_ref().unwrap_or(&zeros);
                    let padded = padded.clone().slice([step..step + 1, 0..directions, 0..batch, 0..1]);
                    let padded = padded.squeeze_dim::<3>(0).expand([directions, batch, size]);
                    Step {
                        hidden: next.hidden.mask_where(padded.clone(), hidden.clone()),
                        cell: next.cell.mask_where(padded, cell.clone()),
                    }
                }
            };
            hidden.push(next.hidden.clone());
            state = Some(next);
        }
        (hidden, state.unwrap_or(zeros))
    }

    /// One step; without states before it the recurrent part is nought and is not computed.
    fn step(&self, from_input: Tensor<3>, before: Option<&Step>) -> Step {
        let gates = match before {
            Some(state) => from_input + state.hidden.clone().matmul(self.recurrent.clone()),
            None => from_input,
        };
        let [directions, batch, width] = gates.dims();
        let size = width / 4;
        let gates = sigmoid(gates);
        let gate = |k: usize| gates.clone().slice([0..directions, 0..batch, k * size..(k + 1) * size]);
        let candidate = gate(2) * 2.0 - 1.0;
        let mut cell = gate(0) * candidate;
        if let Some(state) = before {
            cell = gate(1) * state.cell.clone() + cell;
        }
        let hidden = gate(3) * tanh(cell.clone());
        Step { hidden, cell }
    }
}

impl Step {
    /// The state of the first direction.
    fn first(self) -> LstmState {
        let [_, batch, size] = self.hidden.dims();
        let first = |states: Tensor<3>| states.slice([0..1, 0..batch, 0..size]).squeeze_dim(0);
        LstmState { hidden: first(self.hidden), cell: first(self.cell) }
    }
}

/// `[time, …]` in the order in which a direction takes its steps, or back again.
fn in_step_order(steps: Tensor<3>, direction: usize) -> Tensor<3> {
    if direction == 0 { steps } else { steps.flip([0]) }
}

/// `[batch, time, directions · hidden]` from the states after each step.
fn over_time(hidden: Vec<Tensor<3>>, last: &Step) -> Tensor<3> {
    let [directions, batch, size] = last.hidden.dims();
    let time = hidden.len();
    if time == 0 {
        return Tensor::zeros([batch, 0, directions * size], &last.hidden.device());
    }
    let steps: Tensor<4> = Tensor::stack(hidden, 0);
    let of = |direction: usize| {
        let own = steps.clone().slice([0..time, direction..direction + 1, 0..batch, 0..size]);
        in_step_order(own.squeeze_dim(1), direction)
    };
    Tensor::cat((0..directions).map(of).collect(), 2).swap_dims(0, 1)
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
