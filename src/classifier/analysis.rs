//! What a classifier says of a recording. Serialised with JavaScript's names (`startS`, `durationS`).

use serde::Serialize;

use crate::mood::{Mood, Scores};

/// The moods of a whole recording.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Analysis {
    /// Length of the recording in seconds.
    pub duration_s: f64,
    /// Sample rate of what was given, in Hz.
    pub sample_rate: u32,
    /// All networks together, in one word.
    pub verdict: Verdict,
    /// All networks together: the mean of [`Analysis::models`], with tension told as angry or fearful by the mean arousal where the
    /// networks know it as one thing ([`Tension`](crate::nets::Tension)).
    pub moods: Scores,
    /// Expected valence under `moods`, −1 (unpleasant) … 1 (pleasant).
    pub valence: f32,
    /// Expected arousal under `moods`, −1 (drowsy) … 1 (excited).
    pub arousal: f32,
    /// Each network alone: its mean over the windows, weighted by what could be heard in them.
    pub models: Vec<ModelScores>,
    /// The moods over time.
    pub windows: Vec<Window>,
    /// Where the time went.
    pub timings: Timings,
}

/// The likeliest mood.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Verdict {
    /// The likeliest mood.
    pub mood: Mood,
    /// Its probability.
    pub probability: f32,
    /// The probability lies below what held-out voices showed to be reliable, or nothing could be heard.
    pub unsure: bool,
}

/// One network on the whole recording.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelScores {
    /// The model's name.
    pub name: String,
    /// Its likeliest mood.
    pub mood: Mood,
    /// Its probabilities.
    pub moods: Scores,
}

/// The moods of a few seconds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Window {
    /// Time of the first frame, in seconds.
    pub start_s: f64,
    /// Time of the frame after the last, in seconds.
    pub end_s: f64,
    /// Nothing could be heard; the moods are uniform.
    pub silent: bool,
    /// All networks together.
    pub moods: Scores,
    /// Expected valence, −1 … 1.
    pub valence: f32,
    /// Expected arousal, −1 … 1.
    pub arousal: f32,
    /// Each network alone.
    pub models: Vec<WindowModel>,
}

/// One network on one window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WindowModel {
    /// The model's name.
    pub name: String,
    /// Its probabilities.
    pub moods: Scores,
}

/// Milliseconds spent in each stage.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Timings {
    /// To 22 050 Hz.
    pub resample_ms: f64,
    /// MFCCs.
    pub mfcc_ms: f64,
    /// Both networks on all windows.
    pub forward_ms: f64,
}
