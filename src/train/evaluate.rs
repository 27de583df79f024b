//! `songmood evaluate`: the shipped path — decode, resample, window, judge — on labelled clips.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context;
use indicatif::{ParallelProgressIterator, ProgressStyle};
use rayon::prelude::*;
use serde::Serialize;

use super::metrics::{Metrics, measure};
use super::ravdess::{self, VocalChannel};
use super::report::confusion_table;
use crate::audio::decode::decode;
use crate::cli::models::{default_folder, read_models};
use crate::cli::output::line;
use crate::mood::{Mood, Scores};
use crate::{Analysis, Classifier};

/// Options of `songmood evaluate`.
#[derive(Debug, clap::Args)]
pub struct EvaluateArgs {
    /// Folder with RAVDESS clips (default: SONGMOOD_DATA, ../shared, data/)
    #[arg(long, value_name = "DIR")]
    pub ravdess: Option<PathBuf>,
    /// Folder with the model files
    #[arg(long, value_name = "DIR", default_value_os_t = default_folder())]
    pub models: PathBuf,
    /// Only clips of these actors, such as 21-24 or 1,2,7
    #[arg(long, value_name = "LIST", value_parser = numbers)]
    pub actors: Option<Numbers>,
    /// Only this kind of clip
    #[arg(long, value_enum)]
    pub voice: Option<Voice>,
    /// Print one JSON object with `cnn`, `rnn` and `both` in place of tables
    #[arg(long)]
    pub json: bool,
}

/// Sung or spoken clips.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Voice {
    Song,
    Speech,
}

/// Actors by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers(Vec<u8>);

fn numbers(text: &str) -> Result<Numbers, String> {
    let wrong = || format!("“{text}” is not a list of numbers such as 21-24 or 1,2,7");
    let mut all = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let number = |text: &str| text.trim().parse::<u8>().map_err(|_| wrong());
        all.extend(number(first)?..=number(last)?);
    }
    if all.is_empty() { Err(wrong()) } else { Ok(Numbers(all)) }
}

/// Metrics of one predictor, with how often it may be called sure.
#[derive(Debug, Serialize)]
struct Measured {
    #[serde(flatten)]
    metrics: Metrics,
    /// Share of clips with a sure verdict.
    coverage: f64,
    /// Share of right answers among the sure.
    sure_accuracy: Option<f64>,
}

type Judged = (Mood, VocalChannel, Analysis);

/// Runs the command.
///
/// # Errors
/// When there are no clips or no models.
pub fn run(args: &EvaluateArgs) -> anyhow::Result<()> {
    let classifier = Classifier::new(&read_models(&args.models)?)?;
    let folder = ravdess::locate(args.ravdess.as_deref())?;
    let mut list = ravdess::scan(&folder)?;
    list.retain(|clip| {
        let wanted = match args.voice {
            None => true,
            Some(Voice::Song) => clip.channel == VocalChannel::Song,
            Some(Voice::Speech) => clip.channel == VocalChannel::Speech,
        };
        wanted && args.actors.as_ref().is_none_or(|Numbers(actors)| actors.contains(&clip.actor))
    });
    anyhow::ensure!(!list.is_empty(), "no clip in {} is of the actors and voices asked for", folder.display());
    let style = ProgressStyle::with_template("judging clips {bar:30} {pos}/{len} {eta}")?;
    let results: Vec<Result<Judged, String>> = list
        .par_iter()
        .progress_with_style(style)
        .map(|clip| {
            let analysis = decode(&clip.path).map_err(Into::into).and_then(|pcm| classifier.classify(&pcm));
            let analysis =
                analysis.map_err(|error: crate::classifier::Error| format!("{}: {error}", clip.path.display()))?;
            Ok((clip.mood, clip.channel, analysis))
        })
        .collect();
    let mut judged = Vec::new();
    let mut skipped = 0;
    for result in results {
        match result {
            Ok(one) => judged.push(one),
            Err(reason) => {
                skipped += 1;
                eprintln!("skipped {reason}");
            }
        }
    }
    anyhow::ensure!(!judged.is_empty(), "none of the {} clips could be read", list.len());
    if args.json {
        line(serde_json::to_string_pretty(&measured(&classifier, &judged))?);
        return Ok(());
    }
    line(format_args!("{} clips from {}, {skipped} skipped", judged.len(), folder.display()));
    for channel in [VocalChannel::Song, VocalChannel::Speech] {
        let of_channel: Vec<Judged> = judged.iter().filter(|one| one.1 == channel).cloned().collect();
        if !of_channel.is_empty() {
            print_tables(channel, &measured(&classifier, &of_channel)).context("cannot print")?;
        }
    }
    Ok(())
}

/// One entry for each network by its kind, and `both`.
fn measured(classifier: &Classifier, judged: &[Judged]) -> BTreeMap<String, Measured> {
    let sure_above = |index: usize| classifier.models()[index].card().calibration.sure_above;
    let mut all = BTreeMap::new();
    for (index, model) in classifier.models().iter().enumerate() {
        let of_model = |(mood, _, analysis): &Judged| {
            let scores = analysis.models[index].moods;
            (*mood, scores, scores.top().1 >= sure_above(index))
        };
        all.extend(entry(model.card().kind.name(), judged.iter().map(of_model).collect()));
    }
    let of_both = |(mood, _, analysis): &Judged| (*mood, analysis.moods, !analysis.verdict.unsure);
    all.extend(entry("both", judged.iter().map(of_both).collect()));
    all
}

fn entry(name: &str, verdicts: Vec<(Mood, Scores, bool)>) -> Option<(String, Measured)> {
    let predictions: Vec<(Mood, Scores)> = verdicts.iter().map(|(mood, scores, _)| (*mood, *scores)).collect();
    let metrics = measure(&predictions)?;
    let sure: Vec<(Mood, Scores)> =
        verdicts.iter().filter(|(_, _, sure)| *sure).map(|(mood, scores, _)| (*mood, *scores)).collect();
    let coverage = sure.len() as f64 / verdicts.len() as f64;
    let sure_accuracy = measure(&sure).map(|metrics| metrics.accuracy);
    Some((name.to_owned(), Measured { metrics, coverage, sure_accuracy }))
}

fn print_tables(channel: VocalChannel, measured: &BTreeMap<String, Measured>) -> std::fmt::Result {
    use std::fmt::Write;
    let mut text =
        format!("\n{channel:?}\n\n| network | clips | accuracy | UAR | loss | ECE | sure | right when sure |\n");
    text.push_str("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (name, Measured { metrics, coverage, sure_accuracy }) in measured {
        let Metrics { clips, accuracy, uar, loss, ece, .. } = metrics;
        let sure_accuracy = sure_accuracy.map_or("–".to_owned(), |accuracy| format!("{accuracy:.3}"));
        writeln!(
            text,
            "| {name} | {clips} | {accuracy:.3} | {uar:.3} | {loss:.3} | {ece:.3} | {coverage:.3} | {sure_accuracy} |"
        )?;
    }
    for (name, Measured { metrics, .. }) in measured {
        write!(text, "\n{name}\n\n{}", confusion_table(metrics))?;
    }
    line(text);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lists_of_actors() {
        assert_eq!(numbers("21-24"), Ok(Numbers(vec![21, 22, 23, 24])));
        assert_eq!(numbers("1, 2,7"), Ok(Numbers(vec![1, 2, 7])));
        for wrong in ["", "a", "3-", "5-3", "1;2"] {
            assert!(numbers(wrong).is_err(), "{wrong}");
        }
    }
}
