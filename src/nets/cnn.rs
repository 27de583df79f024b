//! The mood CNN: four convolutions over time, attention pooling, a side branch of clip statistics.

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor};

use super::blocks::{AttentionPool, ConvBlock, NetInput, Statistics};
use super::dropout::Dropout;
use super::model::Sizes;

/// Convolutional network over a window of frames.
#[derive(Module, Debug)]
pub struct MoodCnn {
    blocks: Vec<ConvBlock>,
    pool: AttentionPool,
    statistics: Statistics,
    dropout: Dropout,
    head: Linear,
}

impl MoodCnn {
    /// A network with random weights: `channels` in every convolution.
    pub fn new(sizes: Sizes, channels: usize, device: &Device) -> Self {
        let Sizes { columns, summary, outputs } = sizes;
        let block = |input, dilation, halve| ConvBlock::new([input, channels], dilation, halve, 0.3, device);
        MoodCnn {
            blocks: vec![
                block(columns, 1, true),
                block(channels, 1, true),
                block(channels, 2, false),
                block(channels, 4, false),
            ],
            pool: AttentionPool::new(channels, device),
            statistics: Statistics::new(columns, summary, 0.3, device),
            dropout: Dropout::new(0.4),
            head: LinearConfig::new(2 * channels + Statistics::outputs(columns, summary), outputs).init(device),
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
