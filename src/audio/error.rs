//! What can be wrong with sound.

use super::{MAX_RATE, MIN_RATE};

/// Why sound cannot be used. Every message says what to do about it; none names the file, which whoever asked knows.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is not one sample.
    #[error("the audio is empty; give at least one sample")]
    Empty,
    /// The sample rate is out of range.
    #[error("a sample rate of {rate} Hz is out of range; it must be {MIN_RATE} to {MAX_RATE} Hz")]
    SampleRate {
        /// In Hz.
        rate: u32,
    },
    /// A sample is NaN or infinite.
    #[error("sample {position} is {value}; every sample must be a finite number, nominally −1 to 1")]
    NotFinite {
        /// Index of the first such sample.
        position: usize,
        /// The sample.
        value: f32,
    },
    /// Interleaved samples do not fill whole frames.
    #[error("{samples} samples do not divide into {channels} channels; give one sample per channel and frame")]
    Channels {
        /// Number of channels.
        channels: usize,
        /// Number of samples.
        samples: usize,
    },
    /// There is no file of this name.
    #[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
    #[error("there is no such file; check the name")]
    NotFound,
    /// The name is a folder's.
    #[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
    #[error("this is a folder; name an audio file in it")]
    Folder,
    /// The system refuses to read the file.
    #[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
    #[error("it cannot be read ({cause}); check that it is there, whole and yours to read")]
    Unreadable {
        /// What the system says.
        cause: std::io::Error,
    },
    /// The file has no bytes.
    #[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
    #[error("the file is empty (0 bytes); copy or download it again")]
    EmptyFile,
    /// No container format was recognised.
    #[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
    #[error("this is not an audio file that songmood knows; convert it to wav, flac, mp3, ogg (vorbis) or m4a (aac)")]
    NotAudio,
    /// The container is known, but it holds no sound.
    #[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
    #[error("the file holds no audio track; choose one with sound")]
    NoAudioTrack,
    /// The sound is in a coding that cannot be decoded.
    #[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
    #[error(
        "the coding of the sound is not supported ({codec}); convert it to wav, flac, mp3, ogg (vorbis) or m4a (aac)"
    )]
    UnsupportedCodec {
        /// What it is, as far as known.
        codec: String,
    },
    /// The file looked like audio, but not one sample could be decoded.
    #[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
    #[error("no sound could be decoded ({reason}); the file is damaged or cut short, copy or download it again")]
    NothingDecoded {
        /// The first thing that went wrong.
        reason: String,
    },
}
