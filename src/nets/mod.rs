//! The networks: burn modules, their weights, and the file format that carries both.
//!
//! - [`study`]: the two networks of the original student study;
//! - [`MoodCnn`], [`MoodRnn`]: the networks that the page and the command line use;
//! - [`cnn2d`]: a 2-D CNN to measure speed with;
//! - [`plan`]: how they are run where nothing is learnt; `fused`: what takes longest where something is;
//! - [`Model`]: one of them with its weights, loaded from a checked file;
//! - [`tensors`]: between safetensors and modules; [`card`]: the metadata; [`input`]: from frames to input.

pub mod blocks;
pub mod card;
mod cnn;
pub mod cnn2d;
pub mod dropout;
mod error;
mod functional_head;
mod functionals;
#[cfg(feature = "train")]
mod fused;
mod initial;
pub mod input;
pub mod lstm;
mod model;
mod normalisation;
mod patterns;
pub mod plan;
mod rnn;
pub(crate) mod steadiness;
pub mod study;
mod summary;
pub mod tensors;
mod voice;
mod voice_head;

pub use card::{Calibration, FORMAT_VERSION, Kind, ModelCard, Tension, Widths};
pub use cnn::MoodCnn;
pub use error::Error;
pub use functional_head::{FUNCTIONAL_BOUND, FunctionalHead, KnownFunctionals, OwnFunctionals};
pub use functionals::{Functionals, n_functionals};
pub use input::{Domain, InputSettings};
pub use model::{
    CIRCUMPLEX, Heard, Model, Network, Opinion, Reading, Scale, Sizes, batch, calibrated, functionals_of, prepared,
};
pub use normalisation::{Normalisation, Spread};
pub use patterns::{N_PATTERNS, patterns};
pub use rnn::MoodRnn;
pub use summary::{N_SUMMARY, summary};
pub use voice::{Own, VoiceProfile};
pub use voice_head::{KnownVoices, VoiceHead};

use burn::tensor::Device;

/// The device that networks run on unless told otherwise: burn's `flex` backend where the feature is on
/// (the default, several times faster), its older `ndarray` backend otherwise.
#[cfg_attr(not(feature = "flex"), allow(deprecated))]
pub fn default_device() -> Device {
    #[cfg(feature = "flex")]
    return Device::flex();
    #[cfg(not(feature = "flex"))]
    return Device::ndarray();
}
