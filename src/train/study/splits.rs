//! How the study divided its clips, and how it should be done.

use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Indices of clips, each in one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Trained on.
    pub train: Vec<usize>,
    /// Watched for early stopping; empty where training has a fixed length.
    pub validation: Vec<usize>,
    /// Scored.
    pub test: Vec<usize>,
}

/// The study's CNN: a fifth of all clips at random, whoever sings.
pub fn random_80_20(clips: usize, seed: u64) -> Split {
    let mut order: Vec<usize> = (0..clips).collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    // The test part is rounded up, as scikit-learn's train_test_split does.
    let train = order.split_off(clips.div_ceil(5));
    Split { train, validation: Vec::new(), test: order }
}

/// The study's RNN: a quarter for the test, then a quarter of the rest for validation, both with every
/// mood in proportion.
pub fn stratified_75_25_twice<L: Copy + Ord>(labels: &[L], seed: u64) -> Split {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    let all: Vec<usize> = (0..labels.len()).collect();
    let (rest, test) = stratified_quarter(&all, labels, &mut generator);
    let (train, validation) = stratified_quarter(&rest, labels, &mut generator);
    Split { train, validation, test }
}

/// Three quarters and one quarter of `indices`, class by class, each in random order.
fn stratified_quarter<L: Copy + Ord>(
    indices: &[usize],
    labels: &[L],
    generator: &mut impl Rng,
) -> (Vec<usize>, Vec<usize>) {
    let mut classes: std::collections::BTreeMap<L, Vec<usize>> = Default::default();
    for &index in indices {
        classes.entry(labels[index]).or_default().push(index);
    }
    let (mut most, mut quarter) = (Vec::new(), Vec::new());
    // What rounding leaves over is carried to the next class, so that the whole is a quarter too.
    let mut owed = 0.0;
    for members in classes.values_mut() {
        members.shuffle(generator);
        owed += members.len() as f64 / 4.0;
        let take = (owed.round() as usize).min(members.len());
        owed -= take as f64;
        let kept = members.split_off(take);
        quarter.append(members);
        most.extend(kept);
    }
    most.shuffle(generator);
    quarter.shuffle(generator);
    (most, quarter)
}

/// Folds of whole actors: every actor is in the test part of exactly one of them.
///
/// With `validation`, the actors of the following fold are held back for early stopping.
pub fn actors_apart(actors: &[u8], folds: usize, validation: bool, seed: u64) -> Vec<Split> {
    let mut people: Vec<u8> = actors.to_vec();
    people.sort_unstable();
    people.dedup();
    people.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let fold_of = |actor: u8| people.iter().position(|&p| p == actor).unwrap_or(0) % folds;
    (0..folds)
        .map(|fold| {
            let watched = (fold + 1) % folds;
            let mut split = Split { train: Vec::new(), validation: Vec::new(), test: Vec::new() };
            for (index, &actor) in actors.iter().enumerate() {
                match fold_of(actor) {
                    f if f == fold => split.test.push(index),
                    f if validation && f == watched => split.validation.push(index),
                    _ => split.train.push(index),
                }
            }
            split
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn covers_all(split: &Split, clips: usize) {
        let parts = [&split.train, &split.validation, &split.test];
        assert_eq!(parts.iter().map(|part| part.len()).sum::<usize>(), clips);
        let all: BTreeSet<usize> = parts.into_iter().flatten().copied().collect();
        assert_eq!(all.len(), clips);
    }

    #[test]
    fn a_fifth_is_held_out_at_random() {
        let split = random_80_20(1012, 1);
        covers_all(&split, 1012);
        assert_eq!(split.test.len(), 203);
        assert_eq!(split, random_80_20(1012, 1));
        assert_ne!(split.test, random_80_20(1012, 2).test);
    }

    #[test]
    fn quarters_hold_every_class_in_proportion() {
        let labels: Vec<u8> = (0..1012).map(|i| if i < 92 { 0 } else { 1 + (i % 5) as u8 }).collect();
        let split = stratified_75_25_twice(&labels, 5);
        covers_all(&split, 1012);
        assert_eq!((split.train.len(), split.validation.len(), split.test.len()), (569, 190, 253));
        for class in 0..6 {
            let total = labels.iter().filter(|l| **l == class).count() as f64;
            let tested = split.test.iter().filter(|i| labels[**i] == class).count() as f64;
            assert!((tested - total / 4.0).abs() <= 1.0, "class {class}: {tested} of {total}");
        }
    }

    #[test]
    fn folds_keep_every_actor_on_one_side() {
        let actors: Vec<u8> = (0..440).map(|i| (i % 23) as u8 + 1).collect();
        let folds = actors_apart(&actors, 5, true, 9);
        let mut tested = BTreeSet::new();
        for split in &folds {
            covers_all(split, actors.len());
            let people = |part: &[usize]| part.iter().map(|i| actors[*i]).collect::<BTreeSet<u8>>();
            let (train, validation, test) = (people(&split.train), people(&split.validation), people(&split.test));
            assert!(train.is_disjoint(&test) && train.is_disjoint(&validation) && validation.is_disjoint(&test));
            assert!(!train.is_empty() && !validation.is_empty() && !test.is_empty());
            tested.extend(test);
        }
        assert_eq!(tested.len(), 23);
    }
}
