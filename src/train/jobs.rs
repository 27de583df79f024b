//! The networks of a run, taught a few at a time.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};

use super::Error;
use super::checkpoint::Store;
use super::clips::Clip;
use super::command::bare_card;
use super::conditions::Condition;
use super::fit::{FitSettings, Fitted, Job, fit};
use super::folds::Fold;
use super::predict::ClipOutputs;
use crate::cli::output::line;
use crate::nets::tensors::Precision;
use crate::nets::{Domain, InputSettings, Kind, Model, Spread};

/// What a finished job leaves for the end of the run.
#[derive(Serialize, Deserialize)]
pub struct Done {
    /// Of what the network learnt from.
    pub spread: Spread,
    /// What it says of the clips held out of it under each condition; empty for a network that learnt all clips.
    pub held_out: Vec<(Condition, Vec<ClipOutputs>)>,
}

/// One network to teach.
pub struct Plan {
    /// Names its checkpoint.
    pub name: String,
    /// Which network.
    pub kind: Kind,
    /// Position among the seeds, and the fold; `None` to learn all clips, with the first seed.
    pub fold: Option<(usize, usize)>,
}

/// All networks of a run. The slower kind first, so that the last jobs to run are short ones.
pub fn plans(domain: Domain, seeds: usize, folds: usize, finals: bool) -> Vec<Plan> {
    let every = (0..seeds).flat_map(|seed| (0..folds).map(move |fold| Some((seed, fold))));
    every
        .chain(finals.then_some(None))
        .flat_map(|fold| {
            [Kind::Rnn, Kind::Cnn].map(|kind| {
                let round = match fold {
                    None => "all".to_owned(),
                    Some((seed, fold)) => format!("seed{}-fold{}", seed + 1, fold + 1),
                };
                Plan { name: format!("{}-{}-{round}", domain.name(), kind.name()), kind, fold }
            })
        })
        .collect()
}

/// A finished job and its network's weights.
pub type JobResult = (Done, crate::nets::tensors::Tensors);

/// What all jobs of a run share.
pub struct Run<'a> {
    /// One for each seed.
    pub settings: &'a [FitSettings],
    /// What frames are.
    pub input: &'a InputSettings,
    /// The corpus.
    pub clips: &'a [Clip],
    /// The folds of each seed.
    pub folds: &'a [Vec<Fold>],
    /// Where checkpoints lie.
    pub store: &'a Store,
    /// Whether held-out clips are judged disturbed too.
    pub disturbed: bool,
    /// Set when the run is to stop.
    pub stop: &'a AtomicBool,
}

impl Run<'_> {
    /// Does all plans on a few threads; the first error stops the others.
    ///
    /// # Errors
    /// As [`fit`].
    pub fn all(&self, plans: &[Plan], jobs: Option<usize>) -> Result<Vec<JobResult>, Error> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = jobs.unwrap_or(cores).clamp(1, plans.len().max(1));
        let bars = MultiProgress::new();
        let next = AtomicUsize::new(0);
        let results: Mutex<BTreeMap<usize, Result<JobResult, Error>>> = Mutex::default();
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(plan) = plans.get(index) else { break };
                        let result = self.one(plan, &bars);
                        let failed = result.is_err();
                        results.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(index, result);
                        if failed {
                            self.stop.store(true, Ordering::Relaxed);
                            break;
                        }
                    }
                });
            }
        });
        let results = results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        // An error of its own says more than the interruption that it caused elsewhere.
        let (good, mut bad): (Vec<_>, Vec<_>) = results.into_values().partition(Result::is_ok);
        bad.sort_by_key(|result| matches!(result, Err(Error::Interrupted { .. })));
        bad.into_iter().next().map_or_else(|| good.into_iter().collect(), |result| result.map(|_| Vec::new()))
    }

    fn one(&self, plan: &Plan, bars: &MultiProgress) -> Result<JobResult, Error> {
        let finished = format!("{}-done", plan.name);
        if let Some((done, parts)) = self.store.read::<Done>(&finished)? {
            let bytes = parts.first().map(Vec::as_slice).unwrap_or_default();
            return Ok((done, crate::nets::tensors::read(bytes)?.0));
        }
        let train: Vec<&Clip> = match plan.fold {
            Some((seed, fold)) => self.folds[seed][fold].train.iter().map(|index| &self.clips[*index]).collect(),
            None => self.clips.iter().collect(),
        };
        let settings = &self.settings[plan.fold.map_or(0, |(seed, _)| seed)];
        let bar = bars.add(progress_bar(&plan.name, settings.epochs));
        let job = Job { name: &plan.name, kind: plan.kind, settings, input: self.input, clips: train };
        let device = crate::nets::default_device();
        let Fitted { network, spread } = fit(&job, &device, self.store, &bar, self.stop)?;
        let state = network.state();
        let held_out = plan.fold.map_or(Vec::new(), |(seed, fold)| {
            let card = bare_card(plan.kind, self.input, spread.clone(), settings);
            let model = Model::new(card, network);
            // Disturbances are heard with the first seed alone: they take longer than the rest.
            let conditions = Condition::of(self.input.domain(), self.disturbed && seed == 0);
            let test = &self.folds[seed][fold].test;
            conditions.into_iter().map(|condition| (condition, condition.outputs(&model, self.clips, test))).collect()
        });
        let done = Done { spread, held_out };
        let weights = crate::nets::tensors::write(&state, Default::default(), Precision::F32)?;
        self.store.write(&finished, &done, &[&weights])?;
        self.store.remove(&plan.name);
        let last = bar.message();
        bar.finish_and_clear();
        // Where there is no terminal the bars are not drawn; this line is.
        line(format_args!("{}: {} epochs, {last}, {:.0} s", plan.name, settings.epochs, bar.elapsed().as_secs_f64()));
        Ok((done, state))
    }
}

fn progress_bar(name: &str, epochs: usize) -> ProgressBar {
    let template = "{prefix:24} {bar:24} epoch {pos}/{len}  {msg}  {eta} left";
    // The template is a constant that a test would show to be wrong; without it the default bar is drawn.
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(epochs as u64).with_style(style).with_prefix(name.to_owned())
}
