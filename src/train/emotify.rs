//! The Emotify corpus on disk: one-minute excerpts of music, and which feelings listeners ticked.
//!
//! Aljanaki, Wiering & Veltkamp (2016), *Studying emotion induced by music through a crowdsourcing game*, Information Processing &
//! Management 52. `clips.csv` beside the audio holds path, title, artist, genre, the share of listeners who ticked each of nine
//! feelings (the Geneva Emotional Music Scale), and their number.

use std::path::{Path, PathBuf};

use super::corpus::{Item, Label};
use crate::mood::Mood;

/// How to get the corpus; part of every message about excerpts that are not there.
pub const HOW_TO_GET: &str = "Emotify (http://www2.projects.science.uu.nl/memotion/emotifydata/) is free of charge for research: put its excerpts \
     into one folder with a clips.csv (path,title,artist,genre, nine shares amazement … sadness, raters), and name that folder with \
     --emotify or SONGMOOD_DATA";

/// The feelings with their places on the valence–arousal plane. These weights are ours, not the authors'.
const FEELINGS: [(&str, f32, f32); 9] = [
    ("amazement", 0.6, 0.3),
    ("solemnity", 0.0, -0.1),
    ("tenderness", 0.5, -0.5),
    ("nostalgia", -0.1, -0.4),
    ("calmness", 0.5, -1.0),
    ("power", 0.3, 0.8),
    ("joyful_activation", 1.0, 0.8),
    ("tension", -0.8, 0.7),
    ("sadness", -1.0, -0.6),
];

/// Excerpts cannot be found or understood.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// None of the usual places has a `clips.csv`.
    #[error("no Emotify excerpts found; looked in {}. {HOW_TO_GET}", looked_in.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(", "))]
    NotFound { looked_in: Vec<PathBuf> },
    /// `clips.csv` is not as expected.
    #[error("{} cannot be read: {reason}. {HOW_TO_GET}", path.display())]
    BadTable { path: PathBuf, reason: String },
}

/// The folder with the excerpts: `explicit` if given, else `emotify` in `$SONGMOOD_DATA`, `../shared` or `data`.
///
/// # Errors
/// [`Error::NotFound`] if no place has a `clips.csv`.
pub fn locate(explicit: Option<&Path>) -> Result<PathBuf, Error> {
    let looked_in: Vec<PathBuf> = match explicit {
        Some(folder) => vec![folder.to_owned()],
        None => {
            let variable = std::env::var_os("SONGMOOD_DATA").map(PathBuf::from);
            let usual = [variable, Some(PathBuf::from("../shared")), Some(PathBuf::from("data"))];
            usual.into_iter().flatten().map(|folder| folder.join("emotify")).collect()
        }
    };
    let found = looked_in.iter().find(|folder| folder.join("clips.csv").is_file()).cloned();
    found.ok_or(Error::NotFound { looked_in })
}

/// All excerpts of a folder, in the order of its `clips.csv`. Groups are artists.
///
/// # Errors
/// [`Error::BadTable`] when `clips.csv` cannot be read or has no rows.
pub fn scan(folder: &Path) -> Result<Vec<Item>, Error> {
    let table = folder.join("clips.csv");
    let bad = |reason: String| Error::BadTable { path: table.clone(), reason };
    let mut reader = csv::Reader::from_path(&table).map_err(|error| bad(error.to_string()))?;
    let headers = reader.headers().map_err(|error| bad(error.to_string()))?.clone();
    let column = |name: &str| {
        headers.iter().position(|header| header == name).ok_or_else(|| bad(format!("there is no column “{name}”")))
    };
    let (path, artist, genre) = (column("path")?, column("artist")?, column("genre")?);
    let mut feelings = [0; FEELINGS.len()];
    for (place, (name, ..)) in feelings.iter_mut().zip(FEELINGS) {
        *place = column(name)?;
    }
    let mut items = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| bad(error.to_string()))?;
        let field = |column: usize| record.get(column).unwrap_or_default();
        let mut shares = [0.0f32; FEELINGS.len()];
        for (share, column) in shares.iter_mut().zip(feelings) {
            let text = field(column);
            *share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share)).ok_or_else(|| {
                let line = record.position().map_or(0, csv::Position::line);
                bad(format!("line {line}: “{text}” is not a share from 0 to 1"))
            })?;
        }
        items.push(Item {
            path: folder.join(field(path)),
            label: label(&shares),
            voice: 0,
            group: group(field(artist), field(path)),
            genre: field(genre).to_owned(),
        });
    }
    if items.is_empty() {
        return Err(bad("it has no rows".into()));
    }
    Ok(items)
}

