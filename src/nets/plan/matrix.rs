//! The matrix product that every layer rests on.

use wide::f32x4;

/// Columns of a panel: two registers.
const PANEL: usize = 8;
/// Rows computed together. With two registers of columns that is eight sums, which together with their operands fill the sixteen
/// registers that 128-bit SIMD has on x86 without leaving any in memory.
const TILE: usize = 4;
/// Panels computed together where there is one row alone: again eight sums.
const WIDE: usize = 4;

type Panel = [f32x4; PANEL / 4];

/// What follows a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// Nothing.
    Linear,
    /// max(0, x).
    Relu,
}

/// Where the values of a row of the left matrix lie: `taps` pieces of equal length, each `stride` values after the one before.
///
/// A dense layer has one piece. A convolution over time has one piece as well, as neighbouring frames are neighbours in memory; it
/// has one for each tap where taps are apart, and a 2-D convolution has one for each line of its kernel. So nothing is ever
/// copied into a matrix of patches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taps {
    /// Number of pieces.
    pub taps: usize,
    /// Values from the beginning of a piece to the beginning of the next.
    pub stride: usize,
}

impl Taps {
    /// One piece.
    pub const ONE: Taps = Taps { taps: 1, stride: 0 };
}

/// The right matrix of a product, `inputs × outputs`, with a bias for each output, in the order in which the product reads it.
#[derive(Debug, Clone)]
pub struct Matrix {
    inputs: usize,
    outputs: usize,
    /// Panels of eight columns after one another, each row by row; the last filled up with zeros.
    panels: Vec<Panel>,
    /// One for each panel.
    bias: Vec<Panel>,
}

/// Eight columns from `first` on, zero beyond the last.
fn panel(first: usize, outputs: usize, value: impl Fn(usize) -> f32) -> Panel {
    std::array::from_fn(|half| {
        let column = |lane: usize| first + half * 4 + lane;
        f32x4::new(std::array::from_fn(|lane| if column(lane) < outputs { value(column(lane)) } else { 0.0 }))
    })
}

impl Matrix {
    /// A matrix of `weight(input, output)`.
    pub fn new(inputs: usize, bias: &[f32], weight: impl Fn(usize, usize) -> f32) -> Matrix {
        let outputs = bias.len();
        let columns = || (0..outputs).step_by(PANEL);
        let rows = |first| (0..inputs).map(move |row| (first, row));
        Matrix {
            inputs,
            outputs,
            panels: columns().flat_map(rows).map(|(first, row)| panel(first, outputs, |c| weight(row, c))).collect(),
            bias: columns().map(|first| panel(first, outputs, |c| bias[c])).collect(),
        }
    }

    /// Values of a row on the right.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Values of a row on the left.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// `output[row] = after(input[row] · matrix + bias)` for rows that lie one after the other.
    pub fn apply(&self, input: &[f32], output: &mut [f32], after: After) {
        self.product::<false>(input, Taps::ONE, |row| row * self.inputs, output, after);
    }

    /// `output[row] += input[row] · matrix`, without the bias.
    pub fn add(&self, input: &[f32], output: &mut [f32]) {
        self.product::<true>(input, Taps::ONE, |row| row * self.inputs, output, After::Linear);
    }

    /// As [`Matrix::apply`], for rows whose first value lies at `place(row)`.
    pub fn convolve(
        &self,
        input: &[f32],
        taps: Taps,
        place: impl Fn(usize) -> usize,
        output: &mut [f32],
        after: After,
    ) {
        self.product::<false>(input, taps, place, output, after);
    }

    /// `output[row] = after(output[row] + input[row] · matrix)` without the bias, for rows whose first value lies at `place(row)`.
    pub fn convolve_onto(&self, input: &[f32], place: impl Fn(usize) -> usize, output: &mut [f32], after: After) {
        self.product::<true>(input, Taps::ONE, place, output, after);
    }

