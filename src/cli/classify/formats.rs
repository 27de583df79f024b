//! How moods are written, and where to.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use anyhow::{Context, bail, ensure};

use super::columns::Columns;
use super::entry::Entry;
use super::json::{self, Document, JsonLines, Kept};
use super::resume::{Ahead, Done, Earlier};
use super::rows_csv::{CsvDone, CsvRows};
use super::rows_parquet::ParquetRows;
use super::text::{Details, Table};
use super::whole::Whole;
use crate::cli::beside::kept_beside;
use crate::nets::Domain;

/// Writes one file after another.
pub trait Format {
    /// Writes what is said of a file.
    ///
    /// # Errors
    /// When it cannot be written.
    fn add(&mut self, entry: &Entry) -> anyhow::Result<()>;

    /// All files have been written.
    ///
    /// # Errors
    /// When the end cannot be written.
    fn finish(self: Box<Self>) -> anyhow::Result<()>;

    /// The run was interrupted: leaves the output in a state to go on from.
    ///
    /// # Errors
    /// As [`Format::finish`].
    fn stop(self: Box<Self>) -> anyhow::Result<()> {
        self.finish()
    }
}

/// Which format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    Table,
    Details,
    Json,
    JsonLines,
    Csv,
    Parquet,
}

impl Choice {
    /// What the name of an output asks for.
    pub fn of_name(output: &Path) -> Option<Choice> {
        match output.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "json" => Some(Choice::Json),
            "jsonl" | "ndjson" => Some(Choice::JsonLines),
            "csv" => Some(Choice::Csv),
            "parquet" => Some(Choice::Parquet),
            _ => None,
        }
    }

    fn can_go_on(self) -> bool {
        matches!(self, Choice::JsonLines | Choice::Csv | Choice::Parquet)
    }
}

/// What is to be written.
#[derive(Debug)]
pub struct Content {
    pub choice: Choice,
    pub domain: Domain,
    /// Names of the networks.
    pub models: Vec<String>,
    pub windows: bool,
    /// With what became of the tags.
    pub tags: bool,
}

/// Where it is written.
#[derive(Debug)]
pub struct Target<'a> {
    /// A file, or standard output.
    pub output: Option<&'a Path>,
    /// To go on where earlier output ends.
    pub resume: bool,
    /// Whether earlier output may be lost.
    pub overwrite: bool,
}

/// An output that is ready to be written.
pub struct Opened {
    pub format: Box<dyn Format>,
    /// What stands in it already.
    pub earlier: Earlier,
    /// To pass over what is done already.
    pub ahead: Option<Ahead>,
}

impl Opened {
    fn anew(format: impl Format + 'static) -> Opened {
        Opened { format: Box::new(format), earlier: Earlier::default(), ahead: None }
    }
}

impl Content {
    fn columns(&self) -> Columns {
        Columns::new(self.domain, self.windows, self.tags)
    }

    /// Opens the output.
    ///
    /// # Errors
    /// When there is earlier output and nothing said what to do with it, when it cannot be gone on with, and when the
    /// output cannot be written.
    pub fn open(&self, target: &Target<'_>) -> anyhow::Result<Opened> {
        ensure!(
            !target.resume || self.choice.can_go_on(),
            "only --jsonl, --csv and --parquet can be gone on with by --resume; choose one of them"
        );
        let Some(output) = target.output else {
            ensure!(!target.resume, "--resume needs to know where the earlier output is: name it with -o FILE");
            ensure!(self.choice != Choice::Parquet, "a Parquet file cannot be printed; name one with -o FILE");
            return Ok(self.to_stdout());
        };
        self.to_file(output, target).with_context(|| output.display().to_string())
    }

    fn to_stdout(&self) -> Opened {
        match self.choice {
            Choice::Json | Choice::JsonLines | Choice::Csv => self.text(io::stdout(), true),
            // Leaves colours out where they are not wanted.
            Choice::Table | Choice::Details | Choice::Parquet => {
                self.text(anstream::AutoStream::auto(io::stdout()), true)
            }
        }
    }

    /// Every format but Parquet; `begins` unless something stands there already.
    fn text(&self, out: impl Write + 'static, begins: bool) -> Opened {
        match self.choice {
            Choice::Table => Opened::anew(Table::new(out, self.windows)),
            Choice::Details => Opened::anew(Details::new(out, self.windows)),
            Choice::Json => Opened::anew(Document::new(out)),
            Choice::JsonLines => Opened::anew(JsonLines::new(out, self.windows)),
            Choice::Csv | Choice::Parquet => Opened::anew(CsvRows::new(out, self.columns(), begins)),
        }
    }

