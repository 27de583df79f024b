//! Pooling: the largest of neighbours, and attention.

use wide::f32x4;

use super::activation::tanh;
use super::values;
use crate::nets::blocks;

/// Raises `highest` to `values` where they are higher.
///
/// A comparison, not `f32::max`: that takes care of NaN, which costs several instructions in wasm and keeps it from SIMD.
pub fn raise(highest: &mut [f32], values: &[f32]) {
    for (highest, value) in highest.iter_mut().zip(values) {
        *highest = if *value > *highest { *value } else { *highest };
    }
}

/// [`blocks::AttentionPool`].
#[derive(Debug, Clone)]
pub struct AttentionPool {
    weights: Vec<f32>,
    bias: f32,
}

impl AttentionPool {
    /// The weights of a module.
    pub fn of(pool: &blocks::AttentionPool) -> AttentionPool {
        let bias = pool.score.bias.as_ref().map_or(0.0, |bias| values(bias.val()).iter().sum());
        AttentionPool { weights: values(pool.score.weight.val()), bias }
    }

    /// Appends the weighted means of the channels of `frames`, then their standard deviations.
    pub fn append(&self, frames: &[f32], scores: &mut Vec<f32>, pooled: &mut Vec<f32>) {
        let channels = self.weights.len();
        let rows = || frames.chunks_exact(channels);
        scores.clear();
        scores.extend(rows().map(|row| self.score(row)));
        let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        for score in scores.iter_mut() {
            *score = (*score - highest).exp();
        }
        let total: f32 = scores.iter().sum();

        let start = pooled.len();
        pooled.resize(start + 2 * channels, 0.0);
        let (mean, std) = pooled[start..].split_at_mut(channels);
        for (row, score) in rows().zip(&*scores) {
            for (mean, value) in mean.iter_mut().zip(row) {
                *mean += value * (score / total);
            }
        }
        for (row, score) in rows().zip(&*scores) {
            for ((std, mean), value) in std.iter_mut().zip(&*mean).zip(row) {
                *std += (value - mean) * (value - mean) * (score / total);
            }
        }
        for std in std {
            *std = (*std + 1e-5).sqrt();
        }
    }

    /// linear(tanh h).
    fn score(&self, row: &[f32]) -> f32 {
        let (fours, rest) = row.as_chunks::<4>();
        let (weights, last) = self.weights.as_chunks::<4>();
        let sum = fours
            .iter()
            .zip(weights)
            .fold(f32x4::ZERO, |sum, (four, w)| sum + tanh(f32x4::new(*four)) * f32x4::new(*w));
        let rest: f32 = rest.iter().zip(last).map(|(value, w)| tanh(f32x4::splat(*value)).to_array()[0] * w).sum();
        sum.reduce_add() + rest + self.bias
    }
}
