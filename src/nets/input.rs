//! From frames of features to what the mood networks see: the same code in training and in use.
//!
//! A stretch of frames loses its silent ends, its loudness and the training set's mean and spread:
//!
//! 1. frames at either end more than [`InputSettings::trim_db`] below the loudest are cut away;
//! 2. the mean of coefficient 0 over what is left is subtracted. A gain adds a constant to every mel band in
//!    dB, and the DCT puts that constant into coefficient 0 alone, so the networks cannot hear it;
//! 3. every column is z-scored by the training set's [`Normalisation`](super::Normalisation), or by a [voice's own](super::VoiceProfile).
//!
//! Networks for music are given a [summary](super::summary) of the stretch besides, from which they learn key and pulse.

use serde::{Deserialize, Serialize};

use super::Error;
use super::patterns::{N_PATTERNS, patterns};
use super::summary::{N_SUMMARY, summary};
use crate::audio::SAMPLE_RATE;
use crate::features::{HarmonyOptions, MfccOptions, MusicColumns, N_CHROMA, VoiceOptions, VoiceStream};

/// What a network was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(all(feature = "cli", not(target_arch = "wasm32")), derive(clap::ValueEnum))]
pub enum Domain {
    /// A voice, sung or spoken, alone.
    Voice,
    /// Music of any kind.
    Music,
}

impl Domain {
    /// Both.
    pub const ALL: [Domain; 2] = [Domain::Voice, Domain::Music];

    /// `voice` or `music`.
    pub const fn name(self) -> &'static str {
        match self {
            Domain::Voice => "voice",
            Domain::Music => "music",
        }
    }
}

/// How mood windows are cut from a recording and prepared. Fixed for a build; written into every model
/// file so that weights and code cannot disagree unnoticed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InputSettings {
    /// The MFCCs. No `top_db`: the dB floor is absolute, so a frame is the same in whatever window it falls.
    pub mfcc: MfccOptions,
    /// How many of the coefficients networks see; `None` for all. [Functionals](super::Functionals) are of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_mfcc: Option<usize>,
    /// Whether frames for voices have the shape of the spectrum after the MFCCs. Networks without it, as those of format 2, are run too.
    #[serde(default)]
    pub shape: bool,
    /// Whether they have pitch and roughness after it. Networks without it, those of formats before 8, are run too.
    #[serde(default)]
    pub phonation: bool,
    /// How far frames for voices reach below the loudest frequency lately, in dB ([`VoiceOptions`]); `None` for networks of formats before 9. Of
    /// no meaning without `shape`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dynamic_range_db: Option<f32>,
    /// For music, the second transform, for spectral shape and chroma; `None` for voices.
    #[serde(default)]
    pub harmony: Option<HarmonyOptions>,
    /// What networks for music are told of a whole stretch: 1, key and pulse ([`summary`](super::summary)); 2, the
    /// [`patterns`](super::patterns) besides. Of no meaning for voices.
    #[serde(default = "first_summary")]
    pub summary: u8,
    /// Frames of a window.
    pub window_frames: usize,
    /// Frames from the start of a window to the start of the next.
    pub hop_frames: usize,
    /// Leading and trailing frames this far below the window's loudest frame are cut away, in dB.
    pub trim_db: f32,
    /// A window whose loudest frame lies below this level is silent: no network is asked. In dB, as
    /// [`InputSettings::level_db`] gives it; digital silence is −100, 16-bit dither about −83.
    pub silence_db: f32,
}

/// What files of format 2 mean.
fn first_summary() -> u8 {
    1
}

impl InputSettings {
    /// This build's settings for a domain: windows of 4 s, MFCCs, spectral shape, pitch and roughness for a voice; windows of 12 s, rhythm, percussion and harmony
    /// for music, whose key and pulse need that long. Its networks see fewer MFCCs: from three hundred songs they learn no more of the finer ones.
    pub fn of(domain: Domain) -> InputSettings {
        let mfcc = MfccOptions { sample_rate: SAMPLE_RATE, n_mfcc: 40, top_db: None, ..MfccOptions::default() };
        let voice = InputSettings {
            mfcc,
            seen_mfcc: None,
            shape: true,
            phonation: true,
            dynamic_range_db: Some(100.0),
            harmony: None,
            summary: first_summary(),
            window_frames: 176,
            hop_frames: 43,
            trim_db: 35.0,
            silence_db: -80.0,
        };
        match domain {
            Domain::Voice => voice,
            Domain::Music => InputSettings {
                seen_mfcc: Some(20),
                shape: false,
                phonation: false,
                dynamic_range_db: None,
                harmony: Some(HarmonyOptions::default()),
                summary: 2,
                window_frames: 516,
                ..voice
            },
        }
    }

