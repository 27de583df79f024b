//! What every corpus comes down to: files, and what is known of each.

use std::path::PathBuf;

use super::ravdess::{self, VocalChannel};
use crate::mood::{MOOD_COUNT, Mood};
use crate::nets::Domain;

/// Kinds of voice in the order of the networks' outputs; music is one kind.
pub const fn voices(domain: Domain) -> &'static [&'static str] {
    match domain {
        Domain::Voice => &["sung", "spoken"],
        Domain::Music => &["music"],
    }
}

/// Position of spoken voices in [`voices`] of [`Domain::Voice`].
pub const SPOKEN: usize = 1;

/// What is known of a clip. Nothing of it need be.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Label {
    /// Shares of the moods, summing to 1; all 0 where no mood is known.
    pub moods: [f32; MOOD_COUNT],
    /// −1 … 1.
    pub valence: Option<f32>,
    /// −1 … 1.
    pub arousal: Option<f32>,
}

impl Label {
    /// A single mood.
    pub fn of(mood: Mood) -> Label {
        let mut label = Label::default();
        label.moods[mood.index()] = 1.0;
        label
    }

    /// The mood with the largest share, the first of equals; `None` where none is known.
    pub fn mood(&self) -> Option<Mood> {
        let (mood, share) = crate::mood::Scores(self.moods).top();
        (share > 0.0).then_some(mood)
    }
}

/// A clip on disk.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The file.
    pub path: PathBuf,
    /// What is known of it.
    pub label: Label,
    /// Position in [`voices`].
    pub voice: usize,
    /// Whoever sings, speaks or plays: all of one group stand on the same side of a split.
    pub group: String,
    /// A genre, where the corpus has them; empty otherwise.
    pub genre: String,
}

/// RAVDESS clips as items: groups are actors.
pub fn of_ravdess(clips: &[ravdess::Clip]) -> Vec<Item> {
    clips
        .iter()
        .map(|clip| Item {
            path: clip.path.clone(),
            label: Label::of(clip.mood),
            voice: match clip.channel {
                VocalChannel::Song => 0,
                VocalChannel::Speech => 1,
            },
            group: format!("actor {:02}", clip.actor),
            genre: String::new(),
        })
        .collect()
}
