//! Probabilities that mean what they say, found on clips that were held out of training.

use crate::mood::{Mood, Scores};

/// The temperature at which the mean −ln p(true mood) over held-out clips is least (Guo et al. 2017). `scores` are those of a clip
/// at a temperature.
pub fn temperature<C>(held_out: &[(Mood, C)], scores: impl Fn(&C, f32) -> Scores) -> f32 {
    let loss = |temperature: f32| -> f64 {
        held_out.iter().map(|(mood, clip)| -f64::from(scores(clip, temperature).get(*mood).max(1e-7)).ln()).sum()
    };
    // The loss is smooth and has one minimum in ln T; a grid of 2 % steps is finer than its noise.
    let candidates = (-75..=75).map(|step| (f64::from(step) * 0.02).exp() as f32);
    candidates.map(|t| (loss(t), t)).min_by(|a, b| a.0.total_cmp(&b.0)).map_or(1.0, |(_, t)| t)
}

/// Which verdicts may be called sure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sure {
    /// Verdicts with at least this probability are sure.
    pub above: f32,
    /// Share of the sure among all.
    pub coverage: f64,
    /// Share of the right among the sure.
    pub accuracy: f64,
}

/// Fewer verdicts than this above a threshold do not show how often those above it are right.
const FEWEST_SURE: usize = 30;

/// The lowest threshold above which held-out verdicts are right at least `target` of the time, so that as
/// many as possible are sure. None are, where hardly any would be.
pub fn sure(held_out: &[(Mood, Scores)], target: f64) -> Sure {
    sure_with(held_out, target, FEWEST_SURE)
}

/// How many verdicts are sure from a probability on, and how often those are right.
pub fn sure_from(held_out: &[(Mood, Scores)], above: f32) -> Sure {
    let sure = held_out
        .iter()
        .map(|(truth, scores)| (scores.top(), truth))
        .filter(|((_, probability), _)| *probability >= above);
    let (count, right) = sure
        .fold((0usize, 0usize), |(count, right), ((mood, _), truth)| (count + 1, right + usize::from(mood == *truth)));
    let share = |part: usize, of: usize| if of == 0 { f64::NAN } else { part as f64 / of as f64 };
    Sure { above, coverage: share(count, held_out.len()), accuracy: share(right, count) }
}

fn sure_with(held_out: &[(Mood, Scores)], target: f64, fewest: usize) -> Sure {
    let mut verdicts: Vec<(f32, bool)> = held_out
        .iter()
        .map(|(truth, scores)| {
            let (mood, probability) = scores.top();
            (probability, mood == *truth)
        })
        .collect();
    verdicts.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut best = Sure { above: 1.0, coverage: 0.0, accuracy: 1.0 };
    let mut right = 0;
    for (count, (probability, is_right)) in verdicts.iter().enumerate() {
        right += usize::from(*is_right);
        let accuracy = right as f64 / (count + 1) as f64;
        let last_of_equals = verdicts.get(count + 1).is_none_or(|next| next.0 < *probability);
        if accuracy >= target && last_of_equals && count + 1 >= fewest {
            best = Sure { above: *probability, coverage: (count + 1) as f64 / verdicts.len() as f64, accuracy };
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nets::calibrated;

    #[test]
    fn finds_the_temperature_that_logits_were_multiplied_by() {
        // True logits ln(.8 / .2 …) times three: a temperature of three undoes it.
        let clip = |mood: Mood| {
            let mut logits = vec![3.0 * (0.2f32 / 7.0).ln(); 8];
            logits[mood.index()] = 3.0 * 0.8f32.ln();
            logits
        };
        let happy = clip(Mood::Happy);
        let truths = [Mood::Happy; 8].into_iter().chain([Mood::Sad, Mood::Calm]);
        let held_out: Vec<_> = truths.map(|mood| (mood, &happy)).collect();
        let found = temperature(&held_out, |logits, temperature| calibrated(logits, temperature).unwrap());
        assert!((found - 3.0).abs() < 0.1, "{found}");
    }

    #[test]
    fn sure_covers_as_much_as_the_target_allows() {
        let verdict = |p: f32, right: bool| {
            let mut scores = [(1.0 - p) / 7.0; 8];
            scores[0] = p;
            (if right { Mood::Neutral } else { Mood::Calm }, Scores(scores))
        };
        let held_out = [verdict(0.9, true), verdict(0.8, true), verdict(0.7, false), verdict(0.6, true)];
        let Sure { above, coverage, accuracy } = sure_with(&held_out, 0.75, 1);
        assert_eq!((above, coverage, accuracy), (0.6, 1.0, 0.75));
        assert_eq!(sure_with(&held_out, 0.9, 1).above, 0.8);
        assert_eq!(sure_with(&[verdict(0.9, false)], 0.9, 1).coverage, 0.0);
        assert_eq!(sure(&held_out, 0.75).above, 1.0, "four verdicts show nothing");
        assert_eq!(sure_from(&held_out, 0.65), Sure { above: 0.65, coverage: 0.75, accuracy: 2.0 / 3.0 });
        assert!(sure_from(&held_out, 0.95).accuracy.is_nan(), "none is sure");
    }
}
