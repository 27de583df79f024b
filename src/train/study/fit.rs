//! Training one of the study's networks on one split, as Keras did it.

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer, RmsPropConfig};
use burn::tensor::activation::{log_softmax, softmax};
use burn::tensor::{Device, Tensor, TensorData};
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use super::features::Inputs;
use super::splits::Split;
use crate::mood::{MOOD_COUNT, Mood, Scores};
use crate::nets::dropout;
use crate::nets::study::{StudyCnn, StudyRnn};
use crate::train::metrics::{self, Metrics};

/// Clips in one forward pass without gradients.
const EVALUATION_BATCH: usize = 256;

/// How a network is taught.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// How weights follow gradients.
    pub optimiser: Optimiser,
    /// Clips in a step.
    pub batch_size: usize,
    /// Passes over the training part.
    pub epochs: usize,
    /// Stop after this many epochs in a row without a lower validation loss.
    pub patience: Option<usize>,
}

/// Keras' optimisers with the study's settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Optimiser {
    /// Learning rate 5e-5, ρ 0.9, ε 1e-7 added to the root, no momentum, no decay.
    RmsProp,
    /// Learning rate 1e-3, β 0.9 and 0.999, ε 1e-7.
    Adam,
}

impl Optimiser {
    fn build(self) -> (ModuleOptimizer, f64) {
        match self {
            Optimiser::RmsProp => {
                (RmsPropConfig::new().with_alpha(0.9).with_momentum(0.0).with_epsilon(1e-7).init(), 5e-5)
            }
            Optimiser::Adam => (AdamConfig::new().with_beta_1(0.9).with_beta_2(0.999).with_epsilon(1e-7).init(), 1e-3),
        }
    }
}

/// A network that turns `[batch, …]` into logits `[batch, 8]`.
pub trait StudyNetwork: Module {
    /// The network's forward pass.
    fn logits(&self, input: Tensor<3>) -> Tensor<2>;
}

impl StudyNetwork for StudyCnn {
    fn logits(&self, input: Tensor<3>) -> Tensor<2> {
        self.forward(input)
    }
}

impl StudyNetwork for StudyRnn {
    fn logits(&self, input: Tensor<3>) -> Tensor<2> {
        self.forward(input)
    }
}

/// Share of right answers and mean cross-entropy.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Score {
    /// 0 … 1.
    pub accuracy: f64,
    /// In nats.
    pub loss: f64,
}

impl From<&Metrics> for Score {
    fn from(metrics: &Metrics) -> Self {
        Self { accuracy: metrics.accuracy, loss: metrics.loss }
    }
}

/// Scores after one epoch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Epoch {
    /// Over the epoch's steps, with dropout, as Keras reports it.
    pub train: Score,
    /// Of the validation part; of the test part where there is none.
    pub held_out: Score,
}

/// The network as it was after some epoch.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stage {
    /// Counted from 1.
    pub epoch: usize,
    /// Training part, without dropout.
    pub train: Score,
    /// Test part.
    pub test: Metrics,
}

/// What came of a training.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fitted {
    /// Epoch by epoch.
    pub curve: Vec<Epoch>,
    /// Where training ended.
    pub last: Stage,
    /// Where the validation loss was lowest. Without a validation part, where the test part scored
    /// highest: that looks at the answers, and no network could be chosen so.
    pub best: Stage,
}

/// Training gave no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A part of the split has no clips, or no epoch was asked for.
    #[error("nothing to train on or to test: {train} clips to train, {test} to test, {epochs} epochs")]
    Empty { train: usize, test: usize, epochs: usize },
    /// The loss ran away.
    #[error("the loss of seed {seed} is not a number in epoch {epoch}; the clips' features may be damaged")]
    Diverged { seed: u64, epoch: usize },
}

