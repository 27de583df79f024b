//! How good predictions are.

use serde::Serialize;

use crate::mood::{MOOD_COUNT, Mood, Scores};

/// What was measured on a set of predictions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Metrics {
    /// Number of predictions.
    pub clips: usize,
    /// Share of right answers.
    pub accuracy: f64,
    /// Unweighted average recall: the mean of [`Metrics::recall`] over the moods that occur.
    pub uar: f64,
    /// Mean of −ln p(true mood).
    pub loss: f64,
    /// Expected calibration error over ten equal bins of confidence (Guo et al. 2017).
    pub ece: f64,
    /// The ten bins of the ECE, a diagram of reliability.
    pub reliability: [Bin; 10],
    /// Share of right answers for each mood; `None` for a mood that does not occur.
    pub recall: Vec<Option<f64>>,
    /// `confusion[true][predicted]`.
    pub confusion: [[usize; MOOD_COUNT]; MOOD_COUNT],
}

/// Predictions of about the same confidence.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Bin {
    /// Number of predictions.
    pub clips: usize,
    /// Mean confidence; 0 for an empty bin.
    pub confidence: f64,
    /// Share of right answers; 0 for an empty bin.
    pub accuracy: f64,
}

/// Measures predictions against the truth. `None` for an empty set.
pub fn measure(predictions: &[(Mood, Scores)]) -> Option<Metrics> {
    if predictions.is_empty() {
        return None;
    }
    let clips = predictions.len();
    let mut confusion = [[0; MOOD_COUNT]; MOOD_COUNT];
    let (mut loss, mut right) = (0.0, 0);
    let mut bins = [(0usize, 0.0f64, 0usize); 10];
    for (truth, scores) in predictions {
        let (mood, confidence) = scores.top();
        confusion[truth.index()][mood.index()] += 1;
        right += usize::from(mood == *truth);
        loss -= f64::from(scores.get(*truth).max(1e-7)).ln();
        let bin = &mut bins[((confidence * 10.0) as usize).min(9)];
        *bin = (bin.0 + 1, bin.1 + f64::from(confidence), bin.2 + usize::from(mood == *truth));
    }
    let recall: Vec<Option<f64>> = confusion
        .iter()
        .enumerate()
        .map(|(mood, row)| {
            let total: usize = row.iter().sum();
            (total > 0).then(|| row[mood] as f64 / total as f64)
        })
        .collect();
    let occurring: Vec<f64> = recall.iter().flatten().copied().collect();
    let gap = |&(_, confidence, right): &(usize, f64, usize)| (confidence - right as f64).abs();
    Some(Metrics {
        clips,
        accuracy: right as f64 / clips as f64,
        uar: occurring.iter().sum::<f64>() / occurring.len() as f64,
        loss: loss / clips as f64,
        reliability: bins.map(|(clips, confidence, right)| {
            let n = clips.max(1) as f64;
            Bin { clips, confidence: confidence / n, accuracy: right as f64 / n }
        }),
        ece: bins.iter().map(gap).sum::<f64>() / clips as f64,
        recall,
        confusion,
    })
}

/// Pearson's correlation of pairs; `None` for fewer than three, or where one side does not vary.
pub fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.len() < 3 {
        return None;
    }
    let (xs, ys): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let ((mean_x, spread_x), (mean_y, spread_y)) = (mean_and_spread(&xs), mean_and_spread(&ys));
    let covariance = pairs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum::<f64>() / pairs.len() as f64;
    (spread_x > 0.0 && spread_y > 0.0).then(|| covariance / (spread_x * spread_y))
}

/// Mean and standard deviation (of the population) of some scores.
pub fn mean_and_spread(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    // The sum of nothing is −0; it is a 0 here.
    let mean = 0.0 + values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n;
    (mean, variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sure(mood: Mood, p: f32) -> Scores {
        let mut scores = [(1.0 - p) / 7.0; MOOD_COUNT];
        scores[mood.index()] = p;
        Scores(scores)
    }

    #[test]
    fn counts_what_was_right() {
        let happy_as = |mood| (Mood::Happy, sure(mood, 0.75));
        let predictions =
            [happy_as(Mood::Happy), happy_as(Mood::Happy), happy_as(Mood::Happy), (Mood::Sad, sure(Mood::Happy, 0.75))];
        let metrics = measure(&predictions).unwrap();
        assert_eq!((metrics.accuracy, metrics.uar), (0.75, 0.5));
        assert_eq!(metrics.recall[Mood::Happy.index()], Some(1.0));
        assert_eq!(metrics.recall[Mood::Calm.index()], None);
        assert_eq!(metrics.confusion[Mood::Sad.index()][Mood::Happy.index()], 1);
        // Three of four right at a confidence of three quarters.
        assert!(metrics.ece < 1e-6, "{}", metrics.ece);
        let expected = -(3.0 * 0.75f64.ln() + (0.25f64 / 7.0).ln()) / 4.0;
        assert!((metrics.loss - expected).abs() < 1e-5);
        assert!(measure(&[]).is_none());
        let Bin { clips, confidence, accuracy } = metrics.reliability[7];
        assert_eq!((clips, confidence, accuracy), (4, 0.75, 0.75));
    }

    #[test]
    fn a_line_correlates_and_a_constant_does_not() {
        let line: Vec<(f64, f64)> = (0..9).map(|x| (f64::from(x), 3.0 - 2.0 * f64::from(x))).collect();
        assert!((correlation(&line).unwrap() + 1.0).abs() < 1e-12);
        assert_eq!(correlation(&[(1.0, 1.0), (1.0, 2.0), (1.0, 3.0)]), None);
        assert_eq!(correlation(&line[..2]), None);
    }
}
