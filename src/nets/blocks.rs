//! What the two mood networks are made of.

use burn::module::Module;
use burn::nn::conv::Conv1d;
use burn::nn::{BatchNorm, Linear};
use burn::tensor::activation::{relu, softmax};
use burn::tensor::module::max_pool1d;
use burn::tensor::ops::MaxPoolOptions;
use burn::tensor::{Device, Tensor};

use super::dropout::Dropout;
use super::functional_head::FunctionalHead;
use super::initial::{EPSILON, Initial};
use super::model::Sizes;
use super::voice_head::{KnownVoices, VoiceHead};

/// How far the values of a summary count, in standard deviations: what lies beyond has not been learnt.
pub(super) const SUMMARY_BOUND: f64 = 4.0;

/// A batch of prepared stretches of frames.
///
/// Columns come before stretches, so that a convolution is one product of its filters and all frames of the batch, and batch norm finds
/// what belongs to a column side by side. With the batch first, burn copies either.
#[derive(Debug, Clone)]
pub struct NetInput {
    /// `[columns, batch, frames]`, z-scored; zero where the mask is zero.
    pub frames: Tensor<3>,
    /// `[1, batch, frames]`: 1 where there is a frame, 0 where a stretch was too short and is padded at
    /// its end. `None` when nothing is padded.
    pub mask: Option<Tensor<3>>,
    /// `[batch, values]`, z-scored: what is known of each stretch as a whole. `None` for voices.
    pub summary: Option<Tensor<2>>,
    /// Where the voices of the stretches are known; `None` for any voice.
    pub voices: Option<KnownVoices>,
    /// `[batch, values]`: the [functionals](super::Functionals) of the stretches, where there is a head for them.
    pub functionals: Option<Tensor<2>>,
}

impl NetInput {
    /// What the next layer is given: frames alone.
    pub(super) fn deeper(frames: Tensor<3>, mask: Option<Tensor<3>>) -> NetInput {
        NetInput { frames, mask, summary: None, voices: None, functionals: None }
    }

    /// Number of frames of each stretch, `[1, batch, 1]`, or `[1, 1, 1]` where nothing is padded.
    fn count(&self) -> Tensor<3> {
        let [_, _, n_frames] = self.frames.dims();
        match &self.mask {
            Some(mask) => mask.clone().sum_dim(2),
            None => Tensor::full([1, 1, 1], n_frames as f64, &self.frames.device()),
        }
    }

    /// The mean of each column over a stretch, `[columns, batch, 1]`, and the frames relative to it.
    fn centred(&self) -> (Tensor<3>, Tensor<3>) {
        let mean = self.frames.clone().sum_dim(2) / self.count();
        (mean.clone(), NetInput::masked(self.frames.clone() - mean, self.mask.as_ref()))
    }

    /// Frames with each value a second time, relative to the mean of its column over the stretch: `[2 · columns, batch, frames]`.
    /// What a voice does is heard apart from what it is like.
    pub fn with_relative(self) -> NetInput {
        let (_, centred) = self.centred();
        NetInput { frames: Tensor::cat(vec![self.frames, centred], 0), ..self }
    }

    fn masked(tensor: Tensor<3>, mask: Option<&Tensor<3>>) -> Tensor<3> {
        match mask {
            Some(mask) => tensor * mask.clone(),
            None => tensor,
        }
    }
}

/// Convolution over time (5 frames), batch norm, ReLU, optionally max-pooling by two, dropout.
///
/// Padded frames are set back to zero after each block, so a padded stretch gives what the same stretch
/// gives alone.
#[derive(Module, Debug)]
pub struct ConvBlock {
    pub(super) conv: Conv1d,
    pub(super) norm: BatchNorm,
    dropout: Dropout,
    #[module(skip)]
    pub(super) halve: bool,
}

impl ConvBlock {
    /// `dilation` frames between the filter's taps; `halve` the number of frames at the end.
    pub fn new<I: Initial>(channels: [usize; 2], dilation: usize, halve: bool, dropout: f64, device: &Device) -> Self {
        ConvBlock {
            conv: I::conv1d(channels, 5, dilation, device),
            norm: I::norm(channels[1], EPSILON, device),
            dropout: Dropout::new(dropout),
            halve,
        }
    }

