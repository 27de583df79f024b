//! Sound as samples, and how it gets to [`SAMPLE_RATE`] in one channel.
//!
//! ```text
//! file ─decode→ Pcm ─resample→ Pcm at 22 050 Hz
//! ```
//!
//! [`Pcm`] holds whole clips, [`Resampler`] also takes sound that is still coming in, [`probe`] reads the sample rate
//! out of a file's header (the page opens its audio context at that rate), and `decode` (feature `cli`) reads
//! files natively; in the browser the browser decodes.

#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod decode;
mod error;
mod filter;
mod halve;
mod pcm;
pub mod probe;
mod resample;

pub use error::Error;
pub use pcm::{Pcm, check_samples};
pub use resample::Resampler;

/// Sample rate in Hz of everything behind the resampler: features, networks, windows.
pub const SAMPLE_RATE: u32 = 22_050;
/// Lowest sample rate in Hz that is taken.
pub const MIN_RATE: u32 = 8_000;
/// Highest sample rate in Hz that is taken.
pub const MAX_RATE: u32 = 192_000;

/// Whether `rate` lies between [`MIN_RATE`] and [`MAX_RATE`].
fn check_rate(rate: u32) -> Result<(), Error> {
    if (MIN_RATE..=MAX_RATE).contains(&rate) {
        return Ok(());
    }
    Err(Error::SampleRate { rate })
}
