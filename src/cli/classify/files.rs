//! Which files are meant: names, folders, patterns and lists, one after another and never all in memory at once.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use walkdir::{DirEntry, WalkDir};

/// What is taken from a folder: what `audio::decode` reads.
const DECODED: [&str; 10] = ["aac", "flac", "m4a", "m4b", "mp3", "mp4", "oga", "ogg", "wav", "wave"];
/// Sound that cannot be decoded; left out of folders, and counted.
const NOT_DECODED: [&str; 16] =
    ["aif", "aifc", "aiff", "alac", "ape", "au", "caf", "dff", "dsf", "m4p", "mka", "mpc", "opus", "ra", "wma", "wv"];
/// No path is longer; where a line of a list is, it is no list.
const LONGEST_LINE: u64 = 1 << 16;

/// Where the names of files come from.
#[derive(Debug, Clone)]
pub struct Files {
    paths: Vec<PathBuf>,
    list: Option<PathBuf>,
    separator: u8,
    left_out: LeftOut,
}

/// One thing to look at.
#[derive(Debug)]
pub enum Found {
    /// A file, there or not.
    File(PathBuf),
    /// A place that cannot be searched, and why.
    Refused(PathBuf, String),
}

/// Extensions of files in folders that were left out although there is sound in them, with their numbers.
#[derive(Debug, Clone, Default)]
pub struct LeftOut(Arc<Mutex<BTreeMap<String, usize>>>);

impl LeftOut {
    fn count(&self, extension: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(extension).or_default() += 1;
    }

    /// What to tell about it, if there is anything.
    pub fn note(&self) -> Option<String> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let each: Vec<String> = counts.iter().map(|(extension, count)| format!("{count} .{extension}")).collect();
        (!each.is_empty()).then(|| format!("left out, as songmood does not decode them: {}", each.join(", ")))
    }
}

/// The names, as they are found; an error ends them.
pub type Names = Box<dyn Iterator<Item = anyhow::Result<Found>> + Send>;

impl Files {
    /// Names, folders, patterns and `-` in `paths`, then what the file `list` (`-` for standard input) lists, each name
    /// ended by a NUL or else by a line break.
    ///
    /// # Errors
    /// When standard input is named twice.
    pub fn new(paths: Vec<PathBuf>, list: Option<PathBuf>, nul: bool) -> anyhow::Result<Files> {
        let files = Files { paths, list, separator: if nul { 0 } else { b'\n' }, left_out: LeftOut::default() };
        let from_stdin = files.paths.iter().chain(&files.list).filter(|path| is_stdin(path)).count();
        anyhow::ensure!(from_stdin < 2, "standard input is named twice, but can be read only once");
        Ok(files)
    }

    /// Whether names come from standard input: they can be read once only.
    pub fn reads_stdin(&self) -> bool {
        self.paths.iter().chain(&self.list).any(|path| is_stdin(path))
    }

    /// The only file, if no more than one is named and nothing else.
    pub fn single(&self) -> Option<&Path> {
        match self.paths.as_slice() {
            [path] if self.list.is_none() && !is_stdin(path) && (path.is_file() || pattern(path).is_none()) => {
                (!path.is_dir()).then_some(path)
            }
            _ => None,
        }
    }

    /// What was left out of the folders that [`Files::names`] has been through.
    pub fn left_out(&self) -> LeftOut {
        self.left_out.clone()
    }

    /// How many there are, if that can be told without reading standard input.
    pub fn count(&self) -> Option<u64> {
        // What is left out is counted where they are gone through in earnest.
        let apart = Files { left_out: LeftOut::default(), ..self.clone() };
        if self.reads_stdin() { None } else { apart.names().ok().map(|names| names.count() as u64) }
    }

