//! The study's features against the numbers that its own notebooks printed.
#![cfg(feature = "train")]

use std::path::{Path, PathBuf};

use songmood::audio::decode::decode;
use songmood::train::study::features::{N_MFCC, RNN_FRAMES, StudyFeatures, study_features};

/// The development data, or `None` with a word about it.
fn reference() -> Option<PathBuf> {
    let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = std::env::var_os("SONGMOOD_DATA").map_or_else(|| crate_root.join("../shared"), PathBuf::from);
    let folder = data.join("reference");
    if folder.join("study_printed_values.json").is_file() {
        return Some(folder);
    }
    println!("skipped: {} is not there", folder.join("study_printed_values.json").display());
    None
}

fn floats(value: &serde_json::Value) -> Vec<f32> {
    value.as_array().expect("an array").iter().map(|number| number.as_f64().expect("a number") as f32).collect()
}

#[test]
fn the_printed_numbers_are_matched() {
    let Some(folder) = reference() else { return };
    let text = std::fs::read_to_string(folder.join("study_printed_values.json")).unwrap();
    let printed: serde_json::Value = serde_json::from_str(&text).unwrap();
    let pcm = decode(&folder.join("clips/03-02-03-01-02-01-01.wav")).unwrap();
    assert_eq!(pcm.sample_rate(), 48_000);
    let features = study_features(pcm.samples(), pcm.sample_rate()).unwrap();

    let expected = floats(&printed["mean_mfcc40"]["values"]);
    assert_eq!(expected.len(), N_MFCC);
    for (k, (got, expected)) in features.mean.iter().zip(&expected).enumerate() {
        assert!((got - expected).abs() < 1e-3, "mean of coefficient {k}: {got}, printed {expected}");
    }

    let last = &printed["first_3s_mfcc_last_frame"];
    let rows: Vec<usize> = floats(&last["rows"]).into_iter().map(|row| row as usize).collect();
    for (row, expected) in rows.into_iter().zip(floats(&last["values"])) {
        let got = features.first_seconds[row * RNN_FRAMES + RNN_FRAMES - 1];
        assert!((got - expected).abs() < 1e-3, "coefficient {row} of the last frame: {got}, printed {expected}");
    }
}

#[test]
fn clips_of_any_length_give_the_same_shapes() {
    for seconds in [0.0, 0.001, 1.0, 3.0, 4.5] {
        let samples: Vec<f32> = (0..(24_000.0 * seconds) as usize).map(|i| (i as f32 * 0.05).sin() * 0.3).collect();
        let StudyFeatures { mean, first_seconds } = study_features(&samples, 24_000).unwrap();
        assert_eq!((mean.len(), first_seconds.len()), (N_MFCC, N_MFCC * RNN_FRAMES), "{seconds} s");
        assert!(mean.iter().chain(&first_seconds).all(|value| value.is_finite()), "{seconds} s");
    }
}
