//! `songmood classify`: the moods of audio files, be it one or a library.

mod columns;
mod entry;
mod files;
mod formats;
mod in_order;
mod json;
mod progress;
mod resume;
mod rows_csv;
mod rows_parquet;
mod text;
mod voice;
mod whole;

use std::io;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

use self::entry::Entry;
use self::files::{Files, Found};
use self::formats::{Choice, Content, Opened, Target};
use self::in_order::in_order;
use super::exit;
use super::models::Models;
use super::output::{complain, shown};
use super::tags::{self, Sound};
use crate::audio::decode::decode;
use crate::nets::Domain;
use crate::{Analysis, Classifier};

const EXAMPLES: &str = "\
Examples:
  songmood classify song.mp3                            every mood of one song
  songmood classify ~/Music                             a line for each song in a folder
  songmood classify ~/Music -o moods.csv --resume       to a file; the same again goes on where it stopped
  songmood classify --jsonl '**/*.flac' | jq .verdict   as it goes, for another program
  find . -name '*.mp3' -print0 | songmood classify -0 --csv -
  songmood classify ~/Music --write-tags --dry-run      what would be written into the files
  songmood classify --voice-from me/ me/                one person's recordings, relative to that person's voice

Exit status:
  0    every file was judged
  1    the run could not begin or go on (models, list or output); standard error says why
  2    the arguments were not understood
  3    some files could not be judged or tagged; standard error names them, the rest is done
  130  interrupted; with -o and --jsonl, --csv or --parquet, --resume goes on";

/// Options of `songmood classify`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct ClassifyArgs {
    /// Files, folders (searched with all that is in them), patterns such as '**/*.mp3', or - for a list on standard
    /// input
    #[arg(required_unless_present = "files_from", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Also what this list names, a file or folder on each line; - is standard input
    #[arg(long, value_name = "LIST")]
    files_from: Option<PathBuf>,
    /// Names in lists end with NUL instead of a line break, as `find -print0` writes them
    #[arg(short = '0', long)]
    null: bool,
    /// What is in the files: music of any kind, or a voice alone [default: music, or voice with --voice-from]
    #[arg(long = "as", value_enum, value_name = "DOMAIN")]
    domain: Option<Domain>,
    /// Learn a voice from this file or folder first, and judge relative to it: recordings of one person, sung or spoken, in several moods,
    /// a minute or more. May be the same files, and be given several times
    #[arg(long, value_name = "PATH")]
    voice_from: Vec<PathBuf>,
    /// Folder with the model files [default: models, or else those that are built in]
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
    /// Files to listen to at the same time [default: one for each core]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,

    #[command(flatten, next_help_heading = "Output")]
    output: OutputArgs,
    #[command(flatten, next_help_heading = "Tags")]
    tags: TagArgs,
}

/// How and where moods are written.
#[derive(Debug, clap::Args)]
struct OutputArgs {
    /// All there is to say of each file (what a single file gets; several get a table)
    #[arg(long, group = "format")]
    details: bool,
    /// One JSON array with an object for each file: `path` and the analysis with the moods over time, or `error`
    #[arg(long, group = "format")]
    json: bool,
    /// A line of JSON for each file as soon as it is done
    #[arg(long, group = "format")]
    jsonl: bool,
    /// Comma-separated values: a row for each file, with --windows for each window
    #[arg(long, group = "format")]
    csv: bool,
    /// The columns of --csv as a Parquet file; needs -o. Until it is whole, its rows are in FILE.part
    #[arg(long, group = "format")]
    parquet: bool,
    /// Also the moods over time
    #[arg(long)]
    windows: bool,
    /// Write to this file; .json, .jsonl, .csv and .parquet choose the format
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Go on with the output of a run that was stopped: what stands in it is not done again. For --jsonl, --csv and
    /// --parquet with -o. Where there is no such file yet, begin
    #[arg(long)]
    resume: bool,
    /// Begin anew where the output is there already
    #[arg(long, conflicts_with = "resume")]
    overwrite: bool,
}

/// What is written into the files themselves.
#[derive(Debug, clap::Args)]
struct TagArgs {
    /// Write the mood into each file: TMOO (mp3, wav, aac; as ID3v2.4), MOOD (flac, ogg), iTunes' MOOD (m4a). A copy takes
    /// the file's place once it is known to have the same sound and other tags. Moods that are there are kept
    #[arg(long)]
    write_tags: bool,
    /// Only say what would be written
    #[arg(long, requires = "write_tags")]
    dry_run: bool,
    /// Replace other moods that are there
    #[arg(long, requires = "write_tags")]
    replace_tags: bool,
}

impl OutputArgs {
    fn choice(&self, files: &Files) -> Choice {
        let flags = [
            (self.details, Choice::Details),
            (self.json, Choice::Json),
            (self.jsonl, Choice::JsonLines),
            (self.csv, Choice::Csv),
            (self.parquet, Choice::Parquet),
        ];
        let asked = flags.into_iter().find_map(|(given, choice)| given.then_some(choice));
        let by_name = || self.output.as_deref().and_then(Choice::of_name);
        let by_number = || if files.single().is_some() { Choice::Details } else { Choice::Table };
        asked.or_else(by_name).unwrap_or_else(by_number)
    }
}

impl TagArgs {
    fn wish(&self) -> Option<tags::Wish> {
        self.write_tags.then_some(tags::Wish { dry_run: self.dry_run, replace: self.replace_tags })
    }
}

/// Set when the run is to stop.
static STOP: AtomicBool = AtomicBool::new(false);

