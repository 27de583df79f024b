//! Teaches the head that networks for voices have for those that were learnt: a logistic regression for each kind of voice.

use std::collections::{BTreeMap, BTreeSet};

use burn::module::Module;
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::optim::{AdamWConfig, GradientsParams};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor, TensorData};

use super::clips::{Clip, Owns, voice_of};
use super::corpus::voices;
use super::predict::stretches;
use crate::mood::MOOD_COUNT;
use crate::nets::plan::measure;
use crate::nets::tensors::{StoredTensor, Tensors};
use crate::nets::{InputSettings, Own, Spread, prepared};

/// How little the weights are held back: the inverse of the ridge penalty, as scikit-learn's `LogisticRegression` counts its `C`.
const INVERSE_PENALTY: f32 = 0.05;
/// Steps over all clips at once. The loss is convex: from here on it changes in the fourth digit.
const STEPS: usize = 400;
/// Of the first step; the last is a hundredth of it.
const LEARNING_RATE: f64 = 0.03;
/// Log-odds of a mood that no clip has.
pub(super) const NEVER: f32 = -10.0;

/// One window of a clip.
struct Example {
    /// Statistics relative to the clip's voice.
    statistics: Vec<f32>,
    /// Shares of the moods.
    moods: [f32; MOOD_COUNT],
    /// The windows of a clip count 1 together.
    weight: f32,
}

/// The head's tensors, by their names in a model file. Each clip is taken relative to all that is known of its voice; one whose voice
/// was heard in a single mood says nothing of what changes with the mood, and is left out.
pub fn teach(clips: &[&Clip], input: &InputSettings, spread: &Spread, owns: &Owns, device: &Device) -> Tensors {
    let kinds = voices(input.domain()).len();
    let inputs = 3 * input.columns();
    let (mut weight, mut bias) = (vec![0.0; kinds * MOOD_COUNT * inputs], vec![0.0; kinds * MOOD_COUNT]);
    let telling = telling(clips);
    for kind in 0..kinds {
        let of_kind = clips.iter().filter(|clip| clip.voice == kind && telling.contains(&voice_of(clip)));
        let examples: Vec<Example> = of_kind
            .filter_map(|clip| Some((clip, owns.get(&voice_of(clip))?)))
            .flat_map(|(clip, own)| examples(clip, own, input, spread))
            .collect();
        let Some((weights, biases)) = regress(&examples, device) else { continue };
        let outputs = kind * MOOD_COUNT..(kind + 1) * MOOD_COUNT;
        weight[outputs.start * inputs..outputs.end * inputs].copy_from_slice(&weights);
        bias[outputs].copy_from_slice(&biases);
    }
    let outputs = kinds * MOOD_COUNT;
    Tensors::from([
        ("voice_head.linear.weight".into(), StoredTensor { shape: vec![outputs, inputs], values: weight }),
        ("voice_head.linear.bias".into(), StoredTensor { shape: vec![outputs], values: bias }),
    ])
}

/// Voices that were heard in more than one mood.
pub(super) fn telling(clips: &[&Clip]) -> BTreeSet<(String, usize)> {
    let mut moods: BTreeMap<(String, usize), BTreeSet<usize>> = BTreeMap::new();
    for clip in clips {
        moods.entry(voice_of(clip)).or_default().extend(clip.label.mood().map(|mood| mood.index()));
    }
    moods.into_iter().filter(|(_, moods)| moods.len() > 1).map(|(voice, _)| voice).collect()
}

fn examples(clip: &Clip, own: &Own, input: &InputSettings, spread: &Spread) -> Vec<Example> {
    let columns = input.columns();
    let scaled = Spread { frames: own.frames.clone(), ..spread.clone() };
    let stretches = stretches(clip, input);
    let weight = 1.0 / stretches.len().max(1) as f32;
    let example = |stretch: &&[f32]| {
        let mut statistics = Vec::new();
        measure(&prepared(stretch, &scaled, input).frames, columns, &mut statistics);
        own.relative(&mut statistics);
        Example { statistics, moods: clip.label.moods, weight }
    };
    stretches.iter().map(example).collect()
}