    /// `[channels, batch, frames]` to the same, or to half the frames.
    pub fn forward(&self, input: NetInput) -> NetInput {
        let mask = match (input.mask.clone(), self.halve) {
            (Some(mask), true) => Some(max_pool1d(mask, pairs())),
            (mask, _) => mask,
        };
        #[cfg(feature = "train")]
        if super::fused::serves(&input.frames.device()) {
            let frames = self.dropout.forward(self.learn(input));
            return NetInput::deeper(frames, mask);
        }
        let frames = self.conv.forward(input.frames.swap_dims(0, 1));
        let frames = relu(self.norm.forward(frames)).swap_dims(0, 1);
        let frames = NetInput::masked(frames, input.mask.as_ref());
        let frames = if self.halve { max_pool1d(frames, pairs()) } else { frames };
        NetInput::deeper(self.dropout.forward(frames), mask)
    }

    /// All but the dropout, where it learns.
    #[cfg(feature = "train")]
    fn learn(&self, NetInput { frames, mask, .. }: NetInput) -> Tensor<3> {
        use super::fused::{Settled, convolve, settle};

        let weight = self.conv.weight.val();
        let bias = self.conv.bias.as_ref().map(|bias| bias.val());
        let bias = bias.unwrap_or_else(|| Tensor::zeros([weight.dims()[0]], &frames.device()));
        let frames = convolve(frames, weight, bias, self.conv.dilation);
        let BatchNorm { gamma, beta, running_mean, running_var, momentum, epsilon, .. } = &self.norm;
        let Settled { frames, mean, variance } = settle(frames, [gamma.val(), beta.val()], *epsilon, mask, self.halve);
        for (running, batch) in [(running_mean, mean), (running_var, variance)] {
            // As burn's own layer does it.
            running.update((running.value_sync() * (1.0 - momentum) + batch * *momentum).detach());
        }
        frames
    }
}

fn pairs() -> MaxPoolOptions<1> {
    MaxPoolOptions::new([2]).with_stride([2])
}

/// Mean and spread over time, each frame weighted by how telling it is (Okabe et al. 2018, *Attentive
/// statistics pooling*): `w = softmax(linear(tanh h))`.
#[derive(Module, Debug)]
pub struct AttentionPool {
    pub(super) score: Linear,
}

impl AttentionPool {
    /// For `channels` channels.
    pub fn new<I: Initial>(channels: usize, device: &Device) -> Self {
        AttentionPool { score: I::linear(channels, 1, device) }
    }

    /// `[channels, batch, frames]` to `[batch, 2 · channels]`: weighted means, then standard deviations.
    pub fn forward(&self, input: NetInput) -> Tensor<2> {
        let NetInput { frames, mask, .. } = input;
        let [channels, batch, n_frames] = frames.dims();
        let telling = frames.clone().tanh().reshape([channels, batch * n_frames]);
        let scores = self.score.weight.val().swap_dims(0, 1).matmul(telling).reshape([1, batch, n_frames]);
        let scores = match &self.score.bias {
            Some(bias) => scores + bias.val().reshape([1, 1, 1]),
            None => scores,
        };
        let scores = match mask {
            // Far below any score, yet finite: a row of nothing but padding stays a number.
            Some(mask) => scores + (mask - 1.0) * 1e4,
            None => scores,
        };
        let weights = softmax(scores, 2);
        let mean = (frames.clone() * weights.clone()).sum_dim(2);
        let variance = ((frames - mean.clone()).powi_scalar(2) * weights).sum_dim(2);
        let std = (variance + 1e-5).sqrt();
        Tensor::cat(vec![mean, std], 0).squeeze_dim::<2>(2).swap_dims(0, 1)
    }
}

/// Share of the pooled values that are left out in training. A network that is told a summary learns little more from the frames of a few
/// hundred songs, and soon knows them by heart.
pub fn pooled_dropout(sizes: Sizes) -> f64 {
    if sizes.summary > 0 { 0.9 } else { 0.0 }
}

