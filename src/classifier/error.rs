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
    /// Networks of one domain that were taught with different frames.
    #[error("the models were taught with different frames; give models of one training")]
    MixedFrames,
    /// Networks for music know of no voice.
    #[error("the models are for music, which has no voice to learn; give those for a voice")]
    NoVoice,
    /// What was learnt of a voice is not for these networks.
    #[error(
        "what was learnt of the voice is damaged or has {got} values a frame, not {expected}; forget it and learn the voice again"
    )]
    Voice {
        /// Values of a frame.
        expected: usize,
        /// Values that the profile has.
        got: usize,
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
    /// What was handed out of a recording and what came back do not belong together.
    #[error(
        "these are not the windows that the recording handed out; judge each handout with the same models, and give it back once"
    )]
    Handout,
    /// The audio cannot be used.
    #[error(transparent)]
    Audio(#[from] crate::audio::Error),
    /// The feature settings make no sense.
    #[error(transparent)]
    Features(#[from] crate::features::Error),
}
