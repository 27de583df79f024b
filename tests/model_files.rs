//! Model files: what is written reads back, and everything that does not fit is refused with its reason.

#[path = "common/models.rs"]
mod models;

use std::collections::HashMap;

use burn::tensor::Device;
use songmood::mood::Mood;
use songmood::nets::tensors::{self, Precision, Tensors};
use songmood::nets::{Domain, Error, Heard, Kind, Model, Network, Opinion, Reading, Scale, Tension};

/// Values of a voice's frame: MFCCs, spectral shape, pitch, roughness.
const COLUMNS: usize = 40 + 9 + 3 + 8;

fn device() -> Device {
    songmood::nets::default_device()
}

/// A file of a small CNN, after `change` was done to its tensors and metadata.
fn changed(change: impl FnOnce(&mut Tensors, &mut HashMap<String, String>)) -> Vec<u8> {
    let bytes = models::model(Kind::Cnn, &device()).save(Precision::F32).unwrap();
    let (mut tensors, mut metadata) = tensors::read(&bytes).unwrap();
    change(&mut tensors, &mut metadata);
    write_unchecked(&tensors, metadata)
}

/// As `tensors::write`, but NaN may be written.
fn write_unchecked(tensors: &Tensors, metadata: HashMap<String, String>) -> Vec<u8> {
    use safetensors::tensor::{Dtype, TensorView};
    let encoded: Vec<(String, Vec<usize>, Vec<u8>)> = tensors
        .iter()
        .map(|(name, tensor)| {
            let bytes = tensor.values.iter().flat_map(|value| value.to_le_bytes()).collect();
            (name.clone(), tensor.shape.clone(), bytes)
        })
        .collect();
    let views = encoded.iter().map(|(name, shape, bytes)| {
        (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), bytes).expect("a tensor of this shape"))
    });
    safetensors::serialize(views, Some(metadata)).expect("a safetensors file")
}

fn refusal(bytes: &[u8]) -> Error {
    Model::load(bytes, &device()).expect_err("the file must be refused")
}

fn refusal_of_metadata(field: &str, value: &str) -> Error {
    refusal(&changed(|_, metadata| {
        metadata.insert(field.into(), value.into());
    }))
}

#[test]
fn what_is_written_reads_back() {
    for kind in [Kind::Cnn, Kind::Rnn] {
        let model = models::model(kind, &device());
        let bytes = model.save(Precision::F32).unwrap();
        let again = Model::load(&bytes, &device()).unwrap();
        assert_eq!(again.card(), model.card());
        assert_eq!(again.parameters(), model.parameters());
        assert_eq!(again.save(Precision::F32).unwrap(), bytes);
        let frames: Vec<f32> = (0..40 * 100).map(|n| (n as f32 * 0.37).sin() * 20.0).collect();
        for (a, b) in again.outputs(&[&frames], None)[0].iter().zip(&model.outputs(&[&frames], None)[0]) {
            assert!((a - b).abs() < 1e-5, "{a} {b}");
        }
    }
}

