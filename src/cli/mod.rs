//! The command line: `classify`, `mfcc`, and with feature `train` also `train`, `evaluate`, `reproduce`.
//!
//! Exit status: 0 when all went well, 1 when something failed (the reason is on standard error), 2 when the
//! command was not understood.

pub mod classify;
pub mod mfcc;
pub mod models;
pub mod npy;
pub mod output;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// Tells the mood of a song or a voice: neutral, calm, happy, sad, angry, fearful, disgust, surprised.
#[derive(Debug, Parser)]
#[command(name = "songmood", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tell the moods of audio files (wav, flac, mp3, ogg, aac, m4a)
    Classify(classify::ClassifyArgs),
    /// Write the MFCCs of an audio file, as librosa computes them, to .npy or .csv
    Mfcc(mfcc::MfccArgs),
    /// Cross-validate the networks for voices and for music, then train them on all clips
    #[cfg(feature = "train")]
    Train(crate::train::command::TrainArgs),
    /// Measure the shipped networks on RAVDESS, Emotify, or clips of your own
    #[cfg(feature = "train")]
    Evaluate(crate::train::evaluate::EvaluateArgs),
    /// Repeat the original study, with its features, networks, splits and optimisers
    #[cfg(feature = "train")]
    Reproduce(crate::train::study::ReproduceArgs),
}

/// Reads the arguments and runs the command.
pub fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Some(Command::Classify(args)) => classify::run(&args),
        Some(Command::Mfcc(args)) => mfcc::run(&args),
        #[cfg(feature = "train")]
        Some(Command::Train(args)) => crate::train::command::run(&args),
        #[cfg(feature = "train")]
        Some(Command::Evaluate(args)) => crate::train::evaluate::run(&args),
        #[cfg(feature = "train")]
        Some(Command::Reproduce(args)) => crate::train::study::run(args),
        None => introduce(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("songmood: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Without a command: what songmood does, and whether the clips to train on are there.
fn introduce() -> anyhow::Result<()> {
    output::line(Cli::command().render_help());
    #[cfg(feature = "train")]
    match crate::train::ravdess::locate(None) {
        Ok(folder) => output::line(format_args!(
            "RAVDESS found in {}: `train`, `evaluate` and `reproduce` can run.",
            folder.display()
        )),
        Err(reason) => output::line(reason),
    }
    #[cfg(not(feature = "train"))]
    output::line("To train: cargo run --release --features train");
    Ok(())
}
