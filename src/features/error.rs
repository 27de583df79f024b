//! What can be wrong with the settings of a feature.

/// Why a feature cannot be computed as asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting lies outside what it may be.
    #[error("{option} is {value}; it must be {expected}")]
    Option {
        /// The field of [`MfccOptions`](super::MfccOptions).
        option: &'static str,
        /// What it was set to.
        value: String,
        /// What it may be.
        expected: String,
    },
    /// Frame by frame the end of the signal, and so its maximum, is not known yet.
    #[error("{option} is {value}, which needs the whole signal at once; for a stream it must be {expected}")]
    NotStreamable {
        /// The field of [`MfccOptions`](super::MfccOptions).
        option: &'static str,
        /// What it was set to.
        value: String,
        /// What a stream takes.
        expected: &'static str,
    },
}
