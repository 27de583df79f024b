//! What must hold in wasm just as it does natively; run by wasm-bindgen-test-runner.
#![cfg(target_arch = "wasm32")]
#![allow(deprecated)] // burn deprecates `ndarray`; it stays an option here as long as burn has it.

#[path = "common/models.rs"]
mod models;
#[path = "common/study_reference.rs"]
mod study_reference;

use burn::tensor::Device;
use songmood::nets::{Domain, InputSettings, Kind, batch, functionals_of};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn the_study_s_networks_give_pytorch_s_logits_on_flex() {
    study_reference::check(&Device::flex());
}

#[wasm_bindgen_test]
fn the_study_s_networks_give_pytorch_s_logits_on_ndarray() {
    study_reference::check(&Device::ndarray());
}

/// The page runs plans, which know no backend; burn's modules must give the same on either.
#[wasm_bindgen_test]
fn plans_give_what_both_backends_give() {
    let settings = InputSettings::of(Domain::Voice);
    let frames = |n: usize| (0..n * settings.columns()).map(|i| 60.0 * (i as f32 * 0.73).sin()).collect::<Vec<f32>>();
    let stretches = [frames(settings.window_frames), frames(57)];
    let stretches: Vec<&[f32]> = stretches.iter().map(Vec::as_slice).collect();
    for device in [Device::flex(), Device::ndarray()] {
        for kind in Kind::ALL {
            let model = models::model(kind, &device);
            let mut input = batch(&stretches, &model.card().normalisation, &settings, &device);
            input.functionals = Some(functionals_of(&stretches, &settings, &device));
            let expected: Vec<f32> = model.network().forward(input).into_data().iter::<f32>().collect();
            for (a, b) in model.outputs(&stretches, None).concat().iter().zip(expected) {
                assert!((a - b).abs() < 2e-5, "{a} {b}");
            }
        }
    }
}
