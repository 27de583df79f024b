//! A mood network with all that belongs to it: weights, normalisation, calibration, card.

use std::cell::OnceCell;

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};

use super::blocks::NetInput;
use super::card::{Kind, ModelCard, Tension, Widths};
use super::functionals::{Functionals, n_functionals};
use super::initial::{Blank, Initial, Random};
use super::input::{self, Domain, InputSettings, level};
use super::normalisation::Spread;
use super::plan::{MoodPlan, Stretch};
use super::steadiness;
use super::tensors::{self, Precision, Tensors};
use super::voice::VoiceProfile;
use super::{Error, MoodCnn, MoodRnn};
use crate::mood::{MOOD_COUNT, Mood, Scores};

/// Outputs after the moods of a network for music: valence and arousal.
pub const CIRCUMPLEX: usize = 2;

/// Sizes of what goes into a network and comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Values of a frame that the network sees.
    pub columns: usize,
    /// Values of a frame that functionals are of.
    pub heard: usize,
    /// Values of the summary.
    pub summary: usize,
    /// Logits, and valence and arousal where the network gives them.
    pub outputs: usize,
}

impl Sizes {
    /// Of a network for such frames and `voices` kinds of voice.
    pub fn of(input: &InputSettings, voices: usize) -> Sizes {
        let circumplex = match input.domain() {
            Domain::Voice => 0,
            Domain::Music => CIRCUMPLEX,
        };
        Sizes {
            columns: input.seen_columns(),
            heard: input.heard_columns(),
            summary: input.summary_len(),
            outputs: voices * MOOD_COUNT + circumplex,
        }
    }
}

/// Arousal this far from 0 makes tension wholly angry or wholly fearful. Within, the two share it, so that a hair more or less of arousal
/// moves no probability by much.
const BETWEEN_ANGRY_AND_FEARFUL: f32 = 0.03;

/// How a quantity lies among the clips that a network was taught with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Its mean.
    pub mean: f32,
    /// Its standard deviation, or what is taken for it where it hardly varies.
    pub deviation: f32,
}

impl Scale {
    /// A value in deviations from the mean.
    pub fn of(self, value: f32) -> f32 {
        (value - self.mean) / self.deviation
    }
}

/// Either of the two networks.
#[allow(clippy::large_enum_variant)] // There are two of them in a process, not thousands.
#[derive(Module, Debug)]
pub enum Network {
    /// Convolutions.
    Cnn(MoodCnn),
    /// Convolutions and an LSTM.
    Rnn(MoodRnn),
}

impl Network {
    /// A network with random weights.
    pub fn new(kind: Kind, widths: Widths, sizes: Sizes, device: &Device) -> Self {
        Network::of::<Random>(kind, widths, sizes, device)
    }

    fn of<I: Initial>(kind: Kind, widths: Widths, sizes: Sizes, device: &Device) -> Self {
        match kind {
            Kind::Cnn => Network::Cnn(MoodCnn::new::<I>(sizes, widths, device)),
            Kind::Rnn => Network::Rnn(MoodRnn::new::<I>(sizes, widths, device)),
        }
    }

    /// Logits, `[batch, voices · moods]`, moods fastest; for music, valence and arousal follow them.
    pub fn forward(&self, input: NetInput) -> Tensor<2> {
        match self {
            Network::Cnn(net) => net.forward(input),
            Network::Rnn(net) => net.forward(input),
        }
    }

    /// Parameters and running statistics by name.
    pub fn state(&self) -> Tensors {
        match self {
            Network::Cnn(net) => tensors::state(net),
            Network::Rnn(net) => tensors::state(net),
        }
    }

    /// A network that gives valence and arousal as multiples of their deviations, made to give them as they are: the head's last
    /// rows are scaled. It learns them on the scale on which its other outputs lie, so that one learning rate suits all of them. What a
    /// [head for functionals](super::FunctionalHead) adds stays as it is.
    ///
    /// # Errors
    /// When this network gives neither.
    pub fn with_circumplex_on(self, scales: [Scale; CIRCUMPLEX]) -> Result<Self, Error> {
        let mut state = self.state();
        for (name, moved) in [("head.weight", 0.0), ("head.bias", 1.0)] {
            let missing = || Error::MissingTensor { name: name.to_owned() };
            let tensor = state.get_mut(name).ok_or_else(missing)?;
            let outputs = tensor.shape.first().copied().filter(|outputs| *outputs > CIRCUMPLEX).ok_or_else(missing)?;
            let values = tensor.values.len() / outputs;
            let rows = tensor.values.chunks_exact_mut(values).skip(outputs - CIRCUMPLEX);
            for (row, scale) in rows.zip(scales) {
                row.iter_mut().for_each(|value| *value = *value * scale.deviation + moved * scale.mean);
            }
        }
        self.with_state(&state)
    }