/// The side branch: per coefficient mean, standard deviation and root mean square of the change from frame
/// to frame, over the whole stretch, and the summary where there is one; then, if it is given a width, a hidden layer. What
/// the study's network saw, and more.
#[derive(Module, Debug)]
pub struct Statistics {
    pub(super) norm: BatchNorm,
    dropout: Dropout,
    pub(super) hidden: Option<Linear>,
}

impl Statistics {
    /// For `columns` values a frame and `summary` values of the stretch as a whole; `width` units in the hidden layer, 0 for none.
    pub fn new<I: Initial>(Sizes { columns, summary, .. }: Sizes, width: usize, dropout: f64, device: &Device) -> Self {
        let values = 3 * columns + summary;
        Statistics {
            norm: I::norm(values, EPSILON, device),
            dropout: Dropout::new(dropout),
            hidden: (width > 0).then(|| I::linear(values, width, device)),
        }
    }

    /// Number of values that come out.
    pub const fn outputs(Sizes { columns, summary, .. }: Sizes, width: usize) -> usize {
        if width > 0 { width } else { 3 * columns + summary }
    }

    /// `[columns, batch, frames]` to `[batch, 3 · columns]`: means, standard deviations, root mean squares of the change.
    pub fn measure(input: &NetInput) -> Tensor<2> {
        let [_, _, n_frames] = input.frames.dims();
        let frames = input.frames.clone();
        let count = input.count();
        let deltas_valid = input.mask.as_ref().map(|mask| mask.clone().narrow(2, 1, n_frames - 1));
        let (mean, centred) = input.centred();
        let std = (centred.powi_scalar(2).sum_dim(2) / count.clone() + 1e-5).sqrt();
        let later = frames.clone().narrow(2, 1, n_frames - 1);
        let earlier = frames.narrow(2, 0, n_frames - 1);
        let deltas = NetInput::masked(later - earlier, deltas_valid.as_ref());
        let n_deltas = (count - 1.0).clamp_min(1.0);
        let delta_rms = (deltas.powi_scalar(2).sum_dim(2) / n_deltas + 1e-5).sqrt();
        Tensor::cat(vec![mean, std, delta_rms], 0).squeeze_dim::<2>(2).swap_dims(0, 1)
    }

    /// What was [measured](Statistics::measure), with the summary where there is one, to `[batch, width]`, or to
    /// `[batch, 3 · columns + summary]` without a hidden layer.
    pub fn forward(&self, measured: Tensor<2>, summary: Option<&Tensor<2>>) -> Tensor<2> {
        let mut all = measured;
        if let Some(summary) = summary {
            all = Tensor::cat(vec![all, summary.clone().clamp(-SUMMARY_BOUND, SUMMARY_BOUND)], 1);
        }
        let known = self.dropout.forward(self.norm.forward(all));
        match &self.hidden {
            Some(hidden) => relu(hidden.forward(known)),
            None => known,
        }
    }
}

/// What both networks know of a stretch besides its frames.
pub(super) struct Beside {
    statistics: Tensor<2>,
    /// What heads of their own add to the logits.
    more: Vec<Tensor<2>>,
}

impl Beside {
    /// Of a batch, before its frames are given away.
    pub(super) fn of(
        input: &NetInput,
        statistics: &Statistics,
        voice_head: Option<&VoiceHead>,
        functional_head: Option<&FunctionalHead>,
    ) -> Beside {
        let measured = Statistics::measure(input);
        let known = input.voices.as_ref().map(|voices| voices.functionals.clone());
        let of_voice = voice_head.zip(input.voices.clone());
        let of_voice = of_voice.map(|(head, voices)| head.forward(measured.clone(), voices));
        let functionals = functional_head.zip(input.functionals.clone());
        let of_functionals = functionals.map(|(head, functionals)| head.forward(functionals, known));
        Beside {
            more: of_voice.into_iter().chain(of_functionals).collect(),
            statistics: statistics.forward(measured, input.summary.as_ref()),
        }
    }

    /// The logits, once the frames are pooled.
    pub(super) fn logits(self, pooled: Tensor<2>, dropout: &Dropout, head: &Linear) -> Tensor<2> {
        let logits = head.forward(dropout.forward(Tensor::cat(vec![pooled, self.statistics], 1)));
        self.more.into_iter().fold(logits, |logits, more| logits + more)
    }
}
