//! Half the sample rate: the resampler's filter for 44.1 kHz, the rate of most songs, by Fourier transforms.
//!
//! A product of spectra takes the place of 192 products for every output (Stockham 1966, *High-speed convolution and correlation*; blocks as in
//! overlap-save, so that nothing is added up across them): a quarter of the time. What a block gives depends on its own
//! samples alone, wherever a push begins or ends.

use super::filter::Filter;
use crate::features::fft::ComplexFft;
use crate::features::lanes::{Complex, LANES, Lanes};

/// Samples that are transformed together.
const LEN: usize = 512;
/// Blocks that are computed together in any case: one is the real, one the imaginary part.
const PAIR: usize = 2;

/// A filter of at most [`LEN`] taps, applied at every second sample.
pub(super) struct Halving {
    forward: ComplexFft,
    back: ComplexFft,
    /// For each bin of the output, where the two bins that fall onto it lie, and what they are multiplied by.
    bins: Vec<[Bin; 2]>,
    spectrum: Vec<Complex>,
    folded: Vec<Complex>,
    /// Stands for blocks that have not come yet.
    silence: Vec<f32>,
    /// Outputs of a block.
    outputs: usize,
}

#[derive(Clone, Copy)]
struct Bin {
    place: u32,
    re: f32,
    im: f32,
}

impl Halving {
    /// The filter, if it halves the rate.
    pub fn of(filter: &Filter) -> Option<Halving> {
        let row = filter.only_row().filter(|row| filter.step == 2 && row.len() <= LEN / 2)?;
        let (forward, back) = (ComplexFft::new(LEN), ComplexFft::new(LEN / 2));
        // The filter runs forwards over the samples: a correlation, whose spectrum is the conjugate of the filter's.
        let mut taps = vec![Complex::ZERO; LEN];
        for (value, &tap) in taps.iter_mut().zip(row) {
            value.re = Lanes::splat(tap);
        }
        forward.transform(&mut taps);
        // Two bins are added, and neither transform is divided by its length.
        let scale = 1.0 / LEN as f32;
        let bin = |place: &u32| {
            let Complex { re, im } = taps.get(*place as usize).copied().unwrap_or_default();
            Bin { place: *place, re: scale * re.to_array()[0], im: -scale * im.to_array()[0] }
        };
        let (low, high) = forward.order().split_at(LEN / 2);
        let bins = low.iter().zip(high).map(|(low, high)| [bin(low), bin(high)]).collect();
        Some(Halving {
            bins,
            forward,
            back,
            spectrum: vec![Complex::ZERO; LEN],
            folded: vec![Complex::ZERO; LEN / 2],
            silence: vec![0.0; LEN],
            // Those whose taps all lie within the block.
            outputs: (LEN - row.len()) / 2 / LANES * LANES,
        })
    }

    /// Input samples from a block to the next.
    fn step(&self) -> usize {
        2 * self.outputs
    }

    /// Input samples from a pair of blocks to the next.
    pub fn advance(&self) -> usize {
        PAIR * self.step()
    }

    /// Input samples that a pair of blocks needs.
    pub fn needed(&self) -> usize {
        self.step() + LEN
    }

    /// Appends what up to four pairs of blocks give, as many as lie in `samples`; how many there were.
    pub fn append(&mut self, samples: &[f32], out: &mut Vec<f32>) -> usize {
        let (step, advance) = (self.step(), self.advance());
        let block = |index: usize| samples.get(index * step..index * step + LEN);
        let pairs = samples.len().checked_sub(self.needed()).map_or(0, |rest| (rest / advance + 1).min(LANES));
        if pairs == 0 {
            return 0;
        }
        let blocks = |second: usize| {
            std::array::from_fn(|lane| {
                Some(PAIR * lane + second).filter(|_| lane < pairs).and_then(block).unwrap_or(&self.silence)
            })
        };
        load(&mut self.spectrum, blocks(0), blocks(1));
        self.forward.transform(&mut self.spectrum);
        fold(&self.spectrum, &self.bins, &mut self.folded);
        self.back.transform(&mut self.folded);
        let start = out.len();
        out.resize(start + pairs * PAIR * self.outputs, 0.0);
        if let Some(out) = out.get_mut(start..) {
            store(&self.folded, self.back.order(), self.outputs, out);
        }
        pairs
    }
}

/// One block of each lane as real, one as imaginary part.
fn load(values: &mut [Complex], real: [&[f32]; LANES], imaginary: [&[f32]; LANES]) {
    let [a, b, c, d] = real.map(|block| block.as_chunks::<LANES>().0);
    let [e, f, g, h] = imaginary.map(|block| block.as_chunks::<LANES>().0);
    let (groups, _) = values.as_chunks_mut::<LANES>();
    let real = a.iter().zip(b).zip(c).zip(d);
    let imaginary = e.iter().zip(f).zip(g).zip(h);
    for (group, ((((a, b), c), d), (((e, f), g), h))) in groups.iter_mut().zip(real.zip(imaginary)) {
        let re = Lanes::transpose([*a, *b, *c, *d].map(Lanes::new));
        let im = Lanes::transpose([*e, *f, *g, *h].map(Lanes::new));
        for (value, (re, im)) in group.iter_mut().zip(re.into_iter().zip(im)) {
            *value = Complex { re, im };
        }
    }
}

/// The filtered spectrum of every second sample, conjugated: the way back is the transform of the conjugate.
#[expect(clippy::indexing_slicing, reason = "the order is a permutation of the places")]
fn fold(spectrum: &[Complex], bins: &[[Bin; 2]], folded: &mut [Complex]) {
    for (value, [low, high]) in folded.iter_mut().zip(bins) {
        let filtered = |bin: &Bin| spectrum[bin.place as usize].times(bin.re, bin.im);
        *value = (filtered(low) + filtered(high)).conj();
    }
}

/// The first `outputs` values of each block: the real parts, then the imaginary ones, which are still conjugated.
#[expect(clippy::indexing_slicing, reason = "the order is a permutation of the places, and `out` holds whole pairs")]
fn store(values: &[Complex], order: &[u32], outputs: usize, out: &mut [f32]) {
    let (places, _) = order[..outputs].as_chunks::<LANES>();
    for (group, places) in places.iter().enumerate() {
        let four = places.map(|place| values[place as usize]);
        let real = Lanes::transpose(four.map(|value| value.re));
        let imaginary = Lanes::transpose(four.map(|value| -value.im));
        let pairs = out.chunks_exact_mut(PAIR * outputs).zip(real.into_iter().zip(imaginary));
        for (pair, (real, imaginary)) in pairs {
            pair[group * LANES..][..LANES].copy_from_slice(real.as_array());
            pair[outputs + group * LANES..][..LANES].copy_from_slice(imaginary.as_array());
        }
    }
}
