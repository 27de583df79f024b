//! What networks said of clips whose singers, speakers or artists they had not learnt from: calibrated and measured.

use std::collections::BTreeMap;

use super::calibrate::{Sure, sure, temperature};
use super::clips::Clip;
use super::corpus::{Label, voices};
use super::folds::Fold;
use super::metrics::{Metrics, correlation, measure};
use super::predict::{ClipOutputs, both};
use crate::mood::{Mood, Scores};
use crate::nets::card::Calibration;
use crate::nets::{Domain, Kind, Opinion};

/// Sure verdicts are to be right this often. One point above what is promised (90 %): a threshold chosen on
/// some voices lands about a point lower on others.
const SURE_TARGET: f64 = 0.91;

/// Sung moods that share a melody in RAVDESS, as it seems: errors hardly ever leave a block, so a score over all moods is in part
/// recognition of a melody. The score within blocks is not.
const MELODY_BLOCKS: [&[Mood]; 2] = [&[Mood::Calm, Mood::Happy], &[Mood::Sad, Mood::Angry, Mood::Fearful]];

/// Predictions for held-out clips, over all folds and seeds.
pub struct HeldOut {
    /// What the networks are for.
    pub domain: Domain,
    /// One for each row of the table.
    pub rows: Vec<Row>,
    /// Of the verdicts of both networks together.
    pub sure: Sure,
    /// Folds of a seed.
    pub folds: usize,
    /// Seeds, each with folds of its own.
    pub seeds: usize,
    /// Actors or artists.
    pub groups: usize,
    calibration: BTreeMap<&'static str, Calibration>,
}

/// Results of one predictor on one kind of clip.
pub struct Row {
    /// Which clips.
    pub what: String,
    /// `cnn`, `rnn` or `both`.
    pub who: &'static str,
    /// Over all held-out clips and seeds together.
    pub metrics: Metrics,
    /// UAR of each fold of each seed.
    pub uar_by_fold: Vec<f64>,
    /// Correlation of valence and of arousal with the labels, over all clips and seeds; `None` without labels.
    pub correlations: Option<(f64, f64)>,
}

/// One predictor's opinions of the held-out clips of one seed, by position of the clip.
type Opinions = BTreeMap<usize, Opinion>;

/// The moods that a clip's prediction is taken from; `None` for a clip that is not asked about.
type Choice = Box<dyn Fn(&Clip) -> Option<&'static [Mood]>>;

/// Some of the clips, and the moods among which their predictor has to choose.
struct Question {
    what: String,
    among: Choice,
}

impl HeldOut {
    /// Calibrates and measures. `folds` are those of each seed; `outputs_of` gives a network's held-out outputs of a seed, each clip once.
    pub fn gather<'a>(
        domain: Domain,
        clips: &[Clip],
        folds: &[Vec<Fold>],
        outputs_of: impl Fn(Kind, usize) -> Vec<&'a ClipOutputs>,
    ) -> HeldOut {
        let n_voices = voices(domain).len();
        let mut calibration = BTreeMap::new();
        let mut predictors: Vec<(&'static str, Vec<Opinions>)> = Vec::new();
        for kind in Kind::ALL {
            let by_seed: Vec<Vec<&ClipOutputs>> = (0..folds.len()).map(|seed| outputs_of(kind, seed)).collect();
            let labelled: Vec<(Mood, &ClipOutputs)> = by_seed
                .iter()
                .flatten()
                .filter_map(|outputs| Some((truth(domain, &clips[outputs.clip].label)?, *outputs)))
                .collect();
            let temperature = if labelled.is_empty() {
                1.0
            } else {
                temperature(&labelled, |opinion| merged(domain, &opinion.moods), n_voices)
            };
            calibration.insert(kind.name(), Calibration { temperature, ..Calibration::default() });
            let opinions = |outputs: Vec<&ClipOutputs>| {
                outputs.iter().map(|outputs| (outputs.clip, outputs.opinion(n_voices, temperature))).collect()
            };
            predictors.push((kind.name(), by_seed.into_iter().map(opinions).collect()));
        }
        let together = |(a, b): (&Opinions, &Opinions)| {
            a.iter().filter_map(|(clip, a)| Some((*clip, both(a, b.get(clip)?)))).collect()
        };
        let both = predictors[0].1.iter().zip(&predictors[1].1).map(together).collect();
        predictors.push(("both", both));

        let everything = Question { what: String::new(), among: Box::new(|_| Some(&Mood::ALL)) };
        let verdicts: Vec<(Mood, Scores)> = predictors[2]
            .1
            .iter()
            .flat_map(|opinions| answers(domain, clips, opinions, &everything, |_| true))
            .collect();
        let sure = if verdicts.is_empty() {
            Sure { above: Calibration::default().sure_above, coverage: f64::NAN, accuracy: f64::NAN }
        } else {
            sure(&verdicts, SURE_TARGET)
        };
        for calibration in calibration.values_mut() {
            calibration.sure_above = sure.above;
        }
        let mut rows = Vec::new();
        for question in questions(domain) {
            for (who, by_seed) in &predictors {
                rows.extend(row(domain, clips, folds, &question, who, by_seed));
            }
        }
        let mut groups: Vec<&str> = clips.iter().map(|clip| clip.group.as_str()).collect();
        groups.sort_unstable();
        groups.dedup();
        let per_seed = folds.first().map_or(0, Vec::len);
        HeldOut { domain, rows, sure, folds: per_seed, seeds: folds.len(), groups: groups.len(), calibration }
    }

    /// Temperature and threshold for a network's file.
    pub fn calibration(&self, kind: Kind) -> Calibration {
        self.calibration.get(kind.name()).copied().unwrap_or_default()
    }

    /// Scores for a network's file: its own and those of both networks together, in words that a page can show.
    pub fn scores(&self, kind: Kind) -> BTreeMap<String, f64> {
        let round = |value: f64| (value * 1e4).round() / 1e4;
        let unseen = match self.domain {
            Domain::Voice => "unseen actors",
            Domain::Music => "unseen artists",
        };
        let mut scores = BTreeMap::new();
        for row in self.rows.iter().filter(|row| row.who == kind.name() || row.who == "both") {
            let prefix = if row.who == "both" { "both networks, " } else { "" };
            let what = &row.what;
            scores.insert(format!("{prefix}{what}, {unseen}: UAR"), round(row.metrics.uar));
            scores.insert(format!("{prefix}{what}, {unseen}: accuracy"), round(row.metrics.accuracy));
            if let Some((valence, arousal)) = row.correlations {
                scores.insert(format!("{prefix}{what}, {unseen}: valence r"), round(valence));
                scores.insert(format!("{prefix}{what}, {unseen}: arousal r"), round(arousal));
            }
        }
        if self.sure.coverage.is_finite() {
            scores.insert("both networks: share of sure verdicts".into(), round(self.sure.coverage));
            scores.insert("both networks: accuracy of sure verdicts".into(), round(self.sure.accuracy));
        }
        scores
    }
}

