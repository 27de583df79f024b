//! `songmood reproduce` as a process, on clips made here.
#![cfg(feature = "train")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use songmood::train::ravdess::scan;
use songmood::train::study::experiments::{self, Extent};
use songmood::train::study::features;

/// A second of a tone, whose pitch depends on the mood.
fn write_clip(folder: &Path, name: &str, pitch: f32) {
    const RATE: u32 = 16_000;
    let samples = (0..RATE).map(|i| ((i as f32 * pitch * std::f32::consts::TAU / RATE as f32).sin() * 9000.0) as i16);
    let data: Vec<u8> = samples.flat_map(i16::to_le_bytes).collect();
    let mut wav = Vec::from(*b"RIFF");
    wav.extend((36 + data.len() as u32).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend(RATE.to_le_bytes());
    wav.extend((RATE * 2).to_le_bytes());
    wav.extend(b"\x02\0\x10\0data");
    wav.extend((data.len() as u32).to_le_bytes());
    wav.extend(data);
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join(name), wav).unwrap();
}

/// Five singers with eight clips each.
fn corpus(root: &Path) {
    for actor in 1..=5 {
        let folder = root.join(format!("Audio_Song_Actors_01-24/Actor_{actor:02}"));
        for mood in 3..=6 {
            for take in 1..=2 {
                let pitch = 150.0 * mood as f32 + 5.0 * actor as f32 + take as f32;
                write_clip(&folder, &format!("03-02-{mood:02}-01-01-{take:02}-{actor:02}.wav"), pitch);
            }
        }
    }
}

fn reproduce(arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_songmood");
    Command::new(program).arg("reproduce").args(arguments).env_remove("SONGMOOD_DATA").output().unwrap()
}

#[test]
fn table_numbers_and_figures_are_written() {
    let root = tempfile::tempdir().unwrap();
    let (data, out) = (root.path().join("data"), root.path().join("out"));
    corpus(&data);
    fs::write(data.join("Audio_Song_Actors_01-24/Actor_01/03-02-03-02-01-01-01.wav"), b"no audio").unwrap();
    let output = reproduce(&[
        "--ravdess",
        data.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--epochs",
        "2",
        "--seeds",
        "2",
    ]);
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stderr}");
    assert!(stdout.contains("40 song clips") && stdout.contains("1 skipped"), "{stdout}");
    assert!(stderr.contains("03-02-03-02-01-01-01.wav"), "{stderr}");
    for part in ["88.67 %", "0.2879", "73.91 %", "1.041", "actors kept apart, 5 of 5 folds", "2 seeds", "best epoch"] {
        assert!(stdout.contains(part), "“{part}” is missing from:\n{stdout}");
    }
    assert!(stdout.contains(&fs::read_to_string(out.join("table.txt")).unwrap()));
    let numbers: serde_json::Value = serde_json::from_slice(&fs::read(out.join("numbers.json")).unwrap()).unwrap();
    assert_eq!(numbers.as_array().unwrap().len(), 6);
    for network in ["cnn", "rnn", "rnn-right-way"] {
        for figure in ["curves", "confusion", "actors-apart-curves", "actors-apart-confusion"] {
            let svg = fs::read_to_string(out.join(format!("{network}-{figure}.svg"))).unwrap();
            assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{network} {figure}");
            let word = if figure.ends_with("curves") { "accuracy" } else { "fearful" };
            assert!(svg.contains(word), "{network} {figure}");
        }
    }
}

#[test]
fn one_network_on_some_of_the_clips() {
    let root = tempfile::tempdir().unwrap();
    let (data, out) = (root.path().join("data"), root.path().join("out"));
    corpus(&data);
    let places = ["--ravdess", data.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let asked = ["--epochs", "1", "--seeds", "1", "--only", "rnn", "--clips", "24"];
    let output = reproduce(&[&places[..], &asked].concat());
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stderr}");
    assert!(stdout.contains("of 24 clips tested") && stdout.contains("here are 24"), "{stdout}");
    let numbers: serde_json::Value = serde_json::from_slice(&fs::read(out.join("numbers.json")).unwrap()).unwrap();
    let networks: Vec<_> = numbers.as_array().unwrap().iter().map(|run| run["network"].as_str().unwrap()).collect();
    assert_eq!(networks, ["rnn", "rnn"]);
    assert!(out.join("rnn-curves.svg").exists() && !out.join("cnn-curves.svg").exists());
}

#[test]
fn a_folder_without_clips_is_refused_with_advice() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");
    let output = reproduce(&["--ravdess", root.path().to_str().unwrap(), "--out", out.to_str().unwrap()]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(stderr.contains("Actor_01") && stderr.contains("1188976"), "{stderr}");
}

#[test]
fn seeds_determine_everything_whatever_runs_beside() {
    let root = tempfile::tempdir().unwrap();
    corpus(root.path());
    let loaded = features::load(&scan(root.path()).unwrap(), || ());
    assert_eq!((loaded.examples.len(), loaded.skipped.len()), (40, 0));
    let results = |threads| {
        let extent = Extent { seeds: 2, folds: 1, epochs: Some(3), shorten: 1, threads, only: None };
        experiments::run(&loaded.examples, &extent, |_, _| ()).unwrap()
    };
    let alone = results(1);
    assert_eq!(alone, results(3));
    let curves: Vec<_> = alone.values().map(|runs| runs[0].curve.clone()).collect();
    assert!(curves.iter().all(|curve| curve.len() == 3));
    for runs in alone.values().filter(|runs| runs.len() == 2) {
        assert_ne!(runs[0].curve, runs[1].curve, "two seeds gave the same training");
    }
}
