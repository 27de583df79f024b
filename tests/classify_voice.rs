//! `songmood classify --voice-from`: one person's recordings, judged relative to that person's voice.
#![cfg(feature = "cli")]

#[path = "common/library.rs"]
mod library;

use library::Library;
use serde_json::Value;
use songmood::audio::decode::decode;
use songmood::{Analysis, Classifier};

/// Two songs to learn a voice from, of different moods as far as tones have any, and one to judge.
fn library() -> Library {
    let library = Library::new();
    library.add_song("me/low.wav", 200.0, 9.0);
    library.add_song("me/high.wav", 700.0, 5.0);
    library.add_song("new.wav", 450.0, 6.0);
    library
}

fn analyses(jsonl: &str) -> Vec<Value> {
    jsonl.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What the program printed of a file, against what the library says of it.
#[track_caller]
fn assert_is(printed: &Value, expected: &Analysis) {
    for (mood, probability) in expected.moods.iter() {
        let got = printed["moods"][mood.name()].as_f64().unwrap();
        assert!((got - f64::from(probability)).abs() < 1e-5, "{mood:?}: {got}, {probability}");
    }
}

#[test]
fn files_are_judged_relative_to_a_voice_learnt_from_others() {
    let library = library();
    let files: Vec<Vec<u8>> = ["cnn", "rnn"]
        .map(|kind| std::fs::read(library.path(&format!("models/voice-{kind}.safetensors"))).unwrap())
        .into();
    let mut classifier = Classifier::new(&files).unwrap();
    let of = |name: &str| decode(&library.path(name)).unwrap();
    let unlearnt = classifier.classify(&of("new.wav")).unwrap();
    let mut voice = classifier.voice_in(&of("me/high.wav")).unwrap();
    voice.join(&classifier.voice_in(&of("me/low.wav")).unwrap());
    classifier.set_voice(Some(voice)).unwrap();
    let learnt = classifier.classify(&of("new.wav")).unwrap();
    assert_ne!(learnt.moods, unlearnt.moods);

    let ran = library.classify(&["--jsonl", "--voice-from", "me", "new.wav"]);
    assert!(ran.stderr.contains("learnt a voice from 2 files, 13 s of sound"), "{}", ran.stderr);
    assert!(ran.stderr.contains("a minute or more"), "{}", ran.stderr);
    assert_is(&analyses(&ran.ok())[0], &learnt);
    // The same files, the other way round and one by one.
    let args = ["--jsonl", "--as", "voice", "--voice-from", "me/low.wav", "--voice-from", "me/high.wav", "new.wav"];
    assert_is(&analyses(&library.classify(&args).ok())[0], &learnt);
    assert_is(&analyses(&library.classify(&["--jsonl", "--as", "voice", "new.wav"]).ok())[0], &unlearnt);
}

#[test]
fn a_file_that_cannot_be_heard_is_told_and_the_rest_is_learnt() {
    let library = library();
    library.add("me/broken.wav", "RIFF");
    let ran = library.classify(&["--jsonl", "--voice-from", "me", "new.wav"]);
    assert!(ran.stderr.contains("broken.wav"), "{}", ran.stderr);
    assert!(ran.stderr.contains("from 2 files"), "{}", ran.stderr);
    assert_eq!(analyses(&ran.ok()).len(), 1);
}

#[test]
fn without_a_voice_the_run_does_not_begin() {
    let library = library();
    library.add("me/broken.wav", "RIFF");
    let stderr = library.classify(&["--voice-from", "me/broken.wav", "new.wav", "-o", "out.csv"]).failed(1);
    assert!(stderr.contains("no voice can be heard"), "{stderr}");
    let stderr = library.classify(&["--voice-from", "nobody", "new.wav", "-o", "out.csv"]).failed(1);
    assert!(stderr.contains("nobody"), "{stderr}");
    let stderr = library.classify(&["--as", "music", "--voice-from", "me", "new.wav", "-o", "out.csv"]).failed(1);
    assert!(stderr.contains("no voice to learn"), "{stderr}");
    assert!(!library.path("out.csv").exists(), "nothing is written before the voice is known");
}
