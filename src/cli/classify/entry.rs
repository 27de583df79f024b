//! What is said of one file.

use std::borrow::Cow;
use std::path::PathBuf;

use serde::Serialize;

use crate::Analysis;
use crate::classifier::{ModelScores, Timings, Verdict, Window};
use crate::cli::tags::Tagging;
use crate::mood::Scores;

/// A file, its moods, and what went wrong.
#[derive(Debug)]
pub struct Entry {
    /// As it was named or found.
    pub path: PathBuf,
    /// Its moods, where it could be judged.
    pub analysis: Option<Analysis>,
    /// Why it could not be judged or its tag not be written.
    pub error: Option<String>,
    /// What became of its mood tag, where one was asked for.
    pub tag: Option<Tagging>,
}

impl Entry {
    /// The path as text; bytes that are no UTF-8 are replaced.
    pub fn name(&self) -> Cow<'_, str> {
        self.path.to_string_lossy()
    }

    /// The entry as it stands in JSON, with the moods over time or without.
    pub fn json(&self, windows: bool) -> serde_json::Result<String> {
        serde_json::to_string(&Json {
            path: self.name(),
            analysis: self.analysis.as_ref().map(|analysis| {
                // Named one by one, so that a new part of an analysis is not forgotten here.
                let Analysis {
                    duration_s,
                    sample_rate,
                    verdict,
                    moods,
                    valence,
                    arousal,
                    models,
                    windows: over_time,
                    timings,
                } = analysis;
                JsonAnalysis {
                    duration_s: *duration_s,
                    sample_rate: *sample_rate,
                    verdict,
                    moods,
                    valence: *valence,
                    arousal: *arousal,
                    models,
                    windows: windows.then_some(over_time),
                    timings,
                }
            }),
            error: self.error.as_deref(),
            tag: self.tag.as_ref(),
        })
    }
}

#[derive(Serialize)]
struct Json<'a> {
    path: Cow<'a, str>,
    #[serde(flatten)]
    analysis: Option<JsonAnalysis<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<&'a Tagging>,
}

/// An [`Analysis`] that can do without its windows.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonAnalysis<'a> {
    duration_s: f64,
    sample_rate: u32,
    verdict: &'a Verdict,
    moods: &'a Scores,
    valence: f32,
    arousal: f32,
    models: &'a [ModelScores],
    #[serde(skip_serializing_if = "Option::is_none")]
    windows: Option<&'a Vec<Window>>,
    timings: &'a Timings,
}
