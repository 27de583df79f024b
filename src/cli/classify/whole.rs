//! Output that is only of use when it is whole, in a file.

use std::fs;
use std::path::PathBuf;

use super::entry::Entry;
use super::formats::Format;
use crate::cli::beside::kept_beside;

/// Lets a format write beside its file and gives it the file's name in the end: when anything fails on the way (the disk
/// is full, say), what stood there before still stands.
pub struct Whole {
    format: Box<dyn Format>,
    path: PathBuf,
    broken: bool,
}

impl Whole {
    /// `format` writes to [`kept_beside`] `path`.
    pub fn new(format: Box<dyn Format>, path: PathBuf) -> Whole {
        Whole { format, path, broken: false }
    }
}

impl Format for Whole {
    fn add(&mut self, entry: &Entry) -> anyhow::Result<()> {
        self.format.add(entry).inspect_err(|_| self.broken = true)
    }

    fn finish(self: Box<Self>) -> anyhow::Result<()> {
        let beside = kept_beside(&self.path);
        let finished = match self.broken {
            // What is broken is of no use to anybody; the error was told where it arose.
            true => return Ok(fs::remove_file(beside)?),
            false => self.format.finish(),
        };
        let renamed = finished.and_then(|()| Ok(fs::rename(&beside, &self.path)?));
        if renamed.is_err() {
            // The first error is the one to tell.
            let _ = fs::remove_file(&beside);
        }
        renamed
    }
}
