//! What must hold in wasm just as it does natively; run by wasm-bindgen-test-runner.
#![cfg(target_arch = "wasm32")]
#![allow(deprecated)] // burn deprecates `ndarray`; it stays an option here as long as burn has it.

#[path = "common/models.rs"]
mod models;
#[path = "common/study_reference.rs"]
mod study_reference;

use burn::tensor::Device;
use songmood::{Classifier, Pcm};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn the_study_s_networks_give_pytorch_s_logits_on_flex() {
    study_reference::check(&Device::flex());
}

#[wasm_bindgen_test]
fn the_study_s_networks_give_pytorch_s_logits_on_ndarray() {
    study_reference::check(&Device::ndarray());
}

#[wasm_bindgen_test]
fn both_backends_judge_alike() {
    let files = models::files(&Device::flex());
    let samples = (0..8 * 22_050).map(|n| 0.3 * (n as f32 * 0.05 + (n as f32 * 0.001).sin()).sin()).collect();
    let pcm = Pcm::new(samples, 22_050).expect("good samples");
    let [flex, ndarray] = [Device::flex(), Device::ndarray()]
        .map(|device| Classifier::on(&files, &device).expect("good models").classify(&pcm).expect("an analysis"));
    for (a, b) in flex.models.iter().zip(&ndarray.models) {
        for (a, b) in a.moods.0.iter().zip(b.moods.0) {
            assert!((a - b).abs() < 1e-5);
        }
    }
}
