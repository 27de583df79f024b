//! The steps of an LSTM.

use burn::tensor::Tensor;
use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, Array3, Array4, ArrayD, ArrayViewMut1, Axis, s};

use super::{Function, apply, constant, ranked};
use crate::nets::plan::activation::one::{sigmoid, tanh};

/// Takes all directions over a batch of sequences, the first from start to end, the second from end to start.
///
/// `projected` `[time, batch, directions · 4·hidden]` is what the input gives the gates, biases included, in the order input, forget,
/// candidate, output; `recurrent` `[directions, hidden, 4·hidden]` is applied to the state before. Where `mask` `[time, batch]` is 0
/// (padding), the state is carried on unchanged. Returns the hidden states, `[time, batch, directions · hidden]`.
pub fn scan(projected: Tensor<3>, recurrent: Tensor<3>, mask: Option<Tensor<2>>) -> Tensor<3> {
    let mask = mask.map(|mask| ranked(constant(mask)));
    apply(Scan { mask }, [projected.into_dispatch(), recurrent.into_dispatch()]).0
}

#[derive(Debug)]
struct Scan {
    mask: Option<Array2<f32>>,
}

#[derive(Debug)]
struct Kept {
    recurrent: Array3<f32>,
    /// After their activations, `[time, batch, directions, 4·hidden]`.
    gates: Array4<f32>,
    /// After each step, `[time, batch, directions, hidden]`.
    hidden: Array4<f32>,
    /// The same.
    cells: Array4<f32>,
}

/// Each step that a direction takes: its place in time, and that of the step before.
fn steps(time: usize, direction: usize) -> impl DoubleEndedIterator<Item = (usize, Option<usize>)> {
    (0..time).map(move |step| match direction {
        0 => (step, step.checked_sub(1)),
        _ => (time - 1 - step, (step > 0).then_some(time - step)),
    })
}

impl Scan {
    fn is_padding(&self, time: usize, row: usize) -> bool {
        self.mask.as_ref().is_some_and(|mask| mask[(time, row)] == 0.0)
    }
}

impl Function<2> for Scan {
    type Kept = Kept;

    fn forward(&self, [projected, recurrent]: [ArrayD<f32>; 2]) -> (ArrayD<f32>, Kept) {
        let recurrent: Array3<f32> = ranked(recurrent);
        let (directions, size, width) = recurrent.dim();
        let (time, batch) = (projected.shape()[0], projected.shape()[1]);
        let gates = projected.into_shape_with_order((time, batch, directions, width));
        let mut gates = gates.expect("four gates for each unit and direction");
        let mut hidden = Array4::zeros((time, batch, directions, size));
        let mut cells = hidden.clone();
        for direction in 0..directions {
            let mut state = Array2::zeros((batch, size));
            let mut cell = state.clone();
            for (now, before) in steps(time, direction) {
                let mut gates = gates.slice_mut(s![now, .., direction, ..]);
                if before.is_some() {
                    general_mat_mul(1.0, &state, &recurrent.index_axis(Axis(0), direction), 1.0, &mut gates);
                }
                let rows = gates.rows_mut().into_iter().zip(state.rows_mut()).zip(cell.rows_mut());
                for (row, ((gates, state), cell)) in rows.enumerate() {
                    if !self.is_padding(now, row) {
                        advance(slice_mut(gates), slice_mut(state), slice_mut(cell));
                    }
                }
                hidden.slice_mut(s![now, .., direction, ..]).assign(&state);
                cells.slice_mut(s![now, .., direction, ..]).assign(&cell);
            }
        }
        let output = hidden.clone().into_shape_with_order((time, batch, directions * size));
        let output = output.expect("the last two axes in one").into_dyn();
        (output, Kept { recurrent, gates, hidden, cells })
    }

