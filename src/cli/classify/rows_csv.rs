//! Moods as CSV.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};

use anyhow::Context;

use super::columns::Columns;
use super::entry::Entry;
use super::formats::Format;
use super::resume::Done;
use crate::nets::Domain;

/// A header, then the rows of each file.
pub struct CsvRows<W> {
    out: W,
    columns: Columns,
    /// The header is still to be written.
    begins: bool,
}

impl<W: Write> CsvRows<W> {
    /// `begins` unless `out` already has a header.
    pub fn new(out: W, columns: Columns, begins: bool) -> CsvRows<W> {
        CsvRows { out, columns, begins }
    }

    /// The columns.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Writes rows, after the header where it is missing.
    pub fn rows(&mut self, rows: impl Iterator<Item = impl Iterator<Item = String>>) -> anyhow::Result<()> {
        let mut text = csv::Writer::from_writer(Vec::new());
        if std::mem::take(&mut self.begins) {
            text.write_record(self.columns.iter().map(|column| column.name))?;
        }
        for row in rows {
            text.write_record(row.map(String::into_bytes))?;
        }
        // All at once: a reader in a pipe gets whole files, and a kill tears the last one at most.
        let text = text.into_inner().map_err(|error| error.into_error())?;
        Ok(self.out.write_all(&text)?)
    }
}

impl<W: Write> Format for CsvRows<W> {
    fn add(&mut self, entry: &Entry) -> anyhow::Result<()> {
        let rows = self.columns.rows(entry);
        self.rows(rows.iter().map(|row| row.iter().map(|value| value.text())))
    }

    fn finish(mut self: Box<Self>) -> anyhow::Result<()> {
        // Without a single file there still is a table.
        self.rows(std::iter::empty::<std::iter::Empty<String>>())?;
        Ok(self.out.flush()?)
    }
}

/// The files in earlier output.
pub struct CsvDone {
    reader: csv::Reader<std::io::Take<File>>,
    /// Number of columns.
    columns: usize,
    domain: Domain,
    /// Where a window's number and the number of windows stand.
    windows: Option<(usize, usize)>,
    length: u64,
    /// The last byte ends a line.
    whole: bool,
    begun: bool,
}

impl CsvDone {
    /// Reads the first `length` bytes of `file`, which should have these columns.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn new(mut file: File, length: u64, columns: &Columns, domain: Domain) -> std::io::Result<CsvDone> {
        let mut last = [0];
        if length > 0 {
            file.seek(SeekFrom::Start(length - 1))?;
            file.read_exact(&mut last)?;
            file.rewind()?;
        }
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file.take(length));
        Ok(CsvDone {
            reader,
            columns: columns.iter().len(),
            domain,
            windows: columns.windows().then(|| columns.position("window").zip(columns.position("windows"))).flatten(),
            length,
            whole: last == *b"\n",
            begun: false,
        })
    }

    /// The next record and where it ends; none where the last is torn.
    fn record(&mut self) -> anyhow::Result<Option<(csv::StringRecord, u64)>> {
        let mut record = csv::StringRecord::new();
        if !self.reader.read_record(&mut record)? {
            return Ok(None);
        }
        let end = self.reader.position().byte();
        if record.len() == self.columns && (self.whole || end < self.length) {
            return Ok(Some((record, end)));
        }
        // An open quote, too, reaches to the end.
        anyhow::ensure!(end >= self.length, "line {} has {} fields", self.reader.position().line(), record.len());
        Ok(None)
    }

    fn file(&mut self) -> anyhow::Result<Option<Done>> {
        if !self.begun {
            self.begun = true;
            // The header, which was looked at before.
            self.record()?;
        }
        let number = |cell: &str| cell.parse::<u64>().context("a window without a number");
        while let Some((record, end)) = self.record()? {
            let domain = self.domain.name();
            let cell = |column: usize| record.get(column).unwrap_or_default();
            anyhow::ensure!(cell(1) == domain, "it was written with --as {}; this is {domain}", cell(1));
            let last = match self.windows {
                Some((window, windows)) if !cell(window).is_empty() => {
                    number(cell(window))? + 1 == number(cell(windows))?
                }
                _ => true,
            };
            if last {
                return Ok(Some(Done { path: cell(0).to_owned(), failed: !cell(2).is_empty(), end }));
            }
        }
        Ok(None)
    }
}

impl Iterator for CsvDone {
    type Item = anyhow::Result<Done>;

    fn next(&mut self) -> Option<Self::Item> {
        self.file().map_err(|error| error.context("it cannot be gone on with")).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::classify::resume::Earlier;

    #[test]
    fn wherever_it_is_torn_whole_files_are_found() {
        let folder = tempfile::tempdir().unwrap();
        for windows in [false, true] {
            let columns = || Columns::new(Domain::Music, windows, false);
            let mut rows = CsvRows::new(Vec::new(), columns(), true);
            let row = |name: &str, error: &str, window: &str, windows: &str| -> Vec<String> {
                let cell = |column: &'static str| match column {
                    "path" => name,
                    "domain" => "music",
                    "error" => error,
                    "window" => window,
                    "windows" => windows,
                    _ => "0",
                };
                columns().iter().map(|column| cell(column.name).to_owned()).collect()
            };
            // Ends of whole files, in bytes.
            let mut ends = Vec::new();
            let odd = "a \"b\",\nc\n";
            let files = [
                vec![row(odd, "", "0", "2"), row(odd, "", "1", "2")],
                vec![row("d", "not\nfound", "", "")],
                vec![row("e", "", "0", "1")],
            ];
            for mut file in files {
                if !windows {
                    file.truncate(1);
                }
                rows.rows(file.into_iter().map(Vec::into_iter)).unwrap();
                ends.push(rows.out.len() as u64);
            }
            for length in 0..=rows.out.len() {
                let path = folder.path().join("torn.csv");
                std::fs::write(&path, &rows.out[..length]).unwrap();
                let length = length as u64;
                let done = CsvDone::new(File::open(&path).unwrap(), length, &columns(), Domain::Music).unwrap();
                let earlier = Earlier::of(done).unwrap();
                let whole = ends.iter().filter(|end| **end <= length).count();
                let end = whole.checked_sub(1).map_or(0, |last| ends[last]);
                assert_eq!(earlier, Earlier { files: whole, failed: usize::from(whole > 1), length: end }, "{length}");
            }
        }
    }
}
