//! The mood CNN: four convolutions over time, attention pooling, a side branch of clip statistics.

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor};

use super::blocks::{AttentionPool, ConvBlock, NetInput, Statistics};
use super::dropout::Dropout;

/// Convolutional network over a window of MFCC frames.
#[derive(Module, Debug)]
pub struct MoodCnn {
    blocks: Vec<ConvBlock>,
    pool: AttentionPool,
    statistics: Statistics,
    dropout: Dropout,
    head: Linear,
}

impl MoodCnn {
    /// A network with random weights: `coefficients` a frame, `channels` in every convolution, `outputs` logits.
    pub fn new(coefficients: usize, channels: usize, outputs: usize, device: &Device) -> Self {
        let block = |input, dilation, halve| ConvBlock::new([input, channels], dilation, halve, 0.3, device);
        MoodCnn {
            blocks: vec![
                block(coefficients, 1, true),
                block(channels, 1, true),
                block(channels, 2, false),
                block(channels, 4, false),
            ],
            pool: AttentionPool::new(channels, device),
            statistics: Statistics::new(coefficients, 0.3, device),
            dropout: Dropout::new(0.4),
            head: LinearConfig::new(2 * channels + 3 * coefficients, outputs).init(device),
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
