//! What a spectrum looks like from afar: peaks against valleys, noise against tone, where its weight lies.

use wide::bytemuck::cast;
use wide::u32x4;

use super::lanes::{self, LANES, Lanes};

/// Values that [`Shape::of`] gives: seven contrasts, flatness, centroid.
pub const N_SHAPE: usize = N_BANDS + 2;

const N_BANDS: usize = 7;
/// Upper edge of the lowest band in Hz; the others are octaves above it.
const LOWEST_EDGE: f64 = 200.0;
/// Share of a band's bins that counts as peak, and as valley.
const QUANTILE: f64 = 0.02;
/// Floor of magnitudes, as in librosa.
const AMIN: f32 = 1e-10;

/// Spectral contrast (Jiang et al. 2002), flatness and centroid, as librosa has them.
pub(super) struct Shape {
    bands: [Band; N_BANDS],
    hz_per_bin: f32,
    /// What power counts as at least where its logarithm is taken.
    least_power: f32,
    /// Magnitudes of four frames.
    magnitudes: Vec<Lanes>,
    ends: Ends,
}

/// Bins that are summed up in f32 before the sum joins the others in f64.
const STRETCH: usize = 16;
/// Mantissas, each below 2, whose product is still an f32.
const FACTORS: usize = 64;

#[derive(Clone, Copy)]
struct Band {
    start: usize,
    end: usize,
    /// Bins that make up the peak, and the valley.
    count: usize,
}

impl Shape {
    /// For spectra of `n_fft` samples; `least_power` is what a bin counts as at least where its logarithm is taken, librosa's `amin`.
    pub fn new(sample_rate: u32, n_fft: usize, least_power: f32) -> Shape {
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
            least_power,
            magnitudes: vec![Lanes::ZERO; n_bins],
            ends: Ends::default(),
        }
    }

    /// Magnitudes of the four frames looked at last.
    pub fn last_magnitudes(&self) -> &[Lanes] {
        &self.magnitudes
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
                powers += power.fast_max(Lanes::splat(self.least_power));
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
        let mut shapes = [[0.0; N_SHAPE]; LANES];
        for (index, band) in self.bands.iter().enumerate() {
            let bins = self.magnitudes.get(band.start..band.end).unwrap_or_default();
            for (shape, contrast) in shapes.iter_mut().zip(self.ends.contrasts(bins, band.count)) {
                if let Some(value) = shape.get_mut(index) {
                    *value = contrast;
                }
            }
        }
        let n_bins = power.len() as f64;
        let sums = sums_of_logs(power, self.least_power).into_iter().zip(total).zip(weight).zip(moment);
        for (shape, (((logs, total), weight), moment)) in shapes.iter_mut().zip(sums) {
            let flatness = (logs / n_bins - (total / n_bins).ln()) / std::f64::consts::LN_10;
            let centroid = if weight > 0.0 { moment / weight * f64::from(self.hz_per_bin) } else { 0.0 };
            let (_, rest) = shape.split_at_mut(N_BANDS);
            rest.copy_from_slice(&[flatness as f32, (1.0 + centroid).ln() as f32]);
        }
        shapes
    }
}

/// Σ ln max(power, least) of each of four frames. A logarithm takes as long as twenty products, so that factors are gathered
/// first: the exponents apart from the mantissas, whose product stays small.
fn sums_of_logs(powers: &[Lanes], least: f32) -> [f64; LANES] {
    const MANTISSA: u32 = (1 << 23) - 1;
    const ONE: u32 = 127;
    let mut logs = [0.0; LANES];
    for powers in powers.chunks(FACTORS) {
        let (mut exponents, mut mantissas) = (u32x4::splat(0), Lanes::ONE);
        for power in powers {
            let bits: u32x4 = cast(power.fast_max(Lanes::splat(least)));
            exponents += bits >> 23;
            mantissas *= cast::<u32x4, Lanes>(bits & u32x4::splat(MANTISSA) | u32x4::splat(ONE << 23));
        }
        let bias = f64::from(ONE) * powers.len() as f64;
        let parts = exponents.to_array().into_iter().zip(mantissas.to_array());
        for (log, (exponents, mantissas)) in logs.iter_mut().zip(parts) {
            *log += (f64::from(exponents) - bias) * std::f64::consts::LN_2 + f64::from(mantissas).ln();
        }
    }
    logs
}

/// Finds the largest and the smallest magnitudes of four frames.
///
/// They are few among many. The largest of every [`BLOCK`] bins tell a bound that at least as many bins reach as are wanted, and only
/// what reaches it is looked at one by one; the same for the smallest.
#[derive(Default)]
struct Ends {
    /// Largest and smallest of each block.
    highs: Vec<Lanes>,
    lows: Vec<Lanes>,
    /// Of one frame, to be put in order. As bits: numbers that are not negative have the order of their bits, and whole numbers are
    /// compared in half the time.
    bits: Vec<u32>,
    /// What reaches its frame's bound.
    tops: [Vec<u32>; LANES],
    bottoms: [Vec<u32>; LANES],
}

/// Bins of a block. A quantile of 2 % is less than one of eight.
const BLOCK: usize = 8;

