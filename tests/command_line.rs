//! The program as a process: what it prints, where, and how it ends.
#![cfg(feature = "cli")]

#[path = "common/library.rs"]
mod library;

use library::wav;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn songmood(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_songmood")).args(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A folder with untrained models for voices and for music, a song and a file that is none.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    library::write_models(folder.path());
    let samples: Vec<f32> = (0..2 * 5 * 16_000).map(|n| 0.3 * ((n / 2) as f32 * 0.09).sin()).collect();
    fs::write(folder.path().join("song.wav"), wav::wav(&samples, 2, 16_000, wav::Format::I16)).unwrap();
    fs::write(folder.path().join("notes.mp3"), "these are notes").unwrap();
    folder
}

fn classify(folder: &Path, files: &[&str], more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_songmood"));
    command.arg("classify").args(files.iter().map(|file| folder.join(file))).arg("--models").arg(folder).args(more);
    command.output().unwrap()
}

#[test]
fn without_a_command_it_says_what_it_does() {
    let output = songmood(&[]);
    assert!(output.status.success());
    let stdout = text(&output.stdout);
    assert!(stdout.contains("mood") && stdout.contains("classify") && stdout.contains("mfcc"), "{stdout}");
    #[cfg(feature = "train")]
    assert!(stdout.contains("train") && stdout.contains("RAVDESS") && stdout.contains("reproduce"), "{stdout}");
}

#[cfg(feature = "train")]
#[test]
fn without_ravdess_it_says_where_it_looked_and_how_to_get_it() {
    let elsewhere = tempfile::tempdir().unwrap();
    for args in [&[][..], &["train"], &["reproduce"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_songmood"))
            .args(args)
            .current_dir(elsewhere.path())
            .env("SONGMOOD_DATA", elsewhere.path())
            .output()
            .unwrap();
        let said = text(&output.stdout) + &text(&output.stderr);
        for place in ["--ravdess", "SONGMOOD_DATA", "../shared", "data", "1188976"] {
            assert!(said.contains(place), "{place} is not named in: {said}");
        }
        assert_eq!(output.status.success(), args.is_empty());
    }
}

#[test]
fn classify_prints_a_verdict_and_every_mood() {
    let folder = folder();
    let output = classify(folder.path(), &["song.wav"], &["--windows", "--as", "voice"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let stdout = text(&output.stdout);
    assert!(stdout.contains("song.wav: "), "{stdout}");
    for mood in songmood::Mood::ALL {
        assert!(stdout.contains(mood.name()), "{stdout}");
    }
    assert!(stdout.contains("test voice cnn") && stdout.contains("test voice rnn"));
}

#[test]
fn a_bad_file_is_reported_and_the_rest_goes_on() {
    let folder = folder();
    let output = classify(folder.path(), &["notes.mp3", "absent.wav", "song.wav"], &["--json", "--as", "voice"]);
    assert_eq!(output.status.code(), Some(3));
    let stderr = text(&output.stderr);
    assert!(stderr.contains("notes.mp3") && stderr.contains("absent.wav") && stderr.contains("2 of 3"), "{stderr}");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report[0]["error"].is_string() && report[1]["error"].is_string());
    let song = &report[2];
    assert!(song["path"].as_str().unwrap().ends_with("song.wav"));
    assert_eq!(song["sampleRate"], 16_000);
    assert!((song["durationS"].as_f64().unwrap() - 5.0).abs() < 1e-3);
    let moods = song["moods"].as_object().unwrap();
    assert_eq!(moods.len(), 8);
    assert!((moods.values().map(|p| p.as_f64().unwrap()).sum::<f64>() - 1.0).abs() < 1e-4);
    assert!(song["windows"].as_array().unwrap().len() >= 2);
    assert!(song["verdict"]["unsure"].is_boolean());
}

#[test]
fn missing_or_wrong_models_are_an_error_that_says_so() {
    let folder = folder();
    let empty = tempfile::tempdir().unwrap();
    let song = folder.path().join("song.wav");
    let (song, models) = (song.to_str().unwrap(), empty.path().to_str().unwrap());
    let run = || songmood(&["classify", song, "--as", "voice", "--models", models]);
    let output = run();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("--models"), "{}", text(&output.stderr));

    fs::write(empty.path().join("index.json"), r#"{"voice": ["x.safetensors"]}"#).unwrap();
    fs::write(empty.path().join("x.safetensors"), "not weights").unwrap();
    let output = run();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("model file 1 was refused"), "{}", text(&output.stderr));
}

#[test]
fn away_from_the_repository_the_models_that_are_built_in_are_used() {
    let folder = folder();
    let mut command = Command::new(env!("CARGO_BIN_EXE_songmood"));
    let output = command.args(["classify", "song.wav"]).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(!text(&output.stdout).contains("test music"), "{}", text(&output.stdout));
}

#[test]
fn shells_are_given_completions_and_manual_pages() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = songmood(&["completions", shell]);
        let script = text(&output.stdout);
        assert!(output.status.success() && script.contains("classify") && script.contains("write-tags"), "{shell}");
    }
    // Where bash is there, it must understand its own.
    let script = songmood(&["completions", "bash"]).stdout;
    if let Ok(mut bash) = Command::new("bash").arg("-n").stdin(std::process::Stdio::piped()).spawn() {
        std::io::Write::write_all(&mut bash.stdin.take().unwrap(), &script).unwrap();
        assert!(bash.wait().unwrap().success());
    }
    assert_eq!(songmood(&["completions", "sh"]).status.code(), Some(2));

    let page = text(&songmood(&["man"]).stdout);
    assert!(page.contains(".TH songmood 1") && page.contains("NO_COLOR"), "{page}");
    let page = text(&songmood(&["man", "classify"]).stdout);
    assert!(page.contains(".TH songmood-classify 1") && page.contains("Exit status"), "{page}");
    let output = songmood(&["man", "sing"]);
    assert!(output.status.code() == Some(1) && text(&output.stderr).contains("classify, mfcc"));
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("man1");
    assert!(songmood(&["man", "--out", pages.to_str().unwrap()]).status.success());
    assert!(pages.join("songmood.1").is_file() && pages.join("songmood-classify.1").is_file());
}

