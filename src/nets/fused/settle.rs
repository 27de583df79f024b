//! What follows a convolution: batch norm (Ioffe & Szegedy 2015), ReLU, padding set back to zero, max-pooling by two.

use burn::tensor::Tensor;
use ndarray::{Array1, Array3, ArrayD};

use super::{Function, apply, constant, ranked};

/// What [`settle`] gives.
pub struct Settled {
    /// `[channels, batch, time]`, or half the frames.
    pub frames: Tensor<3>,
    /// Of the batch, `[channels]`, padding included.
    pub mean: Tensor<1>,
    /// The same; divided by the number of frames.
    pub variance: Tensor<1>,
}

/// Norms each channel of `frames` `[channels, batch, time]` over the batch, to a spread of `gamma` about `beta`; takes what is above
/// nought; multiplies it by `mask` `[1, batch, time]`; and, if it is to `halve`, takes the larger one of each two neighbours.
pub fn settle(
    frames: Tensor<3>,
    [gamma, beta]: [Tensor<1>; 2],
    epsilon: f64,
    mask: Option<Tensor<3>>,
    halve: bool,
) -> Settled {
    let device = frames.device();
    let mask = mask.map(constant);
    let function = Settle { epsilon: epsilon as f32, mask, halve };
    let (frames, kept) = apply(function, [frames.into_dispatch(), gamma.into_dispatch(), beta.into_dispatch()]);
    let per_channel = |of: fn(&Norm) -> f32| {
        let values: Vec<f32> = kept.norms.iter().map(of).collect();
        Tensor::from_floats(values.as_slice(), &device)
    };
    Settled { frames, mean: per_channel(|norm| norm.mean), variance: per_channel(|norm| norm.variance) }
}

#[derive(Debug)]
struct Settle {
    epsilon: f32,
    /// `[1, batch, time]`
    mask: Option<ArrayD<f32>>,
    halve: bool,
}

#[derive(Debug)]
struct Kept {
    frames: Array3<f32>,
    norms: Vec<Norm>,
}

/// How a channel is normed.
#[derive(Debug, Clone, Copy)]
struct Norm {
    mean: f32,
    variance: f32,
    /// One over the standard deviation.
    precision: f32,
    gamma: f32,
    beta: f32,
}

impl Norm {
    fn of(frames: &[f32], epsilon: f32, gamma: f32, beta: f32) -> Norm {
        let count = frames.len() as f32;
        let mean = sum([frames], |[x]| x) / count;
        let variance = sum([frames], |[x]| (x - mean) * (x - mean)) / count;
        Norm { mean, variance, precision: 1.0 / (variance + epsilon).sqrt(), gamma, beta }
    }
}

/// The sum of a function's values, in lanes that the compiler makes vector instructions of.
fn sum<const N: usize>(inputs: [&[f32]; N], of: impl Fn([f32; N]) -> f32) -> f32 {
    const LANES: usize = 16;
    let mut sums = [0.0f32; LANES];
    let count = inputs[0].len();
    let whole = count / LANES * LANES;
    for start in (0..whole).step_by(LANES) {
        let lanes = inputs.map(|input| &input[start..start + LANES]);
        for (k, sum) in sums.iter_mut().enumerate() {
            *sum += of(lanes.map(|lane| lane[k]));
        }
    }
    let rest: f32 = (whole..count).map(|k| of(inputs.map(|input| input[k]))).sum();
    sums.iter().sum::<f32>() + rest
}

impl Settle {
    /// A channel after norm, ReLU and mask.
    fn raised(&self, frames: &[f32], norm: &Norm, raised: &mut [f32]) {
        let scale = norm.gamma * norm.precision;
        let shift = norm.beta - norm.mean * scale;
        for (raised, frame) in raised.iter_mut().zip(frames) {
            *raised = (frame * scale + shift).max(0.0);
        }
        if let Some(mask) = &self.mask {
            raised.iter_mut().zip(mask).for_each(|(raised, mask)| *raised *= mask);
        }
    }
}

impl Function<3> for Settle {
    type Kept = Kept;

