//! The discrete Fourier transform of four real frames at once, as power.
//!
//! Lengths that are powers of two, which is what everybody uses, take a transform of our own: radix-4
//! decimation in frequency of half the length (two real samples form one complex one), four frames in the
//! lanes of a register. See [`super`] for what that gains in the browser. Any other length is left to `realfft`, the
//! real-valued front of rustfft, one frame at a time; in wasm, where rustfft's algorithms for all lengths would be 100 KB to load for
//! what hardly anybody asks for, it becomes a convolution, which two such transforms compute (Bluestein 1970, *A linear filtering
//! approach to the computation of discrete Fourier transform*).
//! Twiddle factors are computed in f64 and kept in f32.

use std::f64::consts::PI;
#[cfg(not(target_arch = "wasm32"))]
use std::sync::Arc;

#[cfg(not(target_arch = "wasm32"))]
use realfft::num_complex::Complex32;
#[cfg(not(target_arch = "wasm32"))]
use realfft::{RealFftPlanner, RealToComplex};

use super::lanes::{Complex, LANES, Lanes};

/// Twiddle factors of one radix-4 pass: w, w², w³ for every position in a quarter, as (re, im) pairs.
type Twiddles = Vec<[f32; 6]>;

/// e^(−2πi·k/n).
fn root(k: usize, n: usize) -> (f64, f64) {
    // Reduced first: sine and cosine of large arguments lose digits.
    let angle = -2.0 * PI * (k % n) as f64 / n as f64;
    (angle.cos(), angle.sin())
}

/// Complex transform of a power-of-two length, in place, output in digit-reversed order.
pub(crate) struct ComplexFft {
    /// Present where log2 of the length is odd: one radix-2 pass before the radix-4 ones.
    first: Option<Vec<[f32; 2]>>,
    passes: Vec<Twiddles>,
    /// `order[k]` is where bin `k` lies after the transform.
    order: Vec<u32>,
}

impl ComplexFft {
    /// A plan for `len` values, a power of two.
    pub fn new(len: usize) -> ComplexFft {
        debug_assert!(len.is_power_of_two());
        let odd = len.trailing_zeros() % 2 == 1;
        let first = odd.then(|| {
            let twiddle = |j| {
                let (re, im) = root(j, len);
                [re as f32, im as f32]
            };
            (0..len / 2).map(twiddle).collect()
        });
        let mut passes = Vec::new();
        let mut span = if odd { len / 2 } else { len };
        while span >= 4 {
            let twiddle = |j: usize| {
                let mut row = [0.0; 6];
                for (power, pair) in row.chunks_exact_mut(2).enumerate() {
                    let (re, im) = root(j * (power + 1), span);
                    pair.copy_from_slice(&[re as f32, im as f32]);
                }
                row
            };
            passes.push((0..span / 4).map(twiddle).collect());
            span /= 4;
        }
        let order = (0..len).map(|bin| place_of(bin, len) as u32).collect();
        ComplexFft { first, passes, order }
    }

    /// Where each bin lies after the transform.
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// Transforms as many values as the plan was made for.
    pub fn transform(&self, data: &mut [Complex]) {
        let mut span = data.len();
        if let Some(twiddles) = &self.first {
            radix2_pass(data, twiddles);
            span /= 2;
        }
        for twiddles in &self.passes {
            if span == 4 {
                last_pass(data);
            } else {
                radix4_pass(data, span, twiddles);
            }
            span /= 4;
        }
    }
}

/// Where decimation in frequency leaves `bin` of a transform of `len`.
fn place_of(bin: usize, len: usize) -> usize {
    let (mut bin, mut span, mut place) = (bin, len, 0);
    if len.trailing_zeros() % 2 == 1 {
        span /= 2;
        place += (bin % 2) * span;
        bin /= 2;
    }
    while span >= 4 {
        span /= 4;
        place += (bin % 4) * span;
        bin /= 4;
    }
    place
}

fn radix2_pass(data: &mut [Complex], twiddles: &[[f32; 2]]) {
    let (low, high) = data.split_at_mut(data.len() / 2);
    for ((a, b), &[re, im]) in low.iter_mut().zip(high).zip(twiddles) {
        (*a, *b) = (*a + *b, (*a - *b).times(re, im));
    }
}

#[inline(always)]
fn butterfly(a: [Complex; 4]) -> [Complex; 4] {
    let (even_sum, even_difference) = (a[0] + a[2], a[0] - a[2]);
    let (odd_sum, odd_difference) = (a[1] + a[3], (a[1] - a[3]).times_minus_i());
    [even_sum + odd_sum, even_difference + odd_difference, even_sum - odd_sum, even_difference - odd_difference]
}

