//! The mood CNN: four convolutions over time, attention pooling, a side branch of clip statistics.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};

use super::blocks::{AttentionPool, ConvBlock, NetInput, Statistics};
use super::card::Widths;
use super::dropout::Dropout;
use super::initial::Initial;
use super::model::Sizes;

/// Convolutional network over a window of frames.
#[derive(Module, Debug)]
pub struct MoodCnn {
    pub(super) blocks: Vec<ConvBlock>,
    pub(super) pool: AttentionPool,
    pub(super) statistics: Statistics,
    dropout: Dropout,
    pub(super) head: Linear,
}

impl MoodCnn {
    /// A network of these sizes.
    pub(super) fn new<I: Initial>(sizes: Sizes, widths: Widths, device: &Device) -> Self {
        let Sizes { columns, outputs, .. } = sizes;
        let Widths { channels, statistics, .. } = widths;
        let block = |input, dilation, halve| ConvBlock::new::<I>([input, channels], dilation, halve, 0.3, device);
        MoodCnn {
            blocks: vec![
                block(columns, 1, true),
                block(channels, 1, true),
                block(channels, 2, false),
                block(channels, 4, false),
            ],
            pool: AttentionPool::new::<I>(channels, device),
            statistics: Statistics::new::<I>(sizes, statistics, 0.3, device),
            dropout: Dropout::new(0.4),
            head: I::linear(2 * channels + Statistics::outputs(sizes, statistics), outputs, device),
        }
    }

    /// Logits, `[batch, outputs]`.
    pub fn forward(&self, input: NetInput) -> Tensor<2> {
        let statistics = self.statistics.forward(&input);
        let deep = self.blocks.iter().fold(input, |input, block| block.forward(input));
        let pooled = self.pool.forward(deep);
        self.head.forward(self.dropout.forward(Tensor::cat(vec![pooled, statistics], 1)))
    }
}
