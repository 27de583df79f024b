//! A matrix of features, one row for each frame.

use super::lanes::{LANES, Lanes, lane};

/// Features of consecutive frames, frame-major: row `t` holds the coefficients of frame `t`.
#[derive(Debug, Clone, PartialEq)]
pub struct Frames {
    data: Vec<f32>,
    n_coefficients: usize,
}

impl Frames {
    pub(super) fn with_capacity(n_frames: usize, n_coefficients: usize) -> Frames {
        Frames { data: Vec::with_capacity(n_frames * n_coefficients), n_coefficients }
    }

    /// Appends the first `count` lanes of `values` as rows.
    pub(super) fn push(&mut self, values: &[Lanes], count: usize) {
        append_rows(&mut self.data, values, count);
    }

    /// Number of rows.
    pub fn n_frames(&self) -> usize {
        self.data.len() / self.n_coefficients
    }

    /// Number of columns: `n_mfcc` coefficients or `n_mels` bands; at least 1.
    pub fn n_coefficients(&self) -> usize {
        self.n_coefficients
    }

    /// The features of frame `t`, if there is such a frame.
    pub fn row(&self, t: usize) -> Option<&[f32]> {
        self.iter().nth(t)
    }

    /// The frames in their order.
    pub fn iter(&self) -> std::slice::ChunksExact<'_, f32> {
        self.data.chunks_exact(self.n_coefficients)
    }

    /// All values, `n_frames · n_coefficients` of them, frame after frame.
    pub fn data(&self) -> &[f32] {
        &self.data
    }

    /// Gives the values away.
    pub fn into_data(self) -> Vec<f32> {
        self.data
    }

    /// The mean of each coefficient over all frames (zeros if there is none).
    pub fn mean(&self) -> Vec<f32> {
        let mut sums = vec![0f64; self.n_coefficients];
        for row in self {
            for (sum, &value) in sums.iter_mut().zip(row) {
                *sum += f64::from(value);
            }
        }
        let n = self.n_frames().max(1) as f64;
        sums.into_iter().map(|sum| (sum / n) as f32).collect()
    }
}

impl<'a> IntoIterator for &'a Frames {
    type Item = &'a [f32];
    type IntoIter = std::slice::ChunksExact<'a, f32>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Appends the first `count` lanes of `values` to `data`, each as a row.
pub(super) fn append_rows(data: &mut Vec<f32>, values: &[Lanes], count: usize) {
    for index in 0..count.min(LANES) {
        data.extend(values.iter().map(|value| lane(value, index)));
    }
}
