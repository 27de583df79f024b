//! `songmood classify`: the moods of audio files.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::models::{default_folder, read_models};
use super::output::line;
use crate::audio::decode::decode;
use crate::nets::Domain;
use crate::{Analysis, Classifier};

/// Options of `songmood classify`.
#[derive(Debug, clap::Args)]
pub struct ClassifyArgs {
    /// Audio files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What is in them: music of any kind, or a voice alone
    #[arg(long = "as", value_enum, value_name = "DOMAIN", default_value = "music")]
    domain: Domain,
    /// Folder with the model files
    #[arg(long, value_name = "DIR", default_value_os_t = default_folder())]
    models: PathBuf,
    /// Print one JSON array, an object for each file: `path` and either the analysis or `error`
    #[arg(long)]
    json: bool,
    /// Also print the moods over time
    #[arg(long)]
    windows: bool,
}

/// What is printed of one file under `--json`.
#[derive(Serialize)]
struct Entry<'a> {
    path: &'a Path,
    #[serde(flatten)]
    analysis: Option<&'a Analysis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Runs the command. A file that fails is reported and does not stop the rest.
///
/// # Errors
/// When the models cannot be loaded, or at least one file failed.
pub fn run(args: &ClassifyArgs) -> anyhow::Result<()> {
    let classifier = Classifier::new(&read_models(&args.models, args.domain)?)?;
    let mut failed = 0;
    let mut separator = "[";
    for path in &args.files {
        let result = judge(&classifier, path);
        if let Err(reason) = &result {
            failed += 1;
            eprintln!("songmood: {}: {reason}", path.display());
        }
        if args.json {
            let entry = Entry { path, analysis: result.as_ref().ok(), error: result.as_ref().err().cloned() };
            // One entry at a time: the memory needed does not grow with the number of files.
            line(format_args!("{separator}\n{}", serde_json::to_string(&entry)?));
            separator = ",";
        } else if let Ok(analysis) = &result {
            print(path, analysis, args.windows);
        }
    }
    if args.json {
        line("]");
    }
    anyhow::ensure!(failed == 0, "{failed} of {} files failed", args.files.len());
    Ok(())
}

fn judge(classifier: &Classifier, path: &Path) -> Result<Analysis, String> {
    let pcm = decode(path).map_err(|error| error.to_string())?;
    classifier.classify(&pcm).map_err(|error| error.to_string())
}

fn print(path: &Path, analysis: &Analysis, windows: bool) {
    let verdict = analysis.verdict;
    let sure = if verdict.unsure { ", not sure" } else { "" };
    line(format_args!("{}: {} ({:.0} %{sure})", path.display(), verdict.mood, 100.0 * verdict.probability));
    let names: String = analysis.models.iter().map(|model| format!("{:>16}", model.name)).collect();
    line(format_args!("  {:10}{:>8}{names}", "", "both"));
    for (mood, both) in analysis.moods.iter() {
        let each: String =
            analysis.models.iter().map(|model| format!("{:>14.0} %", 100.0 * model.moods.get(mood))).collect();
        line(format_args!("  {mood:10}{:>6.0} %{each}", 100.0 * both));
    }
    line(format_args!(
        "  valence {:+.2}, arousal {:+.2}, {:.1} s",
        analysis.valence, analysis.arousal, analysis.duration_s
    ));
    if windows {
        for window in &analysis.windows {
            let (mood, probability) = window.moods.top();
            let heard =
                if window.silent { "silence".to_owned() } else { format!("{mood} ({:.0} %)", 100.0 * probability) };
            line(format_args!("  {:7.2} – {:7.2} s  {heard}", window.start_s, window.end_s));
        }
    }
}