/// Runs the command. A file that fails is reported and does not stop the rest.
///
/// # Errors
/// When the run cannot begin or go on: models, a list or the output cannot be read or written.
pub fn run(args: ClassifyArgs) -> anyhow::Result<ExitCode> {
    let ClassifyArgs { paths, files_from, null, domain, voice_from, models, jobs, output, tags } = args;
    let domain = domain.unwrap_or(if voice_from.is_empty() { Domain::Music } else { Domain::Voice });
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = jobs.map_or_else(cores, usize::from);
    let files = Files::new(paths, files_from, null)?;
    let names = files.names()?;
    let mut classifier = Classifier::new(&Models::at(models.as_deref()).read(domain)?)?;
    stop_at_interrupt()?;
    if !voice_from.is_empty() {
        match voice::learn(classifier, voice_from, threads, &STOP)? {
            Some(taught) => classifier = taught,
            None => return Ok(interrupted(0)),
        }
    }
    let content = Content {
        choice: output.choice(&files),
        domain,
        models: classifier.models().iter().map(|model| model.card().name.clone()).collect(),
        windows: output.windows,
        tags: tags.write_tags,
    };
    let path = output.output.as_deref();
    let Opened { mut format, earlier, mut ahead } =
        content.open(&Target { output: path, resume: output.resume, overwrite: output.overwrite })?;

    let bar = progress::bar(&files, path.is_some());
    let passing = bar.clone();
    let undone = names.filter_map(move |found| match pass_over(ahead.as_mut(), found) {
        Ok(None) => {
            passing.inc(1);
            None
        }
        Ok(Some(found)) => Some(Ok(found)),
        Err(error) => Some(Err(error)),
    });
    let wish = tags.wish();
    let entries = in_order(undone, threads, &STOP, move |found| Ok(look_at(&classifier, found?, wish)));

    let (mut count, mut failed) = (earlier.files, earlier.failed);
    let mut broken = None;
    for entry in entries {
        let written = entry.and_then(|entry: Entry| {
            count += 1;
            if let Some(reason) = &entry.error {
                failed += 1;
                bar.suspend(|| complain(format_args!("songmood: {}: {reason}", shown(&entry.path))));
            }
            bar.suspend(|| format.add(&entry)).map_err(|error| unwritten(error, path))
        });
        bar.inc(1);
        if let Err(error) = written {
            broken = Some(error);
            break;
        }
    }
    bar.finish_and_clear();
    if let Some(error) = broken {
        if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
            // Nobody reads any more, as behind `| head`.
            return Ok(ExitCode::SUCCESS);
        }
        // The first error is the one to tell.
        let _ = format.stop();
        return Err(error);
    }
    if STOP.load(Ordering::Relaxed) {
        format.stop().map_err(|error| unwritten(error, path))?;
        return Ok(interrupted(count));
    }
    format.finish().map_err(|error| unwritten(error, path))?;
    if let Some(note) = files.left_out().note() {
        complain(format_args!("songmood: {note}"));
    }
    if count == 0 {
        complain(format_args!("songmood: there is no audio file in what was named"));
    }
    if failed == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    complain(format_args!("songmood: {failed} of {count} files failed"));
    Ok(ExitCode::from(exit::SOME_FAILED))
}

fn stop_at_interrupt() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(exit::INTERRUPTED.into());
        }
        complain(format_args!("\nsongmood: finishing the files that were begun; once more stops at once"));
    })
    .context("cannot listen for Ctrl-C")
}

fn interrupted(count: usize) -> ExitCode {
    complain(format_args!("songmood: interrupted after {count} files"));
    ExitCode::from(exit::INTERRUPTED)
}

/// What is still to be done, or nothing when it is done already.
fn pass_over(ahead: Option<&mut resume::Ahead>, found: anyhow::Result<Found>) -> anyhow::Result<Option<Found>> {
    let found = found?;
    let (Found::File(path) | Found::Refused(path, _)) = &found;
    let done = ahead.map_or(Ok(false), |ahead| ahead.is_done(&path.to_string_lossy()))?;
    Ok((!done).then_some(found))
}

fn unwritten(error: anyhow::Error, output: Option<&Path>) -> anyhow::Error {
    let place = output.map_or("standard output".to_owned(), |path| path.display().to_string());
    error.context(format!("cannot write to {place}; check the space left"))
}

/// Judges a file, and writes its tag where one is wished for.
fn look_at(classifier: &Classifier, found: Found, wish: Option<tags::Wish>) -> Entry {
    let nothing = |path, error| Entry { path, analysis: None, error: Some(error), tag: None };
    match found {
        Found::Refused(path, reason) => nothing(path, reason),
        Found::File(path) => match guarded(|| judge(classifier, &path, wish)) {
            Err(reason) => nothing(path, reason),
            Ok((analysis, None)) => Entry { path, analysis: Some(analysis), error: None, tag: None },
            Ok((analysis, Some(tag))) => {
                let error = tag.as_ref().err().map(ToString::to_string);
                Entry { path, analysis: Some(analysis), error, tag: tag.ok() }
            }
        },
    }
}

/// A decoder that gives up on one file in a panic does not stop the rest.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    let outcome = catch_unwind(AssertUnwindSafe(work));
    outcome.unwrap_or_else(|_| Err("songmood failed on it; please report this file".to_owned()))
}

type Judged = (Analysis, Option<Result<tags::Tagging, tags::Error>>);

fn judge(classifier: &Classifier, path: &Path, wish: Option<tags::Wish>) -> Result<Judged, String> {
    let pcm = decode(path).map_err(|error| error.to_string())?;
    let analysis = classifier.classify(&pcm).map_err(|error| error.to_string())?;
    let sound = wish.map(|wish| (wish, Sound::of(&pcm)));
    drop(pcm);
    let tag = sound.map(|(wish, sound)| tags::write(path, analysis.verdict.mood, sound, wish));
    Ok((analysis, tag))
}
