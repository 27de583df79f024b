//! What is trained on what: the networks, their inputs and recipes, and both kinds of split.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::features::{Example, Inputs};
use super::fit::{self, Fitted, Optimiser, Recipe, fit};
use super::splits::{self, Split};
use super::{Error, keras};
use crate::nets::default_device;
use crate::nets::study::{StudyCnn, StudyRnn};

/// Folds of whole actors.
pub const FOLDS: usize = 5;

/// Epochs without a lower validation loss before an RNN's training stops. The study does not say how many
/// it waited. The validation loss of some two hundred clips goes up and down by a tenth from epoch to
/// epoch, and ten epochs of that end most trainings long before the loss is at its lowest.
const PATIENCE: usize = 25;

/// The networks that are trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Network {
    /// CNN on the mean MFCC.
    Cnn,
    /// LSTM, 40 time steps of 130 features: coefficients taken for time, as the study had it.
    Rnn,
    /// LSTM, 130 time steps of 40 features: the right way round.
    RnnRightWay,
}

/// What the study reports for one network: test accuracy (0 … 1) and test loss.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reported {
    pub accuracy: f64,
    pub loss: f64,
    /// Below this mean accuracy something is not as the study had it.
    pub expected_at_least: f64,
}

impl Network {
    /// All of them, the study's two first.
    pub const ALL: [Network; 3] = [Network::Cnn, Network::Rnn, Network::RnnRightWay];

    /// For tables and figures.
    pub fn title(self) -> &'static str {
        match self {
            Network::Cnn => "CNN, mean MFCC of the whole clip",
            Network::Rnn => "LSTM as the study had it: 40 coefficients as time steps of 130 frames",
            Network::RnnRightWay => "LSTM the right way round: 130 frames as time steps of 40 coefficients",
        }
    }

    /// For file names.
    pub fn slug(self) -> &'static str {
        match self {
            Network::Cnn => "cnn",
            Network::Rnn => "rnn",
            Network::RnnRightWay => "rnn-right-way",
        }
    }

    /// The study's own figures, where it had this network.
    pub fn reported(self) -> Option<Reported> {
        match self {
            Network::Cnn => Some(Reported { accuracy: 0.8867, loss: 0.2879, expected_at_least: 0.80 }),
            Network::Rnn => Some(Reported { accuracy: 0.7391, loss: 1.041, expected_at_least: 0.66 }),
            Network::RnnRightWay => None,
        }
    }

    fn recipe(self) -> Recipe {
        match self {
            Network::Cnn => Recipe { optimiser: Optimiser::RmsProp, batch_size: 16, epochs: 500, patience: None },
            Network::Rnn | Network::RnnRightWay => {
                Recipe { optimiser: Optimiser::Adam, batch_size: 72, epochs: 100, patience: Some(PATIENCE) }
            }
        }
    }

    fn inputs(self, examples: &[Example]) -> Inputs {
        match self {
            Network::Cnn => Inputs::mean_mfcc(examples),
            Network::Rnn => Inputs::coefficients_as_time(examples),
            Network::RnnRightWay => Inputs::frames_as_time(examples),
        }
    }

    fn train(
        self,
        inputs: &Inputs,
        split: &Split,
        recipe: &Recipe,
        seed: u64,
        progress: impl Fn(usize),
    ) -> Result<Fitted, Error> {
        let device = default_device();
        let scaled = (self != Network::Cnn).then(|| inputs.standardised(&split.train));
        let inputs = scaled.as_ref().unwrap_or(inputs);
        let fitted = match self {
            Network::Cnn => {
                fit(keras::initialise(StudyCnn::new(&device), seed)?, inputs, split, recipe, seed, progress)?
            }
            Network::Rnn | Network::RnnRightWay => {
                let [_, features] = inputs.shape;
                let network = keras::initialise(StudyRnn::new(features, &device), seed)?.with_one_bias();
                fit(network, inputs, split, recipe, seed, progress)?
            }
        };
        Ok(fitted)
    }
}

/// How clips are divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Division {
    /// As the study did, whoever sings. One run for each seed.
    AsStudied,
    /// Folds of whole actors. One run for each fold.
    ActorsApart,
}

