//! `songmood reproduce`: the original study, repeated as it was done, and then as it should be.
//!
//! | file | question |
//! | --- | --- |
//! | [`kaiser_fast`], [`features`] | what were the networks fed? |
//! | [`splits`] | which clips were trained on, which tested? |
//! | [`keras`], [`fit`] | how were they taught? |
//! | [`experiments`] | which networks, with which settings, how often? |
//! | [`report`] | what came out, beside what the study reports |
//!
//! The networks are in [`crate::nets::study`], the figures are drawn by [`crate::train::figures`].

pub mod experiments;
pub mod features;
pub mod fit;
pub mod kaiser_fast;
pub mod keras;
pub mod report;
pub mod splits;

use std::path::{Path, PathBuf};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use self::experiments::{Division, Extent, FOLDS, Network, Results};
use self::features::Example;
use super::checkpoint::write_atomically;
use super::figures::{self, Curve};
use super::ravdess::{self, VocalChannel};
use crate::cli::output::{complain, line};
use crate::mood::{MOOD_COUNT, Mood};

/// The study could not be repeated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A training failed.
    #[error(transparent)]
    Fit(fit::Error),
    /// Initial weights did not fit the network.
    #[error(transparent)]
    Nets(#[from] crate::nets::Error),
}

/// Options of `songmood reproduce`.
#[derive(Debug, Clone, clap::Args)]
pub struct ReproduceArgs {
    /// Folder with RAVDESS clips (default: SONGMOOD_DATA, ../shared, data/)
    #[arg(long, value_name = "DIR")]
    pub ravdess: Option<PathBuf>,
    /// Folder for the table, the numbers as JSON, and the figures as SVG
    #[arg(long, value_name = "DIR", default_value = "target/reproduce")]
    pub out: PathBuf,
    /// Trainings of each network on the study's own splits
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub seeds: u16,
    /// Epochs of every network (default: the study's 500 for the CNN and 100 for the LSTM)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub epochs: Option<u16>,
    /// Only this network
    #[arg(long, value_enum, value_name = "NETWORK")]
    pub only: Option<Network>,
    /// Only so many of the clips, drawn at random: what the figures owe to their number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(10..))]
    pub clips: Option<u16>,
    /// Try the command out: one seed, one fold, a tenth of the epochs
    #[arg(long)]
    pub quick: bool,
    /// Trainings at a time (default: one for each core)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
}

/// Runs the command.
///
/// # Errors
/// When there are no song clips, a training diverges, or a file cannot be written.
pub fn run(args: ReproduceArgs) -> anyhow::Result<()> {
    // Found out before an hour of work rather than after it.
    std::fs::create_dir_all(&args.out).with_context(|| format!("cannot create {}", args.out.display()))?;
    let mut examples = load(args.ravdess.as_deref())?;
    if let Some(clips) = args.clips {
        examples.shuffle(&mut ChaCha8Rng::seed_from_u64(0));
        examples.truncate(clips.into());
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let extent = Extent {
        seeds: if args.quick { 1 } else { args.seeds.into() },
        folds: if args.quick { 1 } else { FOLDS },
        epochs: args.epochs.map(usize::from),
        shorten: if args.quick { 10 } else { 1 },
        threads: args.jobs.map_or(cores, usize::from),
        only: args.only,
    };
    let bar = ProgressBar::new(0)
        .with_style(ProgressStyle::with_template("training {bar:30} {pos}/{len} epochs, {eta} left")?);
    let results = experiments::run(&examples, &extent, |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();

    let complete = !args.quick && args.epochs.is_none();
    let table = report::table(&results, examples.len(), complete);
    line(table.trim_end());
    write_atomically(&args.out.join("table.txt"), table.as_bytes())?;
    write_numbers(&args.out, &results)?;
    draw(&args.out, &results)?;
    line(format_args!("\nFigures, table and numbers are in {}.", args.out.display()));
    Ok(())
}

/// All song clips that can be read, with their features.
fn load(explicit: Option<&Path>) -> anyhow::Result<Vec<Example>> {
    let folder = ravdess::locate(explicit)?;
    let mut clips = ravdess::scan(&folder)?;
    clips.retain(|clip| clip.channel == VocalChannel::Song);
    anyhow::ensure!(
        !clips.is_empty(),
        "{} has no song clips (03-02-…), which the study used. {}",
        folder.display(),
        ravdess::HOW_TO_GET
    );
    let bar = ProgressBar::new(clips.len() as u64)
        .with_style(ProgressStyle::with_template("reading clips {bar:30} {pos}/{len}, {eta} left")?);
    let loaded = features::load(&clips, || bar.inc(1));
    bar.finish_and_clear();
    for (path, reason) in &loaded.skipped {
        complain(format_args!("skipped {}: {reason}", path.display()));
    }
    line(format_args!(
        "{} song clips from {}, {} skipped",
        loaded.examples.len(),
        folder.display(),
        loaded.skipped.len()
    ));
    anyhow::ensure!(
        loaded.examples.len() >= 10,
        "only {} song clips could be read, which is too few to train and test on",
        loaded.examples.len()
    );
    Ok(loaded.examples)
}

fn write_numbers(folder: &Path, results: &Results) -> anyhow::Result<()> {
    let numbers: Vec<serde_json::Value> = results
        .iter()
        .map(|((network, division), runs)| {
            let actors_apart = *division == Division::ActorsApart;
            serde_json::json!({ "network": network.slug(), "actors_apart": actors_apart, "runs": runs })
        })
        .collect();
    Ok(write_atomically(&folder.join("numbers.json"), serde_json::to_string(&numbers)?.as_bytes())?)
}

/// Curves and confusion matrices of every network and split, all runs together.
fn draw(folder: &Path, results: &Results) -> anyhow::Result<()> {
    for ((network, division), runs) in results {
        let (suffix, how) = match division {
            Division::AsStudied => ("", "the study's split"),
            Division::ActorsApart => ("-actors-apart", "actors kept apart"),
        };
        let curves: Vec<Curve> = runs
            .iter()
            .map(|run| Curve {
                train: run.curve.iter().map(|epoch| (epoch.train.loss, epoch.train.accuracy)).collect(),
                held_out: run.curve.iter().map(|epoch| (epoch.held_out.loss, epoch.held_out.accuracy)).collect(),
            })
            .collect();
        let title = format!("{}; {how}", network.title());
        let name = |kind| folder.join(format!("{}{suffix}-{kind}.svg", network.slug()));
        write_atomically(&name("curves"), figures::curves(&title, &curves)?.as_bytes())?;

        let mut confusion = [[0; MOOD_COUNT]; MOOD_COUNT];
        for run in runs {
            for (sums, counts) in confusion.iter_mut().zip(&run.last.test.confusion) {
                sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            }
        }
        let title = format!("{title}; {} runs, last epoch", runs.len());
        let labels = Mood::ALL.map(Mood::name);
        write_atomically(&name("confusion"), figures::confusion(&title, &labels, &confusion)?.as_bytes())?;
    }
    Ok(())
}
