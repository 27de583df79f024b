//! Clips ready to learn from: frames, what they are labelled, and which group no split may break.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::corpus::{Item, Label};
use super::disturb::Disturbance;
use crate::audio::{Pcm, SAMPLE_RATE, decode::decode};
use crate::classifier::front::frames;
use crate::nets::input::stretch;
use crate::nets::{Functionals, Heard, InputSettings, Own, Spread, VoiceProfile};

/// A clip in memory.
#[derive(Debug, Clone)]
pub struct Clip {
    /// Where it was read.
    pub path: PathBuf,
    /// Frame-major features of the whole clip.
    pub frames: Vec<f32>,
    /// Frames left when the silent ends are cut away.
    pub active: std::ops::Range<usize>,
    /// The audible frames of the same recording disturbed, for each disturbance that it was meant to have.
    pub disturbed: Vec<Vec<f32>>,
    /// What is known of it.
    pub label: Label,
    /// Position among the kinds of voice.
    pub voice: usize,
    /// Whoever sings, speaks or plays: all of one group stand on the same side of a split.
    pub group: String,
    /// A genre, or empty.
    pub genre: String,
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
/// number of clips done. Each clip comes with the audible frames of the disturbed recordings of it that are learnt from.
pub fn load(list: &[Item], settings: &InputSettings, progress: impl Fn(usize) + Sync) -> Loaded {
    let done = AtomicUsize::new(0);
    let read: Vec<Result<Clip, (PathBuf, String)>> = list
        .par_iter()
        .enumerate()
        .map(|(index, item)| {
            let disturbed = Disturbance::to_learn_from(settings.domain(), index);
            let clip = read(item, settings, disturbed).map_err(|reason| (item.path.clone(), reason));
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
    join_duplicates(&mut loaded.clips);
    loaded
}

fn read(item: &Item, settings: &InputSettings, disturbed: &[Disturbance]) -> Result<Clip, String> {
    let pcm = decode(&item.path).map_err(|error| error.to_string())?;
    let frames = disturbed_frames(&pcm, settings, Disturbance::Clean)?;
    let active = settings.active(&frames).ok_or("nothing can be heard in it")?;
    let audible = |disturbance: &Disturbance| -> Result<Vec<f32>, String> {
        let frames = disturbed_frames(&pcm, settings, *disturbance)?;
        Ok(settings.audible(&frames).unwrap_or_default().to_vec())
    };
    let mut disturbed = disturbed.iter().map(audible).collect::<Result<Vec<_>, _>>()?;
    disturbed.retain(|frames| !frames.is_empty());
    let Item { path, label, voice, group, genre } = item.clone();
    Ok(Clip { path, frames, active, disturbed, label, voice, group, genre })
}

/// Decodes a file, disturbs it and computes its frames.
///
/// # Errors
/// What is wrong with the file, in words.
pub fn read_frames(path: &Path, settings: &InputSettings, disturbance: Disturbance) -> Result<Vec<f32>, String> {
    disturbed_frames(&decode(path).map_err(|error| error.to_string())?, settings, disturbance)
}

fn disturbed_frames(pcm: &Pcm, settings: &InputSettings, disturbance: Disturbance) -> Result<Vec<f32>, String> {
    let pcm = disturbance.apply(pcm).and_then(|pcm| pcm.resampled(SAMPLE_RATE));
    frames(settings, pcm.map_err(|error| error.to_string())?.samples()).map_err(|error| error.to_string())
}

/// Gives the same group to all clips of groups that share a recording, so that no split has one on both sides.
fn join_duplicates(clips: &mut [Clip]) {
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    let current = |renamed: &BTreeMap<String, String>, group: &str| {
        let mut group = group.to_owned();
        while let Some(other) = renamed.get(&group) {
            group.clone_from(other);
        }
        group
    };
    let mut first: BTreeMap<u64, String> = BTreeMap::new();
    for clip in &*clips {
        let group = current(&renamed, &clip.group);
        let known = first.entry(fingerprint(&clip.frames)).or_insert_with(|| group.clone());
        let other = current(&renamed, known);
        if other != group {
            renamed.insert(group, other);
        }
    }
    for clip in clips {
        clip.group = current(&renamed, &clip.group);
    }
}

fn fingerprint(frames: &[f32]) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    for value in frames {
        value.to_bits().hash(&mut hasher);
    }
    hasher.finish()
}

impl Clip {
    /// The frames that can be heard, `columns` values each.
    pub fn audible(&self, columns: usize) -> &[f32] {
        stretch(&self.frames, columns, self.active.clone())
    }
}

/// Whose voice it is, and which kind of voice: people sing otherwise than they speak.
pub fn voice_of(clip: &Clip) -> (String, usize) {
    (clip.group.clone(), clip.voice)
}

/// What can be learnt of each voice from clips, whatever their moods.
pub fn profiles<'a>(
    clips: impl Iterator<Item = &'a Clip>,
    settings: &InputSettings,
) -> BTreeMap<(String, usize), VoiceProfile> {
    let (columns, functionals) = (settings.columns(), Functionals::new(settings));
    let mut profiles = BTreeMap::new();
    for clip in clips {
        let profile = profiles.entry(voice_of(clip)).or_insert_with(|| VoiceProfile::new(columns));
        profile.learn(&Heard::new(clip.audible(columns)), &functionals, 1.0);
    }
    profiles
}

/// What each voice is taken relative to, by [`voice_of`].
pub type Owns = BTreeMap<(String, usize), Own>;

/// What each voice is taken relative to, all of its clips learnt.
pub fn owns(clips: &[&Clip], settings: &InputSettings, spread: &Spread) -> Owns {
    let profiles = profiles(clips.iter().copied(), settings).into_iter();
    profiles.map(|(voice, profile)| (voice, profile.relative_to(spread))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clip(group: &str, sound: f32) -> Clip {
        Clip {
            path: PathBuf::new(),
            frames: vec![sound; 4],
            active: 0..1,
            disturbed: Vec::new(),
            label: Label::default(),
            voice: 0,
            group: group.into(),
            genre: String::new(),
        }
    }

    #[test]
    fn a_recording_under_two_names_joins_their_groups() {
        let mut clips =
            [clip("a", 1.0), clip("b", 2.0), clip("c", 3.0), clip("b", 1.0), clip("c", 2.0), clip("d", 4.0)];
        join_duplicates(&mut clips);
        let groups: Vec<&str> = clips.iter().map(|clip| clip.group.as_str()).collect();
        assert_eq!(groups, ["a", "a", "a", "a", "a", "d"]);
    }
}
