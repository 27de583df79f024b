//! `songmood train` and `evaluate` as a person runs them, on a little corpus of synthetic voices.
#![cfg(feature = "train")]

#[cfg(unix)]
#[path = "common/full_disk.rs"]
mod limit;
#[cfg(unix)]
#[path = "common/read_only.rs"]
mod rights;
#[path = "common/wav.rs"]
mod wav;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use songmood::nets::{Model, Tension};

/// A voice of a kind: every actor has a pitch, every mood a tremor.
fn clip(actor: u32, mood: u32, voice: u32) -> Vec<u8> {
    let sample_rate = 16_000;
    let pitch = 110.0 + 9.0 * actor as f32;
    let tremor = 2.0 * mood as f32;
    let sound = |n: usize| {
        let t = n as f32 / sample_rate as f32;
        let turn = std::f32::consts::TAU * pitch * t;
        let loudness = 0.2 * (1.0 + (std::f32::consts::TAU * tremor * t).sin());
        let tone = turn.sin() + 0.5 * (2.0 * turn).sin() + 0.3 / voice as f32 * (5.0 * turn).sin();
        if (0.3..1.5).contains(&t) { loudness * tone } else { 0.0 }
    };
    wav::wav(&(0..sample_rate as usize * 9 / 5).map(sound).collect::<Vec<_>>(), 1, sample_rate, wav::Format::I16)
}

/// Four actors, three moods, sung and spoken, in the layout of Zenodo.
fn corpus() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for actor in 1..=4 {
        for (voice, part) in [(1, "Audio_Speech_Actors_01-24"), (2, "Audio_Song_Actors_01-24")] {
            let folder = folder.path().join(part).join(format!("Actor_{actor:02}"));
            fs::create_dir_all(&folder).unwrap();
            for mood in [2, 3, 5] {
                let name = format!("03-{voice:02}-{mood:02}-01-01-01-{actor:02}.wav");
                fs::write(folder.join(name), clip(actor, mood, voice)).unwrap();
            }
        }
    }
    folder
}

fn train(corpus: &Path, out: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_songmood"));
    command.arg("train").arg("--ravdess").arg(corpus).arg("--out").arg(out).args(more);
    for default in ["--epochs=3", "--folds=2", "--seeds=1"] {
        let name = default.split('=').next().unwrap();
        if !more.iter().any(|option| option.starts_with(name)) {
            command.arg(default);
        }
    }
    command
}

fn finish(mut command: Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn weights(out: &Path) -> [Vec<u8>; 2] {
    ["voice-cnn.safetensors", "voice-rnn.safetensors"].map(|name| fs::read(out.join(name)).unwrap())
}

/// Runs until some checkpoint of a network in training is there, then does `end` to the process.
fn interrupt(mut command: Command, out: &Path, end: impl FnOnce(&mut std::process::Child)) -> Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let checkpoint = || fs::read_dir(out.join(".checkpoints")).is_ok_and(|mut folder| folder.next().is_some());
    for _ in 0..6_000 {
        if checkpoint() || child.try_wait().unwrap().is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(checkpoint(), "no checkpoint was written");
    end(&mut child);
    child.wait_with_output().unwrap()
}

#[test]
fn a_seed_gives_the_same_weights_and_an_interrupted_run_ends_in_them_too() {
    let corpus = corpus();
    let folder = tempfile::tempdir().unwrap();
    let out = |name: &str| -> PathBuf { folder.path().join(name) };

    finish(train(corpus.path(), &out("first"), &[]));
    let expected = weights(&out("first"));
    for bytes in &expected {
        Model::load(bytes, &songmood::nets::default_device()).unwrap();
    }
    let index = fs::read_to_string(out("first").join("index.json")).unwrap();
    assert!(index.contains("voice-cnn.safetensors") && index.contains("voice-rnn.safetensors"));
    let card = fs::read_to_string(out("first").join("voice-cnn.md")).unwrap();
    assert!(card.contains("CC BY-NC-SA") && card.contains("UAR") && card.contains("--epochs 3"));

    // One network at a time gives the same as two at a time.
    finish(train(corpus.path(), &out("again"), &["--jobs", "1"]));
    assert!(weights(&out("again")) == expected, "the same seed gave other weights");
    finish(train(corpus.path(), &out("other"), &["--seed", "1"]));
    assert!(weights(&out("other")) != expected, "another seed gave the same weights");

    interrupt(train(corpus.path(), &out("killed"), &[]), &out("killed"), |child| child.kill().unwrap());
    assert!(!out("killed").join("voice-cnn.safetensors").exists(), "the run ended before it could be killed");
    finish(train(corpus.path(), &out("killed"), &["--resume"]));
    assert!(weights(&out("killed")) == expected, "a killed and resumed run gave other weights");
    assert!(!out("killed").join(".checkpoints").exists(), "checkpoints are left behind");
}

#[cfg(unix)]
/// Some kills by default; `SONGMOOD_KILLS=20` for the figure in `docs/reliability.md`.
#[test]
fn wherever_a_run_is_killed_its_resume_ends_in_the_same_weights() {
    let kills: u32 = std::env::var("SONGMOOD_KILLS").map_or(3, |count| count.parse().unwrap());
    let corpus = corpus();
    let folder = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    finish(train(corpus.path(), &folder.path().join("whole"), &[]));
    let duration = begun.elapsed();
    let expected = weights(&folder.path().join("whole"));
    for kill in 0..kills {
        // Any moment will do: these are spread over the run by the golden ratio.
        let share = (f64::from(kill + 1) * 0.618_034).fract();
        let out = folder.path().join(format!("killed {kill}"));
        let mut child = train(corpus.path(), &out, &[]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(duration.mul_f64(share));
        child.kill().unwrap();
        child.wait().unwrap();
        finish(train(corpus.path(), &out, &["--resume"]));
        assert!(
            weights(&out) == expected,
            "killed after {:.0} % of the time, it ended in other weights",
            100.0 * share
        );
        let left: Vec<_> = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().contains(".part")), "{left:?}");
    }
}

