//! Moods written into files: what is written, what is kept, and that no file comes to harm.
#![cfg(feature = "cli")]

#[path = "common/library.rs"]
mod library;

use std::fs;
use std::io::Cursor;
use std::path::Path;

use library::{Library, golden};
use lofty::config::{ParseOptions, WriteOptions};
use lofty::flac::FlacFile;
use lofty::id3::v2::Id3v2Tag;
use lofty::mp4::Mp4File;
use lofty::mpeg::MpegFile;
use lofty::ogg::VorbisComments;
use lofty::prelude::*;
use serde_json::Value;
use songmood::audio::decode::decode;

const TONES: [&str; 5] = ["tone.mp3", "tone.flac", "tone.ogg", "tone.m4a", "tone.aac"];

/// A library with a file of each kind that takes a tag.
fn library() -> Library {
    let library = Library::with_songs(1);
    for name in TONES {
        library.add(name, fs::read(golden(name)).unwrap());
    }
    library
}

fn entries(jsonl: &str) -> Vec<Value> {
    jsonl.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The mood in a file, whatever its kind.
fn mood(path: &Path) -> Option<String> {
    let file = lofty::read_from_path(path).unwrap();
    let tag = file.primary_tag().or(file.first_tag())?;
    tag.get_string(ItemKey::Mood).map(str::to_owned)
}

/// Bytes of all files that are no models.
fn contents(library: &Library) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(library.path("")).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.is_file());
    let mut files: Vec<_> = files.map(|path| (path.display().to_string(), fs::read(path).unwrap())).collect();
    files.sort();
    files
}

#[test]
fn a_dry_run_tells_and_writes_nothing() {
    let library = library();
    let before = contents(&library);
    let dry = entries(&library.classify(&[".", "--write-tags", "--dry-run", "--jsonl"]).ok());
    assert_eq!(dry.len(), 6);
    for entry in &dry {
        let tag = &entry["tag"];
        assert_eq!((&tag["state"], &tag["mood"]), (&"would-be-written".into(), &entry["verdict"]["mood"]));
        assert_eq!(tag["before"], Value::Array(Vec::new()));
    }
    let table = library.classify(&[".", "--write-tags", "--dry-run"]).ok();
    assert_eq!(table.matches(" would be written").count(), 6, "{table}");
    let csv = library.classify(&[".", "--write-tags", "--dry-run", "--csv"]).ok();
    assert_eq!(csv.matches(",would-be-written,").count(), 6, "{csv}");
    assert_eq!(contents(&library), before);
    assert_eq!(library.classify(&[".", "--dry-run"]).code, Some(2));
}

#[test]
fn the_mood_is_written_and_the_sound_stays_the_same() {
    let library = library();
    let names: Vec<&str> = TONES.iter().copied().chain(["song 00.wav"]).collect();
    let sound = |name: &str| decode(&library.path(name)).unwrap();
    let before: Vec<_> = names.iter().map(|name| sound(name)).collect();
    let written = entries(&library.classify(&[&names[..], &["--write-tags", "--jsonl"]].concat()).ok());
    for ((name, before), entry) in names.iter().zip(&before).zip(&written) {
        let heard = entry["verdict"]["mood"].as_str().unwrap();
        assert_eq!(entry["tag"]["state"], "written", "{name}");
        assert_eq!(mood(&library.path(name)).as_deref(), Some(heard), "{name}");
        assert!(sound(name) == *before, "{name}");
        let field = match *name {
            "tone.flac" | "tone.ogg" => "MOOD",
            "tone.m4a" => "com.apple.iTunes:MOOD",
            _ => "TMOO",
        };
        assert_eq!(entry["tag"]["field"], field);
    }
    // Nothing is left beside them, and doing it again changes nothing.
    let after = contents(&library);
    assert_eq!(after.len(), 6);
    for entry in entries(&library.classify(&[&names[..], &["--write-tags", "--jsonl"]].concat()).ok()) {
        assert_eq!(entry["tag"]["state"], "same");
    }
    assert_eq!(contents(&library), after);
}