/// Weights `[moods × inputs]` and biases of the regression, for statistics as they are. `None` where fewer than two moods are there.
fn regress(examples: &[Example], device: &Device) -> Option<(Vec<f32>, Vec<f32>)> {
    let n_inputs = examples.first()?.statistics.len();
    let mut often = [0.0f32; MOOD_COUNT];
    for example in examples {
        often.iter_mut().zip(example.moods).for_each(|(sum, share)| *sum += example.weight * share);
    }
    let n_clips: f32 = often.iter().sum();
    let n_moods = often.iter().filter(|count| **count > 0.0).count();
    if n_moods < 2 {
        return None;
    }
    // Rare moods count as much as frequent ones.
    let balance = often.map(|count| if count > 0.0 { n_clips / (n_moods as f32 * count) } else { 0.0 });
    let (mean, std) = mean_and_std(examples, n_inputs);

    let rows = examples.len();
    let scaled = examples.iter().flat_map(|example| {
        example.statistics.iter().zip(&mean).zip(&std).map(|((value, mean), std)| (value - mean) / std)
    });
    let wanted = examples.iter().flat_map(|example| {
        example.moods.iter().zip(&balance).map(|(share, balance)| share * balance * example.weight / n_clips)
    });
    let training = device.clone().autodiff();
    let tensor =
        |values: Vec<f32>, shape: [usize; 2]| Tensor::<2>::from_data(TensorData::new(values, shape), &training);
    let inputs = tensor(scaled.collect(), [rows, n_inputs]);
    let wanted = tensor(wanted.collect(), [rows, MOOD_COUNT]);
    let absent = often.map(|count| if count > 0.0 { 0.0 } else { -1e4 });
    let absent = tensor(absent.to_vec(), [1, MOOD_COUNT]);

    let mut linear: Linear =
        LinearConfig::new(n_inputs, MOOD_COUNT).with_initializer(Initializer::Zeros).init(&training);
    let mut optimizer = AdamWConfig::new().with_weight_decay(0.0).init();
    for step in 0..STEPS {
        let logits = linear.forward(inputs.clone()) + absent.clone();
        let penalty = linear.weight.val().powi_scalar(2).sum() / (2.0 * INVERSE_PENALTY * n_clips);
        let loss = penalty - (log_softmax(logits, 1) * wanted.clone()).sum();
        let gradients = GradientsParams::from_grads(loss.backward(), &linear);
        let rate = LEARNING_RATE * 0.01f64.powf(step as f64 / STEPS as f64);
        linear = optimizer.step(rate, linear, gradients);
    }
    let linear = linear.valid();
    let weights: Vec<f32> = linear.weight.val().swap_dims(0, 1).into_data().iter::<f32>().collect();
    let biases: Vec<f32> = linear.bias?.val().into_data().iter::<f32>().collect();

    // Scaling becomes part of the weights, so that the head takes statistics as they are.
    let weights: Vec<f32> =
        weights.chunks_exact(n_inputs).flat_map(|row| row.iter().zip(&std).map(|(w, std)| w / std)).collect();
    let rows = weights.chunks_exact(n_inputs).zip(biases).zip(often);
    let biases = rows.map(|((row, bias), count)| match count > 0.0 {
        true => bias - row.iter().zip(&mean).map(|(weight, mean)| weight * mean).sum::<f32>(),
        false => NEVER,
    });
    let biases = biases.collect();
    Some((weights, biases))
}

/// Mean and spread of each input.
fn mean_and_std(examples: &[Example], n_inputs: usize) -> (Vec<f32>, Vec<f32>) {
    let of = |values: Vec<f64>| {
        let (mean, deviation) = super::metrics::mean_and_spread(&values);
        (mean as f32, (deviation as f32).max(1e-3))
    };
    (0..n_inputs).map(|input| of(examples.iter().map(|example| f64::from(example.statistics[input])).collect())).unzip()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mood::Mood;
    use crate::nets::default_device;

    fn example(mood: Mood, statistics: [f32; 3]) -> Example {
        let mut moods = [0.0; MOOD_COUNT];
        moods[mood.index()] = 1.0;
        Example { statistics: statistics.to_vec(), moods, weight: 1.0 }
    }

    #[test]
    fn what_tells_moods_apart_is_found_whatever_its_scale() {
        // The first value tells them apart on a large scale and far from zero, the second on a small one, the third says nothing.
        let examples: Vec<Example> = (0..60)
            .map(|i| {
                let sway = (i as f32 * 0.7).sin();
                match i % 4 {
                    0 => example(Mood::Happy, [1200.0 + 30.0 * sway, 0.001, sway]),
                    1 | 2 => example(Mood::Sad, [1000.0 + 30.0 * sway, 0.001, sway]),
                    _ => example(Mood::Angry, [1000.0 + 30.0 * sway, 0.05, sway]),
                }
            })
            .collect();
        let (weights, biases) = regress(&examples, &default_device()).expect("three moods");
        let logits = |statistics: &[f32]| -> Vec<f32> {
            let rows = weights.chunks_exact(3).zip(&biases);
            rows.map(|(row, bias)| bias + row.iter().zip(statistics).map(|(w, s)| w * s).sum::<f32>()).collect()
        };
        for example in &examples {
            let logits = logits(&example.statistics);
            let heard = (0..MOOD_COUNT).max_by(|a, b| logits[*a].total_cmp(&logits[*b]));
            let told = example.moods.iter().position(|share| *share > 0.0);
            assert_eq!(heard, told, "{:?}: {logits:?}", example.statistics);
            assert_eq!(logits[Mood::Calm.index()], NEVER, "calm was never heard");
        }
    }

    #[test]
    fn one_mood_teaches_nothing() {
        let examples = [example(Mood::Calm, [1.0, 2.0, 3.0]), example(Mood::Calm, [2.0, 1.0, 0.0])];
        assert!(regress(&examples, &default_device()).is_none());
        assert!(regress(&[], &default_device()).is_none());
    }
}
