//! `songmood classify --resume`: a run that is stopped at any moment and started again does nothing twice and leaves
//! nothing out.
#![cfg(all(feature = "cli", unix))]

#[path = "common/library.rs"]
mod library;

use std::fs;
use std::process::{Child, Command, Stdio};

use library::{Library, Ran, paths};

/// Numbers that jump about, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Without what differs from run to run.
fn without_timings(jsonl: &str) -> Vec<serde_json::Value> {
    let parse = |line| {
        let mut entry: serde_json::Value = serde_json::from_str(line).unwrap();
        entry.as_object_mut().unwrap().remove("timings");
        entry
    };
    jsonl.lines().map(parse).collect()
}

fn start(library: &Library, args: &[&str]) -> Child {
    library.command(args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits until a file is longer than `length`, or the program has ended.
fn wait_for_length(child: &mut Child, library: &Library, name: &str, length: u64) {
    while child.try_wait().unwrap().is_none() {
        if library.path(name).metadata().is_ok_and(|metadata| metadata.len() > length) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

/// A library of which one file is broken.
fn library() -> Library {
    let library = Library::with_songs(16);
    library.add("song 05 (broken).mp3", "no sound");
    library
}

/// Runs with `--resume`, kills as soon as a random number of bytes more is there, and so on until it ends by itself.
/// Returns how often it was killed.
fn kill_and_go_on(library: &Library, args: &[&str], growing: &str, dice: &mut Dice) -> usize {
    let mut kills = 0;
    loop {
        let mut child = start(library, args);
        let length = library.path(growing).metadata().map_or(0, |metadata| metadata.len());
        wait_for_length(&mut child, library, growing, length + dice.below(400));
        child.kill().unwrap();
        let ran = Ran::of(child.wait_with_output().unwrap());
        if ran.code.is_some() {
            // The broken file is told of and counted, whichever run met it.
            assert!(ran.failed(3).contains("1 of 17 files failed"));
            return kills;
        }
        kills += 1;
    }
}

#[test]
fn killed_at_any_moment_it_ends_with_every_file_once() {
    let library = library();
    let dice = &mut Dice(7);
    let rows = ["--csv", "--windows", "--jobs", "1", "."];
    let whole = library.classify(&rows).stdout;
    let kills = kill_and_go_on(&library, &[&rows[..], &["-o", "rows.csv", "--resume"]].concat(), "rows.csv", dice);
    assert!(kills > 0, "it was never killed");
    assert_eq!(library.read("rows.csv"), whole);

    let lines = ["--jsonl", "--jobs", "1", "."];
    let whole = library.classify(&lines).stdout;
    let kills =
        kill_and_go_on(&library, &[&lines[..], &["-o", "lines.jsonl", "--resume"]].concat(), "lines.jsonl", dice);
    assert!(kills > 0, "it was never killed");
    assert_eq!(without_timings(&library.read("lines.jsonl")), without_timings(&whole));

    let table = ["--parquet", "--jobs", "1", "."];
    library.classify(&[&table[..], &["-o", "whole.parquet"]].concat()).failed(3);
    let args = [&table[..], &["-o", "moods.parquet", "--resume"]].concat();
    let kills = kill_and_go_on(&library, &args, "moods.parquet.part", dice);
    assert!(kills > 0, "it was never killed");
    assert!(!library.path("moods.parquet.part").exists());
    assert_eq!(fs::read(library.path("moods.parquet")).unwrap(), fs::read(library.path("whole.parquet")).unwrap());
}

#[test]
fn wherever_the_last_line_is_torn_it_is_mended() {
    let library = Library::with_songs(3);
    // Fields with line breaks and quotes tear in more ways.
    let odd = "odd \"name\",\nwith a break.mp3";
    library.add(odd, "no sound");
    let dice = &mut Dice(1);
    for args in [&["--jsonl", "."][..], &["--csv", "."], &["--csv", "--windows", "."]] {
        let args = [args, &["-o", "out", "--resume"]].concat();
        library.classify(&args).failed(3);
        let whole = fs::read(library.path("out")).unwrap();
        for _ in 0..8 {
            let torn = dice.below(whole.len() as u64 + 1) as usize;
            library.add("out", &whole[..torn]);
            library.classify(&args).failed(3);
            let mended = library.read("out");
            if args[0] == "--jsonl" {
                assert_eq!(without_timings(&mended), without_timings(str::from_utf8(&whole).unwrap()), "{torn}");
            } else {
                assert_eq!(mended.as_bytes(), whole, "{torn}");
            }
        }
        fs::remove_file(library.path("out")).unwrap();
    }
}

#[test]
fn what_is_done_is_not_looked_at_again() {
    let library = library();
    for output in ["moods.jsonl", "moods.csv", "moods.parquet"] {
        let args = [".", "-o", output, "--resume"];
        library.classify(&args).failed(3);
        let before = fs::read(library.path(output)).unwrap();
        // A song that is done may be gone from under its name: who looked would tell.
        let song = fs::read(library.path("song 03.wav")).unwrap();
        library.add("song 03.wav", "no sound any more");
        let stderr = library.classify(&args).failed(3);
        assert!(!stderr.contains("song 03.wav"), "{stderr}");
        assert_eq!(fs::read(library.path(output)).unwrap(), before, "{output}");
        // A new song in the middle is the only one that is done.
        library.add("song 03.wav", song);
        library.add_song("song 04b.wav", 500.0, 2.0);
        library.add("song 02.wav", "nor this one");
        let stderr = library.classify(&args).failed(3);
        assert!(!stderr.contains("song 02.wav") && stderr.contains("1 of 18"), "{stderr}");
        let new = fs::read(library.path(output)).unwrap();
        assert!(new.len() > before.len(), "{output}");
        if output == "moods.jsonl" {
            let names = paths(&library.read(output));
            assert_eq!((names.len(), names.last().unwrap().as_str()), (18, "./song 04b.wav"));
        }
        fs::remove_file(library.path("song 04b.wav")).unwrap();
        library.add_song("song 02.wav", 274.0, 4.0);
    }
}

#[test]
fn an_interrupted_run_ends_cleanly_and_says_so() {
    let library = library();
    let args = ["--jsonl", "-o", "out.jsonl", "--resume", "--jobs", "1", "."];
    let mut child = start(&library, &args);
    wait_for_length(&mut child, &library, "out.jsonl", 0);
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert!(ran.failed(130).contains("interrupted after"));
    let first = library.read("out.jsonl");
    assert!(first.ends_with('\n') && first.lines().count() < 17, "{first}");
    library.classify(&args).failed(3);
    assert!(library.read("out.jsonl").starts_with(&first));
    assert_eq!(paths(&library.read("out.jsonl")).len(), 17);

    // Also while it waits for a list that does not come.
    let mut command = library.command(&["-", "--json"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut list = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut list, b"song 00.wav\n").unwrap();
    let mut first = [0; 2];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut first).unwrap();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let ran = Ran::of(child.wait_with_output().unwrap());
    let document = format!("{}{}", str::from_utf8(&first).unwrap(), ran.stdout);
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&document).unwrap().len(), 1);
    assert_eq!(ran.code, Some(130), "{}", ran.stderr);
}

#[test]
fn other_output_is_refused_and_left_alone() {
    let library = Library::with_songs(1);
    library.classify(&[".", "-o", "moods.csv"]).ok();
    library.classify(&[".", "-o", "moods.jsonl"]).ok();
    let refused = |args: &[&str], output: &str| {
        let before = library.read(output);
        let stderr = library.classify(&[&[".", "--resume", "-o", output], args].concat()).failed(1);
        assert_eq!(library.read(output), before);
        stderr
    };
    assert!(refused(&["--windows"], "moods.csv").contains("with these options"));
    assert!(refused(&["--as", "voice"], "moods.csv").contains("--as music"));
    assert!(refused(&["--windows"], "moods.jsonl").contains("same ones"));
    assert!(refused(&["--as", "voice"], "moods.jsonl").contains("other models"));
    for letter in ["Dear reader,\nhow are you?\n", "p", "{}\n"] {
        library.add("letter.txt", letter);
        if letter != "p" {
            assert!(refused(&["--csv"], "letter.txt").contains("not begun by classify"));
        }
        assert!(refused(&["--jsonl"], "letter.txt").contains("not begun by classify"));
        assert!(refused(&["--json"], "letter.txt").contains("only --jsonl"));
    }
    assert!(library.classify(&[".", "--resume", "--csv"]).failed(1).contains("-o FILE"));
}

#[test]
fn two_runs_do_not_write_to_one_file() {
    let library = library();
    let mut command = library.command(&["-", "-o", "out.csv", "--resume"]);
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut list = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut list, b"song 00.wav\n").unwrap();
    wait_for_length(&mut child, &library, "out.csv", 0);
    assert!(library.classify(&[".", "-o", "out.csv", "--resume"]).failed(1).contains("another songmood"));
    drop(list);
    assert!(child.wait().unwrap().success());
}