/// A compilation is not one artist: each of its excerpts is a group of its own.
fn group(artist: &str, path: &str) -> String {
    if artist.is_empty() || artist.contains("Compilation") { format!("compilation {path}") } else { artist.to_owned() }
}

/// Shares of listeners in this project's terms.
///
/// Joyful activation is happy, calmness calm, sadness sad. Tension (“nervous, impatient, irritated”) is angry where the
/// excerpt is rousing and fearful where it is not. Nothing here speaks of neutral, disgust or surprise, and the other feelings of none
/// of the moods: they count for valence and arousal alone. Shares are only scaled to 1. A network that learns from what all listeners
/// ticked knows more of rare moods than one that learns from the top of it.
fn label(shares: &[f32; FEELINGS.len()]) -> Label {
    let total: f32 = shares.iter().sum();
    let weighted = |weight: fn(&(&str, f32, f32)) -> f32| {
        let sum: f32 = shares.iter().zip(&FEELINGS).map(|(share, feeling)| share * weight(feeling)).sum();
        (total > 0.0).then(|| sum / total)
    };
    let (valence, arousal) = (weighted(|feeling| feeling.1), weighted(|feeling| feeling.2));
    let share = |name: &str| FEELINGS.iter().position(|feeling| feeling.0 == name).map_or(0.0, |index| shares[index]);
    let tense = if arousal.unwrap_or(0.0) >= 0.0 { Mood::Angry } else { Mood::Fearful };
    let ticked = [
        (Mood::Happy, share("joyful_activation")),
        (Mood::Calm, share("calmness")),
        (Mood::Sad, share("sadness")),
        (tense, share("tension")),
    ];
    let sum: f32 = ticked.iter().map(|(_, share)| share).sum();
    let mut label = Label { valence, arousal, ..Label::default() };
    for (mood, share) in ticked {
        label.moods[mood.index()] = if sum > 0.0 { share / sum } else { 0.0 };
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_listeners_ticked_becomes_moods_valence_and_arousal() {
        let mut shares = [0.0; 9];
        shares[6] = 0.6; // joyful activation
        shares[4] = 0.3; // calmness
        let happy = label(&shares);
        assert_eq!(happy.mood(), Some(Mood::Happy));
        assert!((happy.moods[Mood::Happy.index()] - 2.0 / 3.0).abs() < 1e-6);
        assert!((happy.valence.unwrap() - (0.6 + 0.15) / 0.9).abs() < 1e-6);
        assert!((happy.arousal.unwrap() - (0.48 - 0.3) / 0.9).abs() < 1e-6);
        let mut shares = [0.0; 9];
        shares[7] = 0.5; // tension
        assert_eq!(label(&shares).mood(), Some(Mood::Angry));
        shares[8] = 0.49; // sadness
        shares[2] = 0.5; // tenderness, which is none of the moods
        assert_eq!(label(&shares).mood(), Some(Mood::Fearful));
        assert_eq!(label(&[0.0; 9]), Label::default());
        assert_eq!(Label::default().mood(), None);
    }

    #[test]
    fn compilations_are_no_artist() {
        assert_eq!(group("Ivan Ilic", "a.ogg"), "Ivan Ilic");
        assert_ne!(group("Magnatune Compilation", "a.ogg"), group("Magnatune Compilation", "b.ogg"));
    }
}
