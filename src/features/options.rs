//! The settings of the MFCC, under librosa's names.

use serde::{Deserialize, Serialize};

use super::Error;
use crate::audio::{MAX_RATE, MIN_RATE, SAMPLE_RATE};

/// Largest `n_fft` and `hop_length`: three seconds at 22 050 Hz, far beyond any use, small enough for any machine.
const MAX_FRAME: usize = 1 << 16;
/// Largest number of mel bands.
const MAX_MELS: usize = 1024;

/// How the signal is continued beyond its ends, so that frame `t` is centred on sample `t · hop_length`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(all(feature = "cli", not(target_arch = "wasm32")), derive(clap::ValueEnum))]
pub enum Padding {
    /// With zeros (librosa's default since 0.9, `pad_mode="constant"`).
    #[default]
    Zeros,
    /// Mirrored at the first and the last sample (librosa's default before 0.9, `pad_mode="reflect"`).
    Reflect,
    /// Not at all: frame `t` begins at sample `t · hop_length` (librosa's `center=False`).
    None,
}

/// The formula between hertz and mel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(all(feature = "cli", not(target_arch = "wasm32")), derive(clap::ValueEnum))]
pub enum MelScale {
    /// Slaney's Auditory Toolbox: linear below 1 kHz, logarithmic above (librosa's `htk=False`).
    #[default]
    Slaney,
    /// The HTK book: 2595 · log10(1 + f / 700) (librosa's `htk=True`).
    Htk,
}

/// Settings of [`Mfcc`](super::Mfcc). The default is librosa 0.11's, with 40 coefficients.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MfccOptions {
    /// Sample rate of the signal in Hz, 8 000 … 192 000. Nothing is resampled here.
    pub sample_rate: u32,
    /// Number of coefficients, 1 … `n_mels`; the first is the level.
    pub n_mfcc: usize,
    /// Samples in a frame, also the length of the Fourier transform and of its Hann window, 1 … 65 536.
    pub n_fft: usize,
    /// Samples between the starts of neighbouring frames, 1 … 65 536.
    pub hop_length: usize,
    /// Number of mel bands, 1 … 1024.
    pub n_mels: usize,
    /// Lower edge of the lowest band in Hz.
    pub fmin: f32,
    /// Upper edge of the highest band in Hz; half the sample rate if `None`.
    pub fmax: Option<f32>,
    /// Everything more than this many dB below the clip's own maximum is raised to that level;
    /// `None` leaves the absolute floor of −100 dB alone.
    pub top_db: Option<f32>,
    /// What lies beyond the ends of the signal.
    pub padding: Padding,
    /// The formula between hertz and mel.
    pub mel_scale: MelScale,
}

impl Default for MfccOptions {
    fn default() -> Self {
        MfccOptions {
            sample_rate: SAMPLE_RATE,
            n_mfcc: 40,
            n_fft: 2048,
            hop_length: 512,
            n_mels: 128,
            fmin: 0.0,
            fmax: None,
            top_db: Some(80.0),
            padding: Padding::Zeros,
            mel_scale: MelScale::Slaney,
        }
    }
}

impl MfccOptions {
    /// Whether every setting is within its bounds; the first that is not is named in the error.
    pub fn validate(&self) -> Result<(), Error> {
        let within = |option, value: usize, low: usize, high: usize| {
            if (low..=high).contains(&value) {
                return Ok(());
            }
            Err(refused(option, value, format!("{low} to {high}")))
        };
        within("sample_rate", self.sample_rate as usize, MIN_RATE as usize, MAX_RATE as usize)?;
        within("n_fft", self.n_fft, 1, MAX_FRAME)?;
        within("hop_length", self.hop_length, 1, MAX_FRAME)?;
        within("n_mels", self.n_mels, 1, MAX_MELS)?;
        if !(1..=self.n_mels).contains(&self.n_mfcc) {
            let expected = format!("1 to n_mels, which is {}", self.n_mels);
            return Err(refused("n_mfcc", self.n_mfcc, expected));
        }
        let nyquist = self.sample_rate as f32 / 2.0;
        if !(0.0..nyquist).contains(&self.fmin) {
            return Err(refused("fmin", self.fmin, format!("at least 0 and below {nyquist} Hz")));
        }
        // Written so that NaN is refused.
        if let Some(fmax) = self.fmax
            && !(fmax > self.fmin && fmax <= nyquist)
        {
            let expected = format!("above fmin ({} Hz) and at most {nyquist} Hz", self.fmin);
            return Err(refused("fmax", fmax, expected));
        }
        if let Some(top_db) = self.top_db
            && !(top_db.is_finite() && top_db >= 0.0)
        {
            return Err(refused("top_db", top_db, "a number of dB, at least 0, or none".to_owned()));
        }
        Ok(())
    }

    /// Upper edge of the highest band in Hz.
    pub fn fmax_hz(&self) -> f32 {
        self.fmax.unwrap_or(self.sample_rate as f32 / 2.0)
    }

    /// Number of frames of a signal of `len` samples.
    ///
    /// Padded: `1 + len / hop_length` for an even `n_fft`, so silence, an impulse and even an empty signal
    /// have frames; only reflection has nothing to mirror in an empty one. Not padded: 0 for a signal
    /// shorter than `n_fft`.
    pub fn n_frames(&self, len: usize) -> usize {
        let padded = match self.padding {
            Padding::Reflect if len == 0 => return 0,
            Padding::Zeros | Padding::Reflect => len + 2 * self.lead(),
            Padding::None => len,
        };
        padded.checked_sub(self.n_fft).map_or(0, |room| 1 + room / self.hop_length)
    }

    /// Samples before the first one that the first frame covers.
    pub(super) fn lead(&self) -> usize {
        if self.padding == Padding::None { 0 } else { self.n_fft / 2 }
    }
}

fn refused(option: &'static str, value: impl ToString, expected: String) -> Error {
    Error::Option { option, value: value.to_string(), expected }
}
