//! Untrained mood networks, for tests of everything around them.

use std::collections::BTreeMap;

use burn::tensor::Device;
use songmood::nets::tensors::Precision;
use songmood::nets::{Calibration, InputSettings, Kind, Model, ModelCard, Network, Normalisation, Widths};

/// Card of a small network whose normalisation is roughly that of speech.
pub fn card(kind: Kind) -> ModelCard {
    let input = InputSettings::default();
    let mut std = vec![15.0; input.mfcc.n_mfcc];
    std[0] = 60.0;
    ModelCard {
        name: format!("test {}", kind.name()),
        kind,
        widths: Widths { channels: 16, hidden: if kind == Kind::Rnn { 8 } else { 0 } },
        voices: vec!["sung".into(), "spoken".into()],
        normalisation: Normalisation { mean: vec![0.0; input.mfcc.n_mfcc], std },
        input,
        calibration: Calibration { temperature: 0.5, sure_above: 0.4 },
        trained_on: "nothing".into(),
        licence: "MIT".into(),
        scores: BTreeMap::from([("made up".into(), 0.5)]),
    }
}

/// A model with random weights.
pub fn model(kind: Kind, device: &Device) -> Model {
    let card = card(kind);
    let network = Network::new(kind, card.widths, card.input.mfcc.n_mfcc, card.voices.len(), device);
    Model::new(card, network, device)
}

/// The bytes of both kinds of model.
#[allow(dead_code)] // Not every test crate that includes this file needs all of it.
pub fn files(device: &Device) -> Vec<Vec<u8>> {
    [Kind::Cnn, Kind::Rnn].map(|kind| model(kind, device).save(Precision::F32).expect("finite weights")).to_vec()
}
