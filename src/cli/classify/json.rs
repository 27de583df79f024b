//! Moods as JSON: one document, or a line for each file.

use std::io::{self, Read, Write};

use anyhow::Context;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::entry::Entry;
use super::formats::Format;
use super::resume::{Done, Lines};

/// One array with an object for each file.
pub struct Document<W> {
    out: W,
    separator: &'static str,
}

impl<W: Write> Document<W> {
    pub fn new(out: W) -> Document<W> {
        Document { out, separator: "[" }
    }
}

impl<W: Write> Format for Document<W> {
    fn add(&mut self, entry: &Entry) -> anyhow::Result<()> {
        let text = format!("{}\n{}\n", self.separator, entry.json(true)?);
        self.separator = ",";
        Ok(self.out.write_all(text.as_bytes())?)
    }

    fn finish(mut self: Box<Self>) -> anyhow::Result<()> {
        let end = if self.separator == "[" { "[]\n" } else { "]\n" };
        self.out.write_all(end.as_bytes())?;
        Ok(self.out.flush()?)
    }
}

/// How every line begins.
pub const BEGINNING: &str = r#"{"path":""#;

/// A line with an object for each file.
pub struct JsonLines<W> {
    out: W,
    windows: bool,
}

impl<W: Write> JsonLines<W> {
    pub fn new(out: W, windows: bool) -> JsonLines<W> {
        JsonLines { out, windows }
    }
}

impl<W: Write> Format for JsonLines<W> {
    fn add(&mut self, entry: &Entry) -> anyhow::Result<()> {
        let line = entry.json(self.windows)? + "\n";
        // All at once: a reader in a pipe gets whole lines, and a kill tears the last one at most.
        Ok(self.out.write_all(line.as_bytes())?)
    }

    fn finish(mut self: Box<Self>) -> anyhow::Result<()> {
        Ok(self.out.flush()?)
    }
}

/// What of a line is looked at to go on.
#[derive(Deserialize)]
struct Line {
    path: String,
    error: Option<IgnoredAny>,
    #[serde(default)]
    models: Vec<Model>,
    windows: Option<IgnoredAny>,
    tag: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Model {
    name: String,
}

/// What earlier lines must have in common with those to come.
pub struct Kept {
    /// The names of the networks.
    pub models: Vec<String>,
    /// Whether windows are written.
    pub windows: bool,
    /// Whether tags are.
    pub tags: bool,
}

/// The files in earlier output; a torn last line is not counted.
pub fn done(reader: impl Read + Send + 'static, kept: Kept) -> impl Iterator<Item = anyhow::Result<Done>> + Send {
    Lines::new(reader).enumerate().map(move |(index, line)| {
        let (bytes, end) = line.map_err(|error: io::Error| anyhow::Error::from(error).context("cannot be read"))?;
        let parsed = serde_json::from_slice::<Line>(&bytes);
        let line = parsed.with_context(|| format!("line {} was not written by classify --jsonl", index + 1))?;
        let judged = !line.models.is_empty();
        let models = || line.models.iter().map(|model| &model.name).eq(&kept.models);
        let options = || line.windows.is_some() == kept.windows && line.tag.is_some() == kept.tags;
        anyhow::ensure!(
            !judged || (models() && (options() || line.error.is_some())),
            "line {} was written with other models or options; give the same ones",
            index + 1
        );
        Ok(Done { path: line.path, failed: line.error.is_some(), end })
    })
}
