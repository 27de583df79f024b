//! What cross-validation found, as a table, as a model file's scores, and as a model card.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::calibrate::{Sure, sure, temperature};
use super::clips::{Clip, VOICES};
use super::fit::FitSettings;
use super::folds::Fold;
use super::metrics::{Metrics, mean_and_spread, measure};
use super::predict::{ClipLogits, both};
use crate::mood::{Mood, Scores};
use crate::nets::card::Calibration;
use crate::nets::{Kind, ModelCard};

/// Sure verdicts are to be right this often. One point above what is promised (90 %): a threshold chosen on
/// some voices lands about a point lower on others.
const SURE_TARGET: f64 = 0.91;

/// Predictions for clips of actors that the predicting network had not learnt from.
pub struct HeldOut {
    calibration: BTreeMap<&'static str, Calibration>,
    sure: Sure,
    /// One for each row of the table and each voice.
    rows: Vec<Row>,
    folds: usize,
    actors: usize,
}

/// Results of one predictor on one kind of voice.
struct Row {
    who: &'static str,
    voice: usize,
    /// Over all held-out clips together.
    metrics: Metrics,
    /// UAR of each fold.
    uar_by_fold: Vec<f64>,
}

impl HeldOut {
    /// Calibrates and measures; `logits_of` gives a network's held-out logits, each clip once.
    pub fn gather<'a>(clips: &[Clip], folds: &[Fold], logits_of: impl Fn(Kind) -> Vec<&'a ClipLogits>) -> HeldOut {
        let mut calibration = BTreeMap::new();
        let mut predictions: Vec<(&'static str, BTreeMap<usize, Scores>)> = Vec::new();
        for kind in [Kind::Cnn, Kind::Rnn] {
            let logits = logits_of(kind);
            let labelled: Vec<(Mood, &ClipLogits)> =
                logits.iter().map(|logits| (clips[logits.clip].mood, *logits)).collect();
            let temperature = if labelled.is_empty() { 1.0 } else { temperature(&labelled) };
            calibration.insert(kind.name(), Calibration { temperature, ..Calibration::default() });
            let scores = logits.iter().map(|logits| (logits.clip, logits.scores(temperature))).collect();
            predictions.push((kind.name(), scores));
        }
        let together =
            predictions[0].1.iter().filter_map(|(clip, a)| Some((*clip, both(a, predictions[1].1.get(clip)?))));
        predictions.push(("both", together.collect()));

        let labelled = |scores: &BTreeMap<usize, Scores>, keep: &dyn Fn(usize) -> bool| -> Vec<(Mood, Scores)> {
            scores.iter().filter(|(clip, _)| keep(**clip)).map(|(clip, scores)| (clips[*clip].mood, *scores)).collect()
        };
        let sure = match labelled(&predictions[2].1, &|_| true) {
            verdicts if verdicts.is_empty() => {
                Sure { above: Calibration::default().sure_above, coverage: f64::NAN, accuracy: f64::NAN }
            }
            verdicts => sure(&verdicts, SURE_TARGET),
        };
        for calibration in calibration.values_mut() {
            calibration.sure_above = sure.above;
        }
        let mut rows = Vec::new();
        for voice in 0..VOICES.len() {
            for (who, scores) in &predictions {
                let of_voice = |clip: usize| clips[clip].voice == voice;
                let Some(metrics) = measure(&labelled(scores, &of_voice)) else { continue };
                let uar_by_fold = folds
                    .iter()
                    .filter_map(|fold| measure(&labelled(scores, &|clip| of_voice(clip) && fold.test.contains(&clip))))
                    .map(|metrics| metrics.uar)
                    .collect();
                rows.push(Row { who, voice, metrics, uar_by_fold });
            }
        }
        let mut actors: Vec<u32> = clips.iter().map(|clip| clip.group).collect();
        actors.sort_unstable();
        actors.dedup();
        HeldOut { calibration, sure, rows, folds: folds.len(), actors: actors.len() }
    }

    /// Temperature and threshold for a network's file.
    pub fn calibration(&self, kind: Kind) -> Calibration {
        self.calibration.get(kind.name()).copied().unwrap_or_default()
    }

    /// Scores for a network's file: its own and those of both networks together, in words that a page can show.
    pub fn scores(&self, kind: Kind) -> BTreeMap<String, f64> {
        let round = |value: f64| (value * 1e4).round() / 1e4;
        let mut scores = BTreeMap::new();
        for row in self.rows.iter().filter(|row| row.who == kind.name() || row.who == "both") {
            let prefix = if row.who == "both" { "both networks, " } else { "" };
            let voice = VOICES[row.voice];
            scores.insert(format!("{prefix}{voice}, unseen actors: UAR"), round(row.metrics.uar));
            scores.insert(format!("{prefix}{voice}, unseen actors: accuracy"), round(row.metrics.accuracy));
        }
        if self.sure.coverage.is_finite() {
            scores.insert("both networks: share of sure verdicts".into(), round(self.sure.coverage));
            scores.insert("both networks: accuracy of sure verdicts".into(), round(self.sure.accuracy));
        }
        scores
    }

    /// The table that `train` prints, in Markdown.
    pub fn table(&self) -> String {
        let mut text = format!(
            "{} folds over {} actors; each clip judged by networks that never heard its actor\n\n\
             | voice | network | clips | UAR | mean over folds ± spread | accuracy | loss | ECE |\n\
             | --- | --- | --- | --- | --- | --- | --- | --- |\n",
            self.folds, self.actors
        );
        for Row { who, voice, metrics, uar_by_fold } in &self.rows {
            let (mean, spread) = mean_and_spread(uar_by_fold);
            let Metrics { clips, accuracy, uar, loss, ece, .. } = metrics;
            let voice = VOICES[*voice];
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "| {voice} | {who} | {clips} | {uar:.3} | {mean:.3} ± {spread:.3} | {accuracy:.3} | {loss:.3} | {ece:.3} |"
            );
        }
        let Sure { above, coverage, accuracy } = self.sure;
        let _ = writeln!(
            text,
            "\nsure from a probability of {above:.3}: {:.1} % of the verdicts, of which {:.1} % are right",
            100.0 * coverage,
            100.0 * accuracy
        );
        text
    }
}

