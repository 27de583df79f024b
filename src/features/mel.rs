//! Mel bands: triangular filters over the power spectrum.

use super::lanes::Lanes;
use super::options::{MelScale, MfccOptions};

/// Slaney's scale is linear up to this many hertz, with this many hertz per mel.
const LINEAR_TO_HZ: f64 = 1000.0;
const HZ_PER_MEL: f64 = 200.0 / 3.0;
/// … and logarithmic above: 27 steps multiply the frequency by 6.4.
const LOG_STEPS: f64 = 27.0;
const LOG_RANGE: f64 = 6.4;

impl MelScale {
    /// Hertz to mel (Slaney, *Auditory Toolbox*, 1998; Young et al., *The HTK Book*, eq. 5.13).
    pub(super) fn mel(self, hz: f64) -> f64 {
        match self {
            MelScale::Htk => 2595.0 * (1.0 + hz / 700.0).log10(),
            MelScale::Slaney if hz < LINEAR_TO_HZ => hz / HZ_PER_MEL,
            MelScale::Slaney => LINEAR_TO_HZ / HZ_PER_MEL + (hz / LINEAR_TO_HZ).ln() * LOG_STEPS / LOG_RANGE.ln(),
        }
    }

    /// Mel to hertz.
    pub(super) fn hz(self, mel: f64) -> f64 {
        let linear_to = LINEAR_TO_HZ / HZ_PER_MEL;
        match self {
            MelScale::Htk => 700.0 * (10f64.powf(mel / 2595.0) - 1.0),
            MelScale::Slaney if mel < linear_to => mel * HZ_PER_MEL,
            MelScale::Slaney => LINEAR_TO_HZ * (LOG_RANGE.ln() / LOG_STEPS * (mel - linear_to)).exp(),
        }
    }
}

/// Corner `i` of the filters in Hz, from 0 to `n_mels + 1`: evenly spaced in mel. Band `i` rises from corner `i` to its centre at
/// corner `i + 1`, and falls to corner `i + 2`.
pub(crate) fn corners(options: &MfccOptions) -> impl Fn(usize) -> f64 {
    let (scale, steps) = (options.mel_scale, (options.n_mels + 1) as f64);
    let (low, high) = (scale.mel(options.fmin.into()), scale.mel(options.fmax_hz().into()));
    move |i| scale.hz(low + (high - low) * i as f64 / steps)
}

/// The filters, only what is not zero of each.
pub(super) struct MelBank {
    bands: Vec<Band>,
}

struct Band {
    /// First bin with a weight.
    start: usize,
    weights: Vec<f32>,
}

impl MelBank {
    /// Filters as `librosa.filters.mel` makes them: corners evenly spaced in mel, and each triangle scaled by
    /// 2 / (its width in Hz) so that all have about the same area (`norm="slaney"`, with either mel scale).
    pub fn new(options: &MfccOptions) -> MelBank {
        let corner = corners(options);
        let hz_per_bin = f64::from(options.sample_rate) / options.n_fft as f64;
        let n_bins = options.n_fft / 2 + 1;
        let band = |index: usize| {
            let (left, centre, right) = (corner(index), corner(index + 1), corner(index + 2));
            let weight = |bin: usize| {
                let hz = bin as f64 * hz_per_bin;
                let (rising, falling) = ((hz - left) / (centre - left), (right - hz) / (right - centre));
                (rising.min(falling).max(0.0) * 2.0 / (right - left)) as f32
            };
            let start = ((left / hz_per_bin).floor() as usize).min(n_bins);
            let end = ((right / hz_per_bin).ceil() as usize + 1).min(n_bins);
            Band { start, weights: (start..end).map(weight).collect() }
        };
        MelBank { bands: (0..options.n_mels).map(band).collect() }
    }

    /// Mel power of each band from the power spectrum of `n_fft / 2 + 1` bins.
    pub fn apply(&self, power: &[Lanes], mel: &mut [Lanes]) {
        for (value, band) in mel.iter_mut().zip(&self.bands) {
            let bins = power.iter().skip(band.start);
            *value = Lanes::ZERO;
            for (&p, &weight) in bins.zip(&band.weights) {
                *value += p * Lanes::splat(weight);
            }
        }
    }
}
