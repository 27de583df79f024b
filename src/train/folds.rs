//! Splits that keep every group (a singer, an artist) on one side.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// One split of a corpus, as positions in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// To learn from.
    pub train: Vec<usize>,
    /// To be judged.
    pub test: Vec<usize>,
}

/// Splits items into `k` folds by group: each group is tested exactly once, and never learnt from in the
/// same fold. Groups are dealt to the folds in an order drawn from `seed`.
pub fn by_group<G: Ord + Clone>(groups: &[G], k: usize, seed: u64) -> Vec<Fold> {
    let mut distinct = groups.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    distinct.shuffle(&mut generator);
    let k = k.clamp(1, distinct.len().max(1));
    let fold_of = |group: &G| distinct.iter().position(|g| g == group).unwrap_or(0) % k;
    (0..k)
        .map(|fold| {
            let (test, train) = (0..groups.len()).partition(|item| fold_of(&groups[*item]) == fold);
            Fold { train, test }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_group_stands_on_both_sides_and_each_is_tested_once() {
        let groups: Vec<u32> = (0..200).map(|item| item * 7 % 23).collect();
        for seed in 0..5 {
            let folds = by_group(&groups, 5, seed);
            let mut tested: Vec<usize> = Vec::new();
            for fold in &folds {
                let side = |items: &[usize]| items.iter().map(|i| groups[*i]).collect::<BTreeSet<_>>();
                assert!(side(&fold.train).is_disjoint(&side(&fold.test)));
                assert!(!fold.train.is_empty() && !fold.test.is_empty());
                tested.extend(&fold.test);
            }
            tested.sort_unstable();
            assert_eq!(tested, (0..groups.len()).collect::<Vec<_>>());
        }
        assert_ne!(by_group(&groups, 5, 0), by_group(&groups, 5, 1));
    }

    #[test]
    fn fewer_groups_than_folds_give_fewer_folds() {
        assert_eq!(by_group(&[1, 2, 1], 5, 0).len(), 2);
        assert!(by_group::<u32>(&[], 5, 0).iter().all(|fold| fold.train.is_empty() && fold.test.is_empty()));
    }
}
