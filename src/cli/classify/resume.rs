//! Going on where an earlier run stopped: what its output says is done.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufRead, BufReader, Read};

/// A file whose result stands whole in earlier output.
#[derive(Debug, PartialEq, Eq)]
pub struct Done {
    /// Its name, as it was written.
    pub path: String,
    /// Whether it could not be judged.
    pub failed: bool,
    /// Length of the output up to the end of this result, in bytes.
    pub end: u64,
}

/// What earlier output holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Earlier {
    /// Number of files.
    pub files: usize,
    /// How many of them could not be judged.
    pub failed: usize,
    /// Length of the whole results, in bytes; what follows is torn.
    pub length: u64,
}

impl Earlier {
    /// Counts.
    ///
    /// # Errors
    /// The first error.
    pub fn of(done: impl Iterator<Item = anyhow::Result<Done>>) -> anyhow::Result<Earlier> {
        let mut earlier = Earlier::default();
        for done in done {
            let done = done?;
            earlier.files += 1;
            earlier.failed += usize::from(done.failed);
            earlier.length = done.end;
        }
        Ok(earlier)
    }
}

/// Tells of one name after another whether it is done.
///
/// Output keeps the order of the names, so both are gone through side by side and nothing is remembered. Where they
/// part, because files came or went since, what is left of the output is remembered (16 bytes and some for each file).
pub struct Ahead {
    done: Box<dyn Iterator<Item = anyhow::Result<Done>> + Send>,
    /// How often each name is still to be passed over, by its hash; once names and output have parted.
    apart: Option<HashMap<u64, usize>>,
    hasher: RandomState,
}

impl Ahead {
    /// `done` in the order in which it was written.
    pub fn new(done: impl Iterator<Item = anyhow::Result<Done>> + Send + 'static) -> Ahead {
        Ahead { done: Box::new(done), apart: None, hasher: RandomState::new() }
    }

    /// Whether a file is done; a file that is named twice must be done twice.
    ///
    /// # Errors
    /// When earlier output cannot be read any more.
    pub fn is_done(&mut self, name: &str) -> anyhow::Result<bool> {
        if self.apart.is_none() {
            let Some(next) = self.done.next().transpose()? else { return Ok(false) };
            if next.path == name {
                return Ok(true);
            }
            let mut apart = HashMap::from([(self.hasher.hash_one(&next.path), 1)]);
            for done in self.done.by_ref() {
                *apart.entry(self.hasher.hash_one(&done?.path)).or_default() += 1;
            }
            self.apart = Some(apart);
        }
        let hash = self.hasher.hash_one(name);
        let count = self.apart.as_mut().and_then(|apart| apart.get_mut(&hash)).filter(|count| **count > 0);
        Ok(count.map(|count| *count -= 1).is_some())
    }
}

/// Whole lines of a file, without their ends, and how far each reaches.
pub struct Lines<R> {
    reader: BufReader<R>,
    end: u64,
}

impl<R: Read> Lines<R> {
    pub fn new(reader: R) -> Lines<R> {
        Lines { reader: BufReader::new(reader), end: 0 }
    }
}

impl<R: Read> Iterator for Lines<R> {
    type Item = io::Result<(Vec<u8>, u64)>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut line = Vec::new();
        if let Err(error) = self.reader.read_until(b'\n', &mut line) {
            return Some(Err(error));
        }
        self.end += line.len() as u64;
        // Without its end, it was torn when the writer was stopped.
        (line.pop()? == b'\n').then_some(Ok((line, self.end)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ahead(names: &[&str]) -> Ahead {
        let done = |path: &&str| Ok(Done { path: (*path).to_owned(), failed: false, end: 0 });
        Ahead::new(names.iter().map(done).collect::<Vec<_>>().into_iter())
    }

    #[test]
    fn what_is_done_is_passed_over_as_often_as_it_was_done() {
        let mut same = ahead(&["a", "b", "b"]);
        assert_eq!(["a", "b", "b", "b", "c"].map(|name| same.is_done(name).unwrap()), [true, true, true, false, false]);
        assert!(same.apart.is_none());
    }

    #[test]
    fn files_that_came_or_went_meanwhile_do_not_confuse() {
        let mut came = ahead(&["a", "c", "d"]);
        assert_eq!(["a", "b", "c", "d", "e"].map(|name| came.is_done(name).unwrap()), [true, false, true, true, false]);
        let mut went = ahead(&["a", "b", "c", "c"]);
        assert_eq!(["a", "c", "c", "c"].map(|name| went.is_done(name).unwrap()), [true, true, true, false]);
    }

    #[test]
    fn a_torn_line_is_none() {
        let lines =
            |text: &'static str| -> Vec<(Vec<u8>, u64)> { Lines::new(text.as_bytes()).map(Result::unwrap).collect() };
        assert_eq!(lines("ab\n\nc\n"), [(b"ab".to_vec(), 3), (vec![], 4), (b"c".to_vec(), 6)]);
        assert_eq!(lines("ab\nc"), [(b"ab".to_vec(), 3)]);
        assert_eq!(lines(""), []);
    }
}