/// One training.
struct Job {
    network: Network,
    division: Division,
    split: Split,
    recipe: Recipe,
    seed: u64,
}

/// Trainings of one network on one kind of split, in the order of seeds or folds.
pub type Results = BTreeMap<(Network, Division), Vec<Fitted>>;

/// How much is done.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// Runs on the study's own splits.
    pub seeds: usize,
    /// Folds of whole actors that are run.
    pub folds: usize,
    /// Epochs of every network in place of the study's.
    pub epochs: Option<usize>,
    /// Epochs are divided by this.
    pub shorten: usize,
    /// Trainings at a time.
    pub threads: usize,
    /// The only network that is trained; `None` for all.
    pub only: Option<Network>,
}

/// Trains everything. `progress` gets `(epochs done, epochs in all)`.
///
/// Every training is a thread's own: its numbers do not depend on how many run beside it.
///
/// # Errors
/// The first error of any training.
pub fn run(examples: &[Example], extent: &Extent, progress: impl Fn(usize, usize) + Sync) -> Result<Results, Error> {
    let inputs: BTreeMap<Network, Inputs> = Network::ALL.map(|network| (network, network.inputs(examples))).into();
    let jobs = jobs(examples, extent);
    let total: usize = jobs.iter().map(|job| job.recipe.epochs).sum();
    let (next, done, failed) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let fitted: Mutex<BTreeMap<usize, Result<Fitted, Error>>> = Mutex::default();
    let step = |epochs| progress(done.fetch_add(epochs, Ordering::Relaxed) + epochs, total);
    std::thread::scope(|scope| {
        for _ in 0..extent.threads.clamp(1, jobs.len().max(1)) {
            scope.spawn(|| {
                while !failed.load(Ordering::Relaxed) {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(index) else { break };
                    let of_network = &inputs[&job.network];
                    let result = job.network.train(of_network, &job.split, &job.recipe, job.seed, |_| step(1));
                    match &result {
                        Ok(fitted) => step(job.recipe.epochs - fitted.curve.len()),
                        Err(_) => failed.store(true, Ordering::Relaxed),
                    }
                    fitted.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(index, result);
                }
            });
        }
    });
    let mut results = Results::new();
    for (index, result) in fitted.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        let job = &jobs[index];
        results.entry((job.network, job.division)).or_default().push(result?);
    }
    Ok(results)
}

/// All trainings, those that take longest first, so that no core waits long at the end.
fn jobs(examples: &[Example], extent: &Extent) -> Vec<Job> {
    let labels: Vec<_> = examples.iter().map(|example| example.clip.mood).collect();
    let actors: Vec<u8> = examples.iter().map(|example| example.clip.actor).collect();
    let mut jobs = Vec::new();
    let all = [Network::RnnRightWay, Network::Cnn, Network::Rnn];
    for network in all.into_iter().filter(|network| extent.only.is_none_or(|only| only == *network)) {
        let mut recipe = network.recipe();
        recipe.epochs = extent.epochs.unwrap_or((recipe.epochs / extent.shorten.max(1)).max(1));
        let job = |division, split, seed| Job { network, division, split, recipe: recipe.clone(), seed };
        for seed in 0..extent.seeds as u64 {
            let split = match network {
                Network::Cnn => splits::random_80_20(examples.len(), seed),
                Network::Rnn | Network::RnnRightWay => splits::stratified_75_25_twice(&labels, seed),
            };
            jobs.push(job(Division::AsStudied, split, seed));
        }
        let folds = splits::actors_apart(&actors, FOLDS, network != Network::Cnn, 0);
        for (fold, split) in folds.into_iter().enumerate().take(extent.folds) {
            jobs.push(job(Division::ActorsApart, split, fold as u64));
        }
    }
    // A fold without clips (fewer actors than folds) has nothing to measure.
    jobs.retain(|job| !job.split.test.is_empty() && !job.split.train.is_empty());
    jobs
}

impl From<fit::Error> for Error {
    fn from(source: fit::Error) -> Self {
        Error::Fit(source)
    }
}
