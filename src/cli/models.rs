//! Model files in a folder, and the index that says which are there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::nets::Domain;

/// `index.json`: the model files of each domain, `{"voice": ["voice-cnn.safetensors", …], "music": […]}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Index(BTreeMap<Domain, Vec<String>>);

impl Index {
    /// The index of a folder.
    ///
    /// # Errors
    /// When there is none, or it cannot be understood.
    pub fn read(folder: &Path) -> anyhow::Result<Index> {
        let path = folder.join("index.json");
        let text = std::fs::read(&path).with_context(|| {
            format!(
                "cannot read {}; run songmood from the repository, or name the folder with --models",
                path.display()
            )
        })?;
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
        Ok(crate::train::checkpoint::write_atomically(&folder.join("index.json"), format!("{text}\n").as_bytes())?)
    }
}

/// Reads the files that the index of `folder` lists for a domain.
///
/// # Errors
/// When the folder has no index or nothing for the domain, or a listed file cannot be read.
pub fn read_models(folder: &Path, domain: Domain) -> anyhow::Result<Vec<Vec<u8>>> {
    let Index(mut files) = Index::read(folder)?;
    let names = files.remove(&domain).unwrap_or_default();
    let domain = domain.name();
    anyhow::ensure!(
        !names.is_empty(),
        "{} has no models for {domain}; `songmood train --only {domain}` makes them",
        folder.display()
    );
    let read = |name: &String| {
        let path = folder.join(name);
        std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    names.iter().map(read).collect()
}

/// `models` here, or else beside the sources that this program was built from.
pub fn default_folder() -> PathBuf {
    let here = PathBuf::from("models");
    if here.join("index.json").is_file() { here } else { Path::new(env!("CARGO_MANIFEST_DIR")).join("models") }
}