    /// What files for music have before format 7: twenty MFCCs and no percussion.
    fn of_earlier_music() -> InputSettings {
        let ours = InputSettings::of(Domain::Music);
        InputSettings {
            mfcc: MfccOptions { n_mfcc: 20, ..ours.mfcc },
            seen_mfcc: None,
            harmony: ours.harmony.map(|harmony| HarmonyOptions { percussion: false, ..harmony }),
            ..ours
        }
    }

    /// What frames like these are for.
    pub fn domain(&self) -> Domain {
        if self.harmony.is_some() { Domain::Music } else { Domain::Voice }
    }

    /// What a voice's frames have besides MFCCs and shape.
    pub fn voice_options(&self) -> VoiceOptions {
        VoiceOptions { phonation: self.phonation, dynamic_range_db: self.dynamic_range_db }
    }

    /// Where what stands in a music frame; `None` for voices.
    pub fn music_columns(&self) -> Option<MusicColumns> {
        let of = |harmony: &HarmonyOptions| MusicColumns { n_mfcc: self.mfcc.n_mfcc, percussion: harmony.percussion };
        self.harmony.as_ref().map(of)
    }

    /// Values of a frame.
    pub fn columns(&self) -> usize {
        let of_voice = self.mfcc.n_mfcc + if self.shape { VoiceStream::n_extra(self.phonation) } else { 0 };
        self.music_columns().map_or(of_voice, MusicColumns::count)
    }

    /// Columns that are heard frame by frame, the first of a frame: all, but for the pitch classes, which only the summary reads. A song in
    /// another key is the same song. [Functionals](super::Functionals) are of these.
    pub fn heard_columns(&self) -> usize {
        self.columns() - if self.harmony.is_some() { N_CHROMA } else { 0 }
    }

    /// Which of the columns that are heard networks see: the first MFCCs, and what comes after the last.
    pub fn seen(&self) -> [std::ops::Range<usize>; 2] {
        let n_mfcc = self.mfcc.n_mfcc;
        [0..self.seen_mfcc.unwrap_or(n_mfcc), n_mfcc..self.heard_columns()]
    }

    /// How many columns networks see.
    pub fn seen_columns(&self) -> usize {
        self.seen().into_iter().map(|range| range.len()).sum()
    }

    /// Values of the summary of a stretch; 0 for voices.
    pub fn summary_len(&self) -> usize {
        match self.domain() {
            Domain::Voice => 0,
            Domain::Music => N_SUMMARY + if self.summary >= 2 { N_PATTERNS } else { 0 },
        }
    }

    /// The summary of a stretch of levelled frames; empty for voices.
    pub fn summary_of(&self, frames: &[f32]) -> Vec<f32> {
        let Some(columns) = self.music_columns() else { return Vec::new() };
        let mut values = summary(frames, columns).to_vec();
        if self.summary >= 2 {
            values.extend(patterns(frames, columns));
        }
        values
    }

    /// Seconds from one frame to the next.
    pub fn frame_s(&self) -> f64 {
        self.mfcc.hop_length as f64 / f64::from(self.mfcc.sample_rate)
    }

    /// Length of a window in seconds.
    pub fn window_s(&self) -> f64 {
        self.window_frames as f64 * self.frame_s()
    }

    /// Seconds from the start of a window to the start of the next.
    pub fn hop_s(&self) -> f64 {
        self.hop_frames as f64 * self.frame_s()
    }

    /// Level of a frame: the mean of its mel bands in dB, read off coefficient 0 of the orthonormal DCT.
    pub fn level_db(&self, frame: &[f32]) -> f32 {
        frame.first().copied().unwrap_or(f32::NEG_INFINITY) / (self.mfcc.n_mels as f32).sqrt()
    }