/// A confusion matrix in Markdown: rows are what was played or said, columns what was heard in it.
pub fn confusion_table(metrics: &Metrics) -> String {
    let header: Vec<&str> = Mood::ALL.iter().map(|mood| mood.name()).collect();
    let mut text = format!("| true \\ heard | {} |\n|{}\n", header.join(" | "), " --- |".repeat(header.len() + 1));
    for (mood, row) in Mood::ALL.iter().zip(metrics.confusion) {
        if row.iter().sum::<usize>() > 0 {
            let cells: Vec<String> = row.iter().map(usize::to_string).collect();
            let _ = writeln!(text, "| {mood} | {} |", cells.join(" | "));
        }
    }
    text
}

/// The model card of one network, in Markdown.
pub fn card_text(
    card: &ModelCard,
    parameters: usize,
    bytes: usize,
    held_out: &HeldOut,
    settings: &FitSettings,
) -> String {
    let architecture = card.kind.architecture();
    let mut text = format!(
        "# {architecture}\n\n\
         {parameters} parameters, {bytes} bytes, [safetensors](https://github.com/huggingface/safetensors) with metadata.\n\
         Written by `songmood train`; every number below was printed by the same run.\n\n\
         ## What it is\n\n\
         The {} of songmood: {:.2} s of 40 MFCCs (22 050 Hz, absolute dB floor, loudness taken away) in, eight moods out.\n\
         The output layer tells sung from spoken voices ({}); their probabilities are added up.\n\n\
         ## Data and licence\n\n\
         Trained on {}.\n\
         RAVDESS is CC BY-NC-SA 4.0 (Zenodo record 1188976), and so are these weights: **not for commercial use**.\n\n\
         ## What it cannot do\n\n\
         - It has heard actors who play moods, one or two sentences each, in English. A mood that is not played sounds different.\n\
         - It has heard no music with instruments. On songs it judges what resembles a voice, and is often wrong.\n\
         - RAVDESS seems to use one melody for each group of sung moods ({{neutral}}, {{calm, happy}}, {{sad, angry, fearful}}), so part of the\n  \
           score on sung clips may be recognition of a melody.\n\
         - Sung disgust and surprise are not in the data: a sung clip is never given them with confidence.\n\
         - Valence and arousal are the moods' places on Russell's circumplex, weighted by probability. They were not learnt from ratings.\n\n\
         ## How good it is\n\n\
         `cargo run --release --features train -- train --epochs {} --seed {} --learning-rate {}` printed:\n\n\
         {}\n",
        card.kind.name().to_uppercase(),
        card.input.window_s(),
        card.voices.join(", "),
        card.trained_on,
        settings.epochs,
        settings.seed,
        settings.learning_rate,
        held_out.table(),
    );
    for row in held_out.rows.iter().filter(|row| row.who == card.kind.name() || row.who == "both") {
        let who = if row.who == "both" { "both networks".to_owned() } else { row.who.to_uppercase() };
        let _ = write!(text, "### {who}, {} clips\n\n{}\n", VOICES[row.voice], confusion_table(&row.metrics));
    }
    let Calibration { temperature, sure_above } = card.calibration;
    let _ = writeln!(
        text,
        "## Calibration\n\nLogits are divided by {temperature:.3} before the softmax. A verdict of both networks is called sure from\n\
         {sure_above:.3} on. Both were chosen on the held-out clips of the table, so on other voices expect a little less."
    );
    text
}