#[test]
fn a_mood_that_is_there_is_kept_unless_it_is_to_be_replaced() {
    let library = library();
    for name in TONES {
        let mut file = lofty::read_from_path(library.path(name)).unwrap();
        let kind = file.primary_tag_type();
        let mut tag = file.primary_tag().cloned().unwrap_or_else(|| lofty::tag::Tag::new(kind));
        tag.insert_text(ItemKey::Mood, "Wistful".to_owned());
        tag.insert_text(ItemKey::TrackTitle, "Tone".to_owned());
        file.insert_tag(tag);
        file.save_to_path(library.path(name), WriteOptions::new()).unwrap();
    }
    let before = contents(&library);
    let run =
        |more: &[&str]| entries(&library.classify(&[&TONES[..], &["--write-tags", "--jsonl"], more].concat()).ok());
    for entry in run(&[]) {
        assert_eq!((&entry["tag"]["state"], &entry["tag"]["before"][0]), (&"kept".into(), &"Wistful".into()));
    }
    assert_eq!(contents(&library), before);
    for entry in run(&["--replace-tags"]) {
        assert_eq!((&entry["tag"]["state"], &entry["tag"]["before"][0]), (&"written".into(), &"Wistful".into()));
    }
    for name in TONES {
        let tagged = lofty::read_from_path(library.path(name)).unwrap();
        let tag = tagged.primary_tag().unwrap();
        assert_eq!(tag.get_string(ItemKey::TrackTitle), Some("Tone"), "{name}");
        assert_eq!(tag.get_strings(ItemKey::Mood).count(), 1, "{name}");
        assert_ne!(tag.get_string(ItemKey::Mood), Some("Wistful"), "{name}");
    }
}

/// An ID3v2 tag of these frames.
fn id3v2(version: u8, frames: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (id, content) in frames {
        body.extend_from_slice(*id);
        body.extend((content.len() as u32).to_be_bytes());
        body.extend([0, 0]);
        body.extend_from_slice(content);
    }
    let size = body.len() as u32;
    assert!(size < 1 << 14);
    [b"ID3", &[version, 0, 0, 0, 0, (size >> 7) as u8, (size & 0x7f) as u8][..], &body].concat()
}

#[test]
fn other_tags_stay_or_nothing_is_written() {
    let library = library();
    let mp3 = fs::read(golden("tone.mp3")).unwrap();
    let mpeg = |bytes: &[u8]| MpegFile::read_from(&mut Cursor::new(bytes), ParseOptions::new()).unwrap();
    let frames = |tag: &Id3v2Tag| -> Vec<String> {
        let mut frames: Vec<_> = tag.clone().into_iter().map(|frame| format!("{frame:?}")).collect();
        frames.retain(|frame| !frame.contains("TMOO"));
        frames.sort();
        frames
    };
    let picture = [b"\0image/png\0\x03\0".as_slice(), b"\x89PNG\r\n\x1a\nnot really"].concat();
    let tag =
        id3v2(4, &[(b"TIT2", b"\x03A tone"), (b"APIC", &picture), (b"PRIV", b"me\0\x01\x02"), (b"XABC", b"?\x01")]);
    let tagged = [&tag[..], &mp3].concat();
    library.add("tagged.mp3", &tagged);
    library.classify(&["tagged.mp3", "--write-tags"]).ok();
    let (before, after) = (mpeg(&tagged), mpeg(&fs::read(library.path("tagged.mp3")).unwrap()));
    assert_eq!(frames(after.id3v2().unwrap()), frames(before.id3v2().unwrap()));
    assert_eq!(frames(after.id3v2().unwrap()).len(), 4);
    assert!(mood(&library.path("tagged.mp3")).is_some());

    // Version 2.3 has no TMOO: what is there is written anew as version 2.4.
    let tag = id3v2(3, &[(b"TIT2", b"\0A tone"), (b"TYER", b"\x001999"), (b"TPE1", b"\0Somebody")]);
    library.add("older.mp3", [&tag[..], &mp3].concat());
    library.classify(&["older.mp3", "--write-tags"]).ok();
    let older = lofty::read_from_path(library.path("older.mp3")).unwrap();
    let older = older.primary_tag().unwrap();
    assert_eq!((older.title().as_deref(), older.artist().as_deref()), (Some("A tone"), Some("Somebody")));
    assert_eq!(older.date().map(|date| date.year), Some(1999));
    assert!(mood(&library.path("older.mp3")).is_some());

    // A frame that version 2.4 does not have would be lost.
    let tag = id3v2(3, &[(b"TIT2", b"\0A tone"), (b"RVAD", &[3, 16, 0, 1, 0, 1, 0, 1, 0, 1])]);
    let bytes = [&tag[..], &mp3].concat();
    library.add("odd.mp3", &bytes);
    let ran = library.classify(&["odd.mp3", "--write-tags", "--jsonl"]);
    if ran.code != Some(0) {
        assert!(ran.failed(3).contains("other tags would be lost"));
        assert_eq!(fs::read(library.path("odd.mp3")).unwrap(), bytes);
    } else {
        assert!(fs::read(library.path("odd.mp3")).unwrap().windows(4).any(|id| id == b"RVAD"));
    }

    // Vorbis comments keep fields, their order and pictures.
    let mut flac =
        FlacFile::read_from(&mut Cursor::new(fs::read(golden("tone.flac")).unwrap()), ParseOptions::new()).unwrap();
    let mut comments = VorbisComments::default();
    for (key, value) in [("TITLE", "A tone"), ("ARTIST", "One"), ("ARTIST", "Two"), ("X-OWN", "kept")] {
        comments.push(key.to_owned(), value.to_owned());
    }
    flac.set_vorbis_comments(comments);
    flac.save_to_path(library.path("tone.flac"), WriteOptions::new()).unwrap();
    library.classify(&["tone.flac", "--write-tags"]).ok();
    let flac = FlacFile::read_from(&mut Cursor::new(fs::read(library.path("tone.flac")).unwrap()), ParseOptions::new())
        .unwrap();
    let items: Vec<_> = flac.vorbis_comments().unwrap().items().map(|(key, _)| key.to_owned()).collect();
    assert_eq!(items, ["TITLE", "ARTIST", "ARTIST", "X-OWN", "MOOD"]);

    library.classify(&["tone.m4a", "--write-tags"]).ok();
    let m4a =
        Mp4File::read_from(&mut Cursor::new(fs::read(library.path("tone.m4a")).unwrap()), ParseOptions::new()).unwrap();
    assert!(m4a.ilst().is_some());
}

