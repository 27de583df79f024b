//! The side branch of statistics.

use super::matrix::{After, Matrix};
use super::{dense, scale_and_shift};
use crate::nets::blocks::{self, SUMMARY_BOUND};

/// [`blocks::Statistics`].
#[derive(Debug, Clone)]
pub struct Statistics {
    scale: Vec<f32>,
    shift: Vec<f32>,
    hidden: Option<Matrix>,
}

impl Statistics {
    /// The weights of a module.
    pub fn of(statistics: &blocks::Statistics) -> Statistics {
        let (scale, shift) = scale_and_shift(&statistics.norm);
        Statistics { scale, shift, hidden: statistics.hidden.as_ref().map(dense) }
    }

    /// Appends what the branch gives for what was [measured](measure) and a summary. `known` is for results in between.
    pub fn append(&self, measured: &[f32], summary: &[f32], known: &mut Vec<f32>, output: &mut Vec<f32>) {
        known.clear();
        known.extend_from_slice(measured);
        known.extend(summary.iter().map(|value| value.clamp(-SUMMARY_BOUND as f32, SUMMARY_BOUND as f32)));
        for ((value, scale), shift) in known.iter_mut().zip(&self.scale).zip(&self.shift) {
            *value = *value * scale + shift;
        }
        let Some(hidden) = &self.hidden else {
            return output.extend_from_slice(known);
        };
        let start = output.len();
        output.resize(start + hidden.outputs(), 0.0);
        hidden.apply(known, &mut output[start..], After::Relu);
    }
}

/// Per column mean, standard deviation and root mean square of the change from frame to frame.
pub fn measure(frames: &[f32], columns: usize, statistics: &mut Vec<f32>) {
    statistics.clear();
    statistics.resize(3 * columns, 0.0);
    let rows = || frames.chunks_exact(columns);
    let count = rows().len() as f32;
    let (mean, rest) = statistics.split_at_mut(columns);
    let (std, change) = rest.split_at_mut(columns);
    for row in rows() {
        for (mean, value) in mean.iter_mut().zip(row) {
            *mean += value;
        }
    }
    for mean in mean.iter_mut() {
        *mean /= count;
    }
    for row in rows() {
        for ((std, mean), value) in std.iter_mut().zip(&*mean).zip(row) {
            *std += (value - mean) * (value - mean);
        }
    }
    for (later, earlier) in rows().skip(1).zip(rows()) {
        for ((change, later), earlier) in change.iter_mut().zip(later).zip(earlier) {
            *change += (later - earlier) * (later - earlier);
        }
    }
    for (std, change) in std.iter_mut().zip(change) {
        *std = (*std / count + 1e-5).sqrt();
        *change = (*change / (count - 1.0).max(1.0) + 1e-5).sqrt();
    }
}