    fn backward(&self, kept: &Kept, output: ArrayD<f32>, _wanted: [bool; 2]) -> [Option<ArrayD<f32>>; 2] {
        let Kept { recurrent, gates, hidden, cells } = kept;
        let (time, batch, directions, size) = hidden.dim();
        let output = output.into_shape_with_order(hidden.dim()).expect("as it was given");
        let mut by_gates = Array4::<f32>::zeros(gates.dim());
        let mut by_recurrent = Array3::<f32>::zeros(recurrent.dim());
        let none = vec![0.0; size];
        for direction in 0..directions {
            let mut by_state = Array2::<f32>::zeros((batch, size));
            let mut by_cell = by_state.clone();
            for (now, before) in steps(time, direction).rev() {
                by_state += &output.slice(s![now, .., direction, ..]);
                let mut by_gates = by_gates.slice_mut(s![now, .., direction, ..]);
                let rows = by_gates.rows_mut().into_iter().zip(by_state.rows_mut()).zip(by_cell.rows_mut());
                for (row, ((by_gates, by_state), by_cell)) in rows.enumerate() {
                    if self.is_padding(now, row) {
                        continue;
                    }
                    let cell_before = before.map(|before| cells.slice(s![before, row, direction, ..]));
                    let step = Step {
                        gates: gates.slice(s![now, row, direction, ..]).to_slice().expect("values side by side"),
                        cell: cells.slice(s![now, row, direction, ..]).to_slice().expect("values side by side"),
                        before: cell_before.and_then(|cell| cell.to_slice()).unwrap_or(&none),
                    };
                    step.retreat(slice_mut(by_gates), slice_mut(by_state), slice_mut(by_cell));
                }
                if let Some(before) = before {
                    let weights = recurrent.index_axis(Axis(0), direction);
                    general_mat_mul(1.0, &by_gates, &weights.t(), 1.0, &mut by_state);
                    let state = hidden.slice(s![before, .., direction, ..]);
                    let mut by_weights = by_recurrent.index_axis_mut(Axis(0), direction);
                    general_mat_mul(1.0, &state.t(), &by_gates, 1.0, &mut by_weights);
                }
            }
        }
        let by_projected = by_gates.into_shape_with_order((time, batch, directions * 4 * size));
        let by_projected = by_projected.expect("the last two axes in one");
        [Some(by_projected.into_dyn()), Some(by_recurrent.into_dyn())]
    }
}

fn slice_mut(row: ArrayViewMut1<'_, f32>) -> &mut [f32] {
    row.into_slice().expect("values side by side")
}

/// The four gates' parts of a row.
fn quarters(gates: &[f32], size: usize) -> [&[f32]; 4] {
    std::array::from_fn(|gate| &gates[gate * size..(gate + 1) * size])
}

fn quarters_mut(gates: &mut [f32], size: usize) -> [&mut [f32]; 4] {
    let (first, second) = gates.split_at_mut(2 * size);
    let ((i, f), (g, o)) = (first.split_at_mut(size), second.split_at_mut(size));
    [i, f, g, o]
}

/// A step of one sequence; the gates become what their activations give.
fn advance(gates: &mut [f32], state: &mut [f32], cell: &mut [f32]) {
    let size = cell.len();
    let state = &mut state[..size];
    let [i, f, g, o] = quarters_mut(gates, size);
    for k in 0..size {
        (i[k], f[k], g[k], o[k]) = (sigmoid(i[k]), sigmoid(f[k]), tanh(g[k]), sigmoid(o[k]));
        cell[k] = f[k] * cell[k] + i[k] * g[k];
        state[k] = o[k] * tanh(cell[k]);
    }
}

/// A step that was taken.
struct Step<'a> {
    gates: &'a [f32],
    cell: &'a [f32],
    /// The cell before.
    before: &'a [f32],
}

impl Step<'_> {
    /// From the gradients by state and cell after the step to that by the gates before their activations, and by the cell before. The
    /// gradient by the state is used up.
    fn retreat(&self, by_gates: &mut [f32], by_state: &mut [f32], by_cell: &mut [f32]) {
        let size = self.cell.len();
        let (before, by_state, by_cell) = (&self.before[..size], &mut by_state[..size], &mut by_cell[..size]);
        let [i, f, g, o] = quarters(self.gates, size);
        let [by_i, by_f, by_g, by_o] = quarters_mut(by_gates, size);
        for k in 0..size {
            let bent = tanh(self.cell[k]);
            let by_now = by_cell[k] + by_state[k] * o[k] * (1.0 - bent * bent);
            by_i[k] = by_now * g[k] * i[k] * (1.0 - i[k]);
            by_f[k] = by_now * before[k] * f[k] * (1.0 - f[k]);
            by_g[k] = by_now * i[k] * (1.0 - g[k] * g[k]);
            by_o[k] = by_state[k] * bent * o[k] * (1.0 - o[k]);
            by_cell[k] = by_now * f[k];
            by_state[k] = 0.0;
        }
    }
}
