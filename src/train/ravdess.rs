//! The RAVDESS corpus on disk: which clips are there, and what their names say.
//!
//! Livingstone & Russo (2018), PLoS ONE 13(5) e0196391; Zenodo record 1188976.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::mood::Mood;

/// How to get the corpus; part of every message about clips that are not there.
pub const HOW_TO_GET: &str = "RAVDESS is free of charge: download Audio_Song_Actors_01-24.zip and \
     Audio_Speech_Actors_01-24.zip from https://zenodo.org/records/1188976, unpack them into one folder, \
     and name that folder with --ravdess or SONGMOOD_DATA";

const LAYOUT: &str = "clips named like 03-02-03-01-02-01-01.wav (or .flac) in Actor_01 … Actor_24, \
     these directly in the folder or inside Audio_Song_Actors_01-24 and Audio_Speech_Actors_01-24";

/// Clips cannot be found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// None of the usual places has clips.
    #[error("no RAVDESS clips found; looked in {}. {HOW_TO_GET}", list(.looked_in))]
    NotFound { looked_in: Vec<PathBuf> },
    /// A folder that was asked for has none.
    #[error("no RAVDESS clips in {}; expected {LAYOUT}; looked in {}. {HOW_TO_GET}", .folder.display(), list(.looked_in))]
    NoClips { folder: PathBuf, looked_in: Vec<PathBuf> },
    /// A folder cannot be listed.
    #[error("{} cannot be listed: {source}", .folder.display())]
    Unreadable { folder: PathBuf, source: std::io::Error },
}

fn list(folders: &[PathBuf]) -> String {
    folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// What the voice does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VocalChannel {
    Speech,
    Song,
}

/// How strongly the mood is acted. Neutral clips are all normal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Intensity {
    Normal,
    Strong,
}

/// A clip and what its name says about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clip {
    /// The file.
    pub path: PathBuf,
    /// Spoken or sung.
    pub channel: VocalChannel,
    /// What is acted.
    pub mood: Mood,
    /// How strongly.
    pub intensity: Intensity,
    /// 1 “Kids are talking by the door”, 2 “Dogs are sitting by the door”.
    pub statement: u8,
    /// First or second take.
    pub repetition: u8,
    /// 1 … 24; odd numbers are men, even ones women.
    pub actor: u8,
}

impl Clip {
    /// Reads a name `03-VV-EE-II-SS-RR-AA.wav` or `.flac`; `None` for every other file, video (`01-…`,
    /// `02-…`) among them.
    pub fn from_path(path: &Path) -> Option<Clip> {
        let extension = path.extension()?.to_str()?;
        if !extension.eq_ignore_ascii_case("wav") && !extension.eq_ignore_ascii_case("flac") {
            return None;
        }
        let fields: Vec<&str> = path.file_stem()?.to_str()?.split('-').collect();
        if !fields.iter().all(|field| field.len() == 2 && field.bytes().all(|b| b.is_ascii_digit())) {
            return None;
        }
        let numbers: Vec<u8> = fields.iter().filter_map(|field| field.parse().ok()).collect();
        let [3, channel, mood, intensity, statement @ 1..=2, repetition @ 1..=2, actor @ 1..=24] = numbers[..] else {
            return None;
        };
        Some(Clip {
            path: path.to_owned(),
            channel: match channel {
                1 => VocalChannel::Speech,
                2 => VocalChannel::Song,
                _ => return None,
            },
            mood: *Mood::ALL.get(usize::from(mood).checked_sub(1)?)?,
            intensity: match intensity {
                1 => Intensity::Normal,
                2 => Intensity::Strong,
                _ => return None,
            },
            statement,
            repetition,
            actor,
        })
    }

    /// Everything the name says, in the order in which clips are listed.
    fn key(&self) -> (VocalChannel, u8, Mood, Intensity, u8, u8) {
        (self.channel, self.actor, self.mood, self.intensity, self.statement, self.repetition)
    }

    /// Actor 7's two spoken takes of happy, normal, statement 2 are one and the same recording. The second
    /// is left out: otherwise it would count twice, and could stand on both sides of a split.
    fn is_known_duplicate(&self) -> bool {
        self.key() == (VocalChannel::Speech, 7, Mood::Happy, Intensity::Normal, 2, 2)
    }
}

/// All clips in a folder, in an order that depends on their names alone: speech before song, then by
/// actor, mood, intensity, statement and take.
///
/// `folder` may hold the `Audio_…` folders of Zenodo's archives (an archive unpacked into a folder of its
/// own name included), the `Actor_NN` folders, or clips. A clip that is there twice (say as `.wav` and as `.flac`) is listed once.
///
/// # Errors
/// [`Error::NoClips`] if there is none, [`Error::Unreadable`] if a folder cannot be listed.
pub fn scan(folder: &Path) -> Result<Vec<Clip>, Error> {
    let mut looked_in = Vec::new();
    let mut clips = Vec::new();
    collect(folder, 3, &mut looked_in, &mut clips)?;
    clips.retain(|clip| !clip.is_known_duplicate());
    clips.sort_by(|a, b| a.key().cmp(&b.key()).then_with(|| b.path.cmp(&a.path)));
    clips.dedup_by_key(|clip| clip.key());
    if clips.is_empty() {
        return Err(Error::NoClips { folder: folder.to_owned(), looked_in });
    }
    Ok(clips)
}

/// Lists `folder` and the corpus' folders in it, `levels` deep.
fn collect(folder: &Path, levels: usize, looked_in: &mut Vec<PathBuf>, clips: &mut Vec<Clip>) -> Result<(), Error> {
    looked_in.push(folder.to_owned());
    let unreadable = |source| Error::Unreadable { folder: folder.to_owned(), source };
    let mut inner = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.starts_with("Actor_") || name.starts_with("Audio_S") {
                inner.insert(path);
            }
        } else if let Some(clip) = Clip::from_path(&path) {
            clips.push(clip);
        }
    }
    if levels > 1 {
        for path in inner {
            collect(&path, levels - 1, looked_in, clips)?;
        }
    }
    Ok(())
}

/// The folder with the clips: `explicit` if given, else the first that has some of `$SONGMOOD_DATA`,
/// `../shared` and `data`, each with its subfolder `ravdess` before it.
///
/// # Errors
/// [`Error::NoClips`] for an `explicit` folder without clips, [`Error::NotFound`] if no place has any.
pub fn locate(explicit: Option<&Path>) -> Result<PathBuf, Error> {
    if let Some(folder) = explicit {
        return scan(folder).map(|_| folder.to_owned());
    }
    let variable = std::env::var_os("SONGMOOD_DATA").map(PathBuf::from);
    let usual = [variable, Some(PathBuf::from("../shared")), Some(PathBuf::from("data"))];
    let looked_in: Vec<PathBuf> =
        usual.into_iter().flatten().flat_map(|folder| [folder.join("ravdess"), folder]).collect();
    match looked_in.iter().find(|folder| folder.is_dir() && scan(folder).is_ok()) {
        Some(found) => Ok(found.clone()),
        None => Err(Error::NotFound { looked_in }),
    }
}