    /// The same network with other weights.
    ///
    /// # Errors
    /// When names or shapes differ.
    pub fn with_state(self, state: &Tensors) -> Result<Self, Error> {
        Ok(match self {
            Network::Cnn(net) => Network::Cnn(tensors::load_state(net, state)?),
            Network::Rnn(net) => Network::Rnn(tensors::load_state(net, state)?),
        })
    }
}

/// How the outputs of a network are read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Kinds of voice that it tells apart.
    pub voices: usize,
    /// What logits are divided by.
    pub temperature: f32,
    /// How angry and fearful are told apart.
    pub tension: Tension,
}

/// What one network says of one stretch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Opinion {
    /// Calibrated probabilities.
    pub moods: Scores,
    /// Valence, −1 … 1. The moods' places on the circumplex, weighted, where the network does not give it itself.
    pub valence: f32,
    /// Arousal, −1 … 1, likewise.
    pub arousal: f32,
}

impl Opinion {
    /// Nothing is known.
    pub const NONE: Opinion = Opinion { moods: Scores::UNIFORM, valence: 0.0, arousal: 0.0 };

    /// The opinion where it counts only in part, from 1, as it is, to 0, [none](Self::NONE).
    pub(crate) fn weakened(self, counts: f32) -> Opinion {
        if counts >= 1.0 {
            return self;
        }
        let rest = 1.0 - counts;
        let mut moods = Scores::UNIFORM;
        moods.0.iter_mut().zip(self.moods.0).for_each(|(mood, known)| *mood = *mood * rest + known * counts);
        Opinion { moods, valence: self.valence * counts, arousal: self.arousal * counts }
    }

    /// Reads a network's outputs, `voices · moods` logits and perhaps valence and arousal. `None` when they are not numbers.
    pub fn of(outputs: &[f32], reading: &Reading) -> Option<Opinion> {
        let (logits, circumplex) = outputs.split_at_checked(reading.voices * MOOD_COUNT)?;
        let moods = calibrated(logits, reading.temperature)?;
        let (valence, arousal) = match *circumplex {
            [valence, arousal] if valence.is_finite() && arousal.is_finite() => {
                (valence.clamp(-1.0, 1.0), arousal.clamp(-1.0, 1.0))
            }
            [] => moods.circumplex(),
            _ => return None,
        };
        Some(Opinion { moods, valence, arousal }.telling(reading.tension))
    }

    /// The same with angry and fearful told apart in such a way. A mean of opinions has to be told again: its parts may lie on both
    /// sides of an arousal of 0, and tension is one thing. Where nothing is known, nothing is told apart.
    pub(crate) fn telling(self, tension: Tension) -> Opinion {
        if tension == Tension::Apart || self == Opinion::NONE {
            return self;
        }
        let tense = self.moods.get(Mood::Angry) + self.moods.get(Mood::Fearful);
        let angry = tense * (0.5 + self.arousal / (2.0 * BETWEEN_ANGRY_AND_FEARFUL)).clamp(0.0, 1.0);
        Opinion { moods: self.moods.with(Mood::Angry, angry).with(Mood::Fearful, tense - angry), ..self }
    }
}

/// A loaded model file.
#[derive(Debug, Clone)]
pub struct Model {
    card: ModelCard,
    network: Network,
    plan: MoodPlan,
    /// Where there is a head for them.
    functionals: Option<Functionals>,
    parameters: usize,
}

impl Model {
    /// A model of its parts.
    pub fn new(card: ModelCard, network: Network) -> Model {
        let parameters = network.num_params();
        let plan = MoodPlan::of(&network, card.input.window_frames);
        let functionals = card.widths.functionals.then(|| Functionals::new(&card.input));
        Model { card, network, plan, functionals, parameters }
    }

