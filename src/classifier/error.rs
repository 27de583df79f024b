//! Why a recording could not be judged.

/// Classifying failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No model file was given.
    #[error("no model was given; pass at least one model file, such as models/voice-cnn.safetensors")]
    NoModels,
    /// A model file was refused.
    #[error("model file {} was refused: {source}", index + 1)]
    Model {
        /// Position in the list, from 0.
        index: usize,
        source: crate::nets::Error,
    },
    /// Networks for voices and networks for music do not judge together.
    #[error("the models are for different things: {}; give those for a voice, or those for music", domains.join(", "))]
    MixedDomains {
        /// What each model is for.
        domains: Vec<&'static str>,
    },
    /// There is no such part of the recording.
    #[error(
        "there is no part from {start_s} s to {end_s} s in a recording of {duration_s} s; give a start within it and a later end"
    )]
    Excerpt {
        /// Where the part should begin.
        start_s: f64,
        /// Where it should end.
        end_s: f64,
        /// Length of the recording.
        duration_s: f64,
    },
    /// The audio cannot be used.
    #[error(transparent)]
    Audio(#[from] crate::audio::Error),
    /// The feature settings make no sense.
    #[error(transparent)]
    Features(#[from] crate::features::Error),
}
