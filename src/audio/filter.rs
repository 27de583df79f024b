//! The low-pass filter of the resampler: a Kaiser-windowed sinc, cut into phases.

use std::f64::consts::PI;

use wide::f32x4;

/// Attenuation in dB above the lower of the two Nyquist frequencies.
const STOPBAND_DB: f64 = 96.0;
/// Half the filter's length in samples of the lower rate.
const HALF_LENGTH: f64 = 48.0;
/// Up to this many phases each has a row of its own; beyond, rows are interpolated between as many.
const MAX_EXACT: usize = 512;
/// Samples that are multiplied side by side; the number of taps is a multiple of it.
const SIDE_BY_SIDE: usize = 8;

/// Filter rows, and how output samples walk through them.
///
/// With `from / to` reduced to `step / phases`, output n lies at input sample `n · step / phases`: its whole part picks
/// the samples, its remainder (the phase) the row.
pub(super) struct Filter {
    /// Taps of a row.
    pub taps: usize,
    /// Reduced output rate.
    pub phases: usize,
    /// Reduced input rate.
    pub step: usize,
    /// Number of rows per input sample.
    rows: usize,
    table: Vec<f32>,
}

impl Filter {
    /// Filter between two different rates in Hz.
    ///
    /// Length, window and cutoff follow Kaiser's formulas (Oppenheim & Schafer, *Discrete-Time Signal Processing*, 7.6): the
    /// transition ends at the lower Nyquist frequency and begins 6.4 % of the lower rate below (9.6 kHz for 22 050 Hz).
    pub fn new(from: u32, to: u32) -> Filter {
        let divisor = gcd(from, to);
        let (phases, step) = ((to / divisor) as usize, (from / divisor) as usize);
        let rows = phases.min(MAX_EXACT);
        // Of the lower rate, in units of the input rate.
        let band = f64::from(to.min(from)) / f64::from(from);
        let half = ((HALF_LENGTH / band) as usize).next_multiple_of(SIDE_BY_SIDE / 2);
        let taps = 2 * half;
        let transition = (STOPBAND_DB - 7.95) / (14.36 * 2.0 * HALF_LENGTH);
        let cutoff = band * (0.5 - transition / 2.0);
        let beta = 0.1102 * (STOPBAND_DB - 8.7);
        let tap = |distance: f64| {
            let x = 2.0 * cutoff * distance;
            let sinc = if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) };
            let place = distance / half as f64;
            sinc * bessel_i0(beta * (1.0 - place * place).max(0.0).sqrt())
        };
        let mut table = Vec::with_capacity((rows + 1) * taps);
        let mut row = vec![0f64; taps];
        // One row more than there are phases, to interpolate towards.
        for phase in 0..=rows {
            let fraction = phase as f64 / rows as f64;
            for (k, value) in row.iter_mut().enumerate() {
                *value = tap(k as f64 + 1.0 - half as f64 - fraction);
            }
            // Every phase passes a constant unchanged.
            let sum: f64 = row.iter().sum();
            table.extend(row.iter().map(|value| (value / sum) as f32));
        }
        Filter { taps, phases, step, rows, table }
    }

    /// Whether each phase has a row of its own.
    pub fn is_exact(&self) -> bool {
        self.rows == self.phases
    }

    /// The row of `phase`, where each has one.
    #[expect(clippy::indexing_slicing, reason = "a phase has a row of `taps` values: the table is made so")]
    fn row(&self, index: usize) -> &[f32] {
        &self.table[index * self.taps..(index + 1) * self.taps]
    }

    /// The row of a filter that has one phase.
    pub fn only_row(&self) -> Option<&[f32]> {
        (self.phases == 1).then(|| self.row(0))
    }

    /// One output sample from the `taps` samples around it.
    pub fn apply(&self, phase: usize, samples: &[f32]) -> f32 {
        if self.is_exact() {
            let [sum] = dot(self.row(phase), [samples]);
            return sum;
        }
        let place = phase * self.rows;
        let (index, fraction) = (place / self.phases, (place % self.phases) as f32 / self.phases as f32);
        let ([low], [high]) = (dot(self.row(index), [samples]), dot(self.row(index + 1), [samples]));
        low + fraction * (high - low)
    }

    /// Four output samples of one phase, where each phase has its row; the same numbers as one by one.
    pub fn apply_four(&self, phase: usize, samples: [&[f32]; 4]) -> [f32; 4] {
        dot(self.row(phase), samples)
    }
}

/// Σ row · samples for each of the sample slices, all as long as `row`.
///
/// The row is read once for all of them. Each sum is taken in the same order whatever their number, so that
/// results do not depend on it.
#[expect(
    clippy::indexing_slicing,
    reason = "callers cut every slice to the length of the row, and checks in this loop would cost half its speed"
)]
#[inline(always)]
fn dot<const N: usize>(row: &[f32], samples: [&[f32]; N]) -> [f32; N] {
    let mut sums = [[f32x4::ZERO; 2]; N];
    let (row, _) = row.as_chunks::<4>();
    let (row, _) = row.as_chunks::<2>();
    let samples = samples.map(|samples| &samples.as_chunks::<4>().0.as_chunks::<2>().0[..row.len()]);
    for (index, &[low, high]) in row.iter().enumerate() {
        let (low, high) = (f32x4::new(low), f32x4::new(high));
        for n in 0..N {
            let [first, second] = samples[n][index];
            sums[n][0] += low * f32x4::new(first);
            sums[n][1] += high * f32x4::new(second);
        }
    }
    sums.map(|[low, high]| {
        let [a, b, c, d] = (low + high).to_array();
        (a + b) + (c + d)
    })
}

/// Modified Bessel function of the first kind and order 0, by its power series.
fn bessel_i0(x: f64) -> f64 {
    let quarter_square = x * x / 4.0;
    let (mut sum, mut term, mut k) = (1.0, 1.0, 1.0);
    while term > sum * 1e-17 {
        term *= quarter_square / (k * k);
        sum += term;
        k += 1.0;
    }
    sum
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}
