//! Which files `songmood classify` looks at, in which order, and what it does about those that are broken.
#![cfg(feature = "cli")]

#[path = "common/library.rs"]
mod library;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use library::{Library, Ran, golden, paths};

/// Runs `classify` with `list` on standard input.
fn classify_list(library: &Library, args: &[&str], list: &[u8]) -> Ran {
    let mut command = library.command(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // Beside the reading: a program that complains of every line stops taking more when nobody reads it. One that gives up closes
    // the pipe, which is no fault here.
    std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(list).ok());
        Ran::of(child.wait_with_output().unwrap())
    })
}

#[test]
fn a_folder_is_searched_in_order_of_names_for_what_can_be_decoded() {
    let library = Library::new();
    for name in ["music/b/2.wav", "music/b/1.WAV", "music/a.wav", "music/c.wav"] {
        library.add_song(name, 300.0, 1.0);
    }
    library.add("music/cover.jpg", "a picture");
    library.add("music/.hidden.wav", "not to be looked at");
    library.add("music/.trash/old.wav", "nor this");
    library.add("music/b/talk.opus", "OggS");
    library.add("music/b/old.wma", "?");
    library.add("music/b/new.opus", "OggS");
    let ran = library.classify(&["music", "--jsonl"]);
    assert!(ran.stderr.contains("2 .opus, 1 .wma"), "{}", ran.stderr);
    assert_eq!(paths(&ran.ok()), ["music/a.wav", "music/b/1.WAV", "music/b/2.wav", "music/c.wav"]);
}

#[test]
fn patterns_are_expanded_unless_a_file_has_that_name() {
    let library = Library::new();
    for name in ["x/1.wav", "x/y/2.wav", "x/[live].wav", "x/l.wav"] {
        library.add_song(name, 300.0, 1.0);
    }
    let found = |pattern: &str| paths(&library.classify(&[pattern, "--jsonl"]).ok());
    assert_eq!(found("**/*.wav"), ["x/1.wav", "x/[live].wav", "x/l.wav", "x/y/2.wav"]);
    assert_eq!(found("x/[live].wav"), ["x/[live].wav"]);
    assert_eq!(found("x/[l].wav"), ["x/l.wav"]);
    let stderr = library.classify(&["z*.wav", "x/1.wav"]).failed(3);
    assert!(stderr.contains("z*.wav: no file matches"), "{stderr}");
}

#[test]
fn lists_name_files_and_folders_with_line_breaks_or_nul() {
    let library = Library::new();
    for name in ["a.wav", "b *.wav", "c/1.wav", "c/2.wav"] {
        library.add_song(name, 300.0, 1.0);
    }
    let expected = ["b *.wav", "c/1.wav", "c/2.wav", "a.wav"];
    let from = |args: &[&str], list: &[u8]| paths(&classify_list(&library, &[&["--jsonl"], args].concat(), list).ok());
    assert_eq!(from(&["-"], b"b *.wav\nc\n\na.wav\n"), expected);
    assert_eq!(from(&["--files-from", "-"], b"b *.wav\r\nc\r\na.wav"), expected);
    assert_eq!(from(&["-", "-0"], b"b *.wav\0c\0a.wav\0"), expected);
    library.add("list.txt", "c\na.wav\n");
    assert_eq!(from(&["b *.wav", "--files-from", "list.txt"], b""), expected);
    #[cfg(target_os = "linux")]
    {
        library.add_song("new\nline.wav", 300.0, 1.0);
        assert_eq!(from(&["-0", "-"], b"new\nline.wav"), ["new\nline.wav"]);
    }

    assert_eq!(from(&["-"], b""), Vec::<String>::new());
    assert!(classify_list(&library, &["-", "--files-from", "-"], b"").failed(1).contains("named twice"));
    assert!(library.classify(&["--files-from", "absent.txt"]).failed(1).contains("absent.txt"));
    let stderr = classify_list(&library, &["-"], &fs::read(library.path("a.wav")).unwrap().repeat(4)).stderr;
    assert!(stderr.contains("no such file") || stderr.contains("no name of a file"), "{stderr}");
    let stderr = classify_list(&library, &["-0", "-"], &[b'x'; 1 << 17]).failed(1);
    assert!(stderr.contains("no name of a file"), "{stderr}");
}

