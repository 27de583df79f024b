//! Model files in a folder, and the index that says which are there.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::nets::Domain;

/// `index.json`: the model files of each domain, `{"voice": ["voice-cnn.safetensors", …], "music": […]}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Index(BTreeMap<Domain, Vec<String>>);

/// Where model files are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Models {
    /// In a folder.
    In(PathBuf),
    /// In the program itself: `models/` as it was when the program was built.
    BuiltIn,
}

const INDEX: &str = "index.json";

/// Files of [`Models::BuiltIn`].
const BUILT_IN: [(&str, &[u8]); 5] = [
    (INDEX, include_bytes!("../../models/index.json")),
    ("music-cnn.safetensors", include_bytes!("../../models/music-cnn.safetensors")),
    ("music-rnn.safetensors", include_bytes!("../../models/music-rnn.safetensors")),
    ("voice-cnn.safetensors", include_bytes!("../../models/voice-cnn.safetensors")),
    ("voice-rnn.safetensors", include_bytes!("../../models/voice-rnn.safetensors")),
];

impl Models {
    /// In `folder`, or else in `models` here where there are any, or else in the program.
    pub fn at(folder: Option<&Path>) -> Models {
        let here = Path::new("models");
        match folder {
            Some(folder) => Models::In(folder.to_path_buf()),
            None if here.join(INDEX).is_file() => Models::In(here.to_path_buf()),
            None => Models::BuiltIn,
        }
    }

    /// Bytes of the files that the index lists for a domain.
    ///
    /// # Errors
    /// When there is no index or nothing for the domain, or a listed file cannot be read.
    pub fn read(&self, domain: Domain) -> anyhow::Result<Vec<Vec<u8>>> {
        let Index(mut files) = match self {
            Models::In(folder) => Index::read(folder)?,
            Models::BuiltIn => serde_json::from_slice(&self.file(INDEX)?)?,
        };
        let names = files.remove(&domain).unwrap_or_default();
        let domain = domain.name();
        anyhow::ensure!(
            !names.is_empty(),
            "{self} has no models for {domain}; `songmood train --only {domain}` makes them"
        );
        names.iter().map(|name| self.file(name)).collect()
    }

    fn file(&self, name: &str) -> anyhow::Result<Vec<u8>> {
        match self {
            Models::In(folder) => {
                let path = folder.join(name);
                std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
            }
            Models::BuiltIn => {
                let file = BUILT_IN.iter().find(|(built_in, _)| *built_in == name);
                file.map(|(_, bytes)| bytes.to_vec()).with_context(|| format!("{name} is not built in"))
            }
        }
    }
}

impl fmt::Display for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Models::In(folder) => folder.display().fmt(f),
            Models::BuiltIn => f.write_str("songmood itself"),
        }
    }
}

impl Index {
    /// The index of a folder.
    ///
    /// # Errors
    /// When there is none, or it cannot be understood.
    pub fn read(folder: &Path) -> anyhow::Result<Index> {
        let path = folder.join(INDEX);
        let text = std::fs::read(&path)
            .with_context(|| format!("cannot read {}; name a folder with models with --models", path.display()))?;
        serde_json::from_slice(&text)
            .with_context(|| format!("{} must look like {{\"voice\": [\"voice-cnn.safetensors\"]}}", path.display()))
    }

    /// The same with other files for a domain.
    pub fn with(mut self, domain: Domain, files: Vec<String>) -> Index {
        self.0.insert(domain, files);
        self
    }

    /// Writes `index.json` into a folder.
    ///
    /// # Errors
    /// When it cannot be written.
    #[cfg(feature = "train")]
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let text = serde_json::to_string(self)?;
        Ok(crate::train::checkpoint::write_atomically(&folder.join(INDEX), format!("{text}\n").as_bytes())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_models_that_are_built_in_are_those_of_the_folder() {
        let folder = Models::In(Path::new(env!("CARGO_MANIFEST_DIR")).join("models"));
        for domain in Domain::ALL {
            assert_eq!(Models::BuiltIn.read(domain).unwrap(), folder.read(domain).unwrap());
        }
    }
}
