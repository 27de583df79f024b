//! Learns a voice from files before others are judged relative to it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::files::{Files, Found};
use super::guarded;
use super::in_order::in_order;
use crate::Classifier;
use crate::audio::decode::decode;
use crate::cli::output::{complain, shown};
use crate::nets::VoiceProfile;

/// Below this much sound a voice is known too little, in seconds.
const ENOUGH_S: f64 = 60.0;

/// Gives the classifier the voice of these files and folders. `None` when `stop` was set meanwhile.
///
/// # Errors
/// When the networks are for music, a list cannot be read, or nothing can be heard in any of the files. One file that cannot
/// be read is told on standard error.
pub fn learn(
    mut classifier: Classifier,
    paths: Vec<PathBuf>,
    threads: usize,
    stop: &'static AtomicBool,
) -> anyhow::Result<Option<Classifier>> {
    let names = Files::new(paths, None, false)?.names()?;
    let mut voice = VoiceProfile::new(classifier.settings().columns());
    // Music has no voice: said before anything is decoded.
    classifier.set_voice(Some(voice.clone()))?;
    let hearing = classifier.clone();
    let mut files = 0;
    for heard in in_order(names, threads, stop, move |found| Ok::<_, anyhow::Error>(listen(&hearing, found?))) {
        match heard? {
            (_, Ok(more)) => {
                files += 1;
                voice.join(&more);
            }
            (path, Err(reason)) => complain(format_args!("songmood: {}: {reason}", shown(&path))),
        }
    }
    if stop.load(Ordering::Relaxed) {
        return Ok(None);
    }
    let heard_s = voice.n_frames() * classifier.settings().frame_s();
    anyhow::ensure!(heard_s > 0.0, "no voice can be heard in what --voice-from names");
    complain(format_args!("songmood: learnt a voice from {files} files, {heard_s:.0} s of sound"));
    if heard_s < ENOUGH_S {
        complain(format_args!("songmood: a minute or more would tell more of it, in several moods"));
    }
    classifier.set_voice(Some(voice))?;
    Ok(Some(classifier))
}

fn listen(classifier: &Classifier, found: Found) -> (PathBuf, Result<VoiceProfile, String>) {
    match found {
        Found::Refused(path, reason) => (path, Err(reason)),
        Found::File(path) => {
            let heard = guarded(|| voice_in(classifier, &path));
            (path, heard)
        }
    }
}

fn voice_in(classifier: &Classifier, path: &Path) -> Result<VoiceProfile, String> {
    let pcm = decode(path).map_err(|error| error.to_string())?;
    classifier.voice_in(&pcm).map_err(|error| error.to_string())
}