#[test]
fn models_for_music_read_back_and_give_valence_and_arousal() {
    for kind in Kind::ALL {
        let model = models::model_for(Domain::Music, kind, &device());
        let again = Model::load(&model.save(Precision::F32).unwrap(), &device()).unwrap();
        assert_eq!(again.card().domain(), Domain::Music);
        let columns = model.card().input.columns();
        let frames: Vec<f32> = (0..columns * 200).map(|n| (n as f32 * 0.37).sin().abs()).collect();
        let heard = [Heard::new(&frames)];
        let (expected, got) = (model.opinions(&heard, None)[0].unwrap(), again.opinions(&heard, None)[0].unwrap());
        for (a, b) in expected.moods.0.iter().zip(got.moods.0) {
            assert!((a - b).abs() < 1e-5, "{a} {b}");
        }
        assert!((expected.valence - got.valence).abs() < 1e-5 && (expected.arousal - got.arousal).abs() < 1e-5);
        assert_eq!(again.outputs(&[&frames], None)[0].len(), 8 + 2);
        assert!((-1.0..=1.0).contains(&got.valence) && (-1.0..=1.0).contains(&got.arousal));
        assert!((got.moods.0.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    }
}

#[test]
fn tension_is_angry_or_fearful_by_the_networks_own_arousal_where_the_file_says_so() {
    let mut outputs = [0.0; 10];
    outputs[Mood::Angry.index()] = 2.0;
    let mut said = |tension, arousal| {
        outputs[9] = arousal;
        let Opinion { moods, .. } = Opinion::of(&outputs, &Reading { voices: 1, temperature: 1.0, tension }).unwrap();
        assert!((moods.0.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        (moods.get(Mood::Angry), moods.get(Mood::Fearful))
    };
    let (angry, fearful) = said(Tension::Apart, -0.2);
    assert!(angry > 0.5 && fearful > 0.05);
    let tense = angry + fearful;
    for (arousal, share) in [(-0.2, 0.0), (-0.03, 0.0), (-0.015, 0.25), (0.0, 0.5), (0.03, 1.0), (0.4, 1.0)] {
        let (angry, fearful) = said(Tension::ByArousal, arousal);
        assert!((angry - share * tense).abs() < 1e-6 && (angry + fearful - tense).abs() < 1e-6, "{arousal}: {angry}");
    }
}

#[test]
fn files_that_do_not_speak_of_tension_tell_it_apart_and_voices_have_no_arousal_to_tell_it_by() {
    let bytes = models::model_for(Domain::Music, Kind::Cnn, &device()).save(Precision::F32).unwrap();
    assert_eq!(Model::load(&bytes, &device()).unwrap().card().tension, Tension::ByArousal);
    let (tensors, mut metadata) = tensors::read(&bytes).unwrap();
    metadata.remove("tension");
    let without = Model::load(&tensors::write(&tensors, metadata, Precision::F32).unwrap(), &device()).unwrap();
    assert_eq!(without.card().tension, Tension::Apart);
    assert!(matches!(refusal_of_metadata("tension", "\"by-arousal\""), Error::OutOfRange { .. }));
    assert!(matches!(refusal_of_metadata("tension", "\"both\""), Error::BadMetadata { field: "tension", .. }));
}

#[test]
fn valence_and_arousal_are_put_on_their_scales_and_moods_stay() {
    let scales = [Scale { mean: 0.1, deviation: 0.2 }, Scale { mean: -0.3, deviation: 0.5 }];
    for kind in Kind::ALL {
        // What heads add is on its scale already.
        let mut card = models::card_for(Domain::Music, kind);
        card.widths.functionals = false;
        let model = Model::new(card.clone(), Network::new(kind, card.widths, card.sizes(), &device()));
        let frames: Vec<f32> = (0..model.card().input.columns() * 200).map(|n| (n as f32 * 0.37).sin().abs()).collect();
        let plain = model.outputs(&[&frames], None)[0].clone();
        let network = model.network().clone().with_circumplex_on(scales).unwrap();
        let scaled = Model::new(model.card().clone(), network).outputs(&[&frames], None)[0].clone();
        let (moods, circumplex) = plain.split_at(8);
        assert_eq!(scaled[..8], *moods);
        for ((scaled, plain), scale) in scaled[8..].iter().zip(circumplex).zip(scales) {
            assert!((scale.of(*scaled) - plain).abs() < 1e-4, "{kind:?}: {scaled} of {plain}");
        }
    }
}

#[test]
fn one_byte_a_weight_makes_the_file_a_third_and_hardly_changes_the_logits() {
    let model = models::model(Kind::Rnn, &device());
    let (full, shipped) = (model.save(Precision::F32).unwrap(), model.save(Precision::I8).unwrap());
    let data = |file: &[u8]| file.len() - u64::from_le_bytes(*file.first_chunk().unwrap()) as usize;
    assert!(data(&shipped) * 3 < data(&full), "{} of {}", data(&shipped), data(&full));
    let frames: Vec<f32> = (0..model.card().input.columns() * 100).map(|n| (n as f32 * 0.37).sin() * 20.0).collect();
    let again = Model::load(&shipped, &device()).unwrap();
    for (a, b) in model.outputs(&[&frames], None)[0].iter().zip(&again.outputs(&[&frames], None)[0]) {
        assert!((a - b).abs() < 0.02, "{a} {b}");
    }
}

#[test]
fn a_weight_in_one_byte_is_a_multiple_of_its_rows_scale() {
    let write = |shape: [usize; 2], values: &[f32]| {
        let tensor = tensors::StoredTensor { shape: shape.to_vec(), values: values.to_vec() };
        tensors::write(&[("x".to_owned(), tensor)].into(), Default::default(), Precision::I8)
    };
    let values = [0.5, -1.0, 1.0 / 3.0, 0.001, 0.0, 0.0, 0.0, 0.0, -2e4, 3e4, 150.0, 50.0];
    let file = write([3, 4], &values).unwrap();
    let read = tensors::read(&file).unwrap().0;
    assert_eq!((read.len(), &read["x"].shape), (1, &vec![3, 4]), "scales are no tensors of the network");
    for (row, largest) in [1.0, 0.0, 3e4].into_iter().enumerate() {
        for (got, value) in read["x"].values[row * 4..][..4].iter().zip(&values[row * 4..]) {
            assert!((got - value).abs() <= largest / 254.0 * 1.0001, "{value} became {got}");
        }
    }
    assert!(matches!(write([1, 2], &[1.0, f32::NAN]), Err(Error::NotFinite { .. })));

    let (tensors, metadata) = (read, std::collections::HashMap::new());
    let vector = tensors::StoredTensor { shape: vec![1], values: vec![65_520.0] };
    let written = tensors::write(&[("x".to_owned(), vector)].into(), metadata.clone(), Precision::I8);
    assert!(matches!(written, Err(Error::NotFinite { .. })), "what would round to infinity is refused");
    assert_eq!(tensors::read(&tensors::write(&tensors, metadata, Precision::F32).unwrap()).unwrap().0, tensors);
}

#[test]
fn bytes_without_a_fitting_scale_are_refused() {
    let tensor = tensors::StoredTensor { shape: vec![2, 3], values: vec![1.0; 6] };
    let file = tensors::write(&[("x".to_owned(), tensor)].into(), Default::default(), Precision::I8).unwrap();
    let with = |from: &str, to: &str| {
        assert_eq!(from.len(), to.len());
        let at = file.windows(from.len()).position(|window| window == from.as_bytes()).expect("it is in the header");
        let mut changed = file.clone();
        changed[at..at + to.len()].copy_from_slice(to.as_bytes());
        tensors::read(&changed)
    };
    assert!(tensors::read(&file).is_ok());
    assert!(matches!(with("x.scale", "y.scale"), Err(Error::MissingTensor { name }) if name == "x.scale"));
    assert!(matches!(with("[2,3]", "[3,2]"), Err(Error::Shape { name, .. }) if name == "x.scale"));
}

#[test]
fn files_hold_names_and_shapes_of_pytorch() {
    let (tensors, metadata) =
        tensors::read(&models::model(Kind::Rnn, &device()).save(Precision::F32).unwrap()).unwrap();
    assert_eq!(tensors["blocks.0.conv.weight"].shape, [16, COLUMNS, 5]);
    assert_eq!(tensors["blocks.0.norm.running_var"].shape, [16]);
    assert_eq!(tensors["blocks.0.norm.weight"].shape, [16]);
    assert_eq!(tensors["lstm.weight_ih_l0_reverse"].shape, [4 * 8, 16]);
    assert_eq!(tensors["statistics.hidden.weight"].shape, [8, 3 * COLUMNS]);
    assert_eq!(tensors["head.weight"].shape, [16, 4 * 8 + 8]);
    assert_eq!(metadata["architecture"], "mood-rnn");
    assert_eq!(metadata["labels"], r#"["neutral","calm","happy","sad","angry","fearful","disgust","surprised"]"#);
}

#[test]
fn a_truncated_file_is_refused_wherever_it_ends() {
    let bytes = changed(|_, _| {});
    Model::load(&bytes, &device()).unwrap();
    for length in (0..bytes.len()).step_by(97).chain([bytes.len() - 1]) {
        assert!(matches!(refusal(&bytes[..length]), Error::Unreadable { .. }), "{length}");
    }
    assert!(matches!(refusal(b"RIFF this is no model file at all"), Error::Unreadable { .. }));
    assert!(matches!(refusal(&[0xff; 64]), Error::Unreadable { .. }));
}

#[test]
fn a_file_without_our_metadata_is_refused() {
    let reason = refusal(&changed(|_, metadata| metadata.clear()));
    assert_eq!(reason, Error::MissingMetadata { field: "format" });
    assert!(reason.to_string().contains("songmood train"), "{reason}");
    for field in ["architecture", "labels", "voices", "input", "normalisation", "calibration", "scores"] {
        let reason = refusal(&changed(|_, metadata| {
            metadata.remove(field);
        }));
        assert_eq!(reason, Error::MissingMetadata { field });
    }
    assert!(matches!(refusal_of_metadata("labels", "[1, 2"), Error::BadMetadata { field: "labels", .. }));
}

#[test]
fn another_version_is_refused() {
    assert_eq!(refusal_of_metadata("format", "1"), Error::Version { oldest: 2, newest: 9, got: "1".into() });
    assert_eq!(refusal_of_metadata("format", "10"), Error::Version { oldest: 2, newest: 9, got: "10".into() });
}

#[test]
fn another_architecture_is_refused() {
    let reason = refusal_of_metadata("architecture", "study-cnn");
    assert!(matches!(&reason, Error::Architecture { got, .. } if got == "study-cnn"), "{reason}");
    // Says RNN, holds the tensors of a CNN, whose convolutions see each frame twice.
    let reason = refusal(&changed(|_, metadata| {
        metadata.insert("architecture".into(), "mood-rnn".into());
        metadata.insert("widths".into(), r#"{"channels":16,"hidden":8}"#.into());
    }));
    let name = "blocks.0.conv.weight".into();
    assert_eq!(reason, Error::Shape { name, expected: vec![16, COLUMNS, 5], got: vec![16, 2 * COLUMNS, 5] });
}

#[test]
fn other_labels_or_another_order_are_refused() {
    let order = r#"["calm","neutral","happy","sad","angry","fearful","disgust","surprised"]"#;
    assert!(matches!(refusal_of_metadata("labels", order), Error::Labels { .. }));
    assert!(matches!(refusal_of_metadata("labels", r#"["happy","sad"]"#), Error::Labels { .. }));
}

#[test]
fn other_features_are_refused() {
    let changed_input = |change: fn(&mut serde_json::Value)| {
        refusal(&changed(|_, metadata| {
            let mut input: serde_json::Value = serde_json::from_str(&metadata["input"]).unwrap();
            change(&mut input);
            metadata.insert("input".into(), input.to_string());
        }))
    };
    let field = |error: Error| match error {
        Error::Features { field, .. } => field,
        other => panic!("{other}"),
    };
    assert_eq!(field(changed_input(|input| input["mfcc"]["hop_length"] = 256.into())), "mfcc");
    assert_eq!(field(changed_input(|input| input["mfcc"]["top_db"] = 80.0.into())), "mfcc");
    // Pitch and roughness come after the shape.
    assert_eq!(field(changed_input(|input| input["shape"] = false.into())), "phonation");
    assert_eq!(field(changed_input(|input| input["dynamic_range_db"] = 30.0.into())), "dynamic_range_db");
    assert_eq!(field(changed_input(|input| input["window_frames"] = 100.into())), "window_frames");
    assert_eq!(field(changed_input(|input| input["hop_frames"] = 0.into())), "hop_frames");
    assert_eq!(field(changed_input(|input| input["trim_db"] = 10.0.into())), "trim_db");
    assert_eq!(field(changed_input(|input| input["silence_db"] = (-20.0).into())), "silence_db");
}

#[test]
fn numbers_that_make_no_sense_are_refused() {
    let name = |error: Error| match error {
        Error::OutOfRange { name, .. } => name.to_owned(),
        Error::NotFinite { name } | Error::Shape { name, .. } => name,
        Error::BadMetadata { field, .. } => field.to_owned(),
        other => panic!("{other}"),
    };
    assert_eq!(name(refusal_of_metadata("widths", r#"{"channels":0,"hidden":0}"#)), "widths");
    assert_eq!(name(refusal_of_metadata("widths", r#"{"channels":4000000000,"hidden":0}"#)), "widths");
    assert_eq!(name(refusal_of_metadata("widths", r#"{"channels":-1,"hidden":0}"#)), "widths");
    assert_eq!(name(refusal_of_metadata("voices", "[]")), "number of voices");
    assert_eq!(name(refusal_of_metadata("calibration", r#"{"temperature":0.0,"sure_above":0.5}"#)), "temperature");
    assert_eq!(name(refusal_of_metadata("calibration", r#"{"temperature":1.0,"sure_above":1.5}"#)), "sure_above");
    let spread = |mean: &[f32], std: &[f32]| {
        format!(r#"{{"frames":{{"mean":{mean:?},"std":{std:?}}},"summary":{{"mean":[],"std":[]}}}}"#)
    };
    assert_eq!(name(refusal_of_metadata("normalisation", &spread(&[0.0], &[1.0]))), "normalisation.mean");
    assert_eq!(
        name(refusal_of_metadata("normalisation", &spread(&[0.0; COLUMNS], &[0.0; COLUMNS]))),
        "normalisation.std"
    );
    let whole = spread(&[0.0; COLUMNS], &[1.0; COLUMNS]);
    assert_eq!(name(refusal_of_metadata("normalisation", &whole)), "normalisation.variation", "the head needs it");
    let short = whole.replace(r#""summary""#, r#""variation":[0.5,0.5],"summary""#);
    assert_eq!(name(refusal_of_metadata("normalisation", &short)), "normalisation.variation");
}

#[test]
fn nan_among_the_weights_is_refused() {
    let reason = refusal(&changed(|tensors, _| tensors.get_mut("head.bias").unwrap().values[3] = f32::NAN));
    assert_eq!(reason, Error::NotFinite { name: "head.bias".into() });
    let reason = refusal(&changed(|tensors, _| tensors.get_mut("head.weight").unwrap().values[0] = f32::INFINITY));
    assert_eq!(reason, Error::NotFinite { name: "head.weight".into() });
}

#[test]
fn tensors_that_do_not_fit_are_refused() {
    let reason = refusal(&changed(|tensors, _| {
        tensors.remove("pool.score.bias");
    }));
    assert_eq!(reason, Error::MissingTensor { name: "pool.score.bias".into() });
    let reason = refusal(&changed(|tensors, _| {
        let bias = tensors["head.bias"].clone();
        tensors.insert("surplus".into(), bias);
    }));
    assert_eq!(reason, Error::UnexpectedTensor { name: "surplus".into() });
    let reason = refusal(&changed(|tensors, _| {
        let bias = tensors.get_mut("head.bias").unwrap();
        bias.shape = vec![bias.values.len() - 1];
        bias.values.pop();
    }));
    assert_eq!(reason, Error::Shape { name: "head.bias".into(), expected: vec![16], got: vec![15] });
}

#[test]
fn integers_are_refused() {
    use safetensors::tensor::{Dtype, TensorView};
    let bytes = [0u8; 4];
    let view = TensorView::new(Dtype::I32, vec![1], &bytes).unwrap();
    let file = safetensors::serialize([("head.bias", view)], None).unwrap();
    assert_eq!(refusal(&file), Error::ElementType { name: "head.bias".into(), got: "I32".into() });
}