    /// Whether there is any sound in a frame.
    pub fn is_sound(&self, frame: &[f32]) -> bool {
        self.level_db(frame) >= self.silence_db
    }

    /// Refuses settings other than this build's.
    pub(super) fn check_is_ours(&self) -> Result<(), Error> {
        let ours = match &self.harmony {
            Some(HarmonyOptions { percussion: false, .. }) => InputSettings::of_earlier_music(),
            _ => InputSettings::of(self.domain()),
        };
        let differs = |field, expected: &dyn std::fmt::Debug, got: &dyn std::fmt::Debug| {
            Err(Error::Features { field, expected: format!("{expected:?}"), got: format!("{got:?}") })
        };
        if self.mfcc != ours.mfcc {
            return differs("mfcc", &ours.mfcc, &self.mfcc);
        }
        if self.seen_mfcc != ours.seen_mfcc {
            return differs("seen_mfcc", &ours.seen_mfcc, &self.seen_mfcc);
        }
        // A voice's frames come with the spectral shape or without it; both are ours.
        if self.shape && !ours.shape {
            return differs("shape", &ours.shape, &self.shape);
        }
        // And with phonation, which comes after the shape, or without it.
        if self.phonation && !(self.shape && ours.phonation) {
            return differs("phonation", &false, &self.phonation);
        }
        // And within our range of levels, or all the way down.
        if self.dynamic_range_db.is_some() && !(self.shape && self.dynamic_range_db == ours.dynamic_range_db) {
            return differs("dynamic_range_db", &ours.dynamic_range_db, &self.dynamic_range_db);
        }
        if !(1..=ours.summary).contains(&self.summary) {
            return differs("summary", &ours.summary, &self.summary);
        }
        if self.harmony != ours.harmony {
            return differs("harmony", &ours.harmony, &self.harmony);
        }
        if self.window_frames != ours.window_frames {
            return differs("window_frames", &ours.window_frames, &self.window_frames);
        }
        if self.hop_frames != ours.hop_frames {
            return differs("hop_frames", &ours.hop_frames, &self.hop_frames);
        }
        if self.trim_db != ours.trim_db {
            return differs("trim_db", &ours.trim_db, &self.trim_db);
        }
        if self.silence_db != ours.silence_db {
            return differs("silence_db", &ours.silence_db, &self.silence_db);
        }
        Ok(())
    }

    /// Frames `start..end` of `frames` (frame-major, [`InputSettings::columns`] each) that are left when the quiet ends are
    /// cut away, or `None` when all of it is silent.
    pub fn active(&self, frames: &[f32]) -> Option<std::ops::Range<usize>> {
        let levels = || frames.chunks_exact(self.columns()).map(|frame| self.level_db(frame));
        let loudest = levels().fold(f32::NEG_INFINITY, f32::max);
        // Also true when there is no frame at all.
        if loudest < self.silence_db {
            return None;
        }
        let audible = |level: f32| level >= loudest - self.trim_db;
        let start = levels().position(audible)?;
        let end = levels().rposition(audible)? + 1;
        Some(start..end)
    }

    /// What is left of `frames` within their [active part](Self::active), or `None` when all of it is silent.
    pub(crate) fn audible<'a>(&self, frames: &'a [f32]) -> Option<&'a [f32]> {
        Some(stretch(frames, self.columns(), self.active(frames)?))
    }
}

/// The rows `range` of frames that are `columns` values each.
#[expect(
    clippy::indexing_slicing,
    reason = "ranges are cut from the very frames that they are taken of; a stray one is a bug to be seen"
)]
pub(crate) fn stretch(frames: &[f32], columns: usize, range: std::ops::Range<usize>) -> &[f32] {
    &frames[range.start * columns..range.end * columns]
}

/// Takes the mean of coefficient 0 away from it: the loudness of the stretch.
pub fn level(frames: &mut [f32], columns: usize) {
    let n_frames = (frames.len() / columns).max(1);
    let mean = frames.iter().step_by(columns).map(|c0| f64::from(*c0)).sum::<f64>() / n_frames as f64;
    for c0 in frames.iter_mut().step_by(columns) {
        *c0 -= mean as f32;
    }
}
