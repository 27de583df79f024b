//! Teaches the head that networks have for functionals: a ridge regression for each kind of voice, and one for those that were learnt; for music,
//! one of valence and arousal besides.

use std::collections::BTreeSet;

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use super::clips::{Clip, Owns, voice_of};
use super::corpus::{Label, voices};
use super::error::Error;
use super::predict::stretches;
use super::voice_head::{NEVER, telling};
use crate::mood::MOOD_COUNT;
use crate::nets::tensors::{StoredTensor, Tensors};
use crate::nets::{CIRCUMPLEX, Domain, Functionals, InputSettings, Network, Scale, Tension, n_functionals};

/// The ridge penalty, for each functional that there is. Found by cross-validation: from half to twice as much little changes.
const fn penalty(domain: Domain) -> f64 {
    match domain {
        Domain::Voice => 2.5,
        Domain::Music => 1.0,
    }
}
/// Log-odds of a mood where its regression gives 1, against 0. Listeners' shares of a song's moods are soft, and little of them is found.
const fn steepness(domain: Domain) -> f64 {
    match domain {
        Domain::Voice => 12.0,
        Domain::Music => 6.0,
    }
}
/// How much the head's valence and arousal count; the network's own count the rest. Found by cross-validation: from 0.4 to 0.7 hardly
/// anything changes.
const CIRCUMPLEX_SHARE: f64 = 0.5;
/// How much of a clip's weight its disturbed recordings have together, where there are any. Without them, noise leads the head astray; much
/// more of them cost clean clips more than they gain.
const DISTURBED: f64 = 0.2;
/// As far as functionals count when they are used.
const BOUND: f64 = crate::nets::FUNCTIONAL_BOUND as f64;

/// One window of a clip.
struct Example {
    functionals: Vec<f32>,
    moods: [f32; MOOD_COUNT],
    /// Valence and arousal.
    circumplex: [Option<f32>; CIRCUMPLEX],
    /// The windows of a clip count 1 together.
    weight: f64,
}

/// The head's tensors, by their names in a model file. A clip whose voice was heard in a single mood says nothing of what changes with
/// the mood, and is left out where functionals are taken relative to voices.
pub fn teach(clips: &[&Clip], input: &InputSettings, owns: &Owns, tension: Tension) -> Result<Tensors, Error> {
    let domain = input.domain();
    let functionals = Functionals::new(input);
    let mut kinds: Vec<Vec<(&Clip, Example)>> = voices(domain).iter().map(|_| Vec::new()).collect();
    for clip in clips {
        if let Some(kind) = kinds.get_mut(clip.voice) {
            kind.extend(examples(clip, input, &functionals, tension).into_iter().map(|example| (*clip, example)));
        }
    }
    let every = || kinds.iter().flatten().map(|(_, example)| example);
    let scale = Spreads::of(every(), n_functionals(input.heard_columns()));
    let own = match domain {
        Domain::Voice => Some(relative_to_voices(&kinds, &scale, owns, &telling(clips))),
        Domain::Music => None,
    };
    let general = kinds.into_iter().map(|kind| kind.into_iter().map(|(_, example)| example).collect());
    let mut tensors = regression("functional_head", &general.collect::<Vec<_>>(), &scale, domain)?;
    tensors.insert("functional_head.mean".into(), vector(&scale.mean));
    if let Some(own) = own {
        // They are centred already, voice by voice.
        let centred =
            Spreads { mean: vec![0.0; scale.mean.len()], ..Spreads::of(own.iter().flatten(), scale.mean.len()) };
        tensors.extend(regression("functional_head.own", &own, &centred, domain)?);
    }
    Ok(tensors)
}

/// The examples of each kind of voice with functionals less what is usual for their voices.
fn relative_to_voices(
    kinds: &[Vec<(&Clip, Example)>],
    scale: &Spreads,
    owns: &Owns,
    telling: &BTreeSet<(String, usize)>,
) -> Vec<Vec<Example>> {
    let relative = |(clip, example): &(&Clip, Example)| {
        let own = owns.get(&voice_of(clip)).filter(|_| telling.contains(&voice_of(clip)))?;
        let share = own.functionals_share;
        let usual =
            scale.mean.iter().zip(&own.functionals).map(|(mean, own)| (1.0 - share) * *mean as f32 + share * own);
        let functionals = example.functionals.iter().zip(usual).map(|(value, usual)| value - usual).collect();
        Some(Example { functionals, ..*example })
    };
    kinds.iter().map(|kind| kind.iter().filter_map(relative).collect()).collect()
}

