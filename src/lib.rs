//! Tells the mood of a song or a voice.
//!
//! A song, a voice or a microphone goes in; probabilities of eight moods over time come out. The same code
//! computes features and runs the networks in a web page (as WebAssembly), on the command line and in
//! training, so nothing can differ between training and use.
//!
//! ```text
//! bytes ─decode→ Pcm ─resample→ 22 050 Hz ─stft→ power ─mel→ dB ─dct→ MFCC frames ─windows→ CNN, RNN ─calibrate→ moods over time
//! ```
//!
//! | module | question it answers |
//! | --- | --- |
//! | [`mood`] | which moods are there, and where do they lie on the valence–arousal plane? |
//! | [`audio`] | how does sound become mono samples at 22 050 Hz? |
//! | [`features`] | what are the MFCCs of those samples, all at once or as they come? |
//! | [`nets`] | what are the networks, and what stands in a model file? |
//! | [`classifier`] | what are the moods of a recording, or of what a microphone hears? |
//! | `train` (feature `train`) | how are the networks trained and measured? |
//! | `cli` (feature `cli`) | the commands of the program `songmood` |
//!
//! # Example
//!
//! ```
//! use songmood::{Classifier, Pcm};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let models = [std::fs::read("models/voice-cnn.safetensors")?, std::fs::read("models/voice-rnn.safetensors")?];
//! let classifier = Classifier::new(&models)?;
//! // Two seconds of a tone at 48 kHz.
//! let samples = (0..96_000).map(|n| 0.3 * (n as f32 * 0.03).sin()).collect();
//! let analysis = classifier.classify(&Pcm::new(samples, 48_000)?)?;
//! println!("{} ({:.0} %)", analysis.verdict.mood, 100.0 * analysis.verdict.probability);
//! # Ok(())
//! # }
//! ```

// Untrusted input never panics: what could is an error, or is not written. Exceptions stand in the code with their reason.
#![deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::todo,
    clippy::unimplemented,
    clippy::unreachable,
    clippy::unwrap_used
)]
#![cfg_attr(
    test,
    allow(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used,
        reason = "a test may fail"
    )
)]

#[cfg(not(any(feature = "flex", feature = "ndarray")))]
compile_error!("songmood needs a backend: turn on the feature `flex` (the default) or `ndarray`");

pub mod audio;
pub mod classifier;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod cli;
mod clock;
pub mod features;
pub mod mood;
pub mod nets;
#[cfg(feature = "train")]
pub mod train;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

pub use audio::Pcm;
pub use classifier::{Analysis, Classifier, LiveClassifier, Window};
pub use features::{Mfcc, MfccOptions};
pub use mood::{Mood, Scores};
