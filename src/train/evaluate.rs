//! `songmood evaluate`: the shipped path — decode, resample, window, judge — on labelled clips.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use indicatif::{ParallelProgressIterator, ProgressStyle};
use rayon::prelude::*;
use serde::Serialize;

use super::command::{RecipeArgs, stop_on_ctrl_c, teach};
use super::corpus::{Item, of_ravdess};
use super::disturb::Disturbance;
use super::held_out::{merged, truth};
use super::metrics::{Metrics, correlation, mean_and_spread, measure};
use super::report::{self, confusion_table};
use super::{checkpoint, emotify, figures, ravdess, table};
use crate::audio::decode::decode;
use crate::cli::models::Models;
use crate::cli::output::{complain, line};
use crate::mood::{Mood, Scores};
use crate::nets::Domain;
use crate::{Analysis, Classifier};

/// Options of `songmood evaluate`.
#[derive(Debug, clap::Args)]
pub struct EvaluateArgs {
    /// What to measure on: a folder in RAVDESS' layout, a folder of Emotify, or a CSV file with the columns path, mood and perhaps valence, arousal, group, genre
    /// (default: RAVDESS in SONGMOOD_DATA, ../shared or data/)
    #[arg(value_name = "PATH", conflicts_with_all = ["ravdess", "emotify", "songs"])]
    pub path: Option<PathBuf>,
    /// Folder with RAVDESS clips
    #[arg(long, value_name = "DIR", conflicts_with_all = ["emotify", "songs"])]
    pub ravdess: Option<PathBuf>,
    /// Folder with Emotify excerpts
    #[arg(long, value_name = "DIR", conflicts_with = "songs")]
    pub emotify: Option<PathBuf>,
    /// A few songs in a CSV file path,mood: print what each network says of each
    #[arg(long, value_name = "FILE")]
    pub songs: Option<PathBuf>,
    /// Networks to ask (default: those for voices on RAVDESS, those for music otherwise)
    #[arg(long = "as", value_enum, value_name = "DOMAIN")]
    pub domain: Option<Domain>,
    /// Folder with the model files [default: models, or else those that are built in]
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
    /// Only clips of these actors, such as 21-24 or 1,2,7
    #[arg(long, value_name = "LIST", value_parser = numbers)]
    pub actors: Option<Numbers>,
    /// Only this kind of RAVDESS clip
    #[arg(long, value_enum)]
    pub voice: Option<Voice>,
    /// Print one JSON object with `cnn`, `rnn` and `both` in place of tables
    #[arg(long)]
    pub json: bool,
    /// Write confusion matrices and a diagram of reliability as SVG into this folder
    #[arg(long, value_name = "DIR")]
    pub figures: Option<PathBuf>,
    /// Do not measure the shipped networks: teach new ones on the clips, by folds of actors, artists or groups
    #[arg(long)]
    pub cross_validate: bool,
    #[command(flatten)]
    pub recipe: RecipeArgs,
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

/// What is said of a set of clips.
#[derive(Debug, Serialize)]
struct Report {
    /// By the networks' kind, and `both`.
    #[serde(flatten)]
    networks: BTreeMap<String, Measured>,
    /// Correlation of both networks' valence and arousal with the labels.
    valence_r: Option<f64>,
    arousal_r: Option<f64>,
    /// Both networks on each actor, artist or group, and on each genre.
    groups: BTreeMap<String, Part>,
    genres: BTreeMap<String, Part>,
}

/// Both networks on a part of the clips.
#[derive(Debug, Serialize)]
struct Part {
    clips: usize,
    accuracy: f64,
    uar: f64,
}

struct Judged {
    item: Item,
    analysis: Analysis,
}

/// Runs the command.
///
/// # Errors
/// When there are no clips or no models.
pub fn run(args: &EvaluateArgs) -> anyhow::Result<()> {
    let (domain, items, from) = items(args)?;
    if args.cross_validate {
        let folder = std::env::temp_dir().join(format!("songmood-{}", std::process::id()));
        let trained = teach(domain, &items, &args.recipe, &folder, stop_on_ctrl_c()?, false);
        checkpoint::Store::new(&folder, String::new()).clear()?;
        line(report::table(&trained?.held_out));
        return Ok(());
    }
    let classifier = Classifier::new(&Models::at(args.models.as_deref()).read(domain)?)?;
    if args.recipe.robustness {
        return print_robustness(&classifier, domain, &items);
    }
    let (judged, skipped) = judge(&classifier, &items, Disturbance::Clean)?;
    if args.songs.is_some() {
        print_songs(&classifier, &judged);
        return Ok(());
    }
    let report = report_on(&classifier, domain, &judged.iter().collect::<Vec<_>>());
    if let Some(folder) = &args.figures {
        draw(&report, folder)?;
    }
    if args.json {
        line(serde_json::to_string_pretty(&report)?);
        return Ok(());
    }
    line(format_args!("{} clips from {}, {skipped} skipped", judged.len(), from.display()));
    for (voice, title) in super::corpus::voices(domain).iter().enumerate() {
        let of_voice: Vec<&Judged> = judged.iter().filter(|judged| judged.item.voice == voice).collect();
        if !of_voice.is_empty() {
            print_tables(title, &report_on(&classifier, domain, &of_voice)).context("cannot print")?;
        }
    }
    Ok(())
}

/// The clips to measure on, what they are, and where they came from.
fn items(args: &EvaluateArgs) -> anyhow::Result<(Domain, Vec<Item>, PathBuf)> {
    let is_table = |path: &Path| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let csv = args.songs.as_ref().or(args.path.as_ref().filter(|path| is_table(path)));
    let emotify = args.emotify.as_ref().or(args.path.as_ref().filter(|path| path.join("clips.csv").is_file()));
    let wanted = args.domain;
    if let Some(path) = csv {
        return Ok((wanted.unwrap_or(Domain::Music), table::read(path, 0)?, path.clone()));
    }
    if let Some(folder) = emotify {
        let folder = emotify::locate(Some(folder))?;
        return Ok((wanted.unwrap_or(Domain::Music), emotify::scan(&folder)?, folder));
    }
    let explicit = args.ravdess.as_deref().or(args.path.as_deref());
    if explicit.is_none() && wanted == Some(Domain::Music) {
        let folder = emotify::locate(None)?;
        return Ok((Domain::Music, emotify::scan(&folder)?, folder));
    }
    let folder = ravdess::locate(explicit)?;
    let mut list = ravdess::scan(&folder)?;
    list.retain(|clip| {
        let of_voice = match args.voice {
            None => true,
            Some(Voice::Song) => clip.channel == ravdess::VocalChannel::Song,
            Some(Voice::Speech) => clip.channel == ravdess::VocalChannel::Speech,
        };
        of_voice && args.actors.as_ref().is_none_or(|Numbers(actors)| actors.contains(&clip.actor))
    });
    anyhow::ensure!(!list.is_empty(), "no clip in {} is of the actors and voices asked for", folder.display());
    Ok((wanted.unwrap_or(Domain::Voice), of_ravdess(&list), folder))
}

/// Judges all clips on all cores; those that cannot be read are named, counted and left out.
fn judge(classifier: &Classifier, items: &[Item], disturbance: Disturbance) -> anyhow::Result<(Vec<Judged>, usize)> {
    let style = ProgressStyle::with_template("judging clips {bar:30} {pos}/{len} {eta}")?;
    let results: Vec<Result<Judged, String>> = items
        .par_iter()
        .progress_with_style(style)
        .map(|item| {
            let analysis = decode(&item.path)
                .and_then(|pcm| disturbance.apply(&pcm))
                .map_err(Into::into)
                .and_then(|pcm| classifier.classify(&pcm));
            let analysis =
                analysis.map_err(|error: crate::classifier::Error| format!("{}: {error}", item.path.display()))?;
            Ok(Judged { item: item.clone(), analysis })
        })
        .collect();
    let (mut judged, mut skipped) = (Vec::new(), 0);
    for result in results {
        match result {
            Ok(one) => judged.push(one),
            Err(reason) => {
                skipped += 1;
                complain(format_args!("skipped {reason}"));
            }
        }
    }
    anyhow::ensure!(!judged.is_empty(), "none of the {} clips could be read", items.len());
    Ok((judged, skipped))
}

fn report_on(classifier: &Classifier, domain: Domain, judged: &[&Judged]) -> Report {
    let sure_above = |index: usize| classifier.models()[index].card().calibration.sure_above;
    let verdicts = |of: &dyn Fn(&Analysis) -> (Scores, bool)| -> Vec<(Mood, Scores, bool)> {
        let labelled = judged.iter().filter_map(|judged| Some((truth(domain, &judged.item.label)?, &judged.analysis)));
        labelled
            .map(|(mood, analysis)| {
                let (scores, sure) = of(analysis);
                (mood, merged(domain, &scores), sure)
            })
            .collect()
    };
    let mut networks = BTreeMap::new();
    for (index, model) in classifier.models().iter().enumerate() {
        let of_model = |analysis: &Analysis| {
            let moods = analysis.models[index].moods;
            (moods, moods.top().1 >= sure_above(index))
        };
        networks.extend(entry(model.card().kind.name(), verdicts(&of_model)));
    }
    networks.extend(entry("both", verdicts(&|analysis| (analysis.moods, !analysis.verdict.unsure))));
    let r = |said: fn(&Analysis) -> f32, known: fn(&Item) -> Option<f32>| {
        let pairs = judged.iter().filter_map(|judged| Some((said(&judged.analysis), known(&judged.item)?)));
        correlation(&pairs.map(|(said, known)| (f64::from(said), f64::from(known))).collect::<Vec<_>>())
    };
    Report {
        networks,
        valence_r: r(|analysis| analysis.valence, |item| item.label.valence),
        arousal_r: r(|analysis| analysis.arousal, |item| item.label.arousal),
        groups: parts(domain, judged, |item| &item.group),
        genres: parts(domain, judged, |item| &item.genre),
    }
}

fn parts(domain: Domain, judged: &[&Judged], of: fn(&Item) -> &str) -> BTreeMap<String, Part> {
    let mut predictions: BTreeMap<String, Vec<(Mood, Scores)>> = BTreeMap::new();
    for Judged { item, analysis } in judged {
        let name = of(item);
        if let Some(mood) = truth(domain, &item.label).filter(|_| !name.is_empty()) {
            predictions.entry(name.to_owned()).or_default().push((mood, merged(domain, &analysis.moods)));
        }
    }
    let part = |predictions: &[(Mood, Scores)]| {
        measure(predictions).map(|Metrics { clips, accuracy, uar, .. }| Part { clips, accuracy, uar })
    };
    predictions.into_iter().filter_map(|(name, predictions)| Some((name, part(&predictions)?))).collect()
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

fn print_tables(title: &str, report: &Report) -> std::fmt::Result {
    use std::fmt::Write;
    let mut text = format!("\n{title}\n\n| network | clips | accuracy | UAR | loss | ECE | sure | right when sure |\n");
    text.push_str("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    let number = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.3}"));
    for (name, Measured { metrics, coverage, sure_accuracy }) in &report.networks {
        let Metrics { clips, accuracy, uar, loss, ece, .. } = metrics;
        let sure_accuracy = number(*sure_accuracy);
        writeln!(
            text,
            "| {name} | {clips} | {accuracy:.3} | {uar:.3} | {loss:.3} | {ece:.3} | {coverage:.3} | {sure_accuracy} |"
        )?;
    }
    if report.valence_r.is_some() || report.arousal_r.is_some() {
        let (valence, arousal) = (number(report.valence_r), number(report.arousal_r));
        writeln!(text, "\nboth: valence r {valence}, arousal r {arousal}")?;
    }
    for (name, Measured { metrics, .. }) in &report.networks {
        write!(text, "\n{name}\n\n{}", confusion_table(metrics))?;
    }
    for (what, parts) in [("group", &report.groups), ("genre", &report.genres)] {
        if parts.len() > 1 {
            writeln!(text, "\n| {what} | clips | accuracy of both | UAR of both |\n| --- | --- | --- | --- |")?;
            for (name, Part { clips, accuracy, uar }) in parts {
                writeln!(text, "| {name} | {clips} | {accuracy:.3} | {uar:.3} |")?;
            }
        }
    }
    line(text);
    Ok(())
}

/// What both networks make of the clips under each disturbance, and how far their probabilities move.
fn print_robustness(classifier: &Classifier, domain: Domain, items: &[Item]) -> anyhow::Result<()> {
    line("| disturbance | clips | accuracy | UAR | sure | probabilities move by, mean | at most |");
    line(format_args!("|{}", " --- |".repeat(7)));
    let mut clean: BTreeMap<PathBuf, Scores> = BTreeMap::new();
    for disturbance in Disturbance::ALL {
        let (judged, _) = judge(classifier, items, disturbance)?;
        let moved = |judged: &Judged| {
            let before = clean.get(&judged.item.path)?;
            let changes = before.0.iter().zip(judged.analysis.moods.0).map(|(a, b)| f64::from((a - b).abs()));
            Some(changes.fold(0.0, f64::max))
        };
        let moves: Vec<f64> = judged.iter().filter_map(moved).collect();
        let (mean, _) = mean_and_spread(&moves);
        let most = moves.iter().copied().fold(0.0, f64::max);
        let report = report_on(classifier, domain, &judged.iter().collect::<Vec<_>>());
        if let Some(Measured { metrics, coverage, .. }) = report.networks.get("both") {
            let Metrics { clips, accuracy, uar, .. } = metrics;
            let title = disturbance.title();
            line(format_args!(
                "| {title} | {clips} | {accuracy:.3} | {uar:.3} | {coverage:.3} | {mean:.3} | {most:.3} |"
            ));
        }
        if disturbance == Disturbance::Clean {
            clean = judged.into_iter().map(|judged| (judged.item.path, judged.analysis.moods)).collect();
        }
    }
    Ok(())
}

/// The study's last test: what each network says of each song, and how often it hits.
fn print_songs(classifier: &Classifier, judged: &[Judged]) {
    let kinds: Vec<&str> = classifier.models().iter().map(|model| model.card().kind.name()).collect();
    let columns: Vec<&str> = kinds.into_iter().chain(["both"]).collect();
    line(format_args!("| song | expected | {} |", columns.join(" | ")));
    line(format_args!("|{}", " --- |".repeat(columns.len() + 2)));
    let (mut hits, mut asked) = (vec![0; columns.len()], 0);
    for Judged { item, analysis } in judged {
        let expected = item.label.mood();
        asked += usize::from(expected.is_some());
        let tops = analysis.models.iter().map(|model| model.moods.top()).chain([analysis.moods.top()]);
        let cells: Vec<String> = tops
            .zip(&mut hits)
            .map(|((mood, probability), hits)| {
                let hit = Some(mood) == expected;
                *hits += usize::from(hit);
                format!("{mood} ({:.0} %){}", 100.0 * probability, if hit { " ✓" } else { "" })
            })
            .collect();
        let expected = expected.map_or("–", Mood::name);
        let unsure = if analysis.verdict.unsure { ", not sure" } else { "" };
        let name = item.path.file_name().unwrap_or_default().to_string_lossy();
        line(format_args!("| {name} | {expected} | {}{unsure} |", cells.join(" | ")));
    }
    let hits: Vec<String> = hits.iter().map(|hits| format!("{hits} of {asked}")).collect();
    line(format_args!("| hits | | {} |", hits.join(" | ")));
}

fn draw(report: &Report, folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let labels = Mood::ALL.map(Mood::name);
    for (name, Measured { metrics, .. }) in &report.networks {
        let title = format!("{name}: accuracy {:.1} %, UAR {:.3}", 100.0 * metrics.accuracy, metrics.uar);
        let figure = figures::confusion(&title, &labels, &metrics.confusion)?;
        checkpoint::write_atomically(&folder.join(format!("{name}-confusion.svg")), figure.as_bytes())?;
        let figure = figures::reliability(&format!("{name}: ECE {:.3}", metrics.ece), &metrics.reliability)?;
        checkpoint::write_atomically(&folder.join(format!("{name}-reliability.svg")), figure.as_bytes())?;
    }
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
