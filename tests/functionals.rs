//! Functionals against numpy's and scipy's, and what must not change them.

#[path = "common/npy.rs"]
mod npy;

use songmood::nets::{Domain, Functionals, InputSettings, n_functionals};

fn golden(name: &str) -> Vec<f32> {
    npy::read(format!("{}/tests/golden/functionals/{name}.npy", env!("CARGO_MANIFEST_DIR"))).data
}

fn settings() -> InputSettings {
    InputSettings::of(Domain::Voice)
}

fn functionals(stretch: &[f32], settings: &InputSettings) -> Vec<f32> {
    Functionals::new(settings).of(stretch)
}

#[test]
fn they_are_numpys() {
    let got = functionals(&golden("frames"), &settings());
    let expected = golden("functionals");
    assert_eq!(got.len(), n_functionals(settings().columns()));
    assert_eq!(got.len(), expected.len());
    for (place, (got, expected)) in got.iter().zip(&expected).enumerate() {
        let (functional, value) = (place / (expected_values()), place % expected_values());
        assert!(
            (got - expected).abs() <= 1e-3 * (1.0 + expected.abs()),
            "{functional} of {value}: {got}, not {expected}"
        );
    }
}

/// Values of a frame and the bands.
fn expected_values() -> usize {
    settings().columns() + 26
}

#[test]
fn neither_loudness_nor_pauses_count() {
    let (settings, frames) = (settings(), golden("frames"));
    let columns = settings.columns();
    let plain = functionals(&frames, &settings);
    let louder: Vec<f32> =
        frames.iter().enumerate().map(|(i, v)| if i % columns == 0 { v + 64.0 } else { *v }).collect();
    let near = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 2e-3 * (1.0 + a.abs()));
    assert!(near(&plain, &functionals(&louder, &settings)));

    let mut pause = frames[..columns].to_vec();
    pause[0] -= 500.0;
    let longer: Vec<f32> = [pause.repeat(20), frames[..].to_vec()].concat();
    assert!(near(&plain, &functionals(&longer, &settings)));
}

#[test]
fn the_shortest_stretches_and_the_stillest_have_some() {
    let settings = settings();
    let columns = settings.columns();
    for n_frames in [0, 1, 2, 3, 5, 9, 400] {
        for frames in [
            vec![-120.0; n_frames * columns],
            golden("frames").iter().cycle().take(n_frames * columns).copied().collect(),
        ] {
            let got = functionals(&frames, &settings);
            assert_eq!(got.len(), n_functionals(columns));
            assert!(got.iter().all(|value| value.is_finite()), "{n_frames} frames");
        }
    }
    let whole = golden("frames").repeat(2);
    assert_eq!(functionals(&whole, &settings), functionals(&whole[..settings.window_frames * columns], &settings));
}

#[test]
fn pitch_classes_do_not_count() {
    let settings = InputSettings::of(Domain::Music);
    let (columns, heard) = (settings.columns(), settings.heard_columns());
    let frames: Vec<f32> = (0..300 * columns).map(|i| 20.0 * (i as f32 * 0.37).sin()).collect();
    let transposed = |(i, value): (usize, &f32)| if i % columns < heard { *value } else { 1.0 - value };
    let plain = functionals(&frames, &settings);
    assert_eq!(plain.len(), n_functionals(heard));
    assert!(heard < columns);
    assert_eq!(plain, functionals(&frames.iter().enumerate().map(transposed).collect::<Vec<_>>(), &settings));
}