    /// Goes through all of them.
    ///
    /// # Errors
    /// When the list cannot be opened.
    pub fn names(&self) -> anyhow::Result<Names> {
        let Files { paths, list, separator, left_out } = self.clone();
        let listed = list.map(|list| read_list(&list, separator, left_out.clone())).transpose()?;
        let named = paths.into_iter().flat_map(move |path| -> Names {
            if is_stdin(&path) {
                return read_list(&path, separator, left_out.clone())
                    .unwrap_or_else(|error| Box::new(std::iter::once(Err(error))));
            }
            match pattern(&path) {
                Some(pattern) => matching(&path, &pattern, left_out.clone()),
                None => file_or_folder(path, &left_out),
            }
        });
        Ok(Box::new(named.chain(listed.into_iter().flatten())))
    }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// `path` as a pattern, unless there is a file of just that name or nothing in it that makes a pattern.
fn pattern(path: &Path) -> Option<String> {
    let text = path.to_str().filter(|text| text.contains(['*', '?', '[']))?;
    (!path.exists()).then(|| text.to_owned())
}

fn matching(path: &Path, pattern: &str, left_out: LeftOut) -> Names {
    let refused = |reason: String| -> Names { Box::new(std::iter::once(Ok(Found::Refused(path.into(), reason)))) };
    // A leading dot is to be named, as in a shell.
    let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
    let found = match glob::glob_with(pattern, options) {
        Ok(found) => found,
        Err(error) => return refused(format!("this pattern cannot be understood ({error})")),
    };
    let mut found = found.peekable();
    if found.peek().is_none() {
        return refused("no file matches; check the pattern".to_owned());
    }
    Box::new(found.flat_map(move |found| match found {
        Ok(path) => file_or_folder(path, &left_out),
        Err(error) => {
            let reason = error.error().to_string();
            Box::new(std::iter::once(Ok(Found::Refused(error.path().to_path_buf(), reason))))
        }
    }))
}

fn file_or_folder(path: PathBuf, left_out: &LeftOut) -> Names {
    if !path.is_dir() {
        return Box::new(std::iter::once(Ok(Found::File(path))));
    }
    let left_out = left_out.clone();
    let visible = |entry: &DirEntry| entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".");
    let walk = WalkDir::new(&path).sort_by_file_name().into_iter().filter_entry(visible);
    Box::new(walk.filter_map(move |entry| match entry {
        Ok(entry) => {
            let path = entry.into_path();
            let extension = path.extension()?.to_str()?.to_ascii_lowercase();
            let (decoded, known) = (DECODED.contains(&&*extension), NOT_DECODED.contains(&&*extension));
            // Links to files are followed; a link that leads nowhere is a broken file.
            if !(decoded || known) || path.is_dir() {
                return None;
            }
            if decoded {
                return Some(Ok(Found::File(path)));
            }
            left_out.count(extension);
            None
        }
        Err(error) => {
            let place = error.path().unwrap_or(&path).to_path_buf();
            let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
            Some(Ok(Found::Refused(place, format!("the folder cannot be searched ({reason})"))))
        }
    }))
}

/// The names in a list: files, or folders to search. Patterns are not expanded, so that every name can be listed.
fn read_list(list: &Path, separator: u8, left_out: LeftOut) -> anyhow::Result<Names> {
    let name = if is_stdin(list) { "standard input".to_owned() } else { list.display().to_string() };
    let mut reader: Box<dyn BufRead + Send> = if is_stdin(list) {
        Box::new(BufReader::new(io::stdin()))
    } else {
        let file = File::open(list).with_context(|| format!("cannot read the list {name}; check the name"))?;
        Box::new(BufReader::new(file))
    };
    let mut next = move || -> anyhow::Result<Option<PathBuf>> {
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = reader.by_ref().take(LONGEST_LINE).read_until(separator, &mut line);
            if read.with_context(|| format!("cannot read {name} to its end"))? == 0 {
                return Ok(None);
            }
            anyhow::ensure!(
                (line.len() as u64) < LONGEST_LINE,
                "{name}: a line of more than {LONGEST_LINE} bytes is no name of a file; list one name on a line, or \
                 end each with NUL and give --null"
            );
            if line.last() == Some(&separator) {
                line.pop();
            }
            // A list that was written on Windows.
            if separator == b'\n' && line.last() == Some(&b'\r') {
                line.pop();
            }
            if !line.is_empty() {
                return path_from(&line).map(Some).with_context(|| format!("{name} cannot be understood"));
            }
        }
    };
    let mut ended = false;
    let lines = std::iter::from_fn(move || {
        if ended {
            return None;
        }
        let line = next().transpose();
        ended = !matches!(line, Some(Ok(_)));
        line
    });
    Ok(Box::new(lines.flat_map(move |line| match line {
        Ok(path) => file_or_folder(path, &left_out),
        Err(error) => Box::new(std::iter::once(Err(error))),
    })))
}

#[cfg(unix)]
fn path_from(bytes: &[u8]) -> anyhow::Result<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Ok(PathBuf::from(std::ffi::OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
fn path_from(bytes: &[u8]) -> anyhow::Result<PathBuf> {
    Ok(PathBuf::from(std::str::from_utf8(bytes).context("the list must be UTF-8")?))
}