/// What is asked about a domain.
fn questions(domain: Domain) -> Vec<Question> {
    let of_voice = |voice: usize, what: &str, among: fn(&Clip) -> Option<&'static [Mood]>| Question {
        what: what.to_owned(),
        among: Box::new(move |clip| if clip.voice == voice { among(clip) } else { None }),
    };
    match domain {
        Domain::Voice => vec![
            of_voice(0, "sung", |_| Some(&Mood::ALL)),
            of_voice(0, "sung, within a melody", |clip| {
                let mood = clip.label.mood()?;
                MELODY_BLOCKS.into_iter().find(|block| block.contains(&mood))
            }),
            of_voice(1, "spoken", |_| Some(&Mood::ALL)),
        ],
        Domain::Music => vec![of_voice(0, "music, four moods", |_| Some(&Mood::ALL))],
    }
}

/// The mood that a mood is counted as. Listeners of music ticked “tension”, which is angry or fearful: the two count as one.
pub fn counted_as(domain: Domain, mood: Mood) -> Mood {
    match mood {
        Mood::Fearful if domain == Domain::Music => Mood::Angry,
        mood => mood,
    }
}

/// The mood that a clip is counted under.
pub fn truth(domain: Domain, label: &Label) -> Option<Mood> {
    label.mood().map(|mood| counted_as(domain, mood))
}

/// Scores as they are counted: the verdict is the likeliest of all eight moods, and of the moods that [`counted_as`] makes one, the
/// likelier stands for both. (Added up, the two would outweigh a mood that the verdict names.)
pub fn merged(domain: Domain, moods: &Scores) -> Scores {
    let mut scores = *moods;
    let (angry, fearful) = (moods.get(Mood::Angry), moods.get(Mood::Fearful));
    if domain == Domain::Music && fearful > angry {
        scores.0.swap(Mood::Angry.index(), Mood::Fearful.index());
    }
    scores
}

/// True moods and scores of the clips of a question.
fn answers(
    domain: Domain,
    clips: &[Clip],
    opinions: &Opinions,
    question: &Question,
    keep: impl Fn(usize) -> bool,
) -> Vec<(Mood, Scores)> {
    let asked = opinions.iter().filter(|(clip, _)| keep(**clip));
    asked
        .filter_map(|(clip, opinion)| {
            let clip = &clips[*clip];
            let among = (question.among)(clip)?;
            Some((truth(domain, &clip.label)?, merged(domain, &opinion.moods).among(among)))
        })
        .collect()
}

fn row(
    domain: Domain,
    clips: &[Clip],
    folds: &[Vec<Fold>],
    question: &Question,
    who: &'static str,
    by_seed: &[Opinions],
) -> Option<Row> {
    let all: Vec<(Mood, Scores)> =
        by_seed.iter().flat_map(|opinions| answers(domain, clips, opinions, question, |_| true)).collect();
    let metrics = measure(&all)?;
    let of_fold = |(opinions, fold): (&Opinions, &Fold)| {
        measure(&answers(domain, clips, opinions, question, |clip| fold.test.contains(&clip)))
            .map(|metrics| metrics.uar)
    };
    let uar_by_fold = by_seed
        .iter()
        .zip(folds)
        .flat_map(|(opinions, folds)| folds.iter().filter_map(move |fold| of_fold((opinions, fold))))
        .collect();
    let pairs = |said: fn(&Opinion) -> f32, known: fn(&Clip) -> Option<f32>| -> Vec<(f64, f64)> {
        let all = by_seed.iter().flatten();
        all.filter_map(|(clip, opinion)| Some((f64::from(said(opinion)), f64::from(known(&clips[*clip])?)))).collect()
    };
    let valence = correlation(&pairs(|opinion| opinion.valence, |clip| clip.label.valence));
    let arousal = correlation(&pairs(|opinion| opinion.arousal, |clip| clip.label.arousal));
    Some(Row { what: question.what.clone(), who, metrics, uar_by_fold, correlations: valence.zip(arousal) })
}
