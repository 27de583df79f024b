//! Corpora of music: tables of one's own, and Emotify.
#![cfg(feature = "train")]

use std::fs;
use std::path::{Path, PathBuf};

use songmood::mood::Mood;
use songmood::train::corpus::Item;
use songmood::train::{emotify, table};

fn read(text: &str) -> Result<Vec<Item>, table::Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("songs.csv");
    fs::write(&path, text).unwrap();
    table::read(&path, 0).inspect(|items| {
        // Paths are relative to the table.
        assert!(items.iter().all(|item| item.path.starts_with(folder.path()) || item.path.is_absolute()));
    })
}

#[test]
fn a_table_needs_no_more_than_path_and_mood() {
    let items = read("path,mood\na.wav,happy\n sub/b.ogg , Sad \n").unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(items[0].label.mood(), Some(Mood::Happy));
    assert_eq!(items[1].label.mood(), Some(Mood::Sad));
    assert!(items[1].path.ends_with("sub/b.ogg"));
    assert_eq!(items[0].label.valence, None);
    assert_ne!(items[0].group, items[1].group, "without a group every clip is one");
}

#[test]
fn labels_may_be_missing_and_columns_stand_in_any_order() {
    let items = read("group,valence,path,mood,arousal\nABBA,0.5,a.wav,,\nABBA,,b.wav,calm,-1\n").unwrap();
    assert_eq!((items[0].label.mood(), items[0].label.valence, items[0].label.arousal), (None, Some(0.5), None));
    assert_eq!(
        (items[1].label.mood(), items[1].label.valence, items[1].label.arousal),
        (Some(Mood::Calm), None, Some(-1.0))
    );
    assert_eq!(items[0].group, items[1].group);
}

#[test]
fn a_table_that_makes_no_sense_is_refused_with_its_line() {
    for (text, part) in [
        ("path,mood\n", "no rows"),
        ("path,mood\na.wav,happy\nb.wav,joyful\n", "line 3: “joyful” is not a mood"),
        ("path,mood,valence\na.wav,happy,1.5\n", "line 2: valence is 1.5"),
        ("path,mood,valence\na.wav,happy,NaN\n", "line 2: valence is NaN"),
        ("path,mood,valence\na.wav,happy,much\n", "valence"),
        ("path,mood\na.wav,\n", "line 2: neither mood nor valence nor arousal"),
        ("path,mood\n,happy\n", "line 2: the path is empty"),
        ("path,mood\na.wav,happy,0.3\n", "found record with 3 fields"),
        ("file,mood\na.wav,happy\n", "path"),
        ("path,mood,colour\na.wav,happy,red\n", "colour"),
    ] {
        let message = read(text).unwrap_err().to_string();
        assert!(message.contains(part) && message.contains("expected is a CSV file"), "{text:?}: {message}");
    }
    let missing = table::read(Path::new("nowhere/songs.csv"), 0).unwrap_err().to_string();
    assert!(missing.contains("nowhere"), "{missing}");
}

const HEADER: &str = "path,title,artist,genre,amazement,solemnity,tenderness,nostalgia,calmness,power,joyful_activation,tension,sadness,raters\n";

fn emotify(rows: &str) -> (tempfile::TempDir, Result<Vec<Item>, emotify::Error>) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("clips.csv"), format!("{HEADER}{rows}")).unwrap();
    let items = emotify::scan(folder.path());
    (folder, items)
}

#[test]
fn emotify_gives_moods_artists_and_genres() {
    let (folder, items) = emotify(
        "rock/1.ogg,\"One, two\",The Band,rock,0,0,0,0,0,0.2,0.1,0.7,0,12\n\
         pop/2.ogg,Three,Magnatune Compilation,pop,0,0,0.5,0,0.6,0,0.3,0,0.2,9\n",
    );
    let items = items.unwrap();
    assert_eq!(items[0].label.mood(), Some(Mood::Angry));
    assert!(items[0].label.valence.unwrap() < 0.0 && items[0].label.arousal.unwrap() > 0.5);
    assert_eq!(items[1].label.mood(), Some(Mood::Calm));
    assert!((items[1].label.moods.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    assert_eq!((items[0].group.as_str(), items[0].genre.as_str()), ("The Band", "rock"));
    assert!(items[1].group.contains("2.ogg"), "a compilation is not one artist");
    assert_eq!(items[0].path, folder.path().join("rock/1.ogg"));
}

#[test]
fn a_broken_or_missing_emotify_says_what_is_expected() {
    for (rows, part) in [("", "no rows"), ("a.ogg,A,B,pop,0,0,0,0,0,0,0,2,0,9\n", "line 2: “2” is not a share")] {
        let message = emotify(rows).1.unwrap_err().to_string();
        assert!(message.contains(part) && message.contains("amazement"), "{message}");
    }
    let nowhere = emotify::locate(Some(&PathBuf::from("nowhere"))).unwrap_err().to_string();
    assert!(nowhere.contains("nowhere") && nowhere.contains("--emotify"), "{nowhere}");
}
