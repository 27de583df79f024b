//! The resampler of the study: resampy's `kaiser_fast`, as it is since version 0.3.
//!
//! The study's numbers move by several units with another resampler, so this one is rebuilt from its
//! published definition, quirks included. Everything else here uses [`crate::audio`]'s, which is better.
//!
//! It is band-limited interpolation (Smith & Gossett 1984): a sinc under a Kaiser window, tabulated with
//! 512 entries between zero crossings and read with linear interpolation. Zeros: 24 on either side;
//! β = 9.903224…; roll-off 0.868212… of the lower Nyquist frequency.

use std::f64::consts::PI;

const ZEROS: usize = 24;
const ENTRIES_PER_ZERO: usize = 512;
const BETA: f64 = 9.903_224_416_455_09;
const ROLLOFF: f64 = 0.868_212_038_837_778_4;

/// Resamples from one rate to another; both in Hz. The output has ⌊len · to / from⌋ samples.
///
/// Equal rates, or a rate of 0, give the signal back as it is.
pub fn resample(signal: &[f32], from: u32, to: u32) -> Vec<f32> {
    if from == to || from == 0 || to == 0 {
        return signal.to_vec();
    }
    let common = gcd(from, to);
    let (up, down) = ((to / common) as usize, (from / common) as usize);
    let phases: Vec<Phase> = phases(up, down);
    let length = (signal.len() as u128 * u128::from(to) / u128::from(from)) as usize;
    (0..length)
        .map(|t| {
            // Output t lies at input position t·down/up: its whole part and one of `up` fractions.
            let position = t as u128 * down as u128;
            let whole = (position / up as u128) as usize;
            phases[(position % up as u128) as usize].apply(signal, whole)
        })
        .collect()
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Weights for one fraction of a sample: for the input at and before a position, and for what follows it,
/// nearest first.
struct Phase {
    before: Vec<f64>,
    after: Vec<f64>,
}

impl Phase {
    fn apply(&self, signal: &[f32], whole: usize) -> f32 {
        let (past, future) = signal.split_at((whole + 1).min(signal.len()));
        let before = self.before.iter().zip(past.iter().rev());
        let after = self.after.iter().zip(future);
        before.chain(after).map(|(weight, sample)| weight * f64::from(*sample)).sum::<f64>() as f32
    }
}

fn phases(up: usize, down: usize) -> Vec<Phase> {
    let table = table();
    // Downsampling stretches the filter in time and lowers its gain.
    let scale = (up as f64 / down as f64).min(1.0);
    (0..up)
        .map(|phase| {
            let fraction = scale * phase as f64 / up as f64;
            Phase { before: wing(&table, fraction, scale), after: wing(&table, scale - fraction, scale) }
        })
        .collect()
}

/// Weights from `start` (in zero crossings) outwards.
fn wing(table: &[f64], start: f64, scale: f64) -> Vec<f64> {
    let position = start * ENTRIES_PER_ZERO as f64;
    let (first, between) = (position as usize, position.fract());
    // resampy cuts the step down to whole entries, which widens the filter a little.
    let step = (scale * ENTRIES_PER_ZERO as f64) as usize;
    if step == 0 {
        return Vec::new();
    }
    let taps = table.len().saturating_sub(first) / step;
    (0..taps)
        .filter_map(|tap| {
            let entry = first + tap * step;
            let value = *table.get(entry)?;
            let next = table.get(entry + 1).copied().unwrap_or(value);
            Some(scale * (value + between * (next - value)))
        })
        .collect()
}

/// The filter's right half, from its centre to the last zero crossing.
fn table() -> Vec<f64> {
    let entries = ZEROS * ENTRIES_PER_ZERO;
    (0..=entries)
        .map(|entry| {
            let crossing = entry as f64 / ENTRIES_PER_ZERO as f64;
            let edge = entry as f64 / entries as f64;
            let window = bessel_i0(BETA * (1.0 - edge * edge).max(0.0).sqrt()) / bessel_i0(BETA);
            ROLLOFF * sinc(ROLLOFF * crossing) * window
        })
        .collect()
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) }
}

/// Modified Bessel function of the first kind and order zero, by its power series.
fn bessel_i0(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let (mut term, mut sum, mut k) = (1.0, 1.0, 1.0);
    while term > sum * 1e-17 {
        term *= quarter / (k * k);
        sum += term;
        k += 1.0;
    }
    sum
}

#[cfg(test)]
#[allow(clippy::excessive_precision)] // As another program printed them.
mod tests {
    use super::*;

    /// Two sines; what resampy 0.4.3 makes of them at three pairs of rates.
    #[test]
    fn agrees_with_resampy() {
        let signal: Vec<f32> = (0..2400)
            .map(|i| {
                let t = i as f64 / 24_000.0;
                (0.4 * (2.0 * PI * 440.0 * t).sin() + 0.2 * (2.0 * PI * 5000.0 * t + 1.0).sin()) as f32
            })
            .collect();
        let cases: [(u32, usize, [f32; 6]); 3] = [
            (24_000, 2205, [0.162_617_46, 0.185_774_39, -0.001_940_779_7, -0.212_662_2, -0.289_384_13, -0.132_168_52]),
            (16_000, 3307, [0.164_384_38, 0.219_686_09, -0.540_401_28, 0.552_761_73, -0.268_657_57, -0.129_667_92]),
            (48_000, 1102, [0.122_297_24, 0.020_231_139, -0.041_067_276, -0.246_533_8, -0.255_026_85, -0.090_235_16]),
        ];
        for (rate, length, expected) in cases {
            let resampled = resample(&signal, rate, 22_050);
            assert_eq!(resampled.len(), length);
            for (index, expected) in [0, 1, 50, 1000, length - 2, length - 1].into_iter().zip(expected) {
                let got = resampled[index];
                assert!((got - expected).abs() < 2e-6, "{rate} Hz, sample {index}: {got}, expected {expected}");
            }
        }
    }

    #[test]
    fn nothing_comes_of_nothing() {
        assert!(resample(&[], 48_000, 22_050).is_empty());
        assert!(resample(&[1.0], 192_000, 22_050).is_empty());
        assert_eq!(resample(&[1.0, 2.0], 22_050, 22_050), [1.0, 2.0]);
    }
}