#[test]
#[cfg(unix)]
fn a_full_disk_is_told_and_leaves_earlier_weights() {
    let corpus = corpus();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("models");
    finish(train(corpus.path(), &out, &[]));
    let before = weights(&out);
    let again = train(corpus.path(), &out, &["--seed", "7"]);
    let ended = limit::on_full_disk(&again, 8).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
    let stderr = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("models") && stderr.contains("too large"), "{stderr}");
    assert!(weights(&out) == before);

    // With room again it goes on, and ends in the weights of a run that never lacked any.
    finish(train(corpus.path(), &out, &["--seed", "7", "--resume"]));
    finish(train(corpus.path(), &folder.path().join("undisturbed"), &["--seed", "7"]));
    assert!(weights(&out) == weights(&folder.path().join("undisturbed")));
}

#[test]
fn ctrl_c_leaves_a_checkpoint_that_only_the_same_run_takes_up() {
    let corpus = corpus();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("models");
    let output = interrupt(train(corpus.path(), &out, &["--epochs=400"]), &out, |child| {
        let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(status.success());
    });
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("--resume"), "{message}");

    let output = train(corpus.path(), &out, &["--epochs=400", "--seed", "7", "--resume"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("belongs to a run with other settings"), "{message}");
}

#[test]
#[cfg(unix)]
fn a_folder_that_may_not_be_written_to_is_told_before_anything_is_learnt() {
    let corpus = corpus();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("models");
    finish(train(corpus.path(), &out, &["--epochs=1", "--folds=0"]));
    let before = weights(&out);
    let place = tempfile::tempdir().unwrap();
    let _rights = [rights::ReadOnly::new(folder.path()), rights::ReadOnly::new(corpus.path())];
    for out in [out.clone(), folder.path().join("others")] {
        // So many epochs that a run which found out at their end would still be at it.
        let mut command = rights::without_privileges(&train(corpus.path(), &out, &["--epochs=100000"]), place.path());
        let begun = Instant::now();
        let ended = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
        let stderr = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{stderr}");
        assert!(stderr.contains(&*out.to_string_lossy()) && stderr.contains("denied"), "{stderr}");
        assert!(begun.elapsed() < Duration::from_secs(60), "it took {:?}", begun.elapsed());
    }
    assert!(weights(&out) == before);
}

