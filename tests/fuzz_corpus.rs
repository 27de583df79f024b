//! Replays what fuzzing found interesting: `fuzz/corpus/TARGET/`, one input a file. `fuzz/README.md` tells how it came about.
#![cfg(feature = "train")]

use std::fs;
use std::path::Path;

#[path = "../fuzz/src/lib.rs"]
mod targets;

/// Runs a target on every file of its corpus; a panic names the file.
fn replay(name: &str, target: fn(&[u8])) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("fuzz/corpus").join(name);
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    // Whole files are there for other tests already.
    let elsewhere = match name {
        "decode" => Some("tests/golden/audio"),
        "weights" => Some("tests/golden/weights"),
        _ => None,
    };
    if let Some(folder) = elsewhere {
        files.extend(fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()));
    }
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    for file in files {
        let bytes = fs::read(&file).unwrap();
        let outcome = std::panic::catch_unwind(|| target(&bytes));
        assert!(outcome.is_ok(), "{} fails on {}", name, file.display());
    }
    target(&[]);
}

#[test]
fn beginnings_of_files() {
    replay("probe", targets::probe);
}

#[test]
fn files_of_sound() {
    replay("decode", targets::decode);
}

#[test]
fn weights() {
    replay("weights", targets::weights);
}

#[test]
fn rates_and_chunks() {
    replay("resampler", targets::resampler);
}

#[test]
fn settings_and_chunks() {
    replay("streaming", targets::streaming);
}

#[test]
fn tables_of_clips() {
    replay("table", targets::table);
}

#[test]
fn names_of_clips() {
    replay("ravdess", targets::ravdess);
}
