//! Mono samples that are known to be sound.

use super::{Error, Resampler, check_rate};

/// Mono samples, nominal range −1 … 1, at a known rate.
///
/// By construction there is at least one sample, every sample is finite, and the rate lies within
/// [`MIN_RATE`](super::MIN_RATE) … [`MAX_RATE`](super::MAX_RATE).
#[derive(Debug, Clone, PartialEq)]
pub struct Pcm {
    samples: Vec<f32>,
    sample_rate: u32,
}

impl Pcm {
    /// Takes mono samples at `sample_rate` Hz.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::SampleRate`], [`Error::NotFinite`].
    pub fn new(samples: Vec<f32>, sample_rate: u32) -> Result<Pcm, Error> {
        check_rate(sample_rate)?;
        if samples.is_empty() {
            return Err(Error::Empty);
        }
        check_samples(&samples)?;
        Ok(Pcm { samples, sample_rate })
    }

    /// The mean of `channels` interleaved channels at `sample_rate` Hz.
    ///
    /// # Errors
    /// [`Error::Channels`] where the samples do not divide into whole frames, and those of [`Pcm::new`];
    /// the position of a sample that is not finite counts interleaved samples.
    pub fn from_interleaved(samples: &[f32], channels: usize, sample_rate: u32) -> Result<Pcm, Error> {
        if channels == 0 || !samples.len().is_multiple_of(channels) {
            return Err(Error::Channels { channels, samples: samples.len() });
        }
        check_samples(samples)?;
        let mut mono = Vec::with_capacity(samples.len() / channels);
        append_mono(samples, channels, &mut mono);
        Pcm::new(mono, sample_rate)
    }

    /// The samples, at least one.
    pub fn samples(&self) -> &[f32] {
        &self.samples
    }

    /// Gives the samples away.
    pub fn into_samples(self) -> Vec<f32> {
        self.samples
    }

    /// In Hz.
    pub fn sample_rate(&self) -> u32 {
        self.sample_rate
    }

    /// In seconds.
    pub fn duration_s(&self) -> f64 {
        self.samples.len() as f64 / f64::from(self.sample_rate)
    }

    /// The same sound at `to` Hz; see [`Resampler`].
    ///
    /// # Errors
    /// [`Error::SampleRate`] where `to` is out of range, [`Error::NotFinite`] where samples near the largest
    /// finite number overflow.
    pub fn resampled(&self, to: u32) -> Result<Pcm, Error> {
        if to == self.sample_rate {
            return Ok(self.clone());
        }
        let mut resampler = Resampler::new(self.sample_rate, to)?;
        let mut samples = Vec::with_capacity(resampler.output_len(self.samples.len()));
        resampler.push(&self.samples, &mut samples);
        resampler.finish(&mut samples);
        Pcm::new(samples, to)
    }
}

/// Whether all samples are finite.
///
/// # Errors
/// [`Error::NotFinite`] with the place of the first that is not.
pub fn check_samples(samples: &[f32]) -> Result<(), Error> {
    // The bits of what is not finite are those of infinity or higher. Their maximum is found in SIMD, which a search is not.
    let highest = samples.iter().fold(0, |highest, sample| sample.abs().to_bits().max(highest));
    if highest < f32::INFINITY.to_bits() {
        return Ok(());
    }
    match samples.iter().enumerate().find(|(_, sample)| !sample.is_finite()) {
        Some((position, &value)) => Err(Error::NotFinite { position, value }),
        None => Ok(()),
    }
}

/// Appends the mean over `channels` of each frame; an incomplete last frame is left out.
pub(super) fn append_mono(samples: &[f32], channels: usize, mono: &mut Vec<f32>) {
    let scale = 1.0 / channels as f32;
    match channels {
        1 => mono.extend_from_slice(samples),
        _ => mono.extend(samples.chunks_exact(channels).map(|frame| {
            // Scaled before adding, so that even the largest finite samples stay finite.
            frame.iter().map(|sample| sample * scale).sum::<f32>()
        })),
    }
}