#[test]
fn clips_that_cannot_be_read_are_named_counted_and_skipped() {
    let corpus = corpus();
    let broken = corpus.path().join("Audio_Song_Actors_01-24/Actor_01/03-02-03-02-01-01-01.wav");
    fs::write(&broken, b"RIFF and no more").unwrap();
    let silent = corpus.path().join("Audio_Song_Actors_01-24/Actor_01/03-02-03-02-01-02-01.wav");
    fs::write(&silent, wav::wav(&[0.0; 16_000], 1, 16_000, wav::Format::I16)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let output = finish(train(corpus.path(), folder.path(), &["--epochs=1", "--measure-only"]));
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(stdout.contains("24 clips") && stdout.contains("2 skipped"), "{stdout}");
    for name in ["03-02-03-02-01-01-01.wav", "03-02-03-02-01-02-01.wav"] {
        assert!(stderr.contains(name), "{stderr}");
    }
    assert!(!folder.path().join("voice-cnn.safetensors").exists(), "--measure-only wrote weights");
}

#[test]
fn only_where_actors_were_kept_apart_it_is_said_that_they_were() {
    let corpus = corpus();
    let folder = tempfile::tempdir().unwrap();
    let measured = |more: &[&str]| {
        let output = finish(train(corpus.path(), folder.path(), &[&["--epochs=1"], more].concat()));
        let model = Model::load(&weights(folder.path())[0], &songmood::nets::default_device()).unwrap();
        assert!(model.card().calibration.learnt_temperature.is_some());
        let card = fs::read_to_string(folder.path().join("voice-cnn.md")).unwrap();
        assert!(card.contains("(voice-reliability.svg)") && folder.path().join("voice-reliability.svg").is_file());
        (String::from_utf8(output.stdout).unwrap(), model.card().scores.keys().cloned().collect::<Vec<_>>())
    };
    let (table, scores) = measured(&[]);
    assert!(
        table.contains("where the voice was learnt")
            && table.contains("never heard its actor")
            && scores.contains(&"sung, unseen actors: UAR".to_owned()),
        "{table}"
    );
    let (table, scores) = measured(&["--random-split"]);
    assert!(
        !table.contains("never heard") && !scores.iter().any(|score| score.contains("unseen")),
        "{table} {scores:?}"
    );
}

#[test]
fn a_folder_without_clips_says_what_layout_is_expected() {
    let folder = tempfile::tempdir().unwrap();
    let output = train(folder.path(), &folder.path().join("out"), &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("Actor_01") && message.contains("Audio_Song_Actors_01-24"), "{message}");
}

#[test]
fn too_few_actors_for_the_folds_is_an_error() {
    let corpus = corpus();
    let folder = tempfile::tempdir().unwrap();
    let output = train(corpus.path(), folder.path(), &["--folds=9"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--folds"));
}

#[test]
fn evaluate_measures_what_train_wrote() {
    let corpus = corpus();
    let folder = tempfile::tempdir().unwrap();
    finish(train(corpus.path(), folder.path(), &["--epochs=2", "--folds=0"]));
    let evaluate = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_songmood"));
        command.arg("evaluate").arg("--ravdess").arg(corpus.path()).arg("--models").arg(folder.path()).args(more);
        command
    };
    let output = finish(evaluate(&["--json"]));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for who in ["cnn", "rnn", "both"] {
        let measured = &report[who];
        assert_eq!(measured["clips"], 24);
        let confusion = measured["confusion"].as_array().unwrap();
        let counted: u64 = confusion.iter().flat_map(|row| row.as_array().unwrap()).map(|n| n.as_u64().unwrap()).sum();
        assert_eq!(counted, 24);
        let right: u64 = (0..8).map(|mood| confusion[mood][mood].as_u64().unwrap()).sum();
        assert!((measured["accuracy"].as_f64().unwrap() - right as f64 / 24.0).abs() < 1e-9);
        for key in ["uar", "loss", "ece", "coverage"] {
            assert!(measured[key].as_f64().unwrap().is_finite(), "{who} {key}");
        }
        assert_eq!(measured["recall"].as_array().unwrap().len(), 8);
    }
    let text = String::from_utf8(finish(evaluate(&["--actors", "2-3", "--voice", "song"])).stdout).unwrap();
    assert!(text.contains("6 clips") && text.contains("sung") && !text.contains("spoken\n"), "{text}");
    assert_eq!(evaluate(&["--actors", "9"]).output().unwrap().status.code(), Some(1));
}

/// Twelve pieces of “music” by four artists in a table: fast and bright is happy, slow and dark is sad.
fn songs() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut table = "path,mood,valence,arousal,group,genre\n".to_owned();
    for artist in 0..4 {
        for (mood, (name, beat)) in [("happy", 7.0), ("sad", 1.5), ("calm", 3.0)].into_iter().enumerate() {
            let path = format!("{artist}-{name}.wav");
            let samples: Vec<f32> = (0..16_000 * 14)
                .map(|n| {
                    let t = n as f32 / 16_000.0;
                    let pitch = 200.0 + 60.0 * artist as f32 + 90.0 * mood as f32;
                    0.3 * (1.0 + (std::f32::consts::TAU * beat * t).sin()) * (std::f32::consts::TAU * pitch * t).sin()
                })
                .collect();
            fs::write(folder.path().join(&path), wav::wav(&samples, 1, 16_000, wav::Format::I16)).unwrap();
            // One row says nothing of valence, one nothing of the mood.
            let valence = if artist == 0 { String::new() } else { (0.8 - 0.7 * mood as f32).to_string() };
            let name = if artist == 1 { "" } else { name };
            table += &format!("{path},{name},{valence},{},artist {artist},genre {}\n", 0.1 * beat, artist % 2);
        }
    }
    fs::write(folder.path().join("songs.csv"), table).unwrap();
    folder
}

#[test]
fn music_is_learnt_from_a_table_and_measured_on_it() {
    let songs = songs();
    let table = songs.path().join("songs.csv");
    let folder = tempfile::tempdir().unwrap();
    let program = || Command::new(env!("CARGO_BIN_EXE_songmood"));
    let mut command = program();
    command.arg("train").arg("--csv").arg(&table).arg("--out").arg(folder.path());
    command.args(["--epochs=2", "--folds=2", "--seeds=1"]);
    let text = String::from_utf8(finish(command).stdout).unwrap();
    assert!(text.contains("music: 12 clips") && text.contains("valence r"), "{text}");
    let index = fs::read_to_string(folder.path().join("index.json")).unwrap();
    assert_eq!(index.trim(), r#"{"music":["music-cnn.safetensors","music-rnn.safetensors"]}"#);
    assert!(fs::read_to_string(folder.path().join("music-reliability.svg")).unwrap().contains("<svg"));

    let evaluate = |more: &[&str]| {
        let mut command = program();
        command.arg("evaluate").arg("--models").arg(folder.path()).args(more);
        String::from_utf8(finish(command).stdout).unwrap()
    };
    let table = table.to_str().unwrap();
    let figures = folder.path().join("figures");
    let report = evaluate(&[table, "--json", "--figures", figures.to_str().unwrap()]);
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    for who in ["cnn", "rnn", "both"] {
        // Three of the twelve have no mood.
        assert_eq!(report[who]["clips"], 9, "{who}");
        assert!(figures.join(format!("{who}-confusion.svg")).is_file());
        assert!(figures.join(format!("{who}-reliability.svg")).is_file());
    }
    assert!(report["arousal_r"].is_number() && report["valence_r"].is_number());
    assert_eq!(report["groups"].as_object().unwrap().len(), 3);
    assert_eq!(report["genres"]["genre 0"]["clips"], 6);

    let text = evaluate(&["--songs", table]);
    assert!(text.contains("0-happy.wav | happy |") && text.contains("1-happy.wav | – |"), "{text}");
    assert!(text.contains("of 9"), "{text}");
    let text = evaluate(&[table, "--robustness"]);
    assert!(text.contains("gain -20 dB") && text.contains("telephone"), "{text}");
    let text = evaluate(&[table, "--cross-validate", "--folds=2", "--seeds=1", "--epochs=1"]);
    assert!(text.contains("1 × 2 folds over 4 artists"), "{text}");
}

#[test]
fn tension_that_arousal_tells_is_learnt_as_one_thing() {
    let songs = songs();
    let table = fs::read_to_string(songs.path().join("songs.csv")).unwrap();
    let taught = |name: &str, table: &str| {
        fs::write(songs.path().join(name), table).unwrap();
        let out = songs.path().join("out");
        let mut command = Command::new(env!("CARGO_BIN_EXE_songmood"));
        command.arg("train").arg("--csv").arg(songs.path().join(name)).arg("--out").arg(&out);
        command.args(["--epochs=1", "--folds=0"]);
        finish(command);
        let file = fs::read(out.join("music-cnn.safetensors")).unwrap();
        Model::load(&file, &songmood::nets::default_device()).unwrap().card().tension
    };
    assert_eq!(taught("songs.csv", &table), Tension::Apart, "nothing is tense");
    // Fast and loud is angry; slow is fearful, of an arousal below 0 only in the last table.
    let tense = table.replace("happy,", "angry,").replace("sad,", "fearful,");
    assert_eq!(taught("apart.csv", &tense), Tension::Apart);
    assert_eq!(taught("told.csv", &tense.replace(",0.15", ",-0.15")), Tension::ByArousal);
}
