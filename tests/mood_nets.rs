//! Networks that PyTorch trained, loaded by songmood: they give PyTorch's outputs, and go back as they came.
//!
//! The files are made by `tests/golden/make_mood_nets.py` with the example of `docs/trainer.md`.

#[path = "common/devices.rs"]
mod devices;
#[path = "common/npy.rs"]
mod npy;

use std::path::PathBuf;

use devices::devices;
use songmood::nets::tensors::{self, Precision};
use songmood::nets::{Kind, Model};

/// Largest difference from PyTorch that is accepted, in logits.
const TOLERANCE: f32 = 1e-5;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/mood_nets")
}

fn file(kind: Kind) -> Vec<u8> {
    std::fs::read(folder().join(format!("voice-{}.safetensors", kind.name()))).expect("the model file")
}

#[test]
fn outputs_are_pytorchs() {
    let logits = npy::read(folder().join("logits.npy"));
    let settings = Model::load(&file(Kind::Cnn), &devices()[0]).expect("a model file").card().input.clone();
    assert_eq!(settings.columns(), 40, "the example trains on MFCCs alone");
    let frames = ["stretch-0.npy", "stretch-1.npy"].map(|name| npy::read(folder().join(name)));
    let stretches = frames.each_ref().map(|array| {
        let active = settings.active(&array.data).expect("sound");
        &array.data[active.start * 40..active.end * 40]
    });
    assert!(stretches[1].len() < stretches[0].len(), "the second is padded");
    for device in devices() {
        for (k, kind) in Kind::ALL.into_iter().enumerate() {
            let model = Model::load(&file(kind), &device).expect("a model file");
            for (s, outputs) in model.outputs(&stretches, None).iter().enumerate() {
                assert_eq!(outputs.len(), 8);
                for (mood, output) in outputs.iter().enumerate() {
                    let expected = logits.at(2 * k + s, mood);
                    let difference = (output - expected).abs();
                    assert!(difference <= TOLERANCE, "{kind:?}, stretch {s}, output {mood}: {output}, not {expected}");
                }
            }
        }
    }
}

#[test]
fn what_songmood_writes_is_what_pytorch_wrote() {
    for kind in Kind::ALL {
        let bytes = file(kind);
        let model = Model::load(&bytes, &devices()[0]).expect("a model file");
        let written = model.save(Precision::F32).expect("a model file");
        let (state, metadata) = tensors::read(&written).expect("tensors");
        let (given, described) = tensors::read(&bytes).expect("tensors");
        assert_eq!(state, given);
        assert_eq!(metadata.keys().collect::<std::collections::BTreeSet<_>>(), described.keys().collect());
        assert_eq!(metadata["architecture"], described["architecture"]);
    }
}