    /// As many rows as there is room for in `output`. `ONTO` what is in `output`, or onto the bias.
    fn product<const ONTO: bool>(
        &self,
        input: &[f32],
        taps: Taps,
        place: impl Fn(usize) -> usize,
        output: &mut [f32],
        after: After,
    ) {
        if self.outputs == 0 {
            return;
        }
        let n_rows = output.len() / self.outputs;
        if n_rows == 1 {
            return self.one_row::<ONTO>(input, taps, place(0), output, after);
        }
        // Panels outside: a panel stays in the nearest cache while all rows pass by.
        for index in 0..self.bias.len() {
            let mut row = 0;
            while row + TILE <= n_rows {
                self.tile::<TILE, 1, ONTO>(input, taps, &place, index, row, output, after);
                row += TILE;
            }
            match n_rows - row {
                1 => self.tile::<1, 1, ONTO>(input, taps, &place, index, row, output, after),
                2 => self.tile::<2, 1, ONTO>(input, taps, &place, index, row, output, after),
                3 => self.tile::<3, 1, ONTO>(input, taps, &place, index, row, output, after),
                _ => {}
            }
        }
    }

    fn one_row<const ONTO: bool>(&self, input: &[f32], taps: Taps, place: usize, output: &mut [f32], after: After) {
        let mut index = 0;
        while index + WIDE <= self.bias.len() {
            self.tile::<1, WIDE, ONTO>(input, taps, |_| place, index, 0, output, after);
            index += WIDE;
        }
        for index in index..self.bias.len() {
            self.tile::<1, 1, ONTO>(input, taps, |_| place, index, 0, output, after);
        }
    }

    /// `M` rows from `row` on, `P` panels from `index` on.
    #[inline(always)]
    #[allow(clippy::too_many_arguments)] // Where to read, what to compute and where to write.
    fn tile<const M: usize, const P: usize, const ONTO: bool>(
        &self,
        input: &[f32],
        Taps { taps, stride }: Taps,
        place: impl Fn(usize) -> usize,
        index: usize,
        row: usize,
        output: &mut [f32],
        after: After,
    ) {
        let piece = self.inputs / taps;
        let places: [usize; M] = std::array::from_fn(|m| place(row + m));
        let mut sums: [[Panel; P]; M] = if ONTO {
            std::array::from_fn(|m| {
                let row = &output[(row + m) * self.outputs..][..self.outputs];
                std::array::from_fn(|p| load(&row[(index + p) * PANEL..]))
            })
        } else {
            [std::array::from_fn(|p| self.bias[index + p]); M]
        };
        for tap in 0..taps {
            let rows: [&[f32]; M] = std::array::from_fn(|m| &input[places[m] + tap * stride..][..piece]);
            let panels: [&[Panel]; P] =
                std::array::from_fn(|p| &self.panels[(index + p) * self.inputs + tap * piece..][..piece]);
            multiply(rows, panels, piece, &mut sums);
        }
        for (m, sums) in sums.iter().enumerate() {
            let row = &mut output[(row + m) * self.outputs..][..self.outputs];
            for (columns, sums) in row[index * PANEL..].chunks_mut(PANEL).zip(sums) {
                let sums = match after {
                    After::Linear => *sums,
                    After::Relu => sums.map(|sum| sum.fast_max(f32x4::ZERO)),
                };
                store(sums, columns);
            }
        }
    }
}

/// Adds the products of `len` values.
#[inline(always)]
fn multiply<const M: usize, const P: usize>(
    rows: [&[f32]; M],
    panels: [&[Panel]; P],
    len: usize,
    sums: &mut [[Panel; P]; M],
) {
    let mut step = |k: usize| {
        for p in 0..P {
            let [low, high] = panels[p][k];
            for m in 0..M {
                let value = f32x4::splat(rows[m][k]);
                sums[m][p][0] += value * low;
                sums[m][p][1] += value * high;
            }
        }
    };
    for k in 0..len {
        step(k);
    }
}

