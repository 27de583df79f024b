//! Clips ready to learn from: MFCC frames, what they are labelled, and which group no split may break.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::ravdess::{Clip as RavdessClip, VocalChannel};
use crate::audio::{SAMPLE_RATE, decode::decode};
use crate::features::Mfcc;
use crate::mood::Mood;
use crate::nets::InputSettings;

/// Kinds of voice, in the order of the networks' outputs.
pub const VOICES: [&str; 2] = ["sung", "spoken"];

/// A clip in memory.
#[derive(Debug, Clone)]
pub struct Clip {
    /// Where it was read.
    pub path: PathBuf,
    /// Frame-major MFCCs of the whole clip.
    pub frames: Vec<f32>,
    /// Frames left when the silent ends are cut away.
    pub active: std::ops::Range<usize>,
    /// Its label.
    pub mood: Mood,
    /// Position in [`VOICES`].
    pub voice: usize,
    /// Whoever sings or speaks: all of one group stand on the same side of a split.
    pub group: u32,
}

/// Clips that were read, and those that could not be.
#[derive(Debug, Default)]
pub struct Loaded {
    /// In the order of the list.
    pub clips: Vec<Clip>,
    /// Path and reason of every clip that was skipped.
    pub skipped: Vec<(PathBuf, String)>,
}

/// Decodes clips and computes their frames on all cores, in the order given. `progress` is called with the
/// number of clips done.
pub fn load(list: &[RavdessClip], settings: &InputSettings, progress: impl Fn(usize) + Sync) -> Loaded {
    let done = AtomicUsize::new(0);
    let read: Vec<Result<Clip, (PathBuf, String)>> = list
        .par_iter()
        .map(|item| {
            let clip = read(item, settings).map_err(|reason| (item.path.clone(), reason));
            progress(done.fetch_add(1, Ordering::Relaxed) + 1);
            clip
        })
        .collect();
    let mut loaded = Loaded::default();
    for clip in read {
        match clip {
            Ok(clip) => loaded.clips.push(clip),
            Err(skipped) => loaded.skipped.push(skipped),
        }
    }
    loaded
}

fn read(item: &RavdessClip, settings: &InputSettings) -> Result<Clip, String> {
    let pcm = decode(&item.path).and_then(|pcm| pcm.resampled(SAMPLE_RATE)).map_err(|error| error.to_string())?;
    let mut mfcc = Mfcc::new(&settings.mfcc).map_err(|error| error.to_string())?;
    let frames = mfcc.mfcc(pcm.samples()).into_data();
    let active = settings.active(&frames).ok_or("nothing can be heard in it")?;
    let voice = match item.channel {
        VocalChannel::Song => 0,
        VocalChannel::Speech => 1,
    };
    Ok(Clip { path: item.path.clone(), frames, active, mood: item.mood, voice, group: u32::from(item.actor) })
}

impl Clip {
    /// The frames that can be heard.
    pub fn audible(&self, n_mfcc: usize) -> &[f32] {
        &self.frames[self.active.start * n_mfcc..self.active.end * n_mfcc]
    }

    /// Position of the clip's label among the outputs of a network, `[voices × moods]`.
    pub fn output(&self) -> usize {
        self.voice * crate::mood::MOOD_COUNT + self.mood.index()
    }
}