fn radix4_pass(data: &mut [Complex], span: usize, twiddles: &[[f32; 6]]) {
    for block in data.chunks_exact_mut(span) {
        let (low, high) = block.split_at_mut(span / 2);
        let (first, second) = low.split_at_mut(span / 4);
        let (third, fourth) = high.split_at_mut(span / 4);
        for ((((a, b), c), d), w) in first.iter_mut().zip(second).zip(third).zip(fourth).zip(twiddles) {
            let y = butterfly([*a, *b, *c, *d]);
            *a = y[0];
            *b = y[1].times(w[0], w[1]);
            *c = y[2].times(w[2], w[3]);
            *d = y[3].times(w[4], w[5]);
        }
    }
}

/// The pass over groups of four, whose twiddle factors are all 1.
fn last_pass(data: &mut [Complex]) {
    let (groups, _) = data.as_chunks_mut::<4>();
    for group in groups {
        *group = butterfly(*group);
    }
}

/// Power spectra of four real frames of one length.
pub(super) enum RealFft {
    /// Even and odd samples as one complex sequence of half the length.
    Half { fft: ComplexFft, twiddles: Vec<[f32; 2]>, work: Vec<Complex> },
    /// Any other length, frame by frame.
    #[cfg(not(target_arch = "wasm32"))]
    Library { plan: Arc<dyn RealToComplex<f32>>, input: Vec<f32>, spectrum: Vec<Complex32>, scratch: Vec<Complex32> },
    /// Any other length in wasm.
    #[cfg(any(target_arch = "wasm32", test))]
    Chirp(Chirp),
}

impl RealFft {
    /// A plan for frames of `len` ≥ 1 samples.
    pub fn new(len: usize) -> RealFft {
        if len.is_power_of_two() && len >= 4 {
            let twiddle = |k| {
                let (re, im) = root(k, len);
                [re as f32, im as f32]
            };
            let twiddles = (0..=len / 4).map(twiddle).collect();
            return RealFft::Half { fft: ComplexFft::new(len / 2), twiddles, work: vec![Complex::ZERO; len / 2] };
        }
        Self::any(len)
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn any(len: usize) -> RealFft {
        let plan = RealFftPlanner::<f32>::new().plan_fft_forward(len);
        let (input, spectrum, scratch) = (plan.make_input_vec(), plan.make_output_vec(), plan.make_scratch_vec());
        RealFft::Library { plan, input, spectrum, scratch }
    }

    #[cfg(target_arch = "wasm32")]
    fn any(len: usize) -> RealFft {
        RealFft::Chirp(Chirp::new(len))
    }

    /// The power spectra |X|² of `frames`, each multiplied by `window` first.
    ///
    /// `frames` and `window` have the plan's length, `power` has `len / 2 + 1` bins.
    pub fn power(&mut self, frames: [&[f32]; LANES], window: &[f32], power: &mut [Lanes]) {
        match self {
            RealFft::Half { fft, twiddles, work } => {
                load_pairs(work, frames, window);
                fft.transform(work);
                split_halves(work, &fft.order, twiddles, power);
            }
            #[cfg(not(target_arch = "wasm32"))]
            RealFft::Library { plan, input, spectrum, scratch } => {
                for (lane, frame) in frames.into_iter().enumerate() {
                    for ((x, sample), w) in input.iter_mut().zip(frame).zip(window) {
                        *x = sample * w;
                    }
                    // Refuses nothing but buffers of the wrong length, and these are the plan's own.
                    let done = plan.process_with_scratch(input, spectrum, scratch);
                    debug_assert!(done.is_ok());
                    for (p, x) in power.iter_mut().zip(&*spectrum) {
                        if let Some(p) = p.as_mut_array().get_mut(lane) {
                            *p = x.norm_sqr();
                        }
                    }
                }
            }
            #[cfg(any(target_arch = "wasm32", test))]
            RealFft::Chirp(chirp) => chirp.power(frames, window, power),
        }
    }
}

/// A transform of any length n: with the chirp c[k] = e^(−πi·k²/n), X[k] = c[k] · Σ (x[j]·c[j]) · c*[k − j], a convolution with c*.
/// It is computed by transforms of a power of two that is long enough for the ends not to meet.
#[cfg(any(target_arch = "wasm32", test))]
pub(super) struct Chirp {
    fft: ComplexFft,
    /// c[k], as (re, im).
    chirp: Vec<[f32; 2]>,
    /// The transform of c*, divided by the length of the transforms.
    filter: Vec<[f32; 2]>,
    work: Vec<Complex>,
    product: Vec<Complex>,
}

#[cfg(any(target_arch = "wasm32", test))]
impl Chirp {
    #[expect(clippy::indexing_slicing, reason = "places below `long`, and the order is a permutation of them")]
    fn new(len: usize) -> Chirp {
        let long = (2 * len - 1).next_power_of_two();
        let fft = ComplexFft::new(long);
        let chirp = |k: usize| root((k * k) % (2 * len), 2 * len);
        let mut work = vec![Complex::ZERO; long];
        for k in 0..len {
            let (re, im) = chirp(k);
            let scaled = |value: f64| Lanes::splat((value / long as f64) as f32);
            let value = Complex { re: scaled(re), im: scaled(-im) };
            work[k] = value;
            work[(long - k) % long] = value;
        }
        fft.transform(&mut work);
        let in_order = |place: &u32| {
            let Complex { re, im } = work[*place as usize];
            [re.as_array()[0], im.as_array()[0]]
        };
        let filter = fft.order.iter().map(in_order).collect();
        let chirp = (0..len).map(|k| [chirp(k).0 as f32, chirp(k).1 as f32]).collect();
        Chirp { fft, chirp, filter, product: vec![Complex::ZERO; long], work }
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "frames are as long as the window, and the order is a permutation of the places"
    )]
    fn power(&mut self, frames: [&[f32]; LANES], window: &[f32], power: &mut [Lanes]) {
        let (head, tail) = self.work.split_at_mut(self.chirp.len());
        for (k, ((value, &[re, im]), &w)) in head.iter_mut().zip(&self.chirp).zip(window).enumerate() {
            let sample = Lanes::new(frames.map(|frame| frame[k])) * Lanes::splat(w);
            *value = Complex { re: sample * Lanes::splat(re), im: sample * Lanes::splat(im) };
        }
        tail.fill(Complex::ZERO);
        self.fft.transform(&mut self.work);
        // The way back is the transform of the conjugate. Conjugates and the last factor c[k] do not show in the power.
        for ((value, place), &[re, im]) in self.product.iter_mut().zip(&self.fft.order).zip(&self.filter) {
            *value = self.work[*place as usize].times(re, im).conj();
        }
        self.fft.transform(&mut self.product);
        for (power, place) in power.iter_mut().zip(&self.fft.order) {
            *power = self.product[*place as usize].power();
        }
    }
}

