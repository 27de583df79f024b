//! What a spectrum looks like from afar: peaks against valleys, noise against tone, where its weight lies.

use super::lanes::{self, Lanes};

/// Values that [`Shape::of`] gives: seven contrasts, flatness, centroid.
pub const N_SHAPE: usize = N_BANDS + 2;

const N_BANDS: usize = 7;
/// Upper edge of the lowest band in Hz; the others are octaves above it.
const LOWEST_EDGE: f64 = 200.0;
/// Share of a band's bins that counts as peak, and as valley.
const QUANTILE: f64 = 0.02;
/// Floor of magnitudes and powers, as in librosa.
const AMIN: f32 = 1e-10;

/// Spectral contrast (Jiang et al. 2002), flatness and centroid, as librosa has them.
pub(super) struct Shape {
    bands: [Band; N_BANDS],
    hz_per_bin: f32,
    /// Magnitudes of one frame, and of one band to be sorted.
    magnitudes: Vec<f32>,
    band: Vec<f32>,
}

#[derive(Clone, Copy)]
struct Band {
    start: usize,
    end: usize,
    /// Bins that make up the peak, and the valley.
    count: usize,
}

impl Shape {
    pub fn new(sample_rate: u32, n_fft: usize) -> Shape {
        let n_bins = n_fft / 2 + 1;
        let hz_per_bin = f64::from(sample_rate) / n_fft as f64;
        let band = |index: usize| {
            let edge = |index: usize| if index == 0 { 0.0 } else { LOWEST_EDGE * 2f64.powi(index as i32 - 1) };
            let first = (edge(index) / hz_per_bin).ceil() as usize;
            let last = ((edge(index + 1) / hz_per_bin).floor() as usize).min(n_bins - 1);
            // librosa's bands: each but the lowest takes one more bin below, the highest all that is left above,
            // and each but the highest then loses its last bin, which still counts for the quantile.
            let highest = index + 1 == N_BANDS;
            let start = if index == 0 { first } else { first.saturating_sub(1) }.min(n_bins - 1);
            let (end, bins) = if highest { (n_bins, n_bins - start) } else { (last, last + 1 - start) };
            let count = (QUANTILE * bins as f64).round_ties_even().max(1.0) as usize;
            Band { start, end, count: count.min(end.saturating_sub(start)).max(1) }
        };
        Shape {
            bands: std::array::from_fn(band),
            hz_per_bin: hz_per_bin as f32,
            magnitudes: vec![0.0; n_bins],
            band: Vec::with_capacity(n_bins),
        }
    }

    /// Seven contrasts in dB (`librosa.feature.spectral_contrast` without `top_db`), the common logarithm of the flatness
    /// (0 for white noise), the natural logarithm of 1 + the centroid in Hz; of lane `lane` of a power spectrum.
    ///
    /// A gain moves none of them, but where it lifts a band over the floor.
    pub fn of(&mut self, power: &[Lanes], lane: usize) -> [f32; N_SHAPE] {
        let (mut logs, mut total, mut weight, mut moment) = (0.0f64, 0.0f64, 0.0f64, 0.0f64);
        for (bin, (magnitude, power)) in self.magnitudes.iter_mut().zip(power).enumerate() {
            let power = lanes::lane(power, lane);
            *magnitude = power.sqrt();
            let floored = power.max(AMIN);
            logs += f64::from(floored.ln());
            total += f64::from(floored);
            weight += f64::from(*magnitude);
            moment += f64::from(*magnitude) * bin as f64;
        }
        let n_bins = self.magnitudes.len() as f64;
        let flatness = (logs / n_bins - (total / n_bins).ln()) / std::f64::consts::LN_10;
        let centroid = if weight > 0.0 { moment / weight * f64::from(self.hz_per_bin) } else { 0.0 };
        let mut shape = [0.0; N_SHAPE];
        for (value, band) in shape.iter_mut().zip(self.bands) {
            *value = self
                .magnitudes
                .get(band.start..band.end)
                .map_or(0.0, |bins| contrast(bins, band.count, &mut self.band));
        }
        shape[N_BANDS] = flatness as f32;
        shape[N_BANDS + 1] = (1.0 + centroid).ln() as f32;
        shape
    }
}

/// Mean of the `count` largest over mean of the `count` smallest magnitudes, in dB.
fn contrast(magnitudes: &[f32], count: usize, sorted: &mut Vec<f32>) -> f32 {
    sorted.clear();
    sorted.extend_from_slice(magnitudes);
    let Some(top) = sorted.len().checked_sub(count) else { return 0.0 };
    let mean = |values: &[f32]| (values.iter().sum::<f32>() / count as f32).max(AMIN);
    sorted.select_nth_unstable_by(count - 1, f32::total_cmp);
    let valley = mean(sorted.split_at(count).0);
    sorted.select_nth_unstable_by(top, f32::total_cmp);
    let peak = mean(sorted.split_at(top).1);
    10.0 * (peak / valley).log10()
}