/// A regression for each kind of voice; for music, one of valence and arousal besides.
fn regression(name: &str, kinds: &[Vec<Example>], scale: &Spreads, domain: Domain) -> Result<Tensors, Error> {
    let mut parts = kinds.iter().map(|examples| regress(examples, scale, domain)).collect::<Result<Vec<_>, _>>()?;
    if domain == Domain::Music {
        let circumplex = kinds.iter().map(|examples| regress_circumplex(examples, scale));
        parts.extend(circumplex.collect::<Result<Vec<_>, _>>()?);
    }
    let (weights, biases): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
    let (weight, bias) = (weights.concat(), biases.concat());
    let shape = vec![bias.len(), scale.mean.len()];
    Ok(Tensors::from([
        (format!("{name}.scale"), vector(&scale.scale)),
        (format!("{name}.linear.weight"), StoredTensor { shape, values: weight }),
        (format!("{name}.linear.bias"), StoredTensor { shape: vec![bias.len()], values: bias }),
    ]))
}

/// The network with its own valence and arousal cut down to make room for the head's.
pub fn make_room(network: Network) -> Result<Network, Error> {
    let rest = Scale { mean: 0.0, deviation: 1.0 - CIRCUMPLEX_SHARE as f32 };
    Ok(network.with_circumplex_on([rest; CIRCUMPLEX])?)
}

fn vector(values: &[f64]) -> StoredTensor {
    StoredTensor { shape: vec![values.len()], values: values.iter().map(|value| *value as f32).collect() }
}

fn examples(clip: &Clip, input: &InputSettings, functionals: &Functionals, tension: Tension) -> Vec<Example> {
    let Label { valence, arousal, .. } = clip.label;
    let of = |stretches: &[&[f32]], weight: f64| -> Vec<Example> {
        let example = |stretch: &&[f32]| Example {
            functionals: functionals.of(stretch),
            moods: clip.label.learnt_as(tension),
            circumplex: [valence, arousal],
            weight: weight / stretches.len().max(1) as f64,
        };
        stretches.iter().map(example).collect()
    };
    let disturbed: Vec<&[f32]> = clip.disturbed.iter().map(Vec::as_slice).collect();
    let of_disturbed = if disturbed.is_empty() { 0.0 } else { DISTURBED };
    // Windows that begin within a quarter of a window tell the same.
    let apart = (input.window_frames / (4 * input.hop_frames)).max(1);
    let windows: Vec<&[f32]> = stretches(clip, input).into_iter().step_by(apart).collect();
    let mut all = of(&windows, 1.0 - of_disturbed);
    all.extend(of(&disturbed, of_disturbed));
    all
}

/// Where each functional lies, and one divided by how far it spreads.
struct Spreads {
    mean: Vec<f64>,
    scale: Vec<f64>,
}

impl Spreads {
    fn of<'a>(examples: impl Iterator<Item = &'a Example>, n_inputs: usize) -> Spreads {
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
        Spreads { mean, scale }
    }

    fn apply(&self, functionals: &[f32]) -> impl Iterator<Item = f64> {
        let each = functionals.iter().zip(&self.mean).zip(&self.scale);
        each.map(|((value, mean), scale)| ((f64::from(*value) - mean) * scale).clamp(-BOUND, BOUND))
    }
}

/// Weights `[outputs × inputs]` and their biases.
type Rows = (Vec<f32>, Vec<f32>);

/// The moods. Rare ones count as much as frequent ones. Without any example, nothing is told apart.
fn regress(examples: &[Example], scale: &Spreads, domain: Domain) -> Result<Rows, Error> {
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
        example.weight * balanced
    };
    let weighted = examples.iter().map(|example| (example, weight(example))).collect();
    let ridge = Ridge::of(weighted, scale, penalty(domain))?;
    let (mut weights, mut biases) = (Vec::new(), Vec::new());
    for (mood, count) in often.into_iter().enumerate() {
        if count == 0.0 {
            weights.extend(std::iter::repeat_n(0.0, n_inputs));
            biases.push(NEVER);
            continue;
        }
        let share = |example: &Example| example.moods.get(mood).copied().unwrap_or_default();
        let solution = ridge.solve(|example| f64::from(share(example)) - 1.0 / n_moods as f64);
        weights.extend(solution.map(|value| (steepness(domain) * value) as f32));
        biases.push(0.0);
    }
    Ok((weights, biases))
}

/// Valence and arousal, each from the examples of which it is known; as they are, not as log-odds.
fn regress_circumplex(examples: &[Example], scale: &Spreads) -> Result<Rows, Error> {
    let (mut weights, mut biases) = (Vec::new(), Vec::new());
    for place in 0..CIRCUMPLEX {
        let known = |example: &Example| example.circumplex.get(place).copied().flatten().map(f64::from);
        let examples: Vec<(&Example, f64)> =
            examples.iter().filter(|e| known(e).is_some()).map(|example| (example, example.weight)).collect();
        let total: f64 = examples.iter().map(|(_, weight)| weight).sum();
        let sum: f64 = examples.iter().map(|(example, weight)| weight * known(example).unwrap_or_default()).sum();
        let mean = if total > 0.0 { sum / total } else { 0.0 };
        let solution = Ridge::of(examples, scale, penalty(Domain::Music))?;
        weights.extend(
            solution
                .solve(|example| known(example).unwrap_or_default() - mean)
                .map(|value| (CIRCUMPLEX_SHARE * value) as f32),
        );
        biases.push((CIRCUMPLEX_SHARE * mean) as f32);
    }
    Ok((weights, biases))
}

