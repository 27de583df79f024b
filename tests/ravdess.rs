//! Finding RAVDESS clips in every layout in which people have them.
#![cfg(feature = "train")]

use std::fs;
use std::path::Path;

use songmood::mood::Mood;
use songmood::train::ravdess::{Clip, Error, Intensity, VocalChannel, locate, scan};

fn touch(path: impl AsRef<Path>) {
    fs::create_dir_all(path.as_ref().parent().unwrap()).unwrap();
    fs::write(path, b"").unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    let clips = scan(folder).unwrap();
    clips.iter().map(|clip| clip.path.file_name().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn a_name_says_everything() {
    let clip = Clip::from_path(Path::new("x/03-02-06-02-01-02-12.WAV")).unwrap();
    assert_eq!(clip.channel, VocalChannel::Song);
    assert_eq!(clip.mood, Mood::Fearful);
    assert_eq!(clip.intensity, Intensity::Strong);
    assert_eq!((clip.statement, clip.repetition, clip.actor), (1, 2, 12));
    assert_eq!(Clip::from_path(Path::new("03-01-08-01-01-01-24.flac")).unwrap().mood, Mood::Surprised);
}

#[test]
fn other_names_are_no_clips() {
    for name in [
        "01-02-06-02-01-02-12.wav", // video with sound
        "03-02-06-02-01-02-12.mp4",
        "03-02-09-02-01-02-12.wav", // no such mood
        "03-02-00-02-01-02-12.wav",
        "03-02-06-02-01-02-25.wav", // no such actor
        "03-03-06-02-01-02-12.wav",
        "03-02-06-02-01-02.wav",
        "03-02-06-02-01-02-12-01.wav",
        "3-2-6-2-1-2-12.wav",
        "03-02-06-02-01-02-+1.wav",
        "03-02-06-02-01-02-12",
        ".wav",
        "notes.wav",
    ] {
        assert_eq!(Clip::from_path(Path::new(name)), None, "{name}");
    }
}

#[test]
fn all_layouts_are_found_in_the_same_order() {
    let root = tempfile::tempdir().unwrap();
    let song = root.path().join("zenodo/Audio_Song_Actors_01-24/Actor_10/03-02-01-01-01-01-10.wav");
    touch(&song);
    touch(root.path().join("zenodo/Audio_Speech_Actors_01-24/Actor_02/03-01-01-01-01-01-02.wav"));
    touch(root.path().join("zenodo/Audio_Speech_Actors_01-24/Actor_02/readme.txt"));
    touch(root.path().join("direct/Actor_10/03-02-01-01-01-01-10.flac"));
    touch(root.path().join("direct/Actor_02/03-01-01-01-01-01-02.flac"));
    touch(root.path().join("direct/elsewhere/03-01-01-01-01-01-03.flac"));
    assert_eq!(names(&root.path().join("zenodo")), ["03-01-01-01-01-01-02.wav", "03-02-01-01-01-01-10.wav"]);
    assert_eq!(names(&root.path().join("direct")), ["03-01-01-01-01-01-02.flac", "03-02-01-01-01-01-10.flac"]);
    assert_eq!(names(song.parent().unwrap()), ["03-02-01-01-01-01-10.wav"]);
    assert_eq!(names(song.parent().unwrap().parent().unwrap()), ["03-02-01-01-01-01-10.wav"]);
}

#[test]
fn an_archive_unpacked_into_its_own_name_is_found() {
    let root = tempfile::tempdir().unwrap();
    touch(root.path().join("Audio_Song_Actors_01-24/Audio_Song_Actors_01-24/03-02-01-01-01-01-10.wav"));
    assert_eq!(names(root.path()), ["03-02-01-01-01-01-10.wav"]);
}

#[test]
fn a_recording_counts_once() {
    let root = tempfile::tempdir().unwrap();
    touch(root.path().join("Actor_07/03-01-03-01-02-01-07.wav"));
    touch(root.path().join("Actor_07/03-01-03-01-02-02-07.wav"));
    touch(root.path().join("Actor_07/03-01-03-01-02-01-07.flac"));
    assert_eq!(names(root.path()), ["03-01-03-01-02-01-07.wav"]);
}

#[test]
fn a_folder_without_clips_says_what_is_expected() {
    let root = tempfile::tempdir().unwrap();
    touch(root.path().join("Actor_01/song.wav"));
    for error in [scan(root.path()).unwrap_err(), locate(Some(root.path())).unwrap_err()] {
        assert!(matches!(error, Error::NoClips { .. }));
        let message = error.to_string();
        for part in ["Audio_Song_Actors_01-24", "Actor_01", "1188976", "--ravdess", "SONGMOOD_DATA"] {
            assert!(message.contains(part), "“{part}” is missing from: {message}");
        }
    }
    let missing = locate(Some(&root.path().join("nowhere"))).unwrap_err();
    assert!(missing.to_string().contains("nowhere"), "{missing}");
}
