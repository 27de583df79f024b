//! The mood RNN: two convolutions that shorten the sequence, a bidirectional LSTM, attention pooling, the
//! same side branch as the CNN.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};

use super::blocks::{AttentionPool, Beside, ConvBlock, NetInput, Statistics, pooled_dropout};
use super::card::Widths;
use super::dropout::Dropout;
use super::functional_head::FunctionalHead;
use super::initial::Initial;
use super::lstm::BiLstm;
use super::model::Sizes;
use super::voice_head::VoiceHead;

/// Recurrent network over a window of frames.
#[derive(Module, Debug)]
pub struct MoodRnn {
    pub(super) blocks: Vec<ConvBlock>,
    pub(super) lstm: BiLstm,
    pub(super) pool: AttentionPool,
    pub(super) statistics: Statistics,
    pooled_dropout: Dropout,
    dropout: Dropout,
    pub(super) head: Linear,
    pub(super) voice_head: Option<VoiceHead>,
    pub(super) functional_head: Option<FunctionalHead>,
}

impl MoodRnn {
    /// A network of these sizes.
    pub(super) fn new<I: Initial>(sizes: Sizes, widths: Widths, device: &Device) -> Self {
        let Sizes { columns, outputs, .. } = sizes;
        let Widths { channels, hidden, statistics, voice, functionals, .. } = widths;
        let block = |input| ConvBlock::new::<I>([input, channels], 1, true, 0.3, device);
        MoodRnn {
            blocks: vec![block(columns), block(channels)],
            lstm: BiLstm::of::<I>(channels, hidden, device),
            pool: AttentionPool::new::<I>(2 * hidden, device),
            statistics: Statistics::new::<I>(sizes, statistics, 0.3, device),
            pooled_dropout: Dropout::new(pooled_dropout(sizes)),
            dropout: Dropout::new(0.4),
            head: I::linear(4 * hidden + Statistics::outputs(sizes, statistics), outputs, device),
            voice_head: voice.then(|| VoiceHead::new::<I>(sizes, device)),
            functional_head: functionals.then(|| FunctionalHead::new::<I>(sizes, voice, device)),
        }
    }

    /// Logits, `[batch, outputs]`.
    pub fn forward(&self, input: NetInput) -> Tensor<2> {
        let beside = Beside::of(&input, &self.statistics, self.voice_head.as_ref(), self.functional_head.as_ref());
        let NetInput { frames, mask, .. } = self.blocks.iter().fold(input, |input, block| block.forward(input));
        let sequence_mask = mask.clone().map(|mask| mask.squeeze_dim(0));
        let states = self.lstm.forward(frames.permute([1, 2, 0]), sequence_mask).permute([2, 0, 1]);
        let pooled = self.pool.forward(NetInput::deeper(states, mask));
        let pooled = self.pooled_dropout.forward(pooled);
        beside.logits(pooled, &self.dropout, &self.head)
    }
}