/// A weighted ridge regression on scaled functionals, for any number of targets.
struct Ridge<'a> {
    examples: Vec<(&'a Example, f64)>,
    /// `[examples × inputs]`. Each row is scaled by the root of its weight, so that the squares are weighted.
    inputs: DMatrix<f64>,
    normal: Cholesky<f64, Dyn>,
}

impl<'a> Ridge<'a> {
    /// Of examples with their weights; `penalty` for each functional that there is.
    fn of(examples: Vec<(&'a Example, f64)>, scale: &Spreads, penalty: f64) -> Result<Ridge<'a>, Error> {
        let n_inputs = scale.mean.len();
        let row = |(example, weight): &(&Example, f64)| -> Vec<f64> {
            scale.apply(&example.functionals).map(|value| weight.sqrt() * value).collect()
        };
        let inputs = DMatrix::from_row_iterator(examples.len(), n_inputs, examples.iter().flat_map(row));
        // `tr_mul` would not be blocked, and take several times as long.
        let mut normal = inputs.transpose() * &inputs;
        for place in 0..n_inputs {
            normal[(place, place)] += penalty * n_inputs as f64;
        }
        Ok(Ridge { normal: normal.cholesky().ok_or(Error::Regression)?, examples, inputs })
    }

    /// One weight for each input.
    fn solve(&self, wanted: impl Fn(&Example) -> f64) -> impl Iterator<Item = f64> {
        let wanted = self.examples.iter().map(|(example, weight)| weight.sqrt() * wanted(example));
        let wanted = DVector::from_iterator(self.examples.len(), wanted);
        let solution = self.normal.solve(&self.inputs.tr_mul(&wanted));
        (0..solution.len()).map(move |place| solution[place])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mood::Mood;

    fn example(mood: Mood, functionals: [f32; 3]) -> Example {
        let mut moods = [0.0; MOOD_COUNT];
        moods[mood.index()] = 1.0;
        Example { functionals: functionals.to_vec(), moods, circumplex: [None; 2], weight: 1.0 }
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
        let scale = Spreads::of(examples.iter(), 3);
        let (weights, biases) = regress(&examples, &scale, Domain::Voice).expect("three moods");
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
        let scale = Spreads::of(twice.iter(), 3);
        let (a, b) = (
            regress(&twice, &scale, Domain::Voice).expect("moods").0,
            regress(&heavier, &scale, Domain::Voice).expect("moods").0,
        );
        assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-4), "{a:?} {b:?}");
    }

    #[test]
    fn valence_and_arousal_are_learnt_where_they_are_known() {
        let examples: Vec<Example> = (0..300)
            .map(|i| {
                let [calm, sway, known] =
                    [(i as f32 * 0.7).sin(), (i as f32 * 0.3).cos(), f32::from(u8::from(i % 3 == 0))];
                let valence = (i % 3 == 0).then_some(0.2 + 0.3 * sway);
                Example { circumplex: [valence, Some(-0.5 * calm)], ..example(Mood::Calm, [calm, 40.0 + sway, known]) }
            })
            .collect();
        let scale = Spreads::of(examples.iter(), 3);
        let (weights, biases) = regress_circumplex(&examples, &scale).expect("a regression");
        let share = CIRCUMPLEX_SHARE as f32;
        for example in &examples {
            let scaled: Vec<f32> = scale.apply(&example.functionals).map(|value| value as f32).collect();
            let rows = weights.chunks_exact(3).zip(&biases);
            let told = rows.map(|(row, bias)| bias + row.iter().zip(&scaled).map(|(w, s)| w * s).sum::<f32>());
            for (told, known) in told.zip(example.circumplex) {
                assert!(known.is_none_or(|known| (told - share * known).abs() < 0.02), "{told} {known:?}");
            }
        }
    }

    #[test]
    fn one_mood_teaches_nothing() {
        let examples = [example(Mood::Calm, [1.0, 2.0, 3.0]), example(Mood::Calm, [2.0, 1.0, 0.0])];
        let scale = Spreads::of(examples.iter(), 3);
        let (weights, biases) = regress(&examples, &scale, Domain::Voice).expect("no regression");
        assert!(weights.iter().chain(&biases).all(|value| *value == 0.0));
        assert!(regress(&[], &scale, Domain::Voice).expect("no regression").0.iter().all(|value| *value == 0.0));
    }
}