#[test]
fn files_that_take_no_tag_are_told_of_with_their_moods() {
    let library = library();
    // MP3 frames in a wav: the decoder and the tag library may differ on what a file is; nothing is risked.
    let wav = fs::read(library.path("song 00.wav")).unwrap();
    let torn = &wav[..wav.len() - 1000];
    library.add("torn.wav", torn);
    let ran = library.classify(&["torn.wav", "song 00.wav", "--write-tags", "--jsonl"]);
    let both = entries(&ran.stdout);
    assert!(both.iter().all(|entry| entry["verdict"].is_object()));
    if ran.code == Some(3) {
        assert_eq!(fs::read(library.path("torn.wav")).unwrap(), torn);
        assert!(both[0]["error"].is_string());
    }
    assert_eq!(both[1]["tag"]["state"], "written");
}

#[cfg(unix)]
#[test]
fn permissions_links_and_read_only_files_are_respected() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let library = library();
    let set = |name: &str, mode| fs::set_permissions(library.path(name), fs::Permissions::from_mode(mode)).unwrap();
    let mode = |name: &str| library.path(name).metadata().unwrap().permissions().mode() & 0o7777;
    set("tone.mp3", 0o640);
    set("tone.flac", 0o444);
    let before = fs::read(library.path("tone.flac")).unwrap();
    fs::create_dir(library.path("links")).unwrap();
    symlink("../tone.ogg", library.path("links/link.ogg")).unwrap();
    let ran = library.classify(&["tone.mp3", "tone.flac", "links", "--write-tags", "--jsonl"]);
    let told = entries(&ran.stdout);
    assert!(ran.failed(3).contains("tone.flac: the file is read-only"));
    assert_eq!((mode("tone.mp3"), mode("tone.flac")), (0o640, 0o444));
    assert_eq!(fs::read(library.path("tone.flac")).unwrap(), before);
    assert!(mood(&library.path("tone.mp3")).is_some());
    // The link is still one, and what it leads to has the tag.
    assert!(library.path("links/link.ogg").is_symlink());
    assert_eq!(mood(&library.path("tone.ogg")).as_deref(), told[2]["verdict"]["mood"].as_str());
    assert!(told[1]["tag"].is_null() && told[1]["verdict"].is_object() && told[1]["error"].is_string());
    set("tone.flac", 0o644);
}

#[test]
fn the_same_file_named_twice_comes_to_no_harm() {
    let library = library();
    let sound = decode(&library.path("tone.m4a")).unwrap();
    let args = [&["tone.m4a"; 12][..], &["--write-tags", "--jobs", "4", "--jsonl"]].concat();
    let ran = library.classify(&args);
    // Who finds that another has written meanwhile says so and leaves it.
    assert!(ran.stderr.lines().all(|line| line.contains("has changed meanwhile") || line.contains("files failed")));
    assert!(entries(&ran.stdout).iter().any(|entry| entry["tag"]["state"] == "written"));
    assert!(decode(&library.path("tone.m4a")).unwrap() == sound);
    assert!(mood(&library.path("tone.m4a")).is_some());
}