/// Trains `network` and scores it on what was held out after every epoch.
///
/// Order of clips and dropout follow from `seed` alone. `progress` is called with each epoch's number.
///
/// # Errors
/// [`Error::Empty`], [`Error::Diverged`].
pub fn fit<N: StudyNetwork>(
    network: N,
    inputs: &Inputs,
    split: &Split,
    recipe: &Recipe,
    seed: u64,
    progress: impl Fn(usize),
) -> Result<Fitted, Error> {
    let empty = Error::Empty { train: split.train.len(), test: split.test.len(), epochs: recipe.epochs };
    let device = crate::nets::default_device();
    let training_device = device.clone().autodiff();
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    dropout::seed_thread(generator.random());
    let mut network = network.train();
    let (mut optimiser, rate) = recipe.optimiser.build();
    let mut order = split.train.clone();
    let mut curve: Vec<Epoch> = Vec::with_capacity(recipe.epochs);
    let watched = if split.validation.is_empty() { &split.test } else { &split.validation };
    let stage = |network: &N, epoch| {
        let train = evaluate(network, inputs, &split.train, &device)?;
        let test = evaluate(network, inputs, &split.test, &device)?;
        Some(Stage { epoch, train: Score::from(&train), test })
    };
    let mut best: Option<(f64, Stage)> = None;

    for epoch in 1..=recipe.epochs {
        order.shuffle(&mut generator);
        let (mut loss_sum, mut right) = (0.0, 0);
        for batch in order.chunks(recipe.batch_size.max(1)) {
            let targets = one_hot(inputs, batch, &training_device);
            let logits = network.logits(gather(inputs, batch, &training_device));
            right += count_right(logits.clone().inner(), inputs, batch);
            let loss = -(log_softmax(logits, 1) * targets).sum() / batch.len() as f32;
            let value: f32 = loss.clone().into_scalar();
            if !value.is_finite() {
                return Err(Error::Diverged { seed, epoch });
            }
            loss_sum += f64::from(value) * batch.len() as f64;
            let gradients = GradientsParams::from_grads(loss.backward(), &network);
            network = optimiser.step(rate, network, gradients);
        }

        let trained = network.valid();
        let Some(held_out) = evaluate(&trained, inputs, watched, &device) else { return Err(empty) };
        let count = order.len().max(1) as f64;
        let train = Score { accuracy: right as f64 / count, loss: loss_sum / count };
        curve.push(Epoch { train, held_out: Score::from(&held_out) });
        progress(epoch);

        let badness = if split.validation.is_empty() { -held_out.accuracy } else { held_out.loss };
        if best.as_ref().is_none_or(|(lowest, _)| badness < *lowest) {
            best = stage(&trained, epoch).map(|stage| (badness, stage));
        }
        let since_best = best.as_ref().map_or(0, |(_, stage)| epoch - stage.epoch);
        if recipe.patience.is_some_and(|patience| since_best >= patience) {
            break;
        }
    }

    match (stage(&network.valid(), curve.len()), best) {
        (Some(last), Some((_, best))) => Ok(Fitted { curve, last, best }),
        _ => Err(empty),
    }
}

/// Scores a network without dropout on some examples; `None` for no examples.
fn evaluate<N: StudyNetwork>(network: &N, inputs: &Inputs, indices: &[usize], device: &Device) -> Option<Metrics> {
    let mut predictions: Vec<(Mood, Scores)> = Vec::with_capacity(indices.len());
    for batch in indices.chunks(EVALUATION_BATCH) {
        let probabilities = softmax(network.logits(gather(inputs, batch, device)), 1);
        let values: Vec<f32> = probabilities.into_data().iter().collect();
        let (rows, _) = values.as_chunks::<MOOD_COUNT>();
        predictions.extend(batch.iter().zip(rows).map(|(&index, row)| (inputs.labels[index], Scores(*row))));
    }
    metrics::measure(&predictions)
}

fn count_right(logits: Tensor<2>, inputs: &Inputs, batch: &[usize]) -> usize {
    let values: Vec<f32> = logits.into_data().iter().collect();
    let (rows, _) = values.as_chunks::<MOOD_COUNT>();
    batch.iter().zip(rows).filter(|(index, row)| Scores(**row).top().0 == inputs.labels[**index]).count()
}

fn gather(inputs: &Inputs, indices: &[usize], device: &Device) -> Tensor<3> {
    let [rows, columns] = inputs.shape;
    let size = rows * columns;
    let values: Vec<f32> =
        indices.iter().flat_map(|index| &inputs.values[index * size..(index + 1) * size]).copied().collect();
    Tensor::from_data(TensorData::new(values, [indices.len(), rows, columns]), device)
}

fn one_hot(inputs: &Inputs, indices: &[usize], device: &Device) -> Tensor<2> {
    let mut values = vec![0.0f32; indices.len() * MOOD_COUNT];
    for (row, index) in values.chunks_exact_mut(MOOD_COUNT).zip(indices) {
        row[inputs.labels[*index].index()] = 1.0;
    }
    Tensor::from_data(TensorData::new(values, [indices.len(), MOOD_COUNT]), device)
}
