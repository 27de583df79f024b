//! The command line: `classify`, `mfcc`, and with feature `train` also `train`, `evaluate`, `reproduce`; `completions` and
//! `man` for the shell.
//!
//! The [exit status](exit) says how a command ended, standard error why.

pub mod beside;
pub mod classify;
pub mod mfcc;
pub mod models;
pub mod npy;
pub mod output;
pub mod shell;
pub mod tags;

/// How a command ends. 0 is success; 2, an argument that was not understood, is clap's.
pub mod exit {
    /// The command could not begin or go on.
    pub const FAILED: u8 = 1;
    /// `classify`: all is done that could be, but some files could not be judged or tagged.
    pub const SOME_FAILED: u8 = 3;
    /// `classify`: Ctrl-C or the like; a shell's own number for it.
    pub const INTERRUPTED: u8 = 130;
}

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

const STATUS: &str = "\
Exit status: 0 when all went well; 1 when the command failed, for the reason on standard error; 2 when its arguments
were not understood. `songmood classify --help` names more. Colours are left out in pipes and where NO_COLOR is set.";

/// Tells the mood of a song or a voice: neutral, calm, happy, sad, angry, fearful, disgust, surprised.
#[derive(Debug, Parser)]
#[command(name = "songmood", version, about, max_term_width = 100, after_help = STATUS)]
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
    /// Print a shell's completions for songmood
    Completions(shell::CompletionsArgs),
    /// Print songmood's manual page, or write one for each command
    Man(shell::ManArgs),
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
        Some(command) => command.run(),
        None => introduce(),
    };
    result.unwrap_or_else(|error| {
        output::complain(format_args!("songmood: {error:#}"));
        ExitCode::from(exit::FAILED)
    })
}

impl Command {
    fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Command::Classify(args) => return classify::run(args),
            Command::Mfcc(args) => mfcc::run(&args)?,
            Command::Completions(args) => shell::completions(&args, Cli::command()),
            Command::Man(args) => shell::man(&args, Cli::command())?,
            #[cfg(feature = "train")]
            Command::Train(args) => crate::train::command::run(&args)?,
            #[cfg(feature = "train")]
            Command::Evaluate(args) => crate::train::evaluate::run(&args)?,
            #[cfg(feature = "train")]
            Command::Reproduce(args) => crate::train::study::run(args)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Without a command: what songmood does, and whether the clips to train on are there.
fn introduce() -> anyhow::Result<ExitCode> {
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
    Ok(ExitCode::SUCCESS)
}
