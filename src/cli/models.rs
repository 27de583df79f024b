//! Model files from a folder.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// Reads the files that `index.json` in `folder` lists.
///
/// # Errors
/// When the folder has no index, or a listed file cannot be read.
pub fn read_models(folder: &Path) -> anyhow::Result<Vec<Vec<u8>>> {
    #[derive(serde::Deserialize)]
    struct Index {
        models: Vec<String>,
    }
    let path = folder.join("index.json");
    let text = std::fs::read(&path).with_context(|| {
        format!("cannot read {}; run songmood from the repository, or name the folder with --models", path.display())
    })?;
    let index: Index = serde_json::from_slice(&text)
        .with_context(|| format!("{} must look like {{\"models\": [\"mood-cnn.safetensors\"]}}", path.display()))?;
    let read = |name: &String| {
        let path = folder.join(name);
        std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    index.models.iter().map(read).collect()
}

/// `models` here, or else beside the sources that this program was built from.
pub fn default_folder() -> PathBuf {
    let here = PathBuf::from("models");
    if here.join("index.json").is_file() { here } else { Path::new(env!("CARGO_MANIFEST_DIR")).join("models") }
}
