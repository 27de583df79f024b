//! What a network says of clips it has not learnt from.

use serde::{Deserialize, Serialize};

use super::clips::Clip;
use crate::classifier::mean;
use crate::classifier::windows::cut;
use crate::nets::input::stretch;
use crate::nets::{InputSettings, Model, Opinion, Reading, Tension, VoiceProfile, steadiness};

/// A network's outputs on one clip, cut into windows just as the classifier cuts a recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClipOutputs {
    /// Position of the clip in the corpus.
    pub clip: usize,
    /// For each window that can be heard: the frames heard, how much it counts (less where a sound is steady), and the raw outputs.
    pub windows: Vec<(usize, f32, Vec<f32>)>,
}

/// Judges a clip, given with its position in the corpus, as any voice or relative to one.
pub fn outputs(model: &Model, index: usize, clip: &Clip, voice: Option<&VoiceProfile>) -> ClipOutputs {
    let settings = &model.card().input;
    let stretches = stretches(clip, settings);
    let known = stretches.iter().zip(model.outputs(&stretches, voice));
    let window = |(frames, outputs): (&&[f32], Vec<f32>)| {
        (frames.len() / settings.columns(), steadiness::counts(frames, settings), outputs)
    };
    ClipOutputs { clip: index, windows: known.map(window).collect() }
}

/// What can be heard of the windows of a clip, cut just as the classifier cuts a recording.
pub fn stretches<'a>(clip: &'a Clip, settings: &InputSettings) -> Vec<&'a [f32]> {
    let columns = settings.columns();
    let sound: Vec<bool> = clip.frames.chunks_exact(columns).map(|frame| settings.is_sound(frame)).collect();
    let windows = cut(&sound, settings).into_iter();
    windows
        .filter(|window| window.counts)
        .filter_map(|window| settings.audible(stretch(&clip.frames, columns, window.frames)))
        .collect()
}

impl ClipOutputs {
    /// What is said of the clip: the mean over its windows, weighted by what was heard, as the classifier does it.
    pub fn opinion(&self, reading: &Reading) -> Opinion {
        let opinions: Vec<(Opinion, usize)> = self
            .windows
            .iter()
            .filter_map(|(weight, counts, outputs)| Some((Opinion::of(outputs, reading)?.weakened(*counts), *weight)))
            .collect();
        mean(opinions.iter().map(|(opinion, weight)| (opinion, *weight)), reading.tension)
    }
}

/// The mean of two networks' opinions.
pub fn both(a: &Opinion, b: &Opinion, tension: Tension) -> Opinion {
    mean([(a, 1), (b, 1)].into_iter(), tension)
}
