//! The mood CNN: four convolutions over time, attention pooling, a side branch of clip statistics.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};

use super::blocks::{AttentionPool, Beside, ConvBlock, NetInput, Statistics, pooled_dropout};
use super::card::Widths;
use super::dropout::Dropout;
use super::functional_head::FunctionalHead;
use super::initial::Initial;
use super::model::Sizes;
use super::voice_head::VoiceHead;

/// Convolutional network over a window of frames.
#[derive(Module, Debug)]
pub struct MoodCnn {
    #[module(skip)]
    pub(super) relative: bool,
    pub(super) blocks: Vec<ConvBlock>,
    pub(super) pool: AttentionPool,
    pub(super) statistics: Statistics,
    pooled_dropout: Dropout,
    dropout: Dropout,
    pub(super) head: Linear,
    pub(super) voice_head: Option<VoiceHead>,
    pub(super) functional_head: Option<FunctionalHead>,
}

impl MoodCnn {
    /// A network of these sizes.
    pub(super) fn new<I: Initial>(sizes: Sizes, widths: Widths, device: &Device) -> Self {
        let Sizes { columns, outputs, .. } = sizes;
        let Widths { channels, statistics, relative, voice, functionals, .. } = widths;
        let block = |input, dilation, halve| ConvBlock::new::<I>([input, channels], dilation, halve, 0.3, device);
        MoodCnn {
            relative,
            blocks: vec![
                block(if relative { 2 * columns } else { columns }, 1, true),
                block(channels, 1, true),
                block(channels, 2, false),
                block(channels, 4, false),
            ],
            pool: AttentionPool::new::<I>(channels, device),
            statistics: Statistics::new::<I>(sizes, statistics, 0.3, device),
            pooled_dropout: Dropout::new(pooled_dropout(sizes)),
            dropout: Dropout::new(0.4),
            head: I::linear(2 * channels + Statistics::outputs(sizes, statistics), outputs, device),
            voice_head: voice.then(|| VoiceHead::new::<I>(sizes, device)),
            functional_head: functionals.then(|| FunctionalHead::new::<I>(sizes, voice, device)),
        }
    }

    /// Logits, `[batch, outputs]`.
    pub fn forward(&self, input: NetInput) -> Tensor<2> {
        let beside = Beside::of(&input, &self.statistics, self.voice_head.as_ref(), self.functional_head.as_ref());
        let input = if self.relative { input.with_relative() } else { input };
        let deep = self.blocks.iter().fold(input, |input, block| block.forward(input));
        let pooled = self.pool.forward(deep);
        let pooled = self.pooled_dropout.forward(pooled);
        beside.logits(pooled, &self.dropout, &self.head)
    }
}
