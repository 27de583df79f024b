//! What networks said of clips whose singers, speakers or artists they had not learnt from: calibrated and measured.

use std::collections::{BTreeMap, BTreeSet};

use super::calibrate::{Sure, sure_from};
use super::clips::Clip;
use super::conditions::Condition;
use super::corpus::Label;
use super::folds::Fold;
use super::metrics::{Metrics, correlation, measure};
use super::predict::ClipOutputs;
use super::predictors::{Opinions, Outputs};
use crate::mood::{Mood, Scores};
use crate::nets::card::Calibration;
use crate::nets::{Domain, Kind, Opinion, Tension};

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
    /// Both networks on disturbed clips, one row for each disturbance and kind of clip; empty if none were disturbed.
    pub robustness: Vec<Row>,
    /// Of the verdicts of both networks together.
    pub sure: Sure,
    /// The same from the same threshold on where the voice was learnt; `None` for music.
    pub sure_when_learnt: Option<Sure>,
    /// Folds of a seed.
    pub folds: usize,
    /// Seeds, each with folds of its own.
    pub seeds: usize,
    /// Actors or artists.
    pub groups: usize,
    /// Whether nobody was heard on both sides of a fold.
    pub apart: bool,
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

/// The moods that a clip's prediction is taken from; `None` for a clip that is not asked about.
type Choice = Box<dyn Fn(&Clip) -> Option<&'static [Mood]>>;

/// Some of the clips, and the moods among which their predictor has to choose.
struct Question {
    what: String,
    among: Choice,
}

