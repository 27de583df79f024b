//! What every corpus comes down to: files, and what is known of each.

use std::path::PathBuf;

use super::ravdess::{self, VocalChannel};
use crate::mood::{MOOD_COUNT, Mood};
use crate::nets::{Domain, Tension};

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

    /// The shares that a network learns: where it tells fearful from angry by arousal, those of the two are one, called angry.
    pub fn learnt_as(&self, tension: Tension) -> [f32; MOOD_COUNT] {
        let mut moods = self.moods;
        if tension == Tension::ByArousal {
            moods[Mood::Angry.index()] += std::mem::take(&mut moods[Mood::Fearful.index()]);
        }
        moods
    }

    /// The mood with the largest share, the first of equals; `None` where none is known.
    pub fn mood(&self) -> Option<Mood> {
        let (mood, share) = crate::mood::Scores(self.moods).top();
        (share > 0.0).then_some(mood)
    }
}

/// How the labels of clips tell angry from fearful: by arousal, where arousal alone and without exception decides which of the two a
/// clip is called. A network then need not learn it twice.
pub fn tension<'a>(domain: Domain, labels: impl IntoIterator<Item = &'a Label>) -> Tension {
    let (mut angry, mut fearful) = (false, false);
    for label in labels {
        let [is_angry, is_fearful] = [Mood::Angry, Mood::Fearful].map(|mood| label.moods[mood.index()] > 0.0);
        let told = match label.arousal {
            _ if !is_angry && !is_fearful => true,
            Some(arousal) if arousal < 0.0 => !is_angry,
            Some(_) => !is_fearful,
            None => false,
        };
        if !told {
            return Tension::Apart;
        }
        angry |= is_angry;
        fearful |= is_fearful;
    }
    if domain == Domain::Music && angry && fearful { Tension::ByArousal } else { Tension::Apart }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn label(mood: Mood, arousal: impl Into<Option<f32>>) -> Label {
        Label { arousal: arousal.into(), ..Label::of(mood) }
    }

    #[test]
    fn tension_is_one_thing_only_where_arousal_decides_it_without_exception() {
        let emotify = [label(Mood::Angry, 0.2), label(Mood::Fearful, -0.1), label(Mood::Calm, None)];
        assert_eq!(tension(Domain::Music, &emotify), Tension::ByArousal);
        assert_eq!(tension(Domain::Voice, &emotify), Tension::Apart);
        for other in [label(Mood::Fearful, 0.3), label(Mood::Angry, -0.3), label(Mood::Angry, None)] {
            assert_eq!(tension(Domain::Music, emotify.iter().chain([&other])), Tension::Apart, "{other:?}");
        }
        // Of one of the two nothing can be learnt about the other.
        assert_eq!(tension(Domain::Music, &emotify[..1]), Tension::Apart);
        assert_eq!(tension(Domain::Music, []), Tension::Apart);
    }
}
