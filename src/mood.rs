//! The eight moods, their order, and where they lie on the valence–arousal plane.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Number of moods, the length of every score vector.
pub const MOOD_COUNT: usize = 8;

/// A mood. The order is RAVDESS's own (codes 01 … 08) and the order of every score vector here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mood {
    Neutral,
    Calm,
    Happy,
    Sad,
    Angry,
    Fearful,
    Disgust,
    Surprised,
}

/// A text is not the name of a mood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{name}” is not a mood; the moods are {}", Mood::ALL.map(Mood::name).join(", "))]
#[non_exhaustive]
pub struct UnknownMood {
    /// What was given instead.
    pub name: String,
}

impl Mood {
    /// All moods in their order.
    pub const ALL: [Mood; MOOD_COUNT] =
        [Mood::Neutral, Mood::Calm, Mood::Happy, Mood::Sad, Mood::Angry, Mood::Fearful, Mood::Disgust, Mood::Surprised];

    /// Position in [`Mood::ALL`] and in every score vector.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The mood's lower-case English name, as it stands in files and in JavaScript.
    pub const fn name(self) -> &'static str {
        match self {
            Mood::Neutral => "neutral",
            Mood::Calm => "calm",
            Mood::Happy => "happy",
            Mood::Sad => "sad",
            Mood::Angry => "angry",
            Mood::Fearful => "fearful",
            Mood::Disgust => "disgust",
            Mood::Surprised => "surprised",
        }
    }

    /// The mood's place on the circumplex as `(valence, arousal)`, each in −1 … 1.
    ///
    /// Read off Russell, *A circumplex model of affect* (1980), figure 4, to one decimal; “neutral” is the
    /// origin by definition, “disgust” (not in that figure) lies with “distressed”/“annoyed” as in
    /// Russell & Barrett (1999), figure 1. These are places of words, not measurements of a voice.
    pub const fn circumplex(self) -> (f32, f32) {
        match self {
            Mood::Neutral => (0.0, 0.0),
            Mood::Calm => (0.7, -0.6),
            Mood::Happy => (0.9, 0.2),
            Mood::Sad => (-0.8, -0.4),
            Mood::Angry => (-0.4, 0.8),
            Mood::Fearful => (-0.2, 0.8),
            Mood::Disgust => (-0.7, 0.4),
            Mood::Surprised => (0.3, 0.9),
        }
    }
}

impl fmt::Display for Mood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Mood {
    type Err = UnknownMood;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Mood::ALL.into_iter().find(|mood| mood.name() == text).ok_or_else(|| UnknownMood { name: text.to_owned() })
    }
}

/// One probability for each mood, in the order of [`Mood::ALL`]; they sum to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scores(pub [f32; MOOD_COUNT]);

impl Scores {
    /// No opinion: every mood is as likely as any other.
    pub const UNIFORM: Scores = Scores([1.0 / MOOD_COUNT as f32; MOOD_COUNT]);

    /// The probability of `mood`.
    #[expect(clippy::indexing_slicing, reason = "`Mood::index` counts the moods, and there is a score for each")]
    pub fn get(&self, mood: Mood) -> f32 {
        self.0[mood.index()]
    }

    /// The same with another probability for `mood`.
    #[expect(clippy::indexing_slicing, reason = "as in `get`")]
    pub(crate) fn with(mut self, mood: Mood, probability: f32) -> Scores {
        self.0[mood.index()] = probability;
        self
    }

    /// The likeliest mood and its probability; of equals, the first in the order of [`Mood::ALL`].
    pub fn top(&self) -> (Mood, f32) {
        let mut best = (Mood::Neutral, f32::NEG_INFINITY);
        for (mood, probability) in Mood::ALL.into_iter().zip(self.0) {
            if probability > best.1 {
                best = (mood, probability);
            }
        }
        best
    }

    /// The same among some of the moods only: the others at 0, the sum at 1.
    pub fn among(&self, moods: &[Mood]) -> Scores {
        let scores = Mood::ALL.map(|mood| if moods.contains(&mood) { self.get(mood) } else { 0.0 });
        let total: f32 = scores.iter().sum();
        if total > 0.0 { Scores(scores.map(|score| score / total)) } else { *self }
    }

    /// Expected `(valence, arousal)`: the moods' places on the circumplex, weighted by probability.
    pub fn circumplex(&self) -> (f32, f32) {
        let mut expected = (0.0, 0.0);
        for (mood, probability) in Mood::ALL.into_iter().zip(self.0) {
            let (valence, arousal) = mood.circumplex();
            expected.0 += probability * valence;
            expected.1 += probability * arousal;
        }
        expected
    }

    /// Moods with their probabilities, in the order of [`Mood::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Mood, f32)> {
        Mood::ALL.into_iter().zip(self.0)
    }
}

/// Written as a map from mood to probability: `{"neutral": 0.1, …}`.
impl Serialize for Scores {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(mood, p)| (mood.name(), p)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_in_order() {
        for (index, mood) in Mood::ALL.into_iter().enumerate() {
            assert_eq!(mood.index(), index);
            assert_eq!(mood.name().parse::<Mood>(), Ok(mood));
        }
        let refused = "joyful".parse::<Mood>().unwrap_err();
        assert!(refused.to_string().contains("the moods are neutral, calm"));
    }

    #[test]
    fn the_first_of_equals_is_on_top_and_uniform_lies_near_the_origin() {
        assert_eq!(Scores::UNIFORM.top(), (Mood::Neutral, 0.125));
        let (valence, arousal) = Scores::UNIFORM.circumplex();
        assert!(valence.abs() < 0.2 && arousal.abs() < 0.4);
    }
}
