//! Files that let a run go on where it stopped.
//!
//! A checkpoint is a JSON header and a few binary parts in one file, written beside its final name and then
//! renamed: a kill at any moment leaves the old file or the new one, never half of one.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Error;
use crate::cli::beside::write_beside;

/// The binary parts of a checkpoint, in the order in which they were written.
pub type Parts = Vec<Vec<u8>>;

const MAGIC: &[u8; 8] = b"songmck1";

/// Where a run keeps its checkpoints, and which run that is.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
    /// Describes settings and clips; a checkpoint of another run is refused.
    fingerprint: String,
}

#[derive(Serialize, serde::Deserialize)]
struct Header<T> {
    fingerprint: String,
    /// Number of binary parts that follow.
    parts: usize,
    content: T,
}

impl Store {
    /// A store in `folder`; nothing is created before the first write.
    pub fn new(folder: &Path, fingerprint: String) -> Store {
        Store { folder: folder.to_path_buf(), fingerprint }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Removes all checkpoints of earlier runs.
    ///
    /// # Errors
    /// [`Error::Io`] when the folder cannot be emptied.
    pub fn clear(&self) -> Result<(), Error> {
        match fs::remove_dir_all(&self.folder) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::Io { path: self.folder.clone(), source })
            }
            _ => Ok(()),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.checkpoint"))
    }

    /// Writes a checkpoint called `name`.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be written; an older one of that name then still stands.
    pub fn write(&self, name: &str, content: &impl Serialize, parts: &[&[u8]]) -> Result<(), Error> {
        let path = self.path(name);
        let header = Header { fingerprint: self.fingerprint.clone(), parts: parts.len(), content };
        let header = serde_json::to_vec(&header)
            .map_err(|error| Error::Checkpoint { path: path.clone(), reason: error.to_string() })?;
        let mut bytes = MAGIC.to_vec();
        for part in std::iter::once(header.as_slice()).chain(parts.iter().copied()) {
            bytes.extend((part.len() as u64).to_le_bytes());
            bytes.extend(part);
        }
        fs::create_dir_all(&self.folder).map_err(|source| Error::Io { path: self.folder.clone(), source })?;
        write_atomically(&path, &bytes)
    }

    /// Reads the checkpoint called `name`; `None` when there is none.
    ///
    /// # Errors
    /// [`Error::OtherRun`] or [`Error::Checkpoint`] when there is one that cannot be used.
    pub fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Option<(T, Parts)>, Error> {
        let path = self.path(name);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(source) if source.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Error::Io { path, source }),
        };
        let damaged = |reason: &str| Error::Checkpoint { path: path.clone(), reason: reason.into() };
        let mut rest = bytes.strip_prefix(MAGIC).ok_or_else(|| damaged("not a checkpoint"))?;
        let mut parts = Vec::new();
        while let Some((length, after)) = rest.split_first_chunk::<8>() {
            let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
            let (part, after) = after.split_at_checked(length).ok_or_else(|| damaged("cut short"))?;
            parts.push(part.to_vec());
            rest = after;
        }
        if parts.is_empty() || !rest.is_empty() {
            return Err(damaged("cut short"));
        }
        let header: Header<serde_json::Value> =
            serde_json::from_slice(&parts.remove(0)).map_err(|error| damaged(&error.to_string()))?;
        if header.parts != parts.len() {
            return Err(damaged("cut short"));
        }
        if header.fingerprint != self.fingerprint {
            return Err(Error::OtherRun { path });
        }
        let content = serde_json::from_value(header.content).map_err(|error| damaged(&error.to_string()))?;
        Ok(Some((content, parts)))
    }

    /// Removes the checkpoint called `name`, if there is one.
    pub fn remove(&self, name: &str) {
        // A left-over costs a few kilobytes and is ignored later.
        let _ = fs::remove_file(self.path(name));
    }
}

/// Writes a file beside its final name, then renames it.
///
/// # Errors
/// [`Error::Io`]; what stood at `path` before then still stands.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write_beside(path, |file, _| file.write_all(bytes)).map_err(|source| Error::Io { path: path.to_path_buf(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_was_written_and_refuses_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path(), "a".into());
        assert!(store.read::<u32>("x").unwrap().is_none());
        store.write("x", &7u32, &[b"weights", b""]).unwrap();
        assert_eq!(store.read::<u32>("x").unwrap(), Some((7, vec![b"weights".to_vec(), vec![]])));

        let other = Store::new(folder.path(), "b".into());
        assert!(matches!(other.read::<u32>("x"), Err(Error::OtherRun { .. })));

        let path = folder.path().join("x.checkpoint");
        let bytes = fs::read(&path).unwrap();
        for length in 0..bytes.len() {
            fs::write(&path, &bytes[..length]).unwrap();
            assert!(matches!(store.read::<u32>("x"), Err(Error::Checkpoint { .. })), "{length}");
        }
    }
}
