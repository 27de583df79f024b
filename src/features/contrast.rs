//! What a spectrum looks like from afar: peaks against valleys, noise against tone, where its weight lies.

use super::lanes::{self, LANES, Lanes};

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
    /// Magnitudes of four frames.
    magnitudes: Vec<Lanes>,
    /// Those of one band of one frame, to be sorted. As bits: numbers that are not negative have the order of their bits, and whole
    /// numbers are compared in half the time.
    band: Vec<u32>,
}

/// Bins that are summed up in f32 before the sum joins the others in f64.
const STRETCH: usize = 16;
/// Powers whose product is still an f64 whatever they are; the logarithm of the product is the sum of theirs.
const FACTORS: usize = 7;

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
            magnitudes: vec![Lanes::ZERO; n_bins],
            band: Vec::with_capacity(n_bins),
        }
    }

    /// Of each of four frames: seven contrasts in dB (`librosa.feature.spectral_contrast` without `top_db`), the common logarithm
    /// of the flatness (0 for white noise), the natural logarithm of 1 + the centroid in Hz.
    ///
    /// A gain moves none of them, but where it lifts a band over the floor.
    pub fn of(&mut self, power: &[Lanes]) -> [[f32; N_SHAPE]; LANES] {
        for (magnitude, power) in self.magnitudes.iter_mut().zip(power) {
            *magnitude = power.sqrt();
        }
        let (mut total, mut weight, mut moment) = ([0.0f64; LANES], [0.0f64; LANES], [0.0f64; LANES]);
        let stretches = power.chunks(STRETCH).zip(self.magnitudes.chunks(STRETCH));
        for (index, (power, magnitudes)) in stretches.enumerate() {
            let (mut powers, mut sum, mut lever) = (Lanes::ZERO, Lanes::ZERO, Lanes::ZERO);
            for (bin, (&power, &magnitude)) in power.iter().zip(magnitudes).enumerate() {
                powers += power.max(Lanes::splat(AMIN));
                sum += magnitude;
                lever += magnitude * Lanes::splat(bin as f32);
            }
            let first = (index * STRETCH) as f64;
            let parts = powers.to_array().into_iter().zip(sum.to_array()).zip(lever.to_array());
            let sums = total.iter_mut().zip(&mut weight).zip(&mut moment);
            for (((total, weight), moment), ((powers, sum), lever)) in sums.zip(parts) {
                *total += f64::from(powers);
                *weight += f64::from(sum);
                *moment += f64::from(lever) + first * f64::from(sum);
            }
        }
        std::array::from_fn(|lane| {
            let of = |sums: &[f64; LANES]| sums.get(lane).copied().unwrap_or(0.0);
            self.of_lane(power, lane, of(&total), of(&weight), of(&moment))
        })
    }

    /// The same of one frame, given the sums of its powers and magnitudes, and of each magnitude times its bin.
    fn of_lane(&mut self, power: &[Lanes], lane: usize, total: f64, weight: f64, moment: f64) -> [f32; N_SHAPE] {
        let factor = |power: &Lanes| f64::from(lanes::lane(power, lane).max(AMIN));
        let logs: f64 = power.chunks(FACTORS).map(|some| some.iter().map(factor).product::<f64>().ln()).sum();
        let n_bins = self.magnitudes.len() as f64;
        let flatness = (logs / n_bins - (total / n_bins).ln()) / std::f64::consts::LN_10;
        let centroid = if weight > 0.0 { moment / weight * f64::from(self.hz_per_bin) } else { 0.0 };
        let mut shape = [0.0; N_SHAPE];
        let (contrasts, rest) = shape.split_at_mut(N_BANDS);
        for (value, band) in contrasts.iter_mut().zip(self.bands) {
            self.band.clear();
            let bins = self.magnitudes.get(band.start..band.end).unwrap_or_default();
            self.band.extend(bins.iter().map(|magnitude| lanes::lane(magnitude, lane).to_bits()));
            *value = contrast(&mut self.band, band.count);
        }
        rest.copy_from_slice(&[flatness as f32, (1.0 + centroid).ln() as f32]);
        shape
    }
}

/// Mean of the `count` largest over mean of the `count` smallest magnitudes, in dB. Leaves them in another order.
fn contrast(magnitudes: &mut [u32], count: usize) -> f32 {
    let Some(top) = magnitudes.len().checked_sub(count) else { return 0.0 };
    let mean = |bits: &[u32]| (bits.iter().copied().map(f32::from_bits).sum::<f32>() / count as f32).max(AMIN);
    magnitudes.select_nth_unstable(count - 1);
    let valley = mean(magnitudes.split_at(count).0);
    magnitudes.select_nth_unstable(top);
    let peak = mean(magnitudes.split_at(top).1);
    10.0 * (peak / valley).log10()
}
