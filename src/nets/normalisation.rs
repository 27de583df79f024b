//! What inputs are scaled by: means and spreads of a training set.

use serde::{Deserialize, Serialize};

use super::Error;
use super::plan::measure;

/// Mean and standard deviation of every column over the training set's prepared frames.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Normalisation {
    /// One mean a column.
    pub mean: Vec<f32>,
    /// One standard deviation a column.
    pub std: Vec<f32>,
}

impl Normalisation {
    /// Statistics over `stretches`, each frame-major with `columns` values a frame.
    pub fn measure<'a>(columns: usize, stretches: impl Iterator<Item = &'a [f32]>) -> Normalisation {
        let mut moments = Moments::new(columns);
        for stretch in stretches {
            moments.add(stretch, 1.0);
        }
        moments.normalisation()
    }

    fn check(&self, columns: usize) -> Result<(), Error> {
        for (name, values) in [("normalisation.mean", &self.mean), ("normalisation.std", &self.std)] {
            if values.len() != columns {
                return Err(Error::Shape { name: name.into(), expected: vec![columns], got: vec![values.len()] });
            }
            if values.iter().any(|value| !value.is_finite()) {
                return Err(Error::NotFinite { name: name.into() });
            }
        }
        if let Some(std) = self.std.iter().find(|std| **std <= 0.0) {
            let got = std.to_string();
            return Err(Error::OutOfRange { name: "normalisation.std", expected: "above 0", got });
        }
        Ok(())
    }

    /// Z-scores frame-major `frames` in place.
    pub fn apply(&self, frames: &mut [f32]) {
        for frame in frames.chunks_exact_mut(self.mean.len()) {
            for ((value, mean), std) in frame.iter_mut().zip(&self.mean).zip(&self.std) {
                *value = (*value - mean) / std;
            }
        }
    }

    /// Undoes [`Normalisation::apply`].
    pub fn undo(&self, frames: &mut [f32]) {
        for frame in frames.chunks_exact_mut(self.mean.len()) {
            for ((value, mean), std) in frame.iter_mut().zip(&self.mean).zip(&self.std) {
                *value = *value * std + mean;
            }
        }
    }
}

/// What inputs are scaled by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Of the levelled frames' columns.
    pub frames: Normalisation,
    /// Of the summary's values; empty where there is no summary.
    pub summary: Normalisation,
    /// How much the z-scored columns vary within a stretch: the mean standard deviations, then the mean root mean squares of the change
    /// from frame to frame. Empty where a network does not take those of a learnt voice relative to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variation: Vec<f32>,
}

impl Spread {
    /// The mean [`variation`](Spread::variation) of stretches of z-scored frames.
    pub fn usual_variation<'a>(columns: usize, stretches: impl Iterator<Item = &'a [f32]>) -> Vec<f32> {
        let mut usual = Usual::new(2 * columns);
        for stretch in stretches {
            usual.add(&variation(stretch, columns), (stretch.len() / columns.max(1)) as f64);
        }
        usual.mean()
    }

    pub(super) fn check(&self, columns: usize, summary: usize) -> Result<(), Error> {
        self.frames.check(columns)?;
        self.summary.check(summary)?;
        let name = "normalisation.variation";
        if !self.variation.is_empty() && self.variation.len() != 2 * columns {
            let (expected, got) = (vec![2 * columns], vec![self.variation.len()]);
            return Err(Error::Shape { name: name.into(), expected, got });
        }
        if self.variation.iter().any(|value| !value.is_finite()) {
            return Err(Error::NotFinite { name: name.into() });
        }
        Ok(())
    }
}

/// Sums from which mean and spread follow.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Moments {
    pub(super) count: f64,
    pub(super) sum: Vec<f64>,
    pub(super) squares: Vec<f64>,
}

impl Moments {
    pub(super) fn new(columns: usize) -> Moments {
        Moments { count: 0.0, sum: vec![0.0; columns], squares: vec![0.0; columns] }
    }

    pub(super) fn add(&mut self, frames: &[f32], weight: f64) {
        for frame in frames.chunks_exact(self.sum.len().max(1)) {
            self.count += weight;
            for ((sum, squares), value) in self.sum.iter_mut().zip(&mut self.squares).zip(frame) {
                *sum += weight * f64::from(*value);
                *squares += weight * f64::from(*value).powi(2);
            }
        }
    }

    pub(super) fn join(&mut self, other: &Moments) {
        self.count += other.count;
        add(&mut self.sum, &other.sum);
        add(&mut self.squares, &other.squares);
    }

    pub(super) fn normalisation(&self) -> Normalisation {
        let count = if self.count > 0.0 { self.count } else { 1.0 };
        let std = |(sum, squares): (&f64, &f64)| (squares / count - (sum / count).powi(2)).max(1e-6).sqrt() as f32;
        Normalisation {
            mean: self.sum.iter().map(|sum| (sum / count) as f32).collect(),
            std: self.sum.iter().zip(&self.squares).map(std).collect(),
        }
    }
}

/// What stretches are like, added up: each frame counts, so long stretches count more.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Usual {
    pub(super) count: f64,
    pub(super) sum: Vec<f64>,
}

impl Usual {
    pub(super) fn new(values: usize) -> Usual {
        Usual { count: 0.0, sum: vec![0.0; values] }
    }

    /// Adds the values of a stretch of so many frames; those of none are not numbers.
    pub(super) fn add(&mut self, values: &[f32], n_frames: f64) {
        if n_frames <= 0.0 {
            return;
        }
        self.count += n_frames;
        for (sum, value) in self.sum.iter_mut().zip(values) {
            *sum += n_frames * f64::from(*value);
        }
    }

    pub(super) fn join(&mut self, other: &Usual) {
        self.count += other.count;
        add(&mut self.sum, &other.sum);
    }

    pub(super) fn mean(&self) -> Vec<f32> {
        let count = if self.count > 0.0 { self.count } else { 1.0 };
        self.sum.iter().map(|sum| (sum / count) as f32).collect()
    }
}

/// How much the columns of a stretch vary: standard deviations, then root mean squares of the change from frame to frame.
pub(super) fn variation(stretch: &[f32], columns: usize) -> Vec<f32> {
    let mut statistics = Vec::new();
    measure(stretch, columns, &mut statistics);
    statistics.split_off(columns.min(statistics.len()))
}

fn add(sums: &mut [f64], more: &[f64]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undoing_gives_frames_back() {
        let scale = Normalisation { mean: vec![1.0, -2.0], std: vec![3.0, 0.5] };
        let frames = [0.0, 1.0, 2.0, 3.0];
        let mut moved = frames;
        scale.apply(&mut moved);
        scale.undo(&mut moved);
        assert!(frames.iter().zip(moved).all(|(a, b)| (a - b).abs() < 1e-6));
    }
}
