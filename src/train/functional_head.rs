//! Teaches the head that networks for voices have for functionals: a ridge regression for each kind of voice.

use nalgebra::{DMatrix, DVector};

use super::clips::Clip;
use super::corpus::voices;
use super::error::Error;
use super::predict::stretches;
use super::voice_head::NEVER;
use crate::mood::MOOD_COUNT;
use crate::nets::tensors::{StoredTensor, Tensors};
use crate::nets::{Functionals, InputSettings, n_functionals};

/// The ridge penalty, for each functional that there is. Found by cross-validation: from half to three times as much hardly anything changes.
const PENALTY: f64 = 1.0;
/// Log-odds of a mood where its regression gives 1, against 0.
const STEEPNESS: f64 = 12.0;
/// How much of a clip's weight its disturbed recordings have together, where there are any. Without them, noise leads the head astray; more
/// of them cost clean clips more than they gain.
const DISTURBED: f64 = 0.12;
/// As far as functionals count when they are used.
const BOUND: f64 = crate::nets::FUNCTIONAL_BOUND as f64;

/// One window of a clip.
struct Example {
    functionals: Vec<f32>,
    moods: [f32; MOOD_COUNT],
    /// The windows of a clip count 1 together.
    weight: f64,
}

/// The head's tensors, by their names in a model file.
pub fn teach(clips: &[&Clip], input: &InputSettings) -> Result<Tensors, Error> {
    let n_inputs = n_functionals(input.columns());
    let kinds = voices(input.domain()).len();
    let functionals = Functionals::new(input);
    let of_kind = |kind: usize| clips.iter().filter(move |clip| clip.voice == kind);
    let examples: Vec<Vec<Example>> =
        (0..kinds).map(|kind| of_kind(kind).flat_map(|clip| examples(clip, input, &functionals)).collect()).collect();
    let scale = Scale::of(examples.iter().flatten(), n_inputs);
    let (mut weight, mut bias) = (Vec::new(), Vec::new());
    for examples in &examples {
        let (weights, biases) = regress(examples, &scale)?;
        weight.extend(weights);
        bias.extend(biases);
    }
    let vector = |values: Vec<f32>| StoredTensor { shape: vec![values.len()], values };
    let single = |values: &[f64]| values.iter().map(|value| *value as f32).collect();
    Ok(Tensors::from([
        ("functional_head.mean".into(), vector(single(&scale.mean))),
        ("functional_head.scale".into(), vector(single(&scale.scale))),
        (
            "functional_head.linear.weight".into(),
            StoredTensor { shape: vec![kinds * MOOD_COUNT, n_inputs], values: weight },
        ),
        ("functional_head.linear.bias".into(), vector(bias)),
    ]))
}

fn examples(clip: &Clip, input: &InputSettings, functionals: &Functionals) -> Vec<Example> {
    let of = |stretches: &[&[f32]], weight: f64| -> Vec<Example> {
        let weight = weight / stretches.len().max(1) as f64;
        let example =
            |stretch: &&[f32]| Example { functionals: functionals.of(stretch), moods: clip.label.moods, weight };
        stretches.iter().map(example).collect()
    };
    let disturbed: Vec<&[f32]> = clip.disturbed.iter().map(Vec::as_slice).collect();
    let of_disturbed = if disturbed.is_empty() { 0.0 } else { DISTURBED };
    let mut all = of(&stretches(clip, input), 1.0 - of_disturbed);
    all.extend(of(&disturbed, of_disturbed));
    all
}

/// Where each functional lies, and one divided by how far it spreads.
struct Scale {
    mean: Vec<f64>,
    scale: Vec<f64>,
}

impl Scale {
    fn of<'a>(examples: impl Iterator<Item = &'a Example>, n_inputs: usize) -> Scale {
        let (mut total, mut sums, mut squares) = (0.0, vec![0.0; n_inputs], vec![0.0; n_inputs]);
        for example in examples {
            total += example.weight;
            for ((sum, square), value) in sums.iter_mut().zip(&mut squares).zip(&example.functionals) {
                let value = f64::from(*value);
                *sum += example.weight * value;
                *square += example.weight * value * value;
            }
        }
        let total = if total > 0.0 { total } else { 1.0 };
        let mean: Vec<f64> = sums.iter().map(|sum| sum / total).collect();
        let spread = |(square, mean): (&f64, &f64)| (square / total - mean * mean).max(1e-6).sqrt();
        let scale = squares.iter().zip(&mean).map(|pair| 1.0 / spread(pair)).collect();
        Scale { mean, scale }
    }

    fn apply(&self, functionals: &[f32]) -> impl Iterator<Item = f64> {
        let each = functionals.iter().zip(&self.mean).zip(&self.scale);
        each.map(|((value, mean), scale)| ((f64::from(*value) - mean) * scale).clamp(-BOUND, BOUND))
    }
}

