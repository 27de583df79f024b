//! How `songmood classify` writes moods: formats, windows, where to, and colours.
#![cfg(feature = "cli")]

#[path = "common/library.rs"]
mod library;

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use library::{Library, Ran, paths};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use serde_json::Value;
use songmood::Mood;

/// The records of CSV as maps.
fn records(csv: &str) -> Vec<std::collections::HashMap<String, String>> {
    csv::Reader::from_reader(csv.as_bytes()).into_deserialize().map(Result::unwrap).collect()
}

fn lines(jsonl: &str) -> Vec<Value> {
    jsonl.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn one_file_is_told_in_detail_and_several_in_a_table() {
    let library = Library::with_songs(2);
    let one = library.classify(&["song 00.wav"]).ok();
    assert!(one.contains("test music cnn") && Mood::ALL.iter().all(|mood| one.contains(mood.name())), "{one}");
    for args in [&["song 00.wav", "song 01.wav"][..], &["."], &["*.wav"]] {
        let table = library.classify(args).ok();
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 3, "{table}");
        assert!(lines[0].starts_with("mood ") && lines[0].ends_with("file"), "{table}");
        assert!(lines[1].ends_with("song 00.wav") && lines[1].contains(" %  ") && lines[1].contains("0:02"), "{table}");
    }
    let windows = library.classify(&[".", "--windows"]).ok();
    assert!(windows.lines().filter(|line| line.contains(" – ")).count() >= 2, "{windows}");
    let details = library.classify(&[".", "--details"]).ok();
    assert_eq!(details.matches("test music cnn").count(), 2, "{details}");
}

#[test]
fn every_format_says_the_same() {
    let library = Library::with_songs(3);
    library.add("b.mp3", "no sound");
    let run = |format: &str, more: &[&str]| {
        let ran = library.classify(&[&["b.mp3", "song 00.wav", "song 01.wav", "song 02.wav", format], more].concat());
        assert_eq!(ran.code, Some(3), "{}", ran.stderr);
        ran.stdout
    };
    let document: Vec<Value> = serde_json::from_str(&run("--json", &[])).unwrap();
    let with_windows = lines(&run("--jsonl", &["--windows"]));
    let without = lines(&run("--jsonl", &[]));
    let table = records(&run("--csv", &[]));
    let timeline = records(&run("--csv", &["--windows"]));
    assert_eq!([document.len(), with_windows.len(), without.len(), table.len()], [4; 4]);

    assert_eq!(document[0], with_windows[0]);
    assert_eq!(table[0]["path"], "b.mp3");
    assert_eq!(table[0]["error"], document[0]["error"].as_str().unwrap());
    assert_eq!(table[0]["mood"], "");
    let strip = |entry: &Value, parts: &[&str]| {
        let mut entry = entry.clone();
        parts.iter().for_each(|part| drop(entry.as_object_mut().unwrap().remove(*part)));
        entry
    };
    for n in 1..4 {
        assert_eq!(strip(&document[n], &["timings"]), strip(&with_windows[n], &["timings"]));
        assert_eq!(strip(&document[n], &["timings", "windows"]), strip(&without[n], &["timings"]));
        let (entry, row) = (&document[n], &table[n]);
        let number = |row: &std::collections::HashMap<String, String>, name: &str| row[name].parse::<f32>().unwrap();
        assert_eq!(row["path"], entry["path"].as_str().unwrap());
        assert_eq!(row["domain"], "music");
        assert_eq!(row["mood"], entry["verdict"]["mood"].as_str().unwrap());
        assert_eq!(row["unsure"], entry["verdict"]["unsure"].to_string());
        assert_eq!(row["sample_rate"], "16000");
        assert_eq!(row["duration_s"].parse::<f64>().unwrap(), entry["durationS"].as_f64().unwrap());
        assert_eq!(number(row, "probability"), entry["verdict"]["probability"].as_f64().unwrap() as f32);
        assert_eq!(number(row, "valence"), entry["valence"].as_f64().unwrap() as f32);
        for mood in Mood::ALL {
            assert_eq!(number(row, mood.name()), entry["moods"][mood.name()].as_f64().unwrap() as f32);
        }
        let rows: Vec<_> = timeline.iter().filter(|row| entry["path"] == row["path"].as_str()).collect();
        let windows = entry["windows"].as_array().unwrap();
        assert_eq!((rows.len(), row["windows"].parse()), (windows.len(), Ok(rows.len())));
        for (index, (row, window)) in rows.iter().zip(windows).enumerate() {
            assert_eq!((row["window"].parse(), row["windows"].parse()), (Ok(index), Ok(windows.len())));
            // serde_json reads the last bit of a double as it likes.
            assert!((row["start_s"].parse::<f64>().unwrap() - window["startS"].as_f64().unwrap()).abs() < 1e-12);
            assert_eq!(number(row, "arousal"), window["arousal"].as_f64().unwrap() as f32);
            assert_eq!(number(row, "sad"), window["moods"]["sad"].as_f64().unwrap() as f32);
        }
    }
}

