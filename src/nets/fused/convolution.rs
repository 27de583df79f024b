//! A convolution over time.

use std::ops::Range;

use burn::tensor::Tensor;
use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, Array3, ArrayD, ArrayView2, Axis, s};

use super::{Function, apply, ranked};

/// Columns of a matrix product: stretches are taken together until there are that many, so that what one product reads stays in the
/// cache until the next one needs it.
const COLUMNS: usize = 512;

/// `frames` `[inputs, batch, time]`, set about with zeros, to `[outputs, batch, time]`. `weight` is `[outputs, inputs, taps]`, with
/// `dilation` frames between taps; `bias` `[outputs]`.
pub fn convolve(frames: Tensor<3>, weight: Tensor<3>, bias: Tensor<1>, dilation: usize) -> Tensor<3> {
    apply(Convolve { dilation }, [frames.into_dispatch(), weight.into_dispatch(), bias.into_dispatch()]).0
}

#[derive(Debug)]
struct Convolve {
    dilation: usize,
}

#[derive(Debug)]
struct Kept {
    frames: Array3<f32>,
    weight: Array3<f32>,
}

impl Kept {
    /// `[outputs, inputs · taps]`
    fn filters(&self) -> ArrayView2<'_, f32> {
        let (outputs, inputs, taps) = self.weight.dim();
        self.weight.view().into_shape_with_order((outputs, inputs * taps)).expect("the last two axes in one")
    }

    /// Stretches that are taken together.
    fn groups(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let (_, batch, time) = self.frames.dim();
        let size = (COLUMNS / time.max(1)).max(1);
        (0..batch).step_by(size).map(move |first| first..(first + size).min(batch))
    }
}

/// Where the frames that a tap reads and those it writes to lie in a stretch.
fn overlap(time: usize, tap: usize, taps: usize, dilation: usize) -> (Range<usize>, Range<usize>) {
    let (ahead, back) = (tap * dilation, (taps - 1) / 2 * dilation);
    if ahead >= back {
        let shift = (ahead - back).min(time);
        (shift..time, 0..time - shift)
    } else {
        let shift = (back - ahead).min(time);
        (0..time - shift, shift..time)
    }
}

impl Convolve {
    /// What the filters see of a group of stretches: `[inputs · taps, stretches · time]`.
    fn seen(&self, kept: &Kept, group: Range<usize>) -> Array2<f32> {
        let (_, inputs, taps) = kept.weight.dim();
        let time = kept.frames.dim().2;
        let mut seen = Array3::zeros((inputs * taps, group.len(), time));
        for (input, frames) in kept.frames.outer_iter().enumerate() {
            for tap in 0..taps {
                let (from, to) = overlap(time, tap, taps, self.dilation);
                let mut seen = seen.slice_mut(s![input * taps + tap, .., to]);
                seen.assign(&frames.slice(s![group.clone(), from]));
            }
        }
        seen.into_shape_with_order((inputs * taps, group.len() * time)).expect("the last two axes in one")
    }

    /// Adds the gradient with respect to what the filters saw to that with respect to the frames.
    fn spread(&self, seen: Array2<f32>, group: Range<usize>, taps: usize, by_frames: &mut Array3<f32>) {
        let (inputs, _, time) = by_frames.dim();
        let seen = seen.into_shape_with_order((inputs * taps, group.len(), time)).expect("as it was given");
        for (input, mut frames) in by_frames.outer_iter_mut().enumerate() {
            for tap in 0..taps {
                let (from, to) = overlap(time, tap, taps, self.dilation);
                let mut frames = frames.slice_mut(s![group.clone(), from]);
                frames += &seen.slice(s![input * taps + tap, .., to]);
            }
        }
    }
}

impl Function<3> for Convolve {
    type Kept = Kept;

    fn forward(&self, [frames, weight, bias]: [ArrayD<f32>; 3]) -> (ArrayD<f32>, Kept) {
        let kept = Kept { frames: ranked(frames), weight: ranked(weight) };
        let (_, batch, time) = kept.frames.dim();
        let bias: Array1<f32> = ranked(bias);
        let column = bias.insert_axis(Axis(1));
        let mut output = Array2::zeros((column.nrows(), batch * time));
        for group in kept.groups() {
            let mut columns = output.slice_mut(s![.., group.start * time..group.end * time]);
            columns += &column;
            general_mat_mul(1.0, &kept.filters(), &self.seen(&kept, group), 1.0, &mut columns);
        }
        let output = output.into_shape_with_order((column.nrows(), batch, time)).expect("the last axis in two");
        (output.into_dyn(), kept)
    }

    fn backward(&self, kept: &Kept, output: ArrayD<f32>, wanted: [bool; 3]) -> [Option<ArrayD<f32>>; 3] {
        let (inputs, batch, time) = kept.frames.dim();
        let (outputs, _, taps) = kept.weight.dim();
        let output = output.into_shape_with_order((outputs, batch * time)).expect("as it was given");
        let mut by_filters = Array2::zeros((outputs, inputs * taps));
        let mut by_frames = wanted[0].then(|| Array3::zeros((inputs, batch, time)));
        for group in kept.groups() {
            let columns = output.slice(s![.., group.start * time..group.end * time]);
            general_mat_mul(1.0, &columns, &self.seen(kept, group.clone()).t(), 1.0, &mut by_filters);
            if let Some(by_frames) = &mut by_frames {
                self.spread(kept.filters().t().dot(&columns), group, taps, by_frames);
            }
        }
        let by_weight = by_filters.into_shape_with_order((outputs, inputs, taps)).expect("the last axis in two");
        let by_bias = output.sum_axis(Axis(1));
        [by_frames.map(Array3::into_dyn), Some(by_weight.into_dyn()), Some(by_bias.into_dyn())]
    }
}
