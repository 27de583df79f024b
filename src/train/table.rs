//! A corpus of one's own: a CSV file with the columns `path,mood[,valence,arousal,group,genre]`.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::corpus::{Item, Label};
use crate::mood::Mood;

/// What a table must look like; part of every message about one that does not.
const LAYOUT: &str = "expected is a CSV file with a header and the columns path and mood (either may be followed by valence, arousal from −1 to 1, \
     group, genre); a mood or a number may be left empty, paths are relative to the file";

/// A table cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be used: {reason}; {LAYOUT}", path.display())]
pub struct Error {
    /// The table.
    pub path: PathBuf,
    /// What is wrong, with the line.
    pub reason: String,
}

/// One row as it stands in the file.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    path: String,
    #[serde(default)]
    mood: String,
    #[serde(default)]
    valence: Option<f32>,
    #[serde(default)]
    arousal: Option<f32>,
    #[serde(default)]
    group: String,
    #[serde(default)]
    genre: String,
}

/// Reads a table. A clip without a group is a group of its own; `voice` says of all what kind they are.
///
/// # Errors
/// With the line and what is wrong in it, when the table cannot be read, a mood is not one of the eight, a number lies outside −1 … 1,
/// a row says nothing of its clip, or there is no row.
pub fn read(path: &Path, voice: usize) -> Result<Vec<Item>, Error> {
    let file = File::open(path).map_err(|error| Error { path: path.to_owned(), reason: error.to_string() })?;
    parse(file, path, voice)
}

/// As [`read`], of a table that is not a file; `path` is where it would lie.
///
/// # Errors
/// As those of [`read`].
pub fn parse(table: impl Read, path: &Path, voice: usize) -> Result<Vec<Item>, Error> {
    let refuse = |reason: String| Error { path: path.to_owned(), reason };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(table);
    let headers = reader.headers().map_err(|error| refuse(error.to_string()))?.clone();
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut items = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| refuse(error.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        let row = record.deserialize::<Row>(Some(&headers)).map_err(|error| refuse(error.to_string()))?;
        items.push(item(row, folder, voice).map_err(|reason| refuse(format!("line {line}: {reason}")))?);
    }
    if items.is_empty() {
        return Err(refuse("it has no rows".into()));
    }
    Ok(items)
}

fn item(row: Row, folder: &Path, voice: usize) -> Result<Item, String> {
    if row.path.is_empty() {
        return Err("the path is empty".into());
    }
    let mut label = match row.mood.as_str() {
        "" => Label::default(),
        name => Label::of(name.to_lowercase().parse::<Mood>().map_err(|error| error.to_string())?),
    };
    for (name, value) in [("valence", row.valence), ("arousal", row.arousal)] {
        if let Some(value) = value.filter(|value| !(-1.0..=1.0).contains(value)) {
            return Err(format!("{name} is {value}, it must lie from −1 to 1"));
        }
    }
    (label.valence, label.arousal) = (row.valence, row.arousal);
    if label == Label::default() {
        return Err("neither mood nor valence nor arousal is given".into());
    }
    let group = if row.group.is_empty() { format!("file {}", row.path) } else { row.group };
    Ok(Item { path: folder.join(row.path), label, voice, group, genre: row.genre })
}