    fn forward(&self, [frames, gamma, beta]: [ArrayD<f32>; 3]) -> (ArrayD<f32>, Kept) {
        let frames: Array3<f32> = ranked(frames);
        let (gamma, beta): (Array1<f32>, Array1<f32>) = (ranked(gamma), ranked(beta));
        let (channels, batch, time) = frames.dim();
        let rows = frames.as_slice().expect("values side by side").chunks_exact((batch * time).max(1));
        let factors = gamma.iter().zip(&beta);
        let norms = rows.clone().zip(factors).map(|(row, (gamma, beta))| Norm::of(row, self.epsilon, *gamma, *beta));
        let norms: Vec<Norm> = norms.collect();
        let left = if self.halve { time / 2 } else { time };
        let mut output = Vec::with_capacity(channels * batch * left);
        let mut raised = vec![0.0; batch * time];
        for (row, norm) in rows.zip(&norms) {
            self.raised(row, norm, &mut raised);
            if self.halve {
                for stretch in raised.chunks_exact(time.max(1)) {
                    output.extend(stretch.as_chunks().0.iter().map(|[a, b]| a.max(*b)));
                }
            } else {
                output.extend_from_slice(&raised);
            }
        }
        let output = Array3::from_shape_vec((channels, batch, left), output).expect("all channels");
        (output.into_dyn(), Kept { frames, norms })
    }

    fn backward(&self, kept: &Kept, output: ArrayD<f32>, wanted: [bool; 3]) -> [Option<ArrayD<f32>>; 3] {
        let (channels, batch, time) = kept.frames.dim();
        let (all, left) = (batch * time, if self.halve { time / 2 } else { time });
        let count = all as f32;
        let output = output.as_slice().expect("values side by side");
        let frames = kept.frames.as_slice().expect("values side by side");
        let mut by_frames = vec![0.0; channels * all];
        let (mut by_gamma, mut by_beta) = (Vec::with_capacity(channels), Vec::with_capacity(channels));
        let mut raised = vec![0.0; all];
        let channels_of = frames.chunks_exact(all.max(1)).zip(by_frames.chunks_exact_mut(all.max(1)));
        for (channel, (frames, by_frames)) in channels_of.enumerate() {
            let norm = &kept.norms[channel];
            self.raised(frames, norm, &mut raised);
            // First the gradient by what the norm gives, which is taken on from there in place.
            let given = &output[channel * batch * left..(channel + 1) * batch * left];
            if self.halve {
                let stretches = by_frames.chunks_exact_mut(time.max(1)).zip(raised.chunks_exact(time.max(1)));
                for ((by_frames, raised), given) in stretches.zip(given.chunks_exact(left.max(1))) {
                    let pairs = by_frames.as_chunks_mut().0.iter_mut().zip(raised.as_chunks().0);
                    for ((by_pair, [a, b]), given) in pairs.zip(given) {
                        *by_pair = if b > a { [0.0, *given] } else { [*given, 0.0] };
                    }
                }
            } else {
                by_frames.copy_from_slice(given);
            }
            for (by_frame, raised) in by_frames.iter_mut().zip(&raised) {
                *by_frame = if *raised > 0.0 { *by_frame } else { 0.0 };
            }
            if let Some(mask) = &self.mask {
                by_frames.iter_mut().zip(mask).for_each(|(by_frame, mask)| *by_frame *= mask);
            }
            let normed = |x: f32| (x - norm.mean) * norm.precision;
            let beta = sum([by_frames], |[g]| g);
            let gamma = sum([by_frames, frames], |[g, x]| g * normed(x));
            let (scale, beta_each, gamma_each) = (norm.gamma * norm.precision, beta / count, gamma / count);
            for (by_frame, x) in by_frames.iter_mut().zip(frames) {
                *by_frame = scale * (*by_frame - beta_each - normed(*x) * gamma_each);
            }
            by_gamma.push(gamma);
            by_beta.push(beta);
        }
        let by_frames = Array3::from_shape_vec((channels, batch, time), by_frames).expect("all channels");
        [
            wanted[0].then(|| by_frames.into_dyn()),
            Some(Array1::from(by_gamma).into_dyn()),
            Some(Array1::from(by_beta).into_dyn()),
        ]
    }
}
