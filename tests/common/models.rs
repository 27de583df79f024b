//! Untrained mood networks, for tests of everything around them.

use std::collections::BTreeMap;

use burn::tensor::Device;
use songmood::nets::tensors::{Precision, StoredTensor, Tensors};
use songmood::nets::{
    Calibration, Domain, InputSettings, Kind, Model, ModelCard, Network, Normalisation, Spread, Tension, Widths,
};

#[allow(dead_code)] // Not every test crate that includes this file needs all of it.
/// Card of a small network for voices, its normalisation roughly that of speech.
pub fn card(kind: Kind) -> ModelCard {
    card_for(Domain::Voice, kind)
}

/// Card of a small network.
pub fn card_for(domain: Domain, kind: Kind) -> ModelCard {
    let input = InputSettings::of(domain);
    let columns = input.columns();
    let mut std = vec![15.0; columns];
    std[0] = 60.0;
    let (voices, values) = match domain {
        Domain::Voice => (vec!["sung", "spoken"], 0),
        Domain::Music => (vec!["music"], input.summary_len()),
    };
    ModelCard {
        name: format!("test {} {}", domain.name(), kind.name()),
        kind,
        widths: Widths {
            channels: 16,
            hidden: if kind == Kind::Rnn { 8 } else { 0 },
            statistics: 8,
            relative: domain == Domain::Voice,
            voice: domain == Domain::Voice,
            functionals: true,
        },
        voices: voices.into_iter().map(str::to_owned).collect(),
        tension: match domain {
            Domain::Voice => Tension::Apart,
            Domain::Music => Tension::ByArousal,
        },
        normalisation: Spread {
            frames: Normalisation { mean: vec![0.0; columns], std },
            summary: Normalisation { mean: vec![0.0; values], std: vec![1.0; values] },
            variation: match domain {
                Domain::Voice => vec![0.5; 2 * columns],
                Domain::Music => Vec::new(),
            },
        },
        input,
        calibration: Calibration {
            temperature: 0.5,
            learnt_temperature: (domain == Domain::Voice).then_some(0.6),
            sure_above: 0.4,
        },
        trained_on: "nothing".into(),
        licence: "MIT".into(),
        scores: BTreeMap::from([("made up".into(), 0.5)]),
    }
}

#[allow(dead_code)]
/// A model for voices with weights as if at random.
pub fn model(kind: Kind, device: &Device) -> Model {
    model_for(Domain::Voice, kind, device)
}

/// A model with weights as if at random, always the same.
pub fn model_for(domain: Domain, kind: Kind, device: &Device) -> Model {
    let card = card_for(domain, kind);
    let network = Network::new(kind, card.widths, card.sizes(), device);
    let drawn = drawn(network.state());
    Model::new(card, network.with_state(&drawn).expect("its own state"))
}

/// Weights within ±1 / √inputs by a generator of our own in place of those that burn drew: tests are threads of one process and share its
/// generator, so what it gives one of them differs from run to run. What starts as a constant stays.
fn drawn(mut state: Tensors) -> Tensors {
    let mut random = 1u32;
    for (name, StoredTensor { shape, values }) in &mut state {
        let first = values.first().copied();
        if values.iter().all(|value| Some(*value) == first) {
            continue;
        }
        let inputs: usize = shape.iter().skip(1).product();
        // Functionals are not scaled by their spread here, as those of a head that was taught are.
        let part = if name.starts_with("functional_head") { 0.1 } else { 1.0 };
        let bound = part / (inputs as f32).sqrt();
        for value in values {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *value = bound * ((random >> 8) as f32 / (1 << 23) as f32 - 1.0);
        }
    }
    state
}

/// The bytes of both kinds of model for voices.
#[allow(dead_code)] // Not every test crate that includes this file needs all of it.
pub fn files(device: &Device) -> Vec<Vec<u8>> {
    files_for(Domain::Voice, device)
}

/// The bytes of both kinds of model.
#[allow(dead_code)]
pub fn files_for(domain: Domain, device: &Device) -> Vec<Vec<u8>> {
    Kind::ALL.map(|kind| model_for(domain, kind, device).save(Precision::F32).expect("finite weights")).to_vec()
}
