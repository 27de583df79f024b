//! A mood network with all that belongs to it: weights, normalisation, calibration, card.

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};

use super::blocks::NetInput;
use super::card::{Kind, ModelCard, Widths};
use super::input::{Normalisation, level};
use super::tensors::{self, Precision, Tensors};
use super::{Error, MoodCnn, MoodRnn};
use crate::mood::{MOOD_COUNT, Scores};

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
    /// A network with random weights for `n_mfcc` coefficients and `voices` kinds of voice.
    pub fn new(kind: Kind, widths: Widths, n_mfcc: usize, voices: usize, device: &Device) -> Self {
        let outputs = voices * MOOD_COUNT;
        match kind {
            Kind::Cnn => Network::Cnn(MoodCnn::new(n_mfcc, widths.channels, outputs, device)),
            Kind::Rnn => Network::Rnn(MoodRnn::new(n_mfcc, widths.channels, widths.hidden, outputs, device)),
        }
    }

    /// Logits, `[batch, voices · moods]`, moods fastest.
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

/// A loaded model file.
#[derive(Debug, Clone)]
pub struct Model {
    card: ModelCard,
    network: Network,
    parameters: usize,
    device: Device,
}

impl Model {
    /// A model of its parts.
    pub fn new(card: ModelCard, network: Network, device: &Device) -> Model {
        let parameters = network.num_params();
        Model { card, network, parameters, device: device.clone() }
    }

    /// Reads a model file (safetensors with the metadata of [`ModelCard`]) onto `device`.
    ///
    /// # Errors
    /// When the file is damaged, or says of itself that it is not what this build runs; see [`Error`].
    pub fn load(bytes: &[u8], device: &Device) -> Result<Model, Error> {
        let (tensors, metadata) = tensors::read(bytes)?;
        let card = ModelCard::from_metadata(&metadata)?;
        let network = Network::new(card.kind, card.widths, card.input.mfcc.n_mfcc, card.voices.len(), device);
        Ok(Model::new(card, network.with_state(&tensors)?, device))
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

    /// Number of parameters, running statistics included.
    pub fn parameters(&self) -> usize {
        self.parameters
    }

    /// Calibrated probabilities for a batch of stretches of MFCC frames, each frame-major and already cut to
    /// its [active part](super::InputSettings::active). `None` where the network gave something that is
    /// not a number, which finite weights and frames do not lead to.
    pub fn scores(&self, stretches: &[&[f32]]) -> Vec<Option<Scores>> {
        let temperature = self.card.calibration.temperature;
        self.logits(stretches).iter().map(|logits| calibrated(logits, temperature)).collect()
    }

    /// Raw logits for the same, `voices · moods` for each stretch, moods fastest.
    pub fn logits(&self, stretches: &[&[f32]]) -> Vec<Vec<f32>> {
        if stretches.is_empty() {
            return Vec::new();
        }
        let input = batch(stretches, &self.card.normalisation, self.card.input.window_frames, &self.device);
        let logits: Vec<f32> = self.network.forward(input).into_data().iter::<f32>().collect();
        logits.chunks_exact(MOOD_COUNT * self.card.voices.len()).map(<[f32]>::to_vec).collect()
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

/// Levels, z-scores and pads stretches of frames into one batch of `window_frames` frames. What is longer
/// than a window is cut at its end.
pub fn batch(stretches: &[&[f32]], normalisation: &Normalisation, window_frames: usize, device: &Device) -> NetInput {
    let n_mfcc = normalisation.mean.len();
    let window_len = n_mfcc * window_frames;
    let mut frames = vec![0.0f32; stretches.len() * window_len];
    let mut mask = vec![0.0f32; stretches.len() * window_frames];
    let rows = frames.chunks_exact_mut(window_len).zip(mask.chunks_exact_mut(window_frames));
    for (stretch, (row, mask)) in stretches.iter().zip(rows) {
        let len = stretch.len().min(window_len) / n_mfcc * n_mfcc;
        let (row, _) = row.split_at_mut(len);
        row.copy_from_slice(&stretch[..len]);
        level(row, n_mfcc);
        normalisation.apply(row);
        mask[..len / n_mfcc].fill(1.0);
    }
    let padded = mask.contains(&0.0);
    let frames = Tensor::<3>::from_data(TensorData::new(frames, [stretches.len(), window_frames, n_mfcc]), device);
    let mask =
        padded.then(|| Tensor::<3>::from_data(TensorData::new(mask, [stretches.len(), 1, window_frames]), device));
    NetInput { frames: frames.swap_dims(1, 2), mask }
}
