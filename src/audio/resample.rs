//! From any sample rate to any other, for clips and for sound that is still coming in.

use super::filter::Filter;
use super::halve::Halving;
use super::{Error, check_rate};

/// Input samples worked on at a time.
const BLOCK: usize = 16_384;
/// Outputs of one phase computed together.
const TOGETHER: usize = 4;

/// Changes the sample rate by the exact ratio of the two rates.
///
/// Output sample n lies at time n / `to`: the filter's delay is taken out. A signal of `len` samples gives
/// ⌈len · to / from⌉, and the same numbers, bit for bit, whatever the pieces it is pushed in. Up to 0.43 of the lower rate
/// the response is flat (9.5 kHz for 22 050 Hz, to 0.1 dB); what lies above half the lower rate, and images, end up below
/// −90 dB. Equal rates pass the samples through.
///
/// ```
/// # fn main() -> Result<(), songmood::audio::Error> {
/// let mut resampler = songmood::audio::Resampler::new(48_000, 22_050)?;
/// let mut out = Vec::new();
/// resampler.push(&[0.0; 300], &mut out);
/// resampler.push(&[0.0; 20], &mut out);
/// resampler.finish(&mut out);
/// assert_eq!(out.len(), 147);
/// # Ok(())
/// # }
/// ```
///
/// Why not a library: `rubato` 5.0 was measured first. Its FFT resampler is as fast (three minutes of 48 kHz take 57 ms,
/// and 59 ms here; in wasm 125 and 115 ms of processor time) and as clean, but costs the page 64 KB after brotli, where
/// this costs 2 KB. And between rates without a large common divisor it works in blocks of a second or two, for which
/// a microphone would have to wait.
pub struct Resampler {
    from: u32,
    to: u32,
    /// `None` where the rates are equal.
    filter: Option<Filter>,
    /// Takes the filter's place where the rate is halved.
    halving: Option<Halving>,
    /// Input from the first sample on that the next output needs; zeros stand before the beginning.
    pending: Vec<f32>,
    /// Phase of the next output, see [`Filter`].
    phase: usize,
}

impl Resampler {
    /// A resampler from `from` Hz to `to` Hz.
    ///
    /// # Errors
    /// [`Error::SampleRate`] where one of them is out of range.
    pub fn new(from: u32, to: u32) -> Result<Resampler, Error> {
        check_rate(from)?;
        check_rate(to)?;
        let filter = (from != to).then(|| Filter::new(from, to));
        let halving = filter.as_ref().and_then(Halving::of);
        let waiting = halving.as_ref().map_or(0, Halving::needed);
        let room = filter.as_ref().map_or(0, |filter| filter.taps.max(waiting) + BLOCK);
        let mut resampler = Resampler { from, to, filter, halving, pending: Vec::with_capacity(room), phase: 0 };
        resampler.reset();
        Ok(resampler)
    }

    /// Number of output samples that `len` input samples give: ⌈len · to / from⌉.
    pub fn output_len(&self, len: usize) -> usize {
        (len as u128 * u128::from(self.to)).div_ceil(u128::from(self.from)) as usize
    }

    /// Takes any number of samples and appends those of the output that they complete.
    ///
    /// Allocates nothing but what `out` may need to grow.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        let Some(filter) = &self.filter else {
            out.extend_from_slice(samples);
            return;
        };
        for block in samples.chunks(BLOCK) {
            self.pending.extend_from_slice(block);
            let mut place = 0;
            if let Some(halving) = &mut self.halving {
                while let Some(rest) = self.pending.get(place..) {
                    match halving.append(rest, out) {
                        0 => break,
                        pairs => place += pairs * halving.advance(),
                    }
                }
                drop_first(&mut self.pending, place);
                continue;
            }
            let group = TOGETHER * filter.step + filter.taps;
            while let Some(samples) = self.pending.get(place..place + group).filter(|_| filter.is_exact()) {
                append_group(filter, self.phase, samples, out);
                // A whole number of turns through the phases ends at the phase where it began.
                place += TOGETHER * filter.step;
            }
            while let Some(around) = self.pending.get(place..place + filter.taps) {
                out.push(filter.apply(self.phase, around));
                self.phase += filter.step;
                place += self.phase / filter.phases;
                self.phase %= filter.phases;
            }
            drop_first(&mut self.pending, place);
        }
    }

    /// Ends the signal: appends the rest of the output, and is ready for another signal.
    pub fn finish(&mut self, out: &mut Vec<f32>) {
        const ZEROS: [f32; 512] = [0.0; 512];
        // After the last sample as many zeros as a filter reaches ahead; that completes every output that
        // lies within the signal, and none behind it.
        let mut left = self.filter.as_ref().map_or(0, |filter| filter.taps / 2);
        while left > 0 {
            let count = left.min(ZEROS.len());
            self.push(ZEROS.split_at(count).0, out);
            left -= count;
        }
        if let (Some(halving), Some(filter)) = (&mut self.halving, &self.filter)
            && let Some(rest) = self.pending.len().checked_sub(filter.taps)
        {
            // The last blocks are filled up with zeros; what these would give lies behind the signal.
            let complete = out.len() + rest / filter.step + 1;
            self.pending.resize(halving.needed(), 0.0);
            halving.append(&self.pending, out);
            out.truncate(complete);
        }
        self.reset();
    }

    /// Forgets what came in and begins a new signal.
    pub fn reset(&mut self) {
        self.phase = 0;
        self.pending.clear();
        if let Some(filter) = &self.filter {
            self.pending.resize(filter.taps / 2 - 1, 0.0);
        }
    }
}

/// Drops the first `count` samples, or all.
fn drop_first(samples: &mut Vec<f32>, count: usize) {
    let count = count.min(samples.len());
    samples.copy_within(count.., 0);
    samples.truncate(samples.len() - count);
}

/// Appends `TOGETHER · phases` outputs, of which those a whole turn apart share their phase and are computed together.
#[expect(
    clippy::indexing_slicing,
    reason = "`samples` hold a whole group with its taps, and `out` was just made longer by one"
)]
fn append_group(filter: &Filter, phase: usize, samples: &[f32], out: &mut Vec<f32>) {
    let start = out.len();
    out.resize(start + TOGETHER * filter.phases, 0.0);
    let (mut phase, mut place) = (phase, 0);
    for index in start..start + filter.phases {
        let around = std::array::from_fn(|turn| {
            let first = place + turn * filter.step;
            &samples[first..first + filter.taps]
        });
        for (turn, value) in filter.apply_four(phase, around).into_iter().enumerate() {
            out[index + turn * filter.phases] = value;
        }
        phase += filter.step;
        place += phase / filter.phases;
        phase %= filter.phases;
    }
}
