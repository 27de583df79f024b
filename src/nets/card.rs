//! What a model file says of itself: the metadata map beside the weights.
//!
//! Every field is a string in the safetensors metadata; those that are not plain text hold JSON. Any
//! language that reads safetensors can read them.

use std::collections::{BTreeMap, HashMap};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Error;
use super::input::{Domain, InputSettings};
use super::model::{Reading, Sizes};
use super::normalisation::Spread;
use crate::mood::Mood;

/// Version of the file format that this build writes.
pub const FORMAT_VERSION: u32 = 9;

/// The oldest version that this build reads: what later ones added is optional.
const OLDEST_VERSION: u32 = 2;

/// Which built-in network the weights belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Convolutions over time ([`super::MoodCnn`]).
    Cnn,
    /// Convolutions, then a bidirectional LSTM ([`super::MoodRnn`]).
    Rnn,
}

impl Kind {
    /// Both.
    pub const ALL: [Kind; 2] = [Kind::Cnn, Kind::Rnn];

    /// The architecture's name in the file.
    pub const fn architecture(self) -> &'static str {
        match self {
            Kind::Cnn => "mood-cnn",
            Kind::Rnn => "mood-rnn",
        }
    }

    /// `cnn` or `rnn`.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Cnn => "cnn",
            Kind::Rnn => "rnn",
        }
    }
}

/// Widths of a network's layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Widths {
    /// Channels of every convolution.
    pub channels: usize,
    /// Hidden units of the LSTM, each direction; 0 for a CNN.
    pub hidden: usize,
    /// Units of the hidden layer on the statistics of a window; 0 where they go to the last layer as they are.
    #[serde(default)]
    pub statistics: usize,
    /// Whether the convolutions of a CNN are given each frame a second time, relative to the mean of its window.
    #[serde(default)]
    pub relative: bool,
    /// Whether a network for voices has a [head](super::VoiceHead) for those that were learnt.
    #[serde(default)]
    pub voice: bool,
    /// Whether the network has a [head](super::FunctionalHead) for the functionals of a stretch; where `voice` is set, for those relative to a
    /// learnt voice too.
    #[serde(default)]
    pub functionals: bool,
}

/// How logits become probabilities one can rely on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Logits are divided by this before the softmax; found on voices held out of training.
    pub temperature: f32,
    /// The temperature for a voice that is known wholly, found on voices that were learnt; `None` where it is the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learnt_temperature: Option<f32>,
    /// A verdict of both networks together is called sure from this probability on.
    pub sure_above: f32,
}

impl Default for Calibration {
    fn default() -> Self {
        Calibration { temperature: 1.0, learnt_temperature: None, sure_above: 0.5 }
    }
}

impl Calibration {
    /// The temperature for a voice of which `known` is known, from 0 to 1 ([`VoiceProfile::known`](super::VoiceProfile::known)). A
    /// [head](super::VoiceHead) that joins in makes logits larger by as much, so it is the logarithm that moves evenly.
    pub fn temperature_at(&self, known: f32) -> f32 {
        match self.learnt_temperature {
            Some(learnt) if known > 0.0 => self.temperature * (learnt / self.temperature).powf(known),
            _ => self.temperature,
        }
    }
}

/// How a network tells an angry mood from a fearful one. Both are tense, and listeners of music are often asked for tension alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tension {
    /// Each has an output of its own.
    #[default]
    Apart,
    /// The output of “angry” is that of any tension; it is fearful where the network's arousal is below 0. Within 0.03 of it, both in part.
    ByArousal,
}

/// The metadata of a mood network's weights.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelCard {
    /// Name shown to people, such as “songmood CNN”.
    pub name: String,
    /// Which network.
    pub kind: Kind,
    /// Its layers' widths.
    pub widths: Widths,
    /// Kinds of voice that the output layer tells apart besides the moods, in its order: the logits are
    /// `[voices × moods]`, moods fastest. A network for music has one, and gives valence and arousal after the moods.
    pub voices: Vec<String>,
    /// How angry and fearful are told apart.
    pub tension: Tension,
    /// What the input frames are.
    pub input: InputSettings,
    /// Mean and spread of the inputs over the training set.
    pub normalisation: Spread,
    /// Temperature and the threshold of “sure”.
    pub calibration: Calibration,
    /// The data in words.
    pub trained_on: String,
    /// The weights' licence.
    pub licence: String,
    /// Measured scores by name, such as `song UAR (unseen singers)`.
    pub scores: BTreeMap<String, f64>,
}

/// The eight labels in the order in which every network gives them.
pub fn labels() -> Vec<String> {
    Mood::ALL.map(|mood| mood.name().to_owned()).to_vec()
}

impl ModelCard {
    /// What the network was made for.
    pub fn domain(&self) -> Domain {
        self.input.domain()
    }

    /// Sizes of what goes in and comes out.
    pub fn sizes(&self) -> Sizes {
        Sizes::of(&self.input, self.voices.len())
    }

    /// How outputs become opinions, for a voice of which `known` is known, from 0 to 1.
    pub fn reading(&self, known: f32) -> Reading {
        let temperature = self.calibration.temperature_at(known);
        Reading { voices: self.voices.len(), temperature, tension: self.tension }
    }