#[test]
fn help_names_the_exit_status_and_examples() {
    for help in ["-h", "--help"] {
        let help = text(&songmood(&["classify", help]).stdout);
        for part in ["Exit status", "130", "Examples", "--resume", "--write-tags"] {
            assert!(help.contains(part), "{part} is not in {help}");
        }
    }
    assert!(text(&songmood(&["--help"]).stdout).contains("Exit status"));
}

#[test]
fn arguments_that_make_no_sense_end_with_status_2() {
    assert_eq!(songmood(&["classify"]).status.code(), Some(2));
    assert_eq!(songmood(&["sing"]).status.code(), Some(2));
    assert_eq!(songmood(&["classify", "a.wav", "--csv", "--json"]).status.code(), Some(2));
    assert_eq!(songmood(&["classify", "a.wav", "--jobs", "0"]).status.code(), Some(2));
    assert_eq!(songmood(&["--help"]).status.code(), Some(0));
}

#[test]
fn files_are_taken_for_music_unless_they_are_called_voices() {
    let folder = folder();
    let names = |more: &[&str]| -> Vec<String> {
        let output = classify(folder.path(), &["song.wav"], &[&["--json"], more].concat());
        let entries: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let models = entries[0]["models"].as_array().unwrap().clone();
        models.iter().map(|model| model["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&[]), ["test music cnn", "test music rnn"]);
    assert_eq!(names(&["--as", "voice"]), ["test voice cnn", "test voice rnn"]);
    fs::write(folder.path().join("index.json"), r#"{"voice": ["voice-cnn.safetensors"]}"#).unwrap();
    let output = classify(folder.path(), &["song.wav"], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("no models for music"), "{}", text(&output.stderr));
}
