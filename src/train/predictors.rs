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

/// How far the voice of each clip of each seed is known, by positions of seed and clip; clips of unknown voices are left out.
type Known = BTreeMap<(usize, usize), f32>;

/// What networks put out for clips that were held out of them.
pub struct Outputs<'a, F> {
    domain: Domain,
    tension: Tension,
    clips: &'a [Clip],
    seeds: usize,
    of: F,
    /// For each condition under which voices are known.
    known: Vec<(Condition, Known)>,
}

impl<'a, F: Fn(Kind, usize, Condition) -> Vec<&'a ClipOutputs>> Outputs<'a, F> {
    /// Of networks that tell angry from fearful by `tension`. `folds` are those of each seed; `of` gives a network's outputs of a seed
    /// under one of the `conditions`, each clip once.
    pub fn new(
        domain: Domain,
        tension: Tension,
        clips: &'a [Clip],
        folds: &[Vec<Fold>],
        conditions: &[Condition],
        of: F,
    ) -> Self {
        let learnt = conditions.iter().copied().filter(|condition| condition.is_learnt());
        let known = learnt.map(|condition| (condition, known(condition, clips, folds, domain))).collect();
        Outputs { domain, tension, clips, seeds: folds.len(), of, known }
    }

    /// Temperatures of a network: for any voice, and for one that was learnt where clips were judged so.
    pub fn calibrated(&self, kind: Kind) -> Calibration {
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
        let learnt: Vec<Condition> = self.known.iter().map(|(condition, _)| *condition).collect();
        let at = |temperature| Calibration { learnt_temperature: Some(temperature), ..any };
        Calibration { learnt_temperature: fitted(&learnt, &at), ..any }
    }

    /// All predictors' opinions under a condition.
    pub fn predictors(&self, condition: Condition, calibration: &BTreeMap<&'static str, Calibration>) -> Predictors {
        let opinions = |kind: Kind, seed: usize| -> Opinions {
            let calibration = calibration.get(kind.name()).copied().unwrap_or_default();
            let opinion = |(outputs, known): (&ClipOutputs, f32)| outputs.opinion(&self.reading(&calibration, known));
            self.of_seed(kind, seed, condition).map(|of_clip| (of_clip.0.clip, opinion(of_clip))).collect()
        };
        let of_kind = |kind: Kind| (0..self.seeds).map(|seed| opinions(kind, seed)).collect::<Vec<_>>();
        let (cnn, rnn) = (of_kind(Kind::Cnn), of_kind(Kind::Rnn));
        let together = |(a, b): (&Opinions, &Opinions)| -> Opinions {
            a.iter().filter_map(|(clip, a)| Some((*clip, both(a, b.get(clip)?, self.tension)))).collect()
        };
        let joint = cnn.iter().zip(&rnn).map(together).collect();
        [(Kind::Cnn.name(), cnn), (Kind::Rnn.name(), rnn), ("both", joint)]
    }

    /// A network's outputs for clips of a known mood, and how far their voices are known.
    fn labelled(&self, kind: Kind, condition: Condition) -> Vec<(Mood, (&'a ClipOutputs, f32))> {
        let every = (0..self.seeds).flat_map(|seed| self.of_seed(kind, seed, condition));
        every.filter_map(|of_clip| Some((truth(self.domain, &self.clips[of_clip.0.clip].label)?, of_clip))).collect()
    }

    /// A network's outputs of a seed, and how far each clip's voice is known.
    fn of_seed(
        &self,
        kind: Kind,
        seed: usize,
        condition: Condition,
    ) -> impl Iterator<Item = (&'a ClipOutputs, f32)> + use<'_, 'a, F> {
        let known = self.known.iter().find(|(learnt, _)| *learnt == condition).map(|(_, known)| known);
        let of_clip = move |clip| known.and_then(|known| known.get(&(seed, clip))).copied().unwrap_or(0.0);
        (self.of)(kind, seed, condition).into_iter().map(move |outputs| (outputs, of_clip(outputs.clip)))
    }

    fn scores(&self, outputs: &ClipOutputs, calibration: &Calibration, known: f32) -> Scores {
        merged(self.domain, &outputs.opinion(&self.reading(calibration, known)).moods)
    }

    fn reading(&self, calibration: &Calibration, known: f32) -> Reading {
        let temperature = calibration.temperature_at(known);
        Reading { voices: voices(self.domain).len(), temperature, tension: self.tension }
    }
}

/// What is known of voices under a condition.
fn known(condition: Condition, clips: &[Clip], folds: &[Vec<Fold>], domain: Domain) -> Known {
    let input = InputSettings::of(domain);
    let mut known = BTreeMap::new();
    for (seed, folds) in folds.iter().enumerate() {
        for Fold { test, .. } in folds {
            let voices = condition.voices(clips, test, &input);
            let of_clip = |clip: &usize| Some(((seed, *clip), voices.get(&voice_of(&clips[*clip]))?.known()));
            known.extend(test.iter().filter_map(of_clip));
        }
    }
    known
}