#[test]
fn parquet_holds_what_csv_holds() {
    let library = Library::with_songs(3);
    library.add("comma, \"quote\".mp3", "no sound");
    for more in [&[][..], &["--windows"]] {
        let csv = library.classify(&[&[".", "--csv"], more].concat()).stdout;
        let output = if more.is_empty() { "moods.parquet" } else { "windows.parquet" };
        assert_eq!(library.classify(&[&[".", "-o", output], more].concat()).code, Some(3));
        assert!(!library.path(&format!("{output}.part")).exists());
        let reader = SerializedFileReader::new(File::open(library.path(output)).unwrap()).unwrap();
        let mut csv = csv::Reader::from_reader(csv.as_bytes());
        let names: Vec<String> = csv.headers().unwrap().iter().map(str::to_owned).collect();
        let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
        let records: Vec<_> = csv.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), records.len());
        for (row, record) in rows.iter().zip(&records) {
            assert_eq!(row.get_column_iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(), names);
            for ((name, field), text) in row.get_column_iter().zip(record) {
                match field {
                    Field::Null => assert_eq!(text, "", "{name}"),
                    Field::Str(value) => assert_eq!(text, value),
                    Field::Bool(value) => assert_eq!(text.parse(), Ok(*value), "{name}"),
                    Field::Int(value) => assert_eq!(text.parse(), Ok(*value), "{name}"),
                    Field::Float(value) => assert_eq!(text.parse(), Ok(*value), "{name}"),
                    Field::Double(value) => assert_eq!(text.parse(), Ok(*value), "{name}"),
                    other => panic!("{name}: {other:?}"),
                }
            }
        }
    }
    assert!(library.classify(&[".", "--parquet"]).failed(1).contains("-o FILE"));
}

#[test]
fn an_output_that_is_there_is_not_lost_by_accident() {
    let library = Library::with_songs(1);
    for output in ["moods.csv", "moods.jsonl", "moods.json", "moods.parquet", "moods.txt"] {
        assert_eq!(library.classify(&[".", "-o", output]).ok(), "");
        let first = fs::read(library.path(output)).unwrap();
        let stderr = library.classify(&[".", "-o", output]).failed(1);
        assert!(stderr.contains("is there already") && stderr.contains("--overwrite"), "{stderr}");
        assert_eq!(fs::read(library.path(output)).unwrap(), first);
        library.classify(&["absent.wav", "-o", output, "--overwrite"]).failed(3);
        assert_ne!(fs::read(library.path(output)).unwrap(), first);
    }
    assert!(library.classify(&[".", "-o", "no/such/folder.csv"]).failed(1).contains("no/such/folder.csv"));
    #[cfg(target_os = "linux")]
    assert!(library.classify(&[".", "-o", "/dev/full", "--csv"]).failed(1).contains("/dev/full"));
}

/// A reader that goes away, as `head` does, ends the program quietly and before it has done everything.
#[test]
fn a_pipe_closed_early_ends_it_quietly() {
    let library = Library::new();
    let list: String = (0..200_000).map(|n| format!("{n}.wav\n")).collect();
    library.add("list", list);
    for format in ["--jsonl", "--csv", "--json"] {
        let mut command = library.command(&["--files-from", "list", format]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        drop(stdout);
        let ran = Ran::of(child.wait_with_output().unwrap());
        assert_eq!(ran.code, Some(0));
        assert!(ran.stderr.lines().all(|line| line.contains("no such file")), "{format}");
        assert!(ran.stderr.lines().count() < 100_000);
    }
}

#[test]
fn lines_come_as_soon_as_they_are_done() {
    let library = Library::with_songs(1);
    let mut command = library.command(&["-", "--jsonl"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut list = child.stdin.take().unwrap();
    let mut results = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..3 {
        std::io::Write::write_all(&mut list, b"song 00.wav\n").unwrap();
        let mut line = String::new();
        results.read_line(&mut line).unwrap();
        assert_eq!(paths(&line), ["song 00.wav"]);
    }
    drop(list);
    assert!(child.wait().unwrap().success());
}

#[test]
fn neither_colours_nor_a_bar_go_into_a_pipe() {
    let library = Library::with_songs(2);
    for args in [&["."][..], &["song 00.wav"], &[".", "-o", "moods.txt"]] {
        let ran = library.classify(args);
        assert_eq!(ran.stderr, "");
        assert!(!ran.ok().contains('\x1b'));
    }
    assert!(!library.read("moods.txt").contains('\x1b'));
    let coloured = |no_color: &str| {
        // The shipped networks never call music neutral, which has no colour.
        let mut command = library.command(&[".", "--models", concat!(env!("CARGO_MANIFEST_DIR"), "/models")]);
        command.env("CLICOLOR_FORCE", "1").env("NO_COLOR", no_color);
        Ran::of(command.output().unwrap()).ok().contains('\x1b')
    };
    assert!(coloured("") && !coloured("1"));
}