/// Windowed samples 2n and 2n + 1 become the real and imaginary part of value n.
fn load_pairs(work: &mut [Complex], frames: [&[f32]; LANES], window: &[f32]) {
    let [a, b, c, d] = frames.map(|frame| frame.as_chunks::<4>().0);
    let (window, _) = window.as_chunks::<4>();
    let (pairs, _) = work.as_chunks_mut::<2>();
    for (((((pair, &w), &a), &b), &c), &d) in pairs.iter_mut().zip(window).zip(a).zip(b).zip(c).zip(d) {
        let w = Lanes::new(w);
        // Four samples of one frame each, then one sample of four frames each.
        let rows = [a, b, c, d].map(|samples| Lanes::new(samples) * w);
        let [s0, s1, s2, s3] = Lanes::transpose(rows);
        *pair = [Complex { re: s0, im: s1 }, Complex { re: s2, im: s3 }];
    }
}

/// Takes the transforms of the even and the odd samples apart and joins them to the real transform:
/// with E = (Z[k] + Z*[M−k]) / 2 and O = (Z[k] − Z*[M−k]) / 2i, X[k] = E + w^k·O and X[M−k] = (E − w^k·O)*.
#[expect(clippy::indexing_slicing, reason = "the order is a permutation of the places, and `power` has one value more")]
fn split_halves(work: &[Complex], order: &[u32], twiddles: &[[f32; 2]], power: &mut [Lanes]) {
    let m = work.len();
    for (k, &[re, im]) in twiddles.iter().enumerate() {
        let (low, high) = (work[order[k] as usize], work[order[(m - k) % m] as usize].conj());
        let even = (low + high).scaled(0.5);
        let odd = (low - high).times_minus_i().scaled(0.5).times(re, im);
        power[k] = (even + odd).power();
        power[m - k] = (even - odd).power();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, in f64.
    fn expected(frame: &[f32], bin: usize) -> f64 {
        let (mut re, mut im) = (0.0, 0.0);
        for (n, &x) in frame.iter().enumerate() {
            let (c, s) = root((n * bin) % frame.len(), frame.len());
            re += f64::from(x) * c;
            im += f64::from(x) * s;
        }
        re * re + im * im
    }

    #[test]
    fn every_length_gives_what_the_definition_says() {
        for len in (1..70).chain([96, 127, 128, 200, 441, 500, 1000]) {
            let frames: [Vec<f32>; LANES] = std::array::from_fn(|lane| {
                (0..len).map(|n| (n as f32 * (0.3 + lane as f32)).sin() + 0.1 * (n % 7) as f32).collect()
            });
            // What this machine takes, and what the browser does.
            for mut fft in [RealFft::new(len), RealFft::Chirp(Chirp::new(len))] {
                let mut power = vec![Lanes::ZERO; len / 2 + 1];
                fft.power(std::array::from_fn(|lane| &frames[lane][..]), &vec![1.0; len], &mut power);
                for (lane, frame) in frames.iter().enumerate() {
                    let energy: f64 = frame.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() * len as f64;
                    for (bin, power) in power.iter().enumerate() {
                        let difference = f64::from(power.as_array()[lane]) - expected(frame, bin);
                        assert!(difference.abs() <= 2e-6 * energy, "length {len}, bin {bin}: off by {difference:e}");
                    }
                }
            }
        }
    }
}