    /// Reads a model file (safetensors with the metadata of [`ModelCard`]) onto `device`.
    ///
    /// # Errors
    /// When the file is damaged, or says of itself that it is not what this build runs; see [`Error`].
    pub fn load(bytes: &[u8], device: &Device) -> Result<Model, Error> {
        let (tensors, metadata) = tensors::read(bytes)?;
        let card = ModelCard::from_metadata(&metadata)?;
        let network = Network::of::<Blank>(card.kind, card.widths, card.sizes(), device);
        Ok(Model::new(card, network.with_state(&tensors)?))
    }

    /// Writes the model file.
    ///
    /// # Errors
    /// [`Error::NotFinite`] when a weight is not a number.
    pub fn save(&self, precision: Precision) -> Result<Vec<u8>, Error> {
        tensors::write(&self.network.state(), self.card.to_metadata(), precision)
    }

    /// What the file says of itself.
    pub fn card(&self) -> &ModelCard {
        &self.card
    }

    /// The network as a burn module; [`Model::outputs`] runs its [plan](super::plan).
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Number of parameters, running statistics included.
    pub fn parameters(&self) -> usize {
        self.parameters
    }

    /// Opinions on a batch of stretches. `None` where the network gave something that is
    /// not a number, which finite weights and frames do not lead to. With a `voice`, frames are taken relative to it. Of a sound that stays as it
    /// is, networks for music know little.
    pub fn opinions(&self, stretches: &[Heard], voice: Option<&VoiceProfile>) -> Vec<Option<Opinion>> {
        let reading = self.card.reading(voice.map_or(0.0, VoiceProfile::known));
        let outputs = self.run(stretches, voice);
        let opinions = outputs.chunks_exact(self.n_outputs()).map(|outputs| Opinion::of(outputs, &reading));
        let judged = opinions.zip(stretches);
        judged.map(|(opinion, heard)| Some(opinion?.weakened(heard.counts(&self.card.input)))).collect()
    }

    /// Raw outputs for a batch of stretches of frames, each frame-major and already cut to its
    /// [active part](super::InputSettings::active): `voices · moods` logits for each, moods fastest; for music, valence and arousal.
    pub fn outputs(&self, stretches: &[&[f32]], voice: Option<&VoiceProfile>) -> Vec<Vec<f32>> {
        let stretches: Vec<Heard> = stretches.iter().map(|frames| Heard::new(frames)).collect();
        self.run(&stretches, voice).chunks_exact(self.n_outputs()).map(<[f32]>::to_vec).collect()
    }

    fn n_outputs(&self) -> usize {
        self.card.sizes().outputs
    }

    /// Outputs for stretches, one after the other.
    fn run(&self, stretches: &[Heard], voice: Option<&VoiceProfile>) -> Vec<f32> {
        if stretches.is_empty() {
            return Vec::new();
        }
        let general = &self.card.normalisation;
        let own = voice.map(|voice| voice.relative_to(general));
        let scaled = own.as_ref().map(|own| Spread { frames: own.frames.clone(), ..general.clone() });
        let spread = scaled.as_ref().unwrap_or(general);
        let settings = &self.card.input;
        let stretch = |heard: &Heard| {
            let stretch = prepared(heard.frames, spread, settings);
            match &self.functionals {
                Some(functionals) => Stretch { functionals: heard.functionals(functionals).to_vec(), ..stretch },
                None => stretch,
            }
        };
        let stretches: Vec<Stretch> = stretches.iter().map(stretch).collect();
        self.plan.forward(&stretches, own.as_ref())
    }
}

/// What can be heard of a window, for any number of networks to judge.
#[derive(Debug, Clone)]
pub struct Heard<'a> {
    /// Frame-major, cut to its [active part](super::InputSettings::active).
    frames: &'a [f32],
    /// Measured once, when the first network asks.
    functionals: OnceCell<Vec<f32>>,
    /// The same of [how much](steadiness::counts) an opinion on it counts.
    counts: OnceCell<f32>,
}

impl<'a> Heard<'a> {
    /// Of a stretch of frames.
    pub fn new(frames: &'a [f32]) -> Heard<'a> {
        Heard { frames, functionals: OnceCell::new(), counts: OnceCell::new() }
    }

    /// The frames.
    pub fn frames(&self) -> &'a [f32] {
        self.frames
    }