impl Ends {
    /// Mean of the `count` largest over mean of the `count` smallest of `bins` in each frame, in dB.
    fn contrasts(&mut self, bins: &[Lanes], count: usize) -> [f32; LANES] {
        if count == 0 || bins.len() < count {
            return [0.0; LANES];
        }
        self.highs.clear();
        self.lows.clear();
        for block in bins.chunks(BLOCK) {
            let (mut high, mut low) = (Lanes::ZERO, Lanes::splat(f32::MAX));
            for &bin in block {
                (high, low) = (high.fast_max(bin), low.fast_min(bin));
            }
            self.highs.push(high);
            self.lows.push(low);
        }
        let bound = |lane: usize, of: &[Lanes], bits: &mut Vec<u32>, place: Option<usize>| {
            bits.clear();
            bits.extend(of.iter().map(|value| lanes::lane(value, lane).to_bits()));
            // Fewer blocks than are wanted: everything is looked at.
            place.map(|place| f32::from_bits(*bits.select_nth_unstable(place).1))
        };
        let blocks = self.highs.len();
        let (largest, smallest) = (blocks.checked_sub(count), Some(count - 1).filter(|place| *place < blocks));
        let high: [f32; LANES] =
            std::array::from_fn(|lane| bound(lane, &self.highs, &mut self.bits, largest).unwrap_or(0.0));
        let low: [f32; LANES] =
            std::array::from_fn(|lane| bound(lane, &self.lows, &mut self.bits, smallest).unwrap_or(f32::MAX));
        self.gather(bins, Lanes::from(high), Lanes::from(low));
        let mut ends = self.tops.iter_mut().zip(&mut self.bottoms);
        std::array::from_fn(|_| {
            let Some((tops, bottoms)) = ends.next() else { return 0.0 };
            let Some(top) = tops.len().checked_sub(count) else { return 0.0 };
            // Samples beyond any sound overflow to what is above and below nothing.
            if bottoms.len() < count {
                return 0.0;
            }
            let mean = |bits: &[u32]| (bits.iter().copied().map(f32::from_bits).sum::<f32>() / count as f32).max(AMIN);
            tops.select_nth_unstable(top);
            bottoms.select_nth_unstable(count - 1);
            let (peak, valley) = (mean(tops.split_at(top).1), mean(bottoms.split_at(count).0));
            10.0 * (peak / valley).log10()
        })
    }

    /// Collects the bins that are not below `high`, and those that are not above `low`.
    fn gather(&mut self, bins: &[Lanes], high: Lanes, low: Lanes) {
        for ends in self.tops.iter_mut().chain(&mut self.bottoms) {
            ends.clear();
        }
        let extremes = self.highs.iter().zip(&self.lows);
        for (block, (highest, lowest)) in bins.chunks(BLOCK).zip(extremes) {
            let (highest, lowest) = (highest.simd_ge(high).to_bitmask(), lowest.simd_le(low).to_bitmask());
            for (lane, (tops, bottoms)) in self.tops.iter_mut().zip(&mut self.bottoms).enumerate() {
                if highest >> lane & 1 == 1 {
                    let bound = lanes::lane(&high, lane);
                    tops.extend(
                        block.iter().map(|bin| lanes::lane(bin, lane)).filter(|bin| *bin >= bound).map(f32::to_bits),
                    );
                }
                if lowest >> lane & 1 == 1 {
                    let bound = lanes::lane(&low, lane);
                    bottoms.extend(
                        block.iter().map(|bin| lanes::lane(bin, lane)).filter(|bin| *bin <= bound).map(f32::to_bits),
                    );
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_add_up_whatever_the_range() {
        for scale in [0.0f32, 1e-12, 1e-3, 1.0, 1e30, 3e38] {
            let power = |i: usize, lane: usize| scale * (0.1 + 0.9 * (i as f32 * 0.7 + lane as f32).sin().abs());
            let powers: Vec<Lanes> =
                (0..5000).map(|i| Lanes::new(std::array::from_fn(|lane| power(i, lane)))).collect();
            for (lane, sum) in sums_of_logs(&powers, AMIN).into_iter().enumerate() {
                let expected: f64 = (0..5000).map(|i| f64::from(power(i, lane).max(AMIN)).ln()).sum();
                assert!((sum - expected).abs() < 1e-7 * expected.abs().max(1.0), "{scale}, frame {lane}");
            }
        }
    }

    #[test]
    fn what_overflows_gives_numbers_and_no_panic() {
        let mut shape = Shape::new(22_050, 2048, AMIN);
        for power in [f32::INFINITY, f32::NAN, f32::MAX] {
            let spectra = vec![Lanes::splat(power); 1025];
            assert_eq!(shape.of(&spectra)[0].len(), N_SHAPE);
        }
    }

    #[test]
    fn contrasts_are_those_of_the_sorted_band() {
        let mut ends = Ends::default();
        for (len, count) in [(1, 1), (2, 2), (7, 1), (38, 1), (75, 2), (299, 6), (860, 17), (9, 9), (20, 4)] {
            // Noise, a slope, a few values again and again, silence.
            let value = |i: usize, lane: usize| match lane {
                0 => ((i * 7919 + 13) % 1009) as f32 * 0.01 + 0.001,
                1 => 0.5 + i as f32,
                2 => [0.25, 4.0, 1.0][i % 3],
                _ => 0.0,
            };
            let bins: Vec<Lanes> = (0..len).map(|i| Lanes::new(std::array::from_fn(|lane| value(i, lane)))).collect();
            for (lane, contrast) in ends.contrasts(&bins, count).into_iter().enumerate() {
                let mut sorted: Vec<f32> = (0..len).map(|i| value(i, lane)).collect();
                sorted.sort_by(f32::total_cmp);
                let mean = |values: &[f32]| (values.iter().sum::<f32>() / count as f32).max(AMIN);
                let expected = 10.0 * (mean(&sorted[len - count..]) / mean(&sorted[..count])).log10();
                assert!((contrast - expected).abs() < 1e-4, "{count} of {len}, frame {lane}: {contrast}, {expected}");
            }
        }
    }
}
