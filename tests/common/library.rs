//! A folder with untrained models and songs, and the program run on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use songmood::nets::Domain;
use tempfile::TempDir;

#[path = "models.rs"]
mod models;
#[path = "wav.rs"]
pub mod wav;

/// A folder with models in `models/` and songs wherever they are put.
pub struct Library {
    folder: TempDir,
}

#[allow(dead_code)] // Not every test crate that includes this file needs all of it.
impl Library {
    /// Models for voices and for music, and no song.
    pub fn new() -> Library {
        let folder = tempfile::tempdir().unwrap();
        let models = folder.path().join("models");
        fs::create_dir(&models).unwrap();
        write_models(&models);
        Library { folder }
    }

    /// A library with `count` songs of different pitch and some seconds' length, named in their order.
    pub fn with_songs(count: usize) -> Library {
        let library = Library::new();
        for n in 0..count {
            library.add_song(&format!("song {n:02}.wav"), 200.0 + 37.0 * n as f32, 2.0 + (n % 5) as f32);
        }
        library
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a file there, with the folders above it.
    pub fn add(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Puts a tone that swells there.
    pub fn add_song(&self, name: &str, hz: f32, seconds: f32) -> PathBuf {
        let rate = 16_000;
        let sample = |n: usize| {
            let t = n as f32 / rate as f32;
            0.4 * (1.0 - (-t).exp()) * (std::f32::consts::TAU * hz * t).sin()
        };
        let samples: Vec<f32> = (0..(seconds * rate as f32) as usize).map(sample).collect();
        self.add(name, wav::wav(&samples, 1, rate, wav::Format::I16))
    }

    /// `songmood classify` in the folder.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_songmood"));
        command.arg("classify").args(args).current_dir(self.folder.path());
        command
    }

    /// What it prints and how it ends.
    pub fn classify(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }
}

/// Puts untrained models for voices and for music into a folder.
pub fn write_models(folder: &Path) {
    let mut index = serde_json::Map::new();
    for domain in Domain::ALL {
        let names = ["cnn", "rnn"].map(|kind| format!("{}-{kind}.safetensors", domain.name()));
        for (name, bytes) in names.iter().zip(models::files_for(domain, &songmood::nets::default_device())) {
            fs::write(folder.join(name), bytes).unwrap();
        }
        index.insert(domain.name().to_owned(), names.to_vec().into());
    }
    fs::write(folder.join("index.json"), serde_json::to_string(&index).unwrap()).unwrap();
}

/// How the program ended.
#[allow(dead_code)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

#[allow(dead_code)]
impl Ran {
    pub fn of(output: Output) -> Ran {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Ran { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// Standard output, of a run that ended well.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self.stdout
    }

    /// Standard error, of a run that ended otherwise.
    #[track_caller]
    pub fn failed(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{}", self.stderr);
        self.stderr
    }
}

/// The `path` of each line of JSON.
#[allow(dead_code)]
pub fn paths(lines: &str) -> Vec<String> {
    let path =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["path"].as_str().unwrap().to_owned();
    lines.lines().map(path).collect()
}

/// Where an encoded test file lies.
#[allow(dead_code)]
pub fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/audio").join(name)
}