/// The first eight values, filled up with zeros.
#[inline(always)]
fn load(columns: &[f32]) -> Panel {
    match columns {
        [a, b, c, d, e, f, g, h, ..] => [f32x4::new([*a, *b, *c, *d]), f32x4::new([*e, *f, *g, *h])],
        some => panel(0, some.len(), |column| some[column]),
    }
}

#[inline(always)]
fn store([low, high]: Panel, columns: &mut [f32]) {
    match columns {
        [a, b, c, d, e, f, g, h] => {
            [*a, *b, *c, *d] = low.to_array();
            [*e, *f, *g, *h] = high.to_array();
        }
        some => {
            for (column, value) in some.iter_mut().zip(low.to_array().into_iter().chain(high.to_array())) {
                *column = value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(i: usize) -> f32 {
        (i as f32 * 0.37 + 0.1).sin()
    }

    /// What the definition says, in f64.
    fn expected(inputs: usize, outputs: usize, rows: usize, start: impl Fn(usize, usize) -> f64) -> Vec<f64> {
        let product = |row: usize, column: usize| -> f64 {
            (0..inputs)
                .map(|k| f64::from(value(row * inputs + k)) * f64::from(value(1000 + k * outputs + column)))
                .sum()
        };
        (0..rows * outputs).map(|i| start(i / outputs, i % outputs) + product(i / outputs, i % outputs)).collect()
    }

    #[test]
    fn products_of_every_shape_are_what_the_definition_says() {
        for (inputs, outputs) in [(1, 1), (5, 3), (7, 8), (40, 160), (9, 33), (64, 17)] {
            let bias: Vec<f32> = (0..outputs).map(|c| value(c + 7)).collect();
            let matrix = Matrix::new(inputs, &bias, |k, column| value(1000 + k * outputs + column));
            for rows in 1..=9 {
                let input: Vec<f32> = (0..rows * inputs).map(value).collect();
                let mut output = vec![0.0; rows * outputs];
                matrix.apply(&input, &mut output, After::Linear);
                let right = expected(inputs, outputs, rows, |_, column| bias[column].into());
                assert!(
                    output.iter().zip(&right).all(|(a, b)| (f64::from(*a) - b).abs() < 1e-5),
                    "{inputs} {outputs} {rows}"
                );
                matrix.apply(&input, &mut output, After::Relu);
                assert!(output.iter().zip(&right).all(|(a, b)| (f64::from(*a) - b.max(0.0)).abs() < 1e-5));
                let mut onto: Vec<f32> = (0..rows * outputs).map(|i| value(i + 3)).collect();
                matrix.add(&input, &mut onto);
                let right = expected(inputs, outputs, rows, |row, column| value(row * outputs + column + 3).into());
                assert!(
                    onto.iter().zip(&right).all(|(a, b)| (f64::from(*a) - b).abs() < 1e-5),
                    "{inputs} {outputs} {rows}"
                );
            }
        }
    }

    #[test]
    fn taps_that_are_apart_are_read_where_they_lie() {
        // Three taps of two values, five values apart; rows begin three values after one another.
        let matrix = Matrix::new(6, &[0.5, 0.0, -1.0], |k, column| value(k * 3 + column));
        let input: Vec<f32> = (0..40).map(value).collect();
        let mut output = vec![0.0; 6 * 3];
        matrix.convolve(&input, Taps { taps: 3, stride: 5 }, |row| row * 3, &mut output, After::Linear);
        for (row, got) in output.chunks_exact(3).enumerate() {
            for (column, (got, bias)) in got.iter().zip([0.5, 0.0, -1.0]).enumerate() {
                let at = |k: usize| input[row * 3 + k / 2 * 5 + k % 2] * value(k * 3 + column);
                assert!((got - (bias + (0..6).map(at).sum::<f32>())).abs() < 1e-5);
            }
        }
    }
}
