//! From samples to MFCC: `librosa.feature.mfcc` (0.11), to 1e-3, for whole signals and frame by frame.
//!
//! ```text
//! samples ─stft→ power ─mel→ mel power ─decibel→ dB ─dct→ coefficients
//! ```
//!
//! [`Mfcc`] takes a whole signal, [`MfccStream`] one that is still coming in; both give the same numbers.
//! [`VoiceStream`] adds spectral shape, pitch and roughness, which tell a breathy voice from a strained one;
//! [`MusicStream`] adds onset strength, spectral shape, percussion and chroma, which music needs; [`key_clarity`] and [`pulse`] sum up seconds of them.
//! [`Overview`] gathers hours in the few columns that a picture has.
//! Samples are mono, nominally −1 … 1, at [`MfccOptions::sample_rate`].
//!
//! Four frames are computed at a time, one in each SIMD lane, with a Fourier transform of our own. Measured before choosing it
//! over `realfft`, processor time for the 7752 transforms of 2048 samples in three minutes at 22 050 Hz: 26 ms against 54 ms in
//! wasm (with rustfft's `wasm_simd`), 24 ms against 24 ms natively (SSE2 against its AVX).

mod chroma;
mod contrast;
mod dct;
mod decibel;
mod error;
pub(crate) mod fft;
mod frames;
mod join;
pub(crate) mod lanes;
mod mel;
mod mfcc;
mod music;
mod onset;
mod options;
mod overview;
mod percussion;
mod pitch;
mod roughness;
mod stft;
mod stream;
mod tonality;
mod voice;

pub use chroma::N_CHROMA;
pub use error::Error;
pub use frames::Frames;
pub(crate) use lanes::{LANES, Lanes};
#[cfg(feature = "train")]
pub(crate) use mel::corners as mel_corners;
pub use mfcc::Mfcc;
pub use music::{HarmonyOptions, MusicColumns, MusicStream};
pub use options::{MelScale, MfccOptions, Padding};
pub use overview::{Overview, Picture};
pub use percussion::N_PERCUSSION;
pub use pitch::N_PITCH;
pub use roughness::N_ROUGHNESS;
pub use stream::MfccStream;
pub use tonality::{KeyClarity, Pulse, autocorrelation, key_clarity, pulse};
pub use voice::{VoiceOptions, VoiceStream};
