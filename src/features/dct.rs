//! The discrete cosine transform that turns mel bands into cepstral coefficients.

use std::f64::consts::PI;

use super::lanes::Lanes;

/// Coefficients computed together: as many sums as fit in registers beside their operands.
const BLOCK: usize = 8;
/// Bands summed up before the sum joins the rest. One sum over all bands would lose a third digit behind the point:
/// the first coefficient of silence is −1131, where an f32 has steps of 1e-4 and each addition may cost half a step.
const STRETCH: usize = 16;

/// The first rows of the orthonormal DCT-II (scipy's `dct(type=2, norm="ortho")`).
pub(super) struct Dct {
    n_out: usize,
    /// For each block of coefficients, for each band, the weights of the block's coefficients.
    blocks: Vec<Vec<[f32; BLOCK]>>,
}

impl Dct {
    /// A plan for `n_out` coefficients of `n_in` values.
    pub fn new(n_in: usize, n_out: usize) -> Dct {
        let n = n_in as f64;
        let weight = |row: usize, column: usize| {
            let scale = if row == 0 { (1.0 / n).sqrt() } else { (2.0 / n).sqrt() };
            // The angle has period 4·n_in in units of π/2n; reducing it keeps the cosine exact.
            let angle = (row * (2 * column + 1)) % (4 * n_in);
            (scale * (PI * angle as f64 / (2.0 * n)).cos()) as f32
        };
        let block = |first: usize| {
            (0..n_in)
                .map(|column| std::array::from_fn(|i| if first + i < n_out { weight(first + i, column) } else { 0.0 }))
                .collect()
        };
        Dct { n_out, blocks: (0..n_out).step_by(BLOCK).map(block).collect() }
    }

    /// `output[m] = Σ weight[m][k] · input[k]` for the first `n_out` coefficients.
    pub fn apply(&self, input: &[Lanes], output: &mut [Lanes]) {
        for (rows, out) in self.blocks.iter().zip(output.get_mut(..self.n_out).unwrap_or_default().chunks_mut(BLOCK)) {
            let mut sums = [Lanes::ZERO; BLOCK];
            for (rows, input) in rows.chunks(STRETCH).zip(input.chunks(STRETCH)) {
                let mut part = [Lanes::ZERO; BLOCK];
                for (row, &value) in rows.iter().zip(input) {
                    for (sum, &weight) in part.iter_mut().zip(row) {
                        *sum += value * Lanes::splat(weight);
                    }
                }
                for (sum, part) in sums.iter_mut().zip(part) {
                    *sum += part;
                }
            }
            for (out, sum) in out.iter_mut().zip(sums) {
                *out = sum;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_rows_together_keep_the_energy() {
        let dct = Dct::new(20, 20);
        let input: Vec<Lanes> = (0..20).map(|k| Lanes::splat((k as f32 * 0.7).sin() + 0.3)).collect();
        let mut output = vec![Lanes::ZERO; 20];
        dct.apply(&input, &mut output);
        let energy = |values: &[Lanes]| values.iter().map(|v| f64::from(v.as_array()[1]).powi(2)).sum::<f64>();
        assert!((energy(&input) - energy(&output)).abs() < 1e-5);
    }
}