    /// How much an opinion on it counts.
    fn counts(&self, settings: &InputSettings) -> f32 {
        *self.counts.get_or_init(|| steadiness::counts(self.frames, settings))
    }

    /// Its functionals.
    pub fn functionals(&self, functionals: &Functionals) -> &[f32] {
        self.functionals.get_or_init(|| functionals.of(self.frames))
    }
}

/// Softmax of logits divided by a temperature, then the probabilities of a mood added up over the kinds of
/// voice. `logits` are `[voices × moods]`, moods fastest; `None` when they are not numbers.
pub fn calibrated(logits: &[f32], temperature: f32) -> Option<Scores> {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut moods = [0.0; MOOD_COUNT];
    for voice in logits.chunks_exact(MOOD_COUNT) {
        for (sum, logit) in moods.iter_mut().zip(voice) {
            *sum += ((logit - highest) / temperature).exp();
        }
    }
    let total: f32 = moods.iter().sum();
    (total.is_finite() && total > 0.0).then_some(Scores(moods.map(|sum| sum / total)))
}

/// Levels and z-scores a stretch of frames, with its summary where the settings have one. What is longer than a window is cut at
/// its end.
pub fn prepared(stretch: &[f32], spread: &Spread, settings: &InputSettings) -> Stretch {
    let (columns, seen) = (settings.columns(), settings.seen_columns());
    let n_frames = (stretch.len() / columns).min(settings.window_frames);
    let mut frames = input::stretch(stretch, columns, 0..n_frames).to_vec();
    level(&mut frames, columns);
    let mut known = settings.summary_of(&frames);
    if !known.is_empty() {
        spread.summary.apply(&mut known);
    }
    spread.frames.apply(&mut frames);
    if seen < columns {
        let mut place = 0;
        for frame in 0..n_frames {
            for range in settings.seen() {
                frames.copy_within(frame * columns + range.start..frame * columns + range.end, place);
                place += range.len();
            }
        }
        frames.truncate(place);
    }
    Stretch { frames, summary: known, functionals: Vec::new() }
}

/// Pads stretches, each [prepared], into one batch of windows for a burn module.
pub fn batch(stretches: &[&[f32]], spread: &Spread, settings: &InputSettings, device: &Device) -> NetInput {
    let (count, seen, window_frames) = (stretches.len(), settings.seen_columns(), settings.window_frames);
    let mut frames = vec![0.0f32; seen * count * window_frames];
    let mut mask = vec![0.0f32; count * window_frames];
    let mut summaries = Vec::new();
    for (row, (stretch, mask)) in stretches.iter().zip(mask.chunks_exact_mut(window_frames)).enumerate() {
        let Stretch { frames: known, summary, .. } = prepared(stretch, spread, settings);
        for (column, of_column) in frames.chunks_exact_mut(count * window_frames).enumerate() {
            let values = known.iter().skip(column).step_by(seen);
            of_column.iter_mut().skip(row * window_frames).zip(values).for_each(|(place, value)| *place = *value);
        }
        mask.iter_mut().take(known.len() / seen).for_each(|known| *known = 1.0);
        summaries.extend(summary);
    }
    let padded = mask.contains(&0.0);
    let frames = Tensor::<3>::from_data(TensorData::new(frames, [seen, count, window_frames]), device);
    let mask = padded.then(|| Tensor::<3>::from_data(TensorData::new(mask, [1, count, window_frames]), device));
    let values = settings.summary_len();
    let summary = (values > 0).then(|| Tensor::<2>::from_data(TensorData::new(summaries, [count, values]), device));
    NetInput { frames, mask, summary, voices: None, functionals: None }
}

/// The [functionals](Functionals) of stretches, for a burn module with a head for them.
pub fn functionals_of(stretches: &[&[f32]], settings: &InputSettings, device: &Device) -> Tensor<2> {
    let functionals = Functionals::new(settings);
    let values: Vec<f32> = stretches.iter().flat_map(|stretch| functionals.of(stretch)).collect();
    let shape = [stretches.len(), n_functionals(settings.heard_columns())];
    Tensor::from_data(TensorData::new(values, shape), device)
}
