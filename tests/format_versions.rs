//! Weights that shipped stay loadable: one file of each kind for every version of the format that was released.
//!
//! A new [`FORMAT_VERSION`] needs files of its own beside the old ones: `SONGMOOD_WRITE_GOLDEN=1 cargo test --release --all-features
//! --test format_versions` writes those of the version at hand where there are none yet.

#[path = "common/models.rs"]
mod models;

use std::fs;
use std::path::PathBuf;

use songmood::nets::tensors::Precision;
use songmood::nets::{Domain, FORMAT_VERSION, Functionals, Heard, Kind, Model, VoiceProfile, default_device};

/// The first version that was released.
const FIRST: u32 = 2;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/weights")
}

/// Forty frames that rise and fall, the same each time.
fn frames(columns: usize) -> Vec<f32> {
    (0..40 * columns).map(|index| 20.0 * (index as f32 * 0.37).sin()).collect()
}

/// What a model gives for any voice and, from the version on that has a head for it, for one that was learnt.
fn outputs(model: &Model) -> Vec<f32> {
    let columns = model.card().input.columns();
    let stretch = frames(columns);
    let mut outputs = model.outputs(&[&stretch], None).concat();
    if model.card().widths.voice {
        let mut voice = VoiceProfile::new(columns);
        let other: Vec<f32> = stretch.iter().map(|value| 1.5 * value - 4.0).collect();
        voice.learn(&Heard::new(&other), &Functionals::new(&model.card().input), 6.0);
        outputs.extend(model.outputs(&[&stretch], Some(&voice)).concat());
    }
    outputs
}

/// Writes the files of this version; what is there stays.
fn write_golden() {
    fs::create_dir_all(folder()).unwrap();
    for (domain, kind) in Domain::ALL.into_iter().flat_map(|domain| Kind::ALL.map(|kind| (domain, kind))) {
        let stem = format!("{FORMAT_VERSION}-{}-{}", domain.name(), kind.name());
        let path = folder().join(format!("{stem}.safetensors"));
        if !path.exists() {
            let bytes = models::model_for(domain, kind, &default_device()).save(Precision::I8).unwrap();
            let model = Model::load(&bytes, &default_device()).unwrap();
            fs::write(&path, &bytes).unwrap();
            fs::write(folder().join(format!("{stem}.json")), serde_json::to_string(&outputs(&model)).unwrap()).unwrap();
        }
    }
}

#[test]
fn weights_of_every_released_version_load_and_say_what_they_said() {
    if std::env::var_os("SONGMOOD_WRITE_GOLDEN").is_some() {
        write_golden();
    }
    for version in FIRST..=FORMAT_VERSION {
        for (domain, kind) in Domain::ALL.into_iter().flat_map(|domain| Kind::ALL.map(|kind| (domain, kind))) {
            let stem = format!("{version}-{}-{}", domain.name(), kind.name());
            let bytes = fs::read(folder().join(format!("{stem}.safetensors"))).unwrap_or_else(|error| {
                panic!("version {version} has no {stem}.safetensors in tests/golden/weights: {error}")
            });
            let model = Model::load(&bytes, &default_device()).unwrap_or_else(|error| panic!("{stem}: {error}"));
            assert_eq!((model.card().domain(), model.card().kind), (domain, kind));
            let expected = fs::read(folder().join(format!("{stem}.json"))).unwrap();
            let expected: Vec<f32> = serde_json::from_slice(&expected).unwrap();
            let got = outputs(&model);
            assert_eq!(expected.len(), got.len());
            for (a, b) in expected.iter().zip(&got) {
                assert!((a - b).abs() < 1e-4 * (1.0 + a.abs()), "{stem}: {a} {b}");
            }
        }
    }
}
