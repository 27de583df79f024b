//! Folders and files that may not be written to: an error that names them, and what was there before is still there.
#![cfg(all(feature = "cli", unix))]

#[path = "common/library.rs"]
mod library;
#[path = "common/read_only.rs"]
mod rights;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use library::{Library, Ran};
use rights::{ReadOnly, without_privileges};

fn classify(library: &Library, place: &Path, args: &[&str]) -> Ran {
    Ran::of(without_privileges(&library.command(args), place).output().unwrap())
}

/// Every file below a folder with its bytes.
fn all(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(all(&path));
        } else {
            files.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    files
}

const FORMATS: [&str; 5] = ["moods.json", "moods.jsonl", "moods.csv", "moods.parquet", "moods.txt"];

#[test]
fn moods_are_not_written_and_earlier_ones_stay() {
    let library = Library::with_songs(1);
    for name in FORMATS {
        library.add(&format!("out/{name}"), "what was there before");
    }
    let place = tempfile::tempdir().unwrap();
    let _rights = ReadOnly::new(&library.path(""));
    let before = all(&library.path(""));
    for name in FORMATS {
        for path in [format!("out/{name}"), format!("new {name}"), format!("new/{name}")] {
            let stderr = classify(&library, place.path(), &["song 00.wav", "--overwrite", "-o", &path]).failed(1);
            assert!(stderr.contains(&path), "{path}: {stderr}");
        }
    }
    assert_eq!(all(&library.path("")), before);
}

#[test]
fn coefficients_are_not_written_and_earlier_ones_stay() {
    let library = Library::with_songs(1);
    library.add("mfcc.npy", "what was there before");
    let place = tempfile::tempdir().unwrap();
    let _rights = ReadOnly::new(&library.path(""));
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_songmood"));
    program.args(["mfcc", "song 00.wav", "-o", "mfcc.npy"]).current_dir(library.path(""));
    let ran = Ran::of(without_privileges(&program, place.path()).output().unwrap());
    assert!(ran.failed(1).contains("mfcc.npy"));
    assert_eq!(library.read("mfcc.npy"), "what was there before");
}

#[test]
fn a_run_that_cannot_be_resumed_leaves_what_it_wrote() {
    let library = Library::with_songs(2);
    for name in ["moods.jsonl", "moods.csv"] {
        library.classify(&["song 00.wav", "-o", name]).ok();
    }
    let place = tempfile::tempdir().unwrap();
    let _rights = ReadOnly::new(&library.path(""));
    let before = all(&library.path(""));
    for name in ["moods.jsonl", "moods.csv"] {
        let args = ["song 00.wav", "song 01.wav", "-o", name, "--resume"];
        let stderr = classify(&library, place.path(), &args).failed(1);
        assert!(stderr.contains(name) && stderr.contains("denied"), "{stderr}");
    }
    assert_eq!(all(&library.path("")), before);
}

#[test]
fn tags_are_not_written_and_songs_stay_but_their_moods_are_told() {
    let library = Library::with_songs(2);
    library.add("tone.mp3", fs::read(library::golden("tone.mp3")).unwrap());
    let place = tempfile::tempdir().unwrap();
    let _rights = ReadOnly::new(&library.path(""));
    let before = all(&library.path(""));
    let ran = classify(&library, place.path(), &["song 00.wav", "tone.mp3", "--write-tags", "--jsonl"]);
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    assert!(ran.stderr.contains("song 00.wav") && ran.stderr.contains("tone.mp3"), "{}", ran.stderr);
    assert_eq!(ran.stdout.lines().count(), 2);
    assert_eq!(all(&library.path("")), before);
}

#[test]
fn what_is_read_alone_needs_no_right_to_write() {
    let library = Library::with_songs(2);
    let place = tempfile::tempdir().unwrap();
    let _rights = ReadOnly::new(&library.path(""));
    let out = classify(&library, place.path(), &["song 00.wav", "song 01.wav", "--jsonl"]).ok();
    assert_eq!(library::paths(&out), ["song 00.wav", "song 01.wav"]);
}
