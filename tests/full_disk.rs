//! A disk that is full, and standard error that nobody can read: an error, and what was there before is still there.
#![cfg(all(feature = "cli", unix))]

#[path = "common/library.rs"]
mod library;
#[path = "common/full_disk.rs"]
mod limit;

use std::fs;
use std::process::Stdio;

use library::{Library, Ran};
use limit::on_full_disk;

fn run_on_full_disk(library: &Library, blocks: u32, args: &[&str]) -> Ran {
    let mut command = on_full_disk(&library.command(args), blocks);
    // A pipe, because a file of the test's own could not grow either.
    Ran::of(command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap())
}

#[test]
fn moods_that_do_not_fit_leave_the_earlier_ones() {
    let library = Library::with_songs(3);
    for name in ["moods.json", "moods.parquet", "moods.txt"] {
        library.add(name, "what was there before");
        let stderr =
            run_on_full_disk(&library, 0, &["song 00.wav", "song 01.wav", "--overwrite", "-o", name]).failed(1);
        assert!(stderr.contains(name) && stderr.contains("space"), "{stderr}");
        assert_eq!(fs::read_to_string(library.path(name)).unwrap(), "what was there before");
    }
}

#[test]
fn coefficients_that_do_not_fit_leave_the_earlier_ones() {
    let library = Library::with_songs(1);
    library.add("mfcc.npy", "what was there before");
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_songmood"));
    program.args(["mfcc", "song 00.wav", "-o", "mfcc.npy"]).current_dir(library.path(""));
    let ended = on_full_disk(&program, 4).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
    assert!(Ran::of(ended).failed(1).contains("mfcc.npy"));
    assert_eq!(library.read("mfcc.npy"), "what was there before");
    assert_eq!(
        fs::read_dir(library.path("")).unwrap().count(),
        3,
        "nothing may be left beside the models, the song and its file"
    );
}

/// Lines without the times that the work took, which no two runs share.
fn moods(text: &str) -> Vec<&str> {
    text.lines().map(|line| line.split("\"timings\"").next().unwrap_or(line)).collect()
}

#[test]
fn rows_that_do_not_fit_are_told_and_can_be_gone_on_with() {
    let library = Library::with_songs(6);
    for name in ["moods.jsonl", "moods.csv"] {
        let songs = ["song 00.wav", "song 01.wav", "song 02.wav", "song 03.wav", "song 04.wav", "song 05.wav"];
        let with = |more: &[&'static str]| [&songs[..], more, &["-o", name]].concat();
        let stderr = run_on_full_disk(&library, 2, &with(&["--windows"])).failed(1);
        assert!(stderr.contains(name) && stderr.contains("space"), "{stderr}");
        library.classify(&with(&["--windows", "--resume"])).ok();
        let resumed = library.read(name);
        library.classify(&with(&["--windows", "--overwrite"])).ok();
        assert!(moods(&resumed) == moods(&library.read(name)), "{name} is not what a run without a break writes");
    }
}

#[test]
fn a_tag_that_does_not_fit_leaves_the_song() {
    let library = Library::with_songs(1);
    let before = fs::read(library.path("song 00.wav")).unwrap();
    let stderr = run_on_full_disk(&library, 8, &["song 00.wav", "--write-tags"]).failed(3);
    assert!(stderr.contains("the file is as it was"), "{stderr}");
    assert_eq!(fs::read(library.path("song 00.wav")).unwrap(), before);
    assert_eq!(
        fs::read_dir(library.path("")).unwrap().count(),
        2,
        "nothing may be left beside the models and the song"
    );
}

#[test]
fn a_standard_error_that_cannot_be_written_changes_nothing() {
    let library = Library::with_songs(1);
    library.add("broken.wav", "no sound");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ran = Ran::of(
        library
            .command(&["song 00.wav", "broken.wav", "--jsonl"])
            .stderr(full)
            .stdout(Stdio::piped())
            .output()
            .unwrap(),
    );
    assert_eq!(ran.code, Some(3));
    assert_eq!(ran.stdout.lines().count(), 2);
}