/// Weights `[moods × inputs]` and biases. Rare moods count as much as frequent ones. Without any example, nothing is told apart.
fn regress(examples: &[Example], scale: &Scale) -> Result<(Vec<f32>, Vec<f32>), Error> {
    let n_inputs = scale.mean.len();
    let mut often = [0.0f64; MOOD_COUNT];
    for example in examples {
        often.iter_mut().zip(example.moods).for_each(|(sum, share)| *sum += example.weight * f64::from(share));
    }
    let n_moods = often.iter().filter(|count| **count > 0.0).count();
    if n_moods < 2 {
        return Ok((vec![0.0; MOOD_COUNT * n_inputs], vec![0.0; MOOD_COUNT]));
    }
    let total: f64 = often.iter().sum();
    let balance = often.map(|count| if count > 0.0 { total / (n_moods as f64 * count) } else { 0.0 });
    let weight = |example: &Example| {
        let balanced: f64 = example.moods.iter().zip(balance).map(|(share, balance)| f64::from(*share) * balance).sum();
        (example.weight * balanced).sqrt()
    };
    // Each row is scaled by the root of its weight, so that the squares are weighted.
    let rows: Vec<f64> = examples
        .iter()
        .flat_map(|example| {
            let weight = weight(example);
            scale.apply(&example.functionals).map(move |value| weight * value)
        })
        .collect();
    let inputs = DMatrix::from_row_iterator(examples.len(), n_inputs, rows);
    let mut normal = inputs.tr_mul(&inputs);
    for place in 0..n_inputs {
        normal[(place, place)] += PENALTY * n_inputs as f64;
    }
    let normal = normal.cholesky().ok_or(Error::Regression)?;
    let (mut weights, mut biases) = (Vec::new(), Vec::new());
    for (mood, count) in often.into_iter().enumerate() {
        if count == 0.0 {
            weights.extend(std::iter::repeat_n(0.0, n_inputs));
            biases.push(NEVER);
            continue;
        }
        let wanted = |example: &Example| {
            let share = example.moods.get(mood).copied().unwrap_or_default();
            weight(example) * (f64::from(share) - 1.0 / n_moods as f64)
        };
        let wanted = DVector::from_iterator(examples.len(), examples.iter().map(wanted));
        let solution = normal.solve(&inputs.tr_mul(&wanted));
        weights.extend(solution.iter().map(|value| (STEEPNESS * value) as f32));
        biases.push(0.0);
    }
    Ok((weights, biases))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mood::Mood;

    fn example(mood: Mood, functionals: [f32; 3]) -> Example {
        let mut moods = [0.0; MOOD_COUNT];
        moods[mood.index()] = 1.0;
        Example { functionals: functionals.to_vec(), moods, weight: 1.0 }
    }

    /// The first value tells moods apart on a large scale and far from zero, the second on a small one, the third says nothing.
    fn examples() -> Vec<Example> {
        (0..60)
            .map(|i| {
                let sway = (i as f32 * 0.7).sin();
                match i % 4 {
                    0 => example(Mood::Happy, [1200.0 + 30.0 * sway, 0.01, sway]),
                    1 | 2 => example(Mood::Sad, [1000.0 + 30.0 * sway, 0.01, sway]),
                    _ => example(Mood::Angry, [1000.0 + 30.0 * sway, 0.5, sway]),
                }
            })
            .collect()
    }

    #[test]
    fn what_tells_moods_apart_is_found_whatever_its_scale() {
        let examples = examples();
        let scale = Scale::of(examples.iter(), 3);
        let (weights, biases) = regress(&examples, &scale).expect("three moods");
        let logits = |functionals: &[f32]| -> Vec<f32> {
            let scaled: Vec<f32> = scale.apply(functionals).map(|value| value as f32).collect();
            let rows = weights.chunks_exact(3).zip(&biases);
            rows.map(|(row, bias)| bias + row.iter().zip(&scaled).map(|(w, s)| w * s).sum::<f32>()).collect()
        };
        for example in &examples {
            let logits = logits(&example.functionals);
            let heard = (0..MOOD_COUNT).max_by(|a, b| logits[*a].total_cmp(&logits[*b]));
            let told = example.moods.iter().position(|share| *share > 0.0);
            assert_eq!(heard, told, "{:?}: {logits:?}", example.functionals);
            assert_eq!(logits[Mood::Calm.index()], NEVER, "calm was never heard");
        }
    }

    #[test]
    fn an_example_that_counts_twice_is_as_good_as_two() {
        let twice = examples().into_iter().chain(examples()).collect::<Vec<_>>();
        let mut heavier = examples();
        heavier.iter_mut().for_each(|example| example.weight = 2.0);
        let scale = Scale::of(twice.iter(), 3);
        let (a, b) = (regress(&twice, &scale).expect("moods").0, regress(&heavier, &scale).expect("moods").0);
        assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-4), "{a:?} {b:?}");
    }

    #[test]
    fn one_mood_teaches_nothing() {
        let examples = [example(Mood::Calm, [1.0, 2.0, 3.0]), example(Mood::Calm, [2.0, 1.0, 0.0])];
        let scale = Scale::of(examples.iter(), 3);
        let (weights, biases) = regress(&examples, &scale).expect("no regression");
        assert!(weights.iter().chain(&biases).all(|value| *value == 0.0));
        assert!(regress(&[], &scale).expect("no regression").0.iter().all(|value| *value == 0.0));
    }
}