#[test]
fn results_come_in_the_order_of_the_files_however_long_each_takes() {
    let library = Library::new();
    let names: Vec<String> = (0..24).map(|n| format!("{n}.wav")).collect();
    for (n, name) in names.iter().enumerate() {
        library.add_song(name, 300.0, if n % 6 == 0 { 20.0 } else { 0.5 });
    }
    let args: Vec<&str> = names.iter().map(String::as_str).chain(["--jobs", "5"]).collect();
    assert_eq!(paths(&library.classify(&[&args[..], &["--jsonl"]].concat()).ok()), names);
    let csv = |jobs| library.classify(&[&args[..24], &["--csv", "--windows", "--jobs", jobs]].concat()).ok();
    assert_eq!(csv("1"), csv("4"));
}

#[test]
fn broken_files_are_told_and_the_rest_goes_on() {
    let library = Library::with_songs(2);
    library.add("notes.mp3", "these are notes");
    library.add("empty.flac", "");
    library.add("torn.wav", &fs::read(library.path("song 00.wav")).unwrap()[..40]);
    let mp3 = fs::read(golden("tone.mp3")).unwrap();
    library.add("noise.mp3", [&mp3[..100], &vec![0xa5; 3000]].concat());
    let files = ["notes.mp3", "song 00.wav", "empty.flac", "torn.wav", "absent.wav", "noise.mp3", "song 01.wav"];
    for format in ["--json", "--jsonl", "--csv", "--details"] {
        let ran = library.classify(&[&files[..], &[format]].concat());
        let out = ran.stdout.clone();
        let stderr = ran.failed(3);
        for name in ["notes.mp3", "empty.flac", "torn.wav", "absent.wav"] {
            assert!(stderr.contains(&format!("songmood: {name}: ")), "{stderr}");
        }
        assert!(stderr.contains("of 7 files failed"), "{stderr}");
        assert!(out.contains("song 00.wav") && out.contains("song 01.wav"), "{out}");
    }
    let lines = library.classify(&[&files[..], &["--jsonl"]].concat()).stdout;
    assert_eq!(paths(&lines), files);
    for line in lines.lines() {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(entry["error"].is_string() != entry["verdict"].is_object(), "{line}");
    }
}

#[test]
fn a_folder_without_audio_is_no_failure_but_said() {
    let library = Library::new();
    library.add("texts/a.txt", "a");
    let ran = library.classify(&["texts", "--json"]);
    assert!(ran.stderr.contains("no audio file"), "{}", ran.stderr);
    assert_eq!(ran.ok(), "[]\n");
}

#[cfg(target_os = "linux")]
#[test]
fn links_are_followed_to_files_but_not_round_in_circles() {
    let library = Library::with_songs(1);
    fs::create_dir(library.path("links")).unwrap();
    std::os::unix::fs::symlink("../song 00.wav", library.path("links/a.wav")).unwrap();
    std::os::unix::fs::symlink("..", library.path("links/round")).unwrap();
    std::os::unix::fs::symlink("nowhere", library.path("links/z.wav")).unwrap();
    let ran = library.classify(&["links", "--jsonl"]);
    assert_eq!(paths(&ran.stdout), ["links/a.wav", "links/z.wav"]);
    assert!(ran.failed(3).contains("links/z.wav: there is no such file"));
}

/// The largest memory that a process has had so far, in bytes.
#[cfg(target_os = "linux")]
fn peak_memory(pid: u32) -> usize {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    1024 * line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn a_long_list_needs_no_more_memory_than_a_short_one() {
    let library = Library::new();
    let mut command: Command = library.command(&["-", "--jsonl"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut list = child.stdin.take().unwrap();
    let mut results = BufReader::new(child.stdout.take().unwrap()).lines();
    // Names as long as these would take 20 MB, were they all kept.
    let name = |n: usize| format!("{}/{n}.mp3\n", "not there ".repeat(20));
    let mut peaks = Vec::new();
    for names in [0..100, 100..100_000] {
        std::thread::scope(|scope| {
            let count = names.len();
            scope.spawn(|| names.for_each(|n| list.write_all(name(n).as_bytes()).unwrap()));
            for _ in 0..count {
                assert!(results.next().unwrap().unwrap().contains("no such file"));
            }
        });
        peaks.push(peak_memory(child.id()));
    }
    drop(list);
    assert_eq!(child.wait().unwrap().code(), Some(3));
    assert!(peaks[1] < peaks[0] + (4 << 20), "{peaks:?}");
}
