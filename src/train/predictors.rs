//! Held-out outputs read as opinions: how much they are to be trusted is found on themselves.

use std::collections::BTreeMap;

use super::calibrate::temperature;
use super::clips::{Clip, voice_of};
use super::conditions::Condition;
use super::corpus::voices;
use super::folds::Fold;
use super::held_out::{merged, truth};
use super::predict::{ClipOutputs, both};
use crate::mood::{Mood, Scores};
use crate::nets::card::Calibration;
use crate::nets::{Domain, InputSettings, Kind, Opinion, Reading, Tension};

/// One predictor's opinions of the held-out clips of one seed, by position of the clip.
pub type Opinions = BTreeMap<usize, Opinion>;

/// Each predictor's opinions for each seed: CNN, RNN, and both together.
pub type Predictors = [(&'static str, Vec<Opinions>); 3];

/// What networks put out for clips that were held out of them.
pub struct Outputs<'a, F> {
    /// What the networks are for.
    pub domain: Domain,
    /// How they tell angry from fearful.
    pub tension: Tension,
    /// The corpus.
    pub clips: &'a [Clip],
    /// The folds of each seed.
    pub folds: &'a [Vec<Fold>],
    /// A network's outputs of a seed under a condition, each clip once.
    pub of: F,
}

impl<'a, F: Fn(Kind, usize, Condition) -> Vec<&'a ClipOutputs>> Outputs<'a, F> {
    /// Temperatures of a network: for any voice, and for one that was learnt where clips were judged so.
    pub fn calibrated(&self, kind: Kind, conditions: &[Condition]) -> Calibration {
        let any = Calibration::default();
        let fitted = |asked: &[Condition], at: &dyn Fn(f32) -> Calibration| {
            let clips: Vec<(Mood, (&ClipOutputs, f32))> =
                asked.iter().flat_map(|condition| self.labelled(kind, *condition)).collect();
            (!clips.is_empty()).then(|| {
                temperature(&clips, |(outputs, known), temperature| self.scores(outputs, &at(temperature), *known))
            })
        };
        let of_any = fitted(&[Condition::AsItIs], &|temperature| Calibration { temperature, ..any });
        let any = Calibration { temperature: of_any.unwrap_or(any.temperature), ..any };
        let learnt: Vec<Condition> = conditions.iter().copied().filter(|condition| condition.is_learnt()).collect();
        let at = |temperature| Calibration { learnt_temperature: Some(temperature), ..any };
        Calibration { learnt_temperature: fitted(&learnt, &at), ..any }
    }

    /// All predictors' opinions under a condition.
    pub fn predictors(&self, condition: Condition, calibration: &BTreeMap<&'static str, Calibration>) -> Predictors {
        let known = self.known(condition);
        let opinions = |kind: Kind, seed: usize| -> Opinions {
            let calibration = calibration.get(kind.name()).copied().unwrap_or_default();
            let outputs = (self.of)(kind, seed, condition).into_iter();
            outputs
                .map(|outputs| {
                    let known = known.get(&(seed, outputs.clip)).copied().unwrap_or(0.0);
                    (outputs.clip, outputs.opinion(&self.reading(&calibration, known)))
                })
                .collect()
        };
        let of_kind = |kind: Kind| (0..self.folds.len()).map(|seed| opinions(kind, seed)).collect::<Vec<_>>();
        let (cnn, rnn) = (of_kind(Kind::Cnn), of_kind(Kind::Rnn));
        let together = |(a, b): (&Opinions, &Opinions)| -> Opinions {
            a.iter().filter_map(|(clip, a)| Some((*clip, both(a, b.get(clip)?, self.tension)))).collect()
        };
        let joint = cnn.iter().zip(&rnn).map(together).collect();
        [(Kind::Cnn.name(), cnn), (Kind::Rnn.name(), rnn), ("both", joint)]
    }

    /// A network's outputs for clips of a known mood, and how far their voices are known.
    fn labelled(&self, kind: Kind, condition: Condition) -> Vec<(Mood, (&'a ClipOutputs, f32))> {
        let known = self.known(condition);
        let of_seed = |seed: usize| (self.of)(kind, seed, condition).into_iter().map(move |outputs| (seed, outputs));
        let outputs = (0..self.folds.len()).flat_map(of_seed);
        let labelled = outputs.filter_map(|(seed, outputs)| {
            let mood = truth(self.domain, &self.clips[outputs.clip].label)?;
            Some((mood, (outputs, known.get(&(seed, outputs.clip)).copied().unwrap_or(0.0))))
        });
        labelled.collect()
    }

    /// How far the voice of each clip of each seed is known under a condition; clips of unknown voices are left out.
    fn known(&self, condition: Condition) -> BTreeMap<(usize, usize), f32> {
        let mut known = BTreeMap::new();
        if !condition.is_learnt() {
            return known;
        }
        let input = InputSettings::of(self.domain);
        for (seed, fold) in
            self.folds.iter().enumerate().flat_map(|(seed, folds)| folds.iter().map(move |fold| (seed, fold)))
        {
            let voices = condition.voices(self.clips, &fold.test, &input);
            let of_clip = |clip: &usize| Some(((seed, *clip), voices.get(&voice_of(&self.clips[*clip]))?.known()));
            known.extend(fold.test.iter().filter_map(of_clip));
        }
        known
    }

    fn scores(&self, outputs: &ClipOutputs, calibration: &Calibration, known: f32) -> Scores {
        merged(self.domain, &outputs.opinion(&self.reading(calibration, known)).moods)
    }

    fn reading(&self, calibration: &Calibration, known: f32) -> Reading {
        let temperature = calibration.temperature_at(known);
        Reading { voices: voices(self.domain).len(), temperature, tension: self.tension }
    }
}
