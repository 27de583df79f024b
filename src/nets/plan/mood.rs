//! The mood networks.

use super::convolution::{Block, Framed};
use super::dense;
use super::functional_head::FunctionalHead;
use super::lstm::{Direction, Order, Sequences};
use super::matrix::{After, Matrix};
use super::pool::AttentionPool;
use super::statistics::{Statistics, measure};
use super::voice_head::VoiceHead;
use crate::nets::{MoodCnn, MoodRnn, Network, Own};

/// A stretch of frames as a mood network sees it: levelled and z-scored.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stretch {
    /// Frame-major.
    pub frames: Vec<f32>,
    /// What is known of the stretch as a whole; empty for voices.
    pub summary: Vec<f32>,
    /// Its [functionals](crate::nets::Functionals); empty for networks that have no head for them.
    pub functionals: Vec<f32>,
}

/// A mood network, ready to run.
#[derive(Debug, Clone)]
pub struct MoodPlan {
    blocks: Vec<Block>,
    lstm: Option<[Direction; 2]>,
    pool: AttentionPool,
    statistics: Statistics,
    head: Matrix,
    voice_head: Option<VoiceHead>,
    functional_head: Option<FunctionalHead>,
    window_frames: usize,
}

impl MoodPlan {
    /// The plan of a network for windows of so many frames.
    pub fn of(network: &Network, window_frames: usize) -> MoodPlan {
        let relative = matches!(network, Network::Cnn(MoodCnn { relative: true, .. }));
        let (blocks, lstm, pool, statistics, head, voice_head, functional_head) = match network {
            Network::Cnn(MoodCnn { blocks, pool, statistics, head, voice_head, functional_head, .. }) => {
                (blocks, None, pool, statistics, head, voice_head, functional_head)
            }
            Network::Rnn(MoodRnn { blocks, lstm, pool, statistics, head, voice_head, functional_head, .. }) => {
                (blocks, Some(Direction::both(lstm)), pool, statistics, head, voice_head, functional_head)
            }
        };
        MoodPlan {
            blocks: blocks
                .iter()
                .enumerate()
                .map(|(index, block)| if relative && index == 0 { Block::relative(block) } else { Block::of(block) })
                .collect(),
            lstm,
            pool: AttentionPool::of(pool),
            statistics: Statistics::of(statistics),
            head: dense(head),
            voice_head: voice_head.as_ref().map(VoiceHead::of),
            functional_head: functional_head.as_ref().map(FunctionalHead::of),
            window_frames,
        }
    }

    /// What the network gives for each stretch, one after the other; all of a voice that was learnt, where there is an `own`.
    pub fn forward(&self, stretches: &[Stretch], own: Option<&Own>) -> Vec<f32> {
        let columns = self.blocks.first().map_or(0, |block| block.convolution.channels());
        // An LSTM takes the longest first.
        let mut order: Vec<usize> = (0..stretches.len()).collect();
        order.sort_by_key(|index| std::cmp::Reverse(stretches[*index].frames.len()));
        let mut deep = Sequences::default();
        let mut buffers = Buffers::default();
        for index in &order {
            let steps = self.convolve(&stretches[*index].frames, columns, &mut buffers, &mut deep.values);
            deep.steps.push(steps);
        }
        let channels = match &self.lstm {
            Some(lstm) => {
                deep.values = both_ways(lstm, &deep);
                2 * lstm[0].hidden()
            }
            None => self.blocks.last().map_or(columns, |block| block.convolution.outputs()),
        };

        let mut outputs = vec![0.0; stretches.len() * self.head.outputs()];
        let mut start = 0;
        for (index, steps) in order.into_iter().zip(deep.steps) {
            let frames = &deep.values[start * channels..][..steps * channels];
            start += steps;
            let Stretch { frames: input, summary, functionals } = &stretches[index];
            buffers.joined.clear();
            self.pool.append(frames, &mut buffers.between, &mut buffers.joined);
            measure(input, columns, &mut buffers.measured);
            self.statistics.append(&buffers.measured, summary, &mut buffers.between, &mut buffers.joined);
            let outputs = &mut outputs[index * self.head.outputs()..][..self.head.outputs()];
            self.head.apply(&buffers.joined, outputs, After::Linear);
            if let Some((head, own)) = self.voice_head.as_ref().zip(own) {
                head.add(&mut buffers.measured, own, &mut buffers.between, outputs);
            }
            if let Some(head) = &self.functional_head {
                head.add(functionals, own, [&mut buffers.measured, &mut buffers.between], outputs);
            }
        }
        outputs
    }

    /// Appends what the convolutions make of a stretch; the number of frames that are left.
    fn convolve(&self, frames: &[f32], columns: usize, buffers: &mut Buffers, deep: &mut Vec<f32>) -> usize {
        let Buffers { input, output, between, .. } = buffers;
        let margin = |index: usize| self.blocks.get(index).map_or(0, |block| block.convolution.margin());
        let (mut n_frames, mut room) = (frames.len() / columns.max(1), self.window_frames);
        input.reset(n_frames, columns, margin(0));
        input.frames_mut().copy_from_slice(frames);
        for (index, block) in self.blocks.iter().enumerate() {
            let (left, room_left) = block.length(n_frames, room);
            output.reset(left, block.convolution.outputs(), margin(index + 1));
            block.apply(input, n_frames, between, output.frames_mut());
            std::mem::swap(input, output);
            (n_frames, room) = (left, room_left);
        }
        deep.extend_from_slice(input.frames());
        n_frames
    }
}

/// Memory for results in between.
#[derive(Default)]
struct Buffers {
    input: Framed,
    output: Framed,
    between: Vec<f32>,
    measured: Vec<f32>,
    joined: Vec<f32>,
}

/// States of both directions after each step, the forward one's before the reverse one's.
fn both_ways(lstm: &[Direction; 2], sequences: &Sequences) -> Vec<f32> {
    let hidden = lstm[0].hidden();
    let starts: Vec<usize> =
        sequences.steps.iter().scan(0, |next, steps| Some(std::mem::replace(next, *next + steps))).collect();
    let mut states = vec![0.0; sequences.steps.iter().sum::<usize>() * 2 * hidden];
    for (side, (direction, order)) in lstm.iter().zip([Order::Forward, Order::Reverse]).enumerate() {
        direction.scan(sequences, order, |sequence, time, state| {
            let place = ((starts[sequence] + time) * 2 + side) * hidden;
            states[place..place + hidden].copy_from_slice(state);
        });
    }
    states
}
