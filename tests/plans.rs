//! The plans that run where nothing is learnt, against burn's own result.

#[path = "common/devices.rs"]
mod devices;
#[path = "common/models.rs"]
mod models;

use burn::tensor::{Device, Distribution, Tensor};
use devices::devices;
use songmood::nets::cnn2d::Cnn2d;
use songmood::nets::plan::{Cnn2dPlan, StudyCnnPlan, StudyRnnPlan};
use songmood::nets::study::{StudyCnn, StudyRnn};
use songmood::nets::tensors::{self, Tensors};
use songmood::nets::{
    Domain, Functionals, Heard, InputSettings, Kind, KnownFunctionals, KnownVoices, Model, Network, Spread,
    VoiceProfile, batch, functionals_of,
};

fn noise<const D: usize>(shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::random(shape, Distribution::Normal(0.0, 1.0), device)
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

/// A state in which batch norm does something.
fn disturbed(mut state: Tensors) -> Tensors {
    for (name, tensor) in &mut state {
        for (i, value) in tensor.values.iter_mut().enumerate() {
            let wave = (i as f32 * 1.7 + name.len() as f32).sin();
            if name.ends_with("running_var") {
                *value = 1.2 + wave;
            } else if name.contains("norm") {
                *value += 0.3 * wave;
            }
        }
    }
    state
}

fn assert_same(got: &[f32], expected: &[f32], tolerance: f32, what: &str) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (a, b) in got.iter().zip(expected) {
        assert!((a - b).abs() <= tolerance * b.abs().max(1.0), "{what}: {a} instead of {b}");
    }
}

#[test]
fn the_study_s_networks() {
    for device in devices() {
        let (cnn, rnn) = (StudyCnn::new(&device), StudyRnn::new(13, &device));
        for batch in [1, 2, 5, 64] {
            let input = noise([batch, 1, 40], &device);
            let expected = numbers(cnn.forward(input.clone()));
            assert_same(&StudyCnnPlan::of(&cnn).forward(&numbers(input)), &expected, 1e-5, "CNN");
            for steps in [1, 30] {
                let input = noise([batch, steps, 13], &device);
                let expected = numbers(rnn.forward(input.clone()));
                assert_same(&StudyRnnPlan::of(&rnn).forward(numbers(input), batch), &expected, 1e-5, "RNN");
            }
        }
    }
}

#[test]
fn the_2_d_cnn() {
    for device in devices() {
        let network = Cnn2d::new(&device);
        let network =
            tensors::load_state(network.clone(), &disturbed(tensors::state(&network))).expect("its own state");
        let input = noise([3, 1, 40, 130], &device);
        let expected = numbers(network.forward(input.clone()));
        assert_same(&Cnn2dPlan::of(&network).forward(&numbers(input)), &expected, 1e-5, "2-D CNN");
    }
}

/// Frames as loud as any and no two alike.
fn frames(n_frames: usize, columns: usize) -> Vec<f32> {
    (0..n_frames * columns).map(|i| 60.0 * (i as f32 * 0.731).sin() + 20.0 * (i as f32 * 0.0037).cos()).collect()
}

/// A voice with other frames than those.
fn voice(settings: &InputSettings) -> VoiceProfile {
    let columns = settings.columns();
    let mut voice = VoiceProfile::new(columns);
    let other: Vec<f32> = frames(300, columns).iter().map(|value| 0.7 * value + 3.0).collect();
    voice.learn(&Heard::new(&other), &Functionals::new(settings), 1.0);
    voice
}

/// What the burn module gives where that voice is known.
fn of_voice(model: &Model, stretches: &[&[f32]], device: &Device) -> Vec<f32> {
    let general = &model.card().normalisation;
    let own = voice(&model.card().input).relative_to(general);
    let spread = Spread { frames: own.frames, ..general.clone() };
    let mut input = batch(stretches, &spread, &model.card().input, device);
    let each =
        |values: &[f32]| Tensor::<1>::from_floats(values, device).unsqueeze::<2>().repeat_dim(0, stretches.len());
    input.functionals = Some(functionals_of(stretches, &model.card().input, device));
    input.voices = Some(KnownVoices {
        variation: each(&own.variation),
        share: each(&[own.share]),
        functionals: KnownFunctionals { mean: each(&own.functionals), share: each(&[own.functionals_share]) },
    });
    numbers(model.network().forward(input))
}

#[test]
fn the_mood_networks_on_stretches_of_every_length() {
    for device in devices() {
        for (domain, kind) in Domain::ALL.into_iter().flat_map(|domain| Kind::ALL.map(|kind| (domain, kind))) {
            for statistics in [0, 8] {
                let mut card = models::card_for(domain, kind);
                card.widths.statistics = statistics;
                let network = Network::new(kind, card.widths, card.sizes(), &device);
                let state = disturbed(network.state());
                let model = Model::new(card, network.with_state(&state).expect("its own state"));
                let settings = InputSettings::of(domain);
                let (columns, whole) = (settings.columns(), settings.window_frames);
                let lengths = [whole, 1, 2, 3, 37, whole - 1, whole + 9, 64, 65, whole];
                let stretches: Vec<Vec<f32>> = lengths.iter().map(|n| frames(*n, columns)).collect();
                let stretches: Vec<&[f32]> = stretches.iter().map(Vec::as_slice).collect();
                for stretches in [&stretches[..], &stretches[..1], &stretches[4..5]] {
                    let mut input = batch(stretches, &model.card().normalisation, &settings, &device);
                    input.functionals =
                        model.card().widths.functionals.then(|| functionals_of(stretches, &settings, &device));
                    let expected = numbers(model.network().forward(input));
                    let got = model.outputs(stretches, None).concat();
                    let what = format!("{} {}", domain.name(), kind.name());
                    assert_same(&got, &expected, 2e-5, &what);
                    if domain == Domain::Voice {
                        let got = model.outputs(stretches, Some(&voice(&settings))).concat();
                        assert_same(&got, &of_voice(&model, stretches, &device), 2e-5, &what);
                        assert_ne!(got, expected, "{what}");
                    }
                }
            }
        }
    }
}
