//! How held-out clips come to a network: as they are, after their voice was learnt, or disturbed.

use std::collections::BTreeMap;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::clips::{Clip, profiles, read_frames, voice_of};
use super::disturb::Disturbance;
use super::predict::{ClipOutputs, outputs};
use crate::nets::{Domain, InputSettings, Model, VoiceProfile};

/// What is done before a clip is judged.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Condition {
    /// Nothing: a voice or a song that the network knows nothing of.
    AsItIs,
    /// A minute of the voice was learnt: as many of its clips, drawn at random and without their labels, as make a minute.
    MinuteLearnt,
    /// All of the voice's clips were learnt, without their labels.
    VoiceLearnt,
    /// The recording was disturbed.
    Disturbed(Disturbance),
}

/// How much of a voice is learnt in [`Condition::MinuteLearnt`], in seconds of sound.
const MINUTE_S: f64 = 60.0;

impl Condition {
    /// Those that a domain's networks are measured under. Disturbing takes long.
    pub fn of(domain: Domain, disturbed: bool) -> Vec<Condition> {
        let mut conditions = vec![Condition::AsItIs];
        if domain == Domain::Voice {
            conditions.extend([Condition::MinuteLearnt, Condition::VoiceLearnt]);
        }
        if disturbed {
            let disturbances = Disturbance::ALL.into_iter().filter(|disturbance| *disturbance != Disturbance::Clean);
            conditions.extend(disturbances.map(Condition::Disturbed));
        }
        conditions
    }

    /// Whether voices are known.
    pub fn is_learnt(self) -> bool {
        matches!(self, Condition::MinuteLearnt | Condition::VoiceLearnt)
    }

    /// What a network says of held-out clips, given by their positions in the corpus. A clip that can no longer be read is left out.
    pub fn outputs(self, model: &Model, clips: &[Clip], held_out: &[usize]) -> Vec<ClipOutputs> {
        let settings = &model.card().input;
        let every = held_out.iter().map(|index| (*index, &clips[*index]));
        let disturbed = |(index, clip): (usize, &Clip), disturbance| {
            let frames = read_frames(&clip.path, settings, disturbance).ok()?;
            Some(outputs(model, index, &Clip { frames, ..clip.clone() }, None))
        };
        match self {
            Condition::Disturbed(disturbance) => every.filter_map(|clip| disturbed(clip, disturbance)).collect(),
            _ => {
                let voices = self.voices(clips, held_out, settings);
                every.map(|(index, clip)| outputs(model, index, clip, voices.get(&voice_of(clip)))).collect()
            }
        }
    }

    /// What is known of the voices of held-out clips.
    pub fn voices(
        self,
        clips: &[Clip],
        held_out: &[usize],
        settings: &InputSettings,
    ) -> BTreeMap<(String, usize), VoiceProfile> {
        let columns = settings.columns();
        let every = held_out.iter().map(|index| &clips[*index]);
        match self {
            Condition::AsItIs | Condition::Disturbed(_) => BTreeMap::new(),
            Condition::VoiceLearnt => profiles(every, settings),
            Condition::MinuteLearnt => {
                profiles(a_minute_of_each(every, columns, settings.frame_s()).into_iter(), settings)
            }
        }
    }
}

/// Clips of every voice, drawn at random, that together sound for a minute. The same clips give the same draw.
fn a_minute_of_each<'a>(clips: impl Iterator<Item = &'a Clip>, columns: usize, frame_s: f64) -> Vec<&'a Clip> {
    let mut clips: Vec<&Clip> = clips.collect();
    clips.shuffle(&mut ChaCha8Rng::seed_from_u64(0));
    let mut heard_s: BTreeMap<(String, usize), f64> = BTreeMap::new();
    clips.retain(|clip| {
        let heard_s = heard_s.entry(voice_of(clip)).or_default();
        let wanted = *heard_s < MINUTE_S;
        *heard_s += (clip.audible(columns).len() / columns) as f64 * frame_s;
        wanted
    });
    clips
}