    /// Without colours: what stands in a file is read by other programs too.
    fn plain(&self, file: File, begins: bool) -> Opened {
        match self.choice {
            Choice::Table | Choice::Details => self.text(anstream::StripStream::new(file), begins),
            Choice::Json | Choice::JsonLines | Choice::Csv | Choice::Parquet => self.text(file, begins),
        }
    }

    fn to_file(&self, output: &Path, target: &Target<'_>) -> anyhow::Result<Opened> {
        let special = output.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
        if special && self.choice != Choice::Parquet {
            ensure!(!target.resume, "--resume needs a file");
            return Ok(self.plain(OpenOptions::new().write(true).open(output)?, true));
        }
        let there = |path: &Path| path.metadata().is_ok_and(|metadata| metadata.len() > 0);
        let parquet = self.choice == Choice::Parquet;
        // Parquet is made in the end, of rows that are kept beside it; what cannot be gone on with gets its name in the end.
        let whole = !self.choice.can_go_on();
        let rows = if parquet || whole { &kept_beside(output) } else { output };
        if !target.resume && !target.overwrite && (there(output) || (!whole && there(rows))) {
            let interrupted = if parquet && there(rows) { " (an interrupted run left it)" } else { "" };
            let which = if there(output) { output } else { rows };
            let begin = "--overwrite to begin anew";
            let what =
                if self.choice.can_go_on() { format!("--resume to go on with it, or {begin}") } else { begin.into() };
            bail!("{} is there already{interrupted}; add {what}", which.display());
        }
        let made_before = parquet && target.resume && there(output) && !there(rows);
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(rows)?;
        // Where the file system knows no locks, nothing can be said about others.
        if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
            bail!("another songmood is writing to it; wait until it ends");
        }
        if !target.resume || made_before {
            file.set_len(0)?;
        }
        if made_before {
            let rows = CsvRows::new(file.try_clone()?, self.columns(), true);
            ParquetRows::new(rows, output).unpack().context("it was not written by classify with these options")?;
        }
        self.check_beginning(&mut file)?;
        let length = file.metadata()?.len();
        let earlier = Earlier::of(self.done(rows, length)?)?;
        // What was torn when the earlier run was stopped is done again.
        file.set_len(earlier.length)?;
        file.seek(SeekFrom::End(0))?;
        let begins = earlier.length == 0;
        let opened = if parquet {
            Opened::anew(ParquetRows::new(CsvRows::new(file, self.columns(), begins), output))
        } else if whole {
            Opened::anew(Whole::new(self.plain(file, begins).format, output.to_owned()))
        } else {
            self.plain(file, begins)
        };
        let ahead = if begins { None } else { Some(Ahead::new(self.done(rows, earlier.length)?)) };
        Ok(Opened { earlier, ahead, ..opened })
    }

    /// Refuses a file that somebody else wrote, before anything in it is taken for torn.
    fn check_beginning(&self, file: &mut File) -> anyhow::Result<()> {
        let expected = match self.choice {
            Choice::JsonLines => json::BEGINNING.to_owned(),
            Choice::Csv | Choice::Parquet => {
                let names: Vec<&str> = self.columns().iter().map(|column| column.name).collect();
                names.join(",") + "\n"
            }
            Choice::Table | Choice::Details | Choice::Json => String::new(),
        };
        let mut beginning = Vec::new();
        file.take(expected.len() as u64).read_to_end(&mut beginning)?;
        ensure!(
            expected.as_bytes().starts_with(&beginning),
            "it was not begun by classify in this format and with these options; give the same ones, or another file"
        );
        Ok(())
    }

    /// The files in the first `length` bytes of earlier output.
    fn done(&self, rows: &Path, length: u64) -> io::Result<Box<dyn Iterator<Item = anyhow::Result<Done>> + Send>> {
        let file = File::open(rows)?;
        let kept = Kept { models: self.models.clone(), windows: self.windows, tags: self.tags };
        Ok(match self.choice {
            Choice::JsonLines => Box::new(json::done(file.take(length), kept)),
            Choice::Csv | Choice::Parquet => Box::new(CsvDone::new(file, length, &self.columns(), self.domain)?),
            Choice::Table | Choice::Details | Choice::Json => Box::new(std::iter::empty()),
        })
    }
}
