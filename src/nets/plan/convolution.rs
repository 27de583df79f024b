//! Convolutions over time, with what follows them.

use burn::nn::conv::Conv1d;

use super::matrix::{After, Matrix, Taps};
use super::pool::raise;
use super::relative::MeanTerm;
use super::{scale_and_shift, values};
use crate::nets::blocks::ConvBlock;

/// A convolution over frames that lie one after the other, `channels` values each.
#[derive(Debug, Clone)]
pub struct Convolution {
    matrix: Matrix,
    channels: usize,
    kernel: usize,
    dilation: usize,
}

/// A burn layer's weights, each output scaled and shifted.
pub struct Folded {
    /// `[output, channel, tap]`.
    weights: Vec<f32>,
    scale: Vec<f32>,
    pub bias: Vec<f32>,
    pub channels: usize,
    pub kernel: usize,
}

impl Folded {
    fn of(conv: &Conv1d, scale: Vec<f32>, shift: &[f32]) -> Folded {
        let [outputs, channels, kernel] = conv.weight.lazy_shape().dims();
        let bias = conv.bias.as_ref().map_or_else(|| vec![0.0; outputs], |bias| values(bias.val()));
        let bias = bias.iter().zip(&scale).zip(shift).map(|((bias, scale), shift)| bias * scale + shift).collect();
        Folded { weights: values(conv.weight.val()), scale, bias, channels, kernel }
    }

    /// One of them.
    pub fn weight(&self, output: usize, channel: usize, tap: usize) -> f32 {
        self.weights[(output * self.channels + channel) * self.kernel + tap] * self.scale[output]
    }
}

impl Convolution {
    /// Of `channels` values a frame, with `weight(output, channel, tap)`.
    fn new(
        channels: usize,
        layer: &Folded,
        dilation: usize,
        weight: impl Fn(usize, usize, usize) -> f32,
    ) -> Convolution {
        let matrix = Matrix::new(layer.kernel * channels, &layer.bias, |row, output| {
            weight(output, row % channels, row / channels)
        });
        Convolution { matrix, channels, kernel: layer.kernel, dilation }
    }

    /// The weights of a burn layer.
    pub fn of(conv: &Conv1d) -> Convolution {
        let [outputs, _, _] = conv.weight.lazy_shape().dims();
        let layer = Folded::of(conv, vec![1.0; outputs], &vec![0.0; outputs]);
        Convolution::new(layer.channels, &layer, conv.dilation, |output, channel, tap| {
            layer.weight(output, channel, tap)
        })
    }

    /// Frames of zeros that the input has before its first frame and after its last.
    pub fn margin(&self) -> usize {
        self.kernel / 2 * self.dilation
    }

    /// Values of a frame that goes in.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Values of a frame that comes out.
    pub fn outputs(&self) -> usize {
        self.matrix.outputs()
    }

    /// As many frames as there is room for in `output`; frame `t` reads `input` from frame `place(t)` on.
    pub fn apply(&self, input: &[f32], place: impl Fn(usize) -> usize, output: &mut [f32]) {
        let taps = match self.dilation {
            1 => Taps::ONE,
            dilation => Taps { taps: self.kernel, stride: dilation * self.channels },
        };
        self.matrix.convolve(input, taps, |row| place(row) * self.channels, output, After::Relu);
    }
}

/// Frames with a margin of zeros at both ends.
#[derive(Debug, Clone, Default)]
pub struct Framed {
    values: Vec<f32>,
    channels: usize,
    margin: usize,
}

impl Framed {
    /// `n_frames` frames of zeros with a margin around them.
    pub fn reset(&mut self, n_frames: usize, channels: usize, margin: usize) {
        self.values.clear();
        self.values.resize((n_frames + 2 * margin) * channels, 0.0);
        self.channels = channels;
        self.margin = margin;
    }

    /// The frames without the margin.
    pub fn frames(&self) -> &[f32] {
        &self.values[self.margin * self.channels..self.values.len() - self.margin * self.channels]
    }

    /// The frames without the margin, to be written.
    pub fn frames_mut(&mut self) -> &mut [f32] {
        let (edge, len) = (self.margin * self.channels, self.values.len());
        &mut self.values[edge..len - edge]
    }
}

/// [`ConvBlock`] with its batch norm folded into the convolution.
#[derive(Debug, Clone)]
pub struct Block {
    pub convolution: Convolution,
    /// Where the block reads each frame relative to the mean of its stretch besides.
    mean_term: Option<MeanTerm>,
    halve: bool,
}

impl Block {
    /// The weights of a block.
    pub fn of(block: &ConvBlock) -> Block {
        let layer = Block::folded(block);
        let weight = |output: usize, channel: usize, tap: usize| layer.weight(output, channel, tap);
        let convolution = Convolution::new(layer.channels, &layer, block.conv.dilation, weight);
        Block { convolution, mean_term: None, halve: block.halve }
    }

    /// The weights of a block whose second half of channels is the first half less its mean over time; it is given the first half.
    pub fn relative(block: &ConvBlock) -> Block {
        let layer = Block::folded(block);
        let columns = layer.channels / 2;
        let weight = |output: usize, column: usize, tap: usize| {
            layer.weight(output, column, tap) + layer.weight(output, columns + column, tap)
        };
        let convolution = Convolution::new(columns, &layer, block.conv.dilation, weight);
        Block { convolution, mean_term: Some(MeanTerm::of(&layer)), halve: block.halve }
    }

    fn folded(block: &ConvBlock) -> Folded {
        let (scale, shift) = scale_and_shift(&block.norm);
        Folded::of(&block.conv, scale, &shift)
    }

    /// Frames that come out of `n_frames`, where a window has `room` for more, and the room that is there then. In a batch
    /// with padding the last of an odd number of frames is pooled with a frame of zeros; where there is no padding it is left out.
    pub fn length(&self, n_frames: usize, room: usize) -> (usize, usize) {
        if self.halve { (n_frames.div_ceil(2).min(room / 2), room / 2) } else { (n_frames, room) }
    }

    /// `n_frames` frames of `input` to `output`, which has room for as many as come out. `between` is for results in between.
    pub fn apply(&self, input: &Framed, n_frames: usize, between: &mut Vec<f32>, output: &mut [f32]) {
        if !self.halve {
            return self.convolve(input, output);
        }
        let channels = self.convolution.outputs();
        between.resize(n_frames * channels, 0.0);
        self.convolve(input, between);
        for (out, pair) in output.chunks_exact_mut(channels).zip(between.chunks(2 * channels)) {
            let (first, second) = pair.split_at(channels);
            out.copy_from_slice(first);
            // After a ReLU nothing lies below the zeros of the padding.
            raise(out, second);
        }
    }

    fn convolve(&self, input: &Framed, output: &mut [f32]) {
        let Convolution { matrix, channels, .. } = &self.convolution;
        match &self.mean_term {
            Some(term) => {
                term.begin(input.frames(), output);
                matrix.convolve_onto(&input.values, |t| t * channels, output, After::Relu);
            }
            None => self.convolution.apply(&input.values, |t| t, output),
        }
    }
}
