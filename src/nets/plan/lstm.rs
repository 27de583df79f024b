//! The LSTM's recurrence over sequences of different length.

use wide::f32x4;

use super::activation::{sigmoid, tanh};
use super::matrix::{After, Matrix, Taps};
use super::values;
use crate::nets::lstm::{BiLstm, Lstm};

/// Rows of input that are projected at a time: enough to keep the product busy, few enough to stay in the cache until
/// their step comes.
const PROJECTED: usize = 64;

/// Which way a sequence is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Forward,
    Reverse,
}

/// A batch of sequences, the longest first, in one piece of memory.
#[derive(Debug, Clone, Default)]
pub struct Sequences {
    /// Steps of `features` values, one sequence after the other.
    pub values: Vec<f32>,
    /// Steps of each sequence.
    pub steps: Vec<usize>,
}

/// One direction. Units are filled up to a multiple of four with some whose weights are zero; they stay at zero.
#[derive(Debug, Clone)]
pub struct Direction {
    hidden: usize,
    padded: usize,
    input: Matrix,
    recurrent: Matrix,
}

impl Direction {
    /// Weights as [`Lstm`] keeps them: `[input, 4·hidden]`, `[hidden, 4·hidden]` and the two biases.
    fn new(hidden: usize, weight_ih: &[f32], weight_hh: &[f32], bias_ih: &[f32], bias_hh: &[f32]) -> Direction {
        let padded = hidden.next_multiple_of(4);
        let width = 4 * hidden;
        let features = weight_ih.len().checked_div(width).unwrap_or(0);
        // Which column of the file a column here is, if any.
        let column = |c: usize| (c % padded < hidden).then(|| c / padded * hidden + c % padded);
        let bias: Vec<f32> = (0..4 * padded).map(|c| column(c).map_or(0.0, |c| bias_ih[c] + bias_hh[c])).collect();
        let none = vec![0.0; 4 * padded];
        let weight = |of: &[f32], row: usize, c: usize| column(c).map_or(0.0, |c| of[row * width + c]);
        Direction {
            hidden,
            padded,
            input: Matrix::new(features, &bias, |row, c| weight(weight_ih, row, c)),
            recurrent: Matrix::new(padded, &none, |row, c| if row < hidden { weight(weight_hh, row, c) } else { 0.0 }),
        }
    }

    /// Hidden units.
    pub fn hidden(&self) -> usize {
        self.hidden
    }

    /// Calls `visit(sequence, time, hidden state)` after every step.
    pub fn scan(&self, sequences: &Sequences, order: Order, mut visit: impl FnMut(usize, usize, &[f32])) {
        let (features, units) = (self.input.inputs(), self.padded);
        let starts: Vec<usize> = sequences
            .steps
            .iter()
            .scan(0, |next, steps| {
                *next += steps;
                Some(*next - steps)
            })
            .collect();
        let mut hidden = vec![0.0f32; sequences.steps.len() * units];
        let mut cells = hidden.clone();
        let mut gates = vec![0.0f32; PROJECTED.max(sequences.steps.len()) * 4 * units];
        let mut step = 0;
        loop {
            let running = sequences.steps.iter().take_while(|steps| **steps > step).count();
            if running == 0 {
                return;
            }
            // As many steps at once as there is room for and as all of these sequences have.
            let n_steps = (PROJECTED / running).clamp(1, sequences.steps[running - 1] - step);
            let time = |sequence: usize, step: usize| match order {
                Order::Forward => step,
                Order::Reverse => sequences.steps[sequence] - 1 - step,
            };
            let place = |row: usize| {
                let sequence = row % running;
                (starts[sequence] + time(sequence, step + row / running)) * features
            };
            let gates = &mut gates[..n_steps * running * 4 * units];
            self.input.convolve(&sequences.values, Taps::ONE, place, gates, After::Linear);
            let (hidden, cells) = (&mut hidden[..running * units], &mut cells[..running * units]);
            for gates in gates.chunks_exact_mut(running * 4 * units) {
                if step > 0 {
                    self.recurrent.add(hidden, gates);
                }
                let states = hidden.chunks_exact_mut(units).zip(cells.chunks_exact_mut(units));
                for (sequence, (gates, (hidden, cell))) in gates.chunks_exact(4 * units).zip(states).enumerate() {
                    advance(gates, hidden, cell);
                    visit(sequence, time(sequence, step), &hidden[..self.hidden]);
                }
                step += 1;
            }
        }
    }
}

/// The cell: `i, f, o = σ(…)`, `g = tanh(…)`, `c' = f·c + i·g`, `h' = o·tanh(c')`; gates in the order i, f, g, o.
fn advance(gates: &[f32], hidden: &mut [f32], cell: &mut [f32]) {
    let units = hidden.len();
    let [i, f, g, o] = std::array::from_fn(|gate| gates[gate * units..][..units].as_chunks::<4>().0);
    let states = hidden.as_chunks_mut::<4>().0.iter_mut().zip(cell.as_chunks_mut::<4>().0);
    for ((((i, f), (g, o)), (hidden, cell)), _) in i.iter().zip(f).zip(g.iter().zip(o)).zip(states).zip(0..units) {
        let [i, f, g, o, c] = [i, f, g, o, &*cell].map(|four| f32x4::new(*four));
        let c = sigmoid(f) * c + sigmoid(i) * tanh(g);
        *cell = c.to_array();
        *hidden = (sigmoid(o) * tanh(c)).to_array();
    }
}

impl Direction {
    /// The weights of a layer.
    pub fn of(lstm: &Lstm) -> Direction {
        let Lstm { weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0 } = lstm;
        let [hidden, _] = weight_hh_l0.lazy_shape().dims();
        Direction::new(
            hidden,
            &values(weight_ih_l0.val()),
            &values(weight_hh_l0.val()),
            &values(bias_ih_l0.val()),
            &values(bias_hh_l0.val()),
        )
    }

    /// The weights of both layers of a bidirectional LSTM.
    pub fn both(lstm: &BiLstm) -> [Direction; 2] {
        let forward = Lstm {
            weight_ih_l0: lstm.weight_ih_l0.clone(),
            weight_hh_l0: lstm.weight_hh_l0.clone(),
            bias_ih_l0: lstm.bias_ih_l0.clone(),
            bias_hh_l0: lstm.bias_hh_l0.clone(),
        };
        let reverse = Lstm {
            weight_ih_l0: lstm.weight_ih_l0_reverse.clone(),
            weight_hh_l0: lstm.weight_hh_l0_reverse.clone(),
            bias_ih_l0: lstm.bias_ih_l0_reverse.clone(),
            bias_hh_l0: lstm.bias_hh_l0_reverse.clone(),
        };
        [Direction::of(&forward), Direction::of(&reverse)]
    }
}