impl HeldOut {
    /// Calibrates and measures networks that tell angry from fearful by `tension`. `folds` are those of each seed; `outputs_of` gives
    /// a network's held-out outputs of a seed under a condition, each clip once.
    pub fn gather<'a>(
        domain: Domain,
        tension: Tension,
        clips: &'a [Clip],
        folds: &[Vec<Fold>],
        conditions: &[Condition],
        outputs_of: impl Fn(Kind, usize, Condition) -> Vec<&'a ClipOutputs>,
    ) -> HeldOut {
        let outputs = Outputs::new(domain, tension, clips, folds, conditions, outputs_of);
        let mut calibration: BTreeMap<&'static str, Calibration> =
            Kind::ALL.into_iter().map(|kind| (kind.name(), outputs.calibrated(kind))).collect();
        let judge = Judge { domain, clips, folds };
        let (mut rows, mut robustness) = (Vec::new(), Vec::new());
        let mut verdicts: Vec<(Condition, Vec<(Mood, Scores)>)> = Vec::new();
        for condition in conditions {
            let predictors = outputs.predictors(*condition, &calibration);
            if !matches!(condition, Condition::Disturbed(_)) {
                let everything = Question { what: String::new(), among: Box::new(|_| Some(&Mood::ALL)) };
                let answers = predictors[2].1.iter().flat_map(|opinions| judge.answers(opinions, &everything));
                verdicts.push((*condition, answers.collect()));
            }
            let rows_of = |question: &Question, predictors: &[(&'static str, Vec<Opinions>)]| -> Vec<Row> {
                predictors.iter().filter_map(|(who, by_seed)| judge.row(question, who, by_seed)).collect()
            };
            for question in questions(domain, *condition) {
                match condition {
                    Condition::Disturbed(_) => robustness.extend(rows_of(&question, &predictors[2..])),
                    _ => rows.extend(rows_of(&question, &predictors)),
                }
            }
        }
        verdicts.retain(|(_, answers)| !answers.is_empty());
        // One threshold for voices known and unknown: that of the least reliable.
        let thresholds = verdicts.iter().map(|(_, answers)| super::calibrate::sure(answers, SURE_TARGET).above);
        let above = thresholds.reduce(f32::max).unwrap_or(Calibration::default().sure_above);
        let sure_under = |condition| {
            let of = verdicts.iter().find(|(heard, _)| *heard == condition);
            of.map(|(_, answers)| sure_from(answers, above))
        };
        for calibration in calibration.values_mut() {
            calibration.sure_above = above;
        }
        let mut groups: Vec<&str> = clips.iter().map(|clip| clip.group.as_str()).collect();
        groups.sort_unstable();
        groups.dedup();
        let (per_seed, groups) = (folds.first().map_or(0, Vec::len), groups.len());
        let apart = folds.iter().flatten().all(|fold| is_apart(fold, clips));
        HeldOut {
            domain,
            rows,
            robustness,
            sure: sure_under(Condition::AsItIs).unwrap_or(Sure { above, coverage: f64::NAN, accuracy: f64::NAN }),
            sure_when_learnt: sure_under(Condition::VoiceLearnt),
            folds: per_seed,
            seeds: folds.len(),
            groups,
            apart,
            calibration,
        }
    }

    /// Temperature and threshold for a network's file.
    pub fn calibration(&self, kind: Kind) -> Calibration {
        self.calibration.get(kind.name()).copied().unwrap_or_default()
    }

    /// Scores for a network's file: its own and those of both networks together, in words that a page can show.
    pub fn scores(&self, kind: Kind) -> BTreeMap<String, f64> {
        let round = |value: f64| (value * 1e4).round() / 1e4;
        let unseen = match (self.apart, self.domain) {
            (true, Domain::Voice) => "unseen actors",
            (true, Domain::Music) => "unseen artists",
            (false, _) => "dealt at random",
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
        for (of, sure) in [("", Some(self.sure)), (", voice learnt", self.sure_when_learnt)] {
            let Some(Sure { coverage, accuracy, .. }) = sure.filter(|sure| sure.coverage.is_finite()) else { continue };
            scores.insert(format!("both networks{of}: share of sure verdicts"), round(coverage));
            if accuracy.is_finite() {
                scores.insert(format!("both networks{of}: accuracy of sure verdicts"), round(accuracy));
            }
        }
        scores
    }
}

/// Whether nobody is heard both in what was learnt and in what is judged.
fn is_apart(fold: &Fold, clips: &[Clip]) -> bool {
    let group = |clip: &usize| clips[*clip].group.as_str();
    let learnt: BTreeSet<&str> = fold.train.iter().map(group).collect();
    !fold.test.iter().any(|clip| learnt.contains(group(clip)))
}

/// What is asked about a domain under a condition.
fn questions(domain: Domain, condition: Condition) -> Vec<Question> {
    let suffix = match condition {
        Condition::AsItIs => String::new(),
        Condition::MinuteLearnt => ", a minute of the voice learnt".into(),
        Condition::VoiceLearnt => ", voice learnt".into(),
        Condition::Disturbed(disturbance) => format!(", {}", disturbance.title()),
    };
    let of_voice = |voice: usize, what: &str, among: fn(&Clip) -> Option<&'static [Mood]>| Question {
        what: format!("{what}{suffix}"),
        among: Box::new(move |clip| if clip.voice == voice { among(clip) } else { None }),
    };
    let within_a_melody = |clip: &Clip| {
        let mood = clip.label.mood()?;
        MELODY_BLOCKS.into_iter().find(|block| block.contains(&mood))
    };
    match domain {
        Domain::Voice if condition == Condition::AsItIs => vec![
            of_voice(0, "sung", |_| Some(&Mood::ALL)),
            of_voice(0, "sung, within a melody", within_a_melody),
            of_voice(1, "spoken", |_| Some(&Mood::ALL)),
        ],
        Domain::Voice => {
            vec![of_voice(0, "sung", |_| Some(&Mood::ALL)), of_voice(1, "spoken", |_| Some(&Mood::ALL))]
        }
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

/// What opinions are held against.
struct Judge<'a> {
    domain: Domain,
    clips: &'a [Clip],
    /// Of each seed.
    folds: &'a [Vec<Fold>],
}

impl Judge<'_> {
    /// True mood and scores of a clip, if the question asks about it.
    fn answer(&self, clip: usize, opinion: &Opinion, question: &Question) -> Option<(Mood, Scores)> {
        let clip = &self.clips[clip];
        let among = (question.among)(clip)?;
        Some((truth(self.domain, &clip.label)?, merged(self.domain, &opinion.moods).among(among)))
    }

    fn answers(&self, opinions: &Opinions, question: &Question) -> Vec<(Mood, Scores)> {
        opinions.iter().filter_map(|(clip, opinion)| self.answer(*clip, opinion, question)).collect()
    }

    fn row(&self, question: &Question, who: &'static str, by_seed: &[Opinions]) -> Option<Row> {
        let all: Vec<(Mood, Scores)> = by_seed.iter().flat_map(|opinions| self.answers(opinions, question)).collect();
        let metrics = measure(&all)?;
        let of_fold = |opinions: &Opinions, fold: &Fold| {
            let judged = fold.test.iter().filter_map(|clip| Some((*clip, opinions.get(clip)?)));
            let answers: Vec<_> = judged.filter_map(|(clip, opinion)| self.answer(clip, opinion, question)).collect();
            measure(&answers).map(|metrics| metrics.uar)
        };
        let seeds = by_seed.iter().zip(self.folds);
        let uar_by_fold =
            seeds.flat_map(|(opinions, folds)| folds.iter().filter_map(|fold| of_fold(opinions, fold))).collect();
        let pairs = |said: fn(&Opinion) -> f32, known: fn(&Clip) -> Option<f32>| -> Vec<(f64, f64)> {
            let pair = |(clip, opinion): (&usize, &Opinion)| {
                Some((f64::from(said(opinion)), f64::from(known(&self.clips[*clip])?)))
            };
            by_seed.iter().flatten().filter_map(pair).collect()
        };
        let valence = correlation(&pairs(|opinion| opinion.valence, |clip| clip.label.valence));
        let arousal = correlation(&pairs(|opinion| opinion.arousal, |clip| clip.label.arousal));
        Some(Row { what: question.what.clone(), who, metrics, uar_by_fold, correlations: valence.zip(arousal) })
    }
}