    /// The metadata map to write into a file.
    pub fn to_metadata(&self) -> HashMap<String, String> {
        // Serialising plain structs of numbers and strings cannot fail.
        let json = |value: serde_json::Result<String>| value.unwrap_or_default();
        HashMap::from([
            ("format".into(), FORMAT_VERSION.to_string()),
            ("name".into(), self.name.clone()),
            ("architecture".into(), self.kind.architecture().into()),
            ("widths".into(), json(serde_json::to_string(&self.widths))),
            ("labels".into(), json(serde_json::to_string(&labels()))),
            ("voices".into(), json(serde_json::to_string(&self.voices))),
            ("tension".into(), json(serde_json::to_string(&self.tension))),
            ("input".into(), json(serde_json::to_string(&self.input))),
            ("normalisation".into(), json(serde_json::to_string(&self.normalisation))),
            ("calibration".into(), json(serde_json::to_string(&self.calibration))),
            ("trained_on".into(), self.trained_on.clone()),
            ("licence".into(), self.licence.clone()),
            ("scores".into(), json(serde_json::to_string(&self.scores))),
        ])
    }

    /// Reads and checks a file's metadata map.
    ///
    /// # Errors
    /// One of [`Error`]'s variants for anything that this build does not compute in the same way.
    pub fn from_metadata(metadata: &HashMap<String, String>) -> Result<ModelCard, Error> {
        let version = text(metadata, "format")?;
        if !(OLDEST_VERSION..=FORMAT_VERSION).any(|known| version == known.to_string()) {
            return Err(Error::Version { oldest: OLDEST_VERSION, newest: FORMAT_VERSION, got: version });
        }
        let architecture = text(metadata, "architecture")?;
        let kind = Kind::ALL
            .into_iter()
            .find(|kind| kind.architecture() == architecture)
            .ok_or(Error::Architecture { expected: "mood-cnn or mood-rnn", got: architecture })?;
        let got: Vec<String> = json(metadata, "labels")?;
        if got != labels() {
            return Err(Error::Labels { expected: labels(), got });
        }
        let card = ModelCard {
            name: text(metadata, "name")?,
            kind,
            widths: json(metadata, "widths")?,
            voices: json(metadata, "voices")?,
            // Files before format 5 say nothing of it.
            tension: match metadata.contains_key("tension") {
                true => json(metadata, "tension")?,
                false => Tension::default(),
            },
            input: json(metadata, "input")?,
            normalisation: json(metadata, "normalisation")?,
            calibration: json(metadata, "calibration")?,
            trained_on: text(metadata, "trained_on")?,
            licence: text(metadata, "licence")?,
            scores: json(metadata, "scores")?,
        };
        card.check()?;
        Ok(card)
    }

    /// Numbers that parse can still make no sense; a width is also a size to allocate.
    fn check(&self) -> Result<(), Error> {
        self.input.check_is_ours()?;
        self.normalisation.check(self.input.columns(), self.sizes().summary)?;
        let Widths { channels, hidden, statistics, .. } = self.widths;
        let too_wide = hidden > 1024 || statistics > 1024;
        if !(1..=1024).contains(&channels) || too_wide || (self.kind == Kind::Rnn && hidden == 0) {
            let got = format!("{channels} channels, {hidden} and {statistics} hidden units");
            return Err(Error::OutOfRange { name: "widths", expected: "1 to 1024", got });
        }
        // A head for a learnt voice is told what variation is usual; music has no voice.
        let without = self.domain() == Domain::Music || self.normalisation.variation.is_empty();
        if self.widths.voice && without {
            let got = format!("{} with {} values", self.domain().name(), self.normalisation.variation.len());
            return Err(Error::OutOfRange { name: "normalisation.variation", expected: "that of voices", got });
        }
        if !(1..=16).contains(&self.voices.len()) {
            let got = self.voices.len().to_string();
            return Err(Error::OutOfRange { name: "number of voices", expected: "1 to 16", got });
        }
        if self.tension == Tension::ByArousal && self.domain() != Domain::Music {
            let got = self.domain().name().to_owned();
            return Err(Error::OutOfRange {
                name: "domain of a network with tension by arousal",
                expected: "music",
                got,
            });
        }
        let Calibration { temperature, learnt_temperature, sure_above } = self.calibration;
        for temperature in [Some(temperature), learnt_temperature].into_iter().flatten() {
            if !(0.01..=100.0).contains(&temperature) {
                let got = temperature.to_string();
                return Err(Error::OutOfRange { name: "temperature", expected: "0.01 to 100", got });
            }
        }
        if !(0.0..=1.0).contains(&sure_above) {
            let got = sure_above.to_string();
            return Err(Error::OutOfRange { name: "sure_above", expected: "0 to 1", got });
        }
        Ok(())
    }
}

fn text(metadata: &HashMap<String, String>, field: &'static str) -> Result<String, Error> {
    metadata.get(field).cloned().ok_or(Error::MissingMetadata { field })
}

fn json<T: DeserializeOwned>(metadata: &HashMap<String, String>, field: &'static str) -> Result<T, Error> {
    serde_json::from_str(&text(metadata, field)?)
        .map_err(|error| Error::BadMetadata { field, reason: error.to_string() })
}
