//! `songmood train`: cross-validates both networks, then teaches them all clips and writes the model files.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use anyhow::Context;
use burn::tensor::Device;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};

use super::checkpoint::{Store, write_atomically};
use super::clips::{self, Clip, VOICES};
use super::fit::{FitSettings, Fitted, Job, fit, widths};
use super::folds::{Fold, by_group};
use super::predict::{ClipLogits, logits};
use super::report::{self, HeldOut};
use super::{Error, augment::Augmentation, ravdess};
use crate::cli::output::line;
use crate::nets::card::Calibration;
use crate::nets::tensors::Precision;
use crate::nets::{InputSettings, Kind, Model, ModelCard, Normalisation};

/// Options of `songmood train`.
#[derive(Debug, clap::Args)]
pub struct TrainArgs {
    /// Folder with RAVDESS clips (default: SONGMOOD_DATA, ../shared, data/)
    #[arg(long, value_name = "DIR")]
    pub ravdess: Option<PathBuf>,
    /// Folder that model files and cards are written to
    #[arg(long, value_name = "DIR", default_value = "models")]
    pub out: PathBuf,
    /// Passes over the clips
    #[arg(long, default_value_t = FitSettings::default().epochs, value_parser = positive)]
    pub epochs: usize,
    /// Folds of the cross-validation, each with actors of its own; 0 trains without measuring
    #[arg(long, default_value_t = 5)]
    pub folds: usize,
    /// Everything random follows from this number
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Highest learning rate
    #[arg(long, default_value_t = FitSettings::default().learning_rate)]
    pub learning_rate: f64,
    /// Networks taught at the same time (default: one for each core)
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Go on where an interrupted run with the same options stopped
    #[arg(long)]
    pub resume: bool,
    /// Stop after the cross-validation, writing nothing
    #[arg(long)]
    pub measure_only: bool,
}

fn positive(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err("give a whole number from 1 on".into()),
        Ok(number) => Ok(number),
    }
}

/// What a finished job leaves for the end of the run.
#[derive(Serialize, Deserialize)]
struct Done {
    normalisation: Normalisation,
    held_out: Vec<ClipLogits>,
}

/// One network to teach: on a fold, or on all clips.
struct Plan {
    name: String,
    kind: Kind,
    fold: Option<usize>,
}

/// Runs the command.
///
/// # Errors
/// When clips cannot be found or split, a file cannot be written, or Ctrl-C was pressed.
pub fn run(args: &TrainArgs) -> anyhow::Result<()> {
    let settings = FitSettings {
        epochs: args.epochs,
        learning_rate: args.learning_rate,
        seed: args.seed,
        augmentation: Augmentation::default(),
        ..FitSettings::default()
    };
    let input = InputSettings::default();
    let clips = load_clips(args, &input)?;
    let groups: Vec<u32> = clips.iter().map(|clip| clip.group).collect();
    let folds = if args.folds == 0 { Vec::new() } else { by_group(&groups, args.folds, args.seed) };
    if folds.len() < args.folds || folds.iter().any(|fold| fold.train.is_empty()) {
        let groups = folds.len();
        return Err(Error::TooFew { got: clips.len(), groups, folds: args.folds }.into());
    }
    let store = Store::new(&args.out.join(".checkpoints"), fingerprint(&settings, &input, &clips, args.folds));
    if !args.resume {
        store.clear()?;
    }
    let stop = stop_on_ctrl_c()?;
    let plans = plans(folds.len(), !args.measure_only);
    let run = Run { settings: &settings, input: &input, clips: &clips, folds: &folds, store: &store, stop };
    let done = run.all(&plans, args.jobs)?;

    let held_out = HeldOut::gather(&clips, &folds, |kind| {
        let of_kind = plans.iter().zip(&done).filter(|(plan, _)| plan.kind == kind && plan.fold.is_some());
        of_kind.flat_map(|(_, (done, _))| done.held_out.iter()).collect()
    });
    if !folds.is_empty() {
        line(held_out.table());
    }
    if args.measure_only {
        return Ok(());
    }
    std::fs::create_dir_all(&args.out).with_context(|| format!("cannot create {}", args.out.display()))?;
    let mut names = Vec::new();
    let mut finals: Vec<(&Plan, JobResult)> = plans.iter().zip(done).filter(|(plan, _)| plan.fold.is_none()).collect();
    finals.sort_by_key(|(plan, _)| plan.kind.name());
    for (plan, (done, state)) in finals {
        let card = card(plan.kind, &input, done.normalisation, &held_out, &clips);
        let device = crate::nets::default_device();
        let network = new_network(plan.kind, &input, &device).with_state(&state)?;
        let file = format!("{}.safetensors", plan.kind.architecture());
        let bytes = Model::new(card.clone(), network, &device).save(Precision::F16)?;
        // What is written must load: the same check that a user's machine makes.
        let parameters = Model::load(&bytes, &device)?.parameters();
        write_atomically(&args.out.join(&file), &bytes)?;
        let text = report::card_text(&card, parameters, bytes.len(), &held_out, &settings);
        write_atomically(&args.out.join(format!("{}.md", plan.kind.architecture())), text.as_bytes())?;
        line(format_args!("wrote {} ({parameters} parameters, {} bytes)", args.out.join(&file).display(), bytes.len()));
        names.push(file);
    }
    let index = serde_json::to_string(&serde_json::json!({ "models": names }))?;
    write_atomically(&args.out.join("index.json"), format!("{index}\n").as_bytes())?;
    store.clear()?;
    Ok(())
}

fn load_clips(args: &TrainArgs, input: &InputSettings) -> anyhow::Result<Vec<Clip>> {
    let folder = ravdess::locate(args.ravdess.as_deref())?;
    let list = ravdess::scan(&folder)?;
    let bar = ProgressBar::new(list.len() as u64)
        .with_style(ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} {eta}")?)
        .with_message("reading clips");
    let loaded = clips::load(&list, input, |done| bar.set_position(done as u64));
    bar.finish_and_clear();
    for (path, reason) in &loaded.skipped {
        eprintln!("skipped {}: {reason}", path.display());
    }
    line(format_args!("{} clips from {}, {} skipped", loaded.clips.len(), folder.display(), loaded.skipped.len()));
    anyhow::ensure!(!loaded.clips.is_empty(), "none of the clips in {} could be read", folder.display());
    Ok(loaded.clips)
}

/// Settings and clips of a run, so that a checkpoint is never continued with others.
fn fingerprint(settings: &FitSettings, input: &InputSettings, clips: &[Clip], folds: usize) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    for clip in clips {
        (clip.path.file_name(), clip.frames.len()).hash(&mut hasher);
    }
    let settings = serde_json::json!({ "settings": settings, "input": input, "folds": folds });
    format!("{} {} {:016x} {settings}", env!("CARGO_PKG_VERSION"), clips.len(), hasher.finish())
}

fn stop_on_ctrl_c() -> anyhow::Result<&'static AtomicBool> {
    static STOP: AtomicBool = AtomicBool::new(false);
    ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed)).context("cannot listen for Ctrl-C")?;
    Ok(&STOP)
}

/// The slower network first, so that the last jobs to run are short ones.
fn plans(folds: usize, finals: bool) -> Vec<Plan> {
    let rounds = (0..folds).map(Some).chain(finals.then_some(None));
    let kinds = [Kind::Rnn, Kind::Cnn];
    rounds
        .flat_map(|fold| {
            kinds.map(|kind| {
                let round = fold.map_or("all".to_owned(), |fold| format!("fold{}", fold + 1));
                Plan { name: format!("{}-{round}", kind.name()), kind, fold }
            })
        })
        .collect()
}

fn new_network(kind: Kind, input: &InputSettings, device: &Device) -> crate::nets::Network {
    crate::nets::Network::new(kind, widths(kind), input.mfcc.n_mfcc, VOICES.len(), device)
}

type JobResult = (Done, crate::nets::tensors::Tensors);

struct Run<'a> {
    settings: &'a FitSettings,
    input: &'a InputSettings,
    clips: &'a [Clip],
    folds: &'a [Fold],
    store: &'a Store,
    stop: &'a AtomicBool,
}

impl Run<'_> {
    /// Does all plans on a few threads; the first error stops the others.
    fn all(&self, plans: &[Plan], jobs: Option<usize>) -> Result<Vec<JobResult>, Error> {
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
            Some(fold) => self.folds[fold].train.iter().map(|index| &self.clips[*index]).collect(),
            None => self.clips.iter().collect(),
        };
        let bar = bars.add(progress_bar(&plan.name, self.settings.epochs));
        let job = Job { name: &plan.name, kind: plan.kind, settings: self.settings, input: self.input, clips: train };
        let device = crate::nets::default_device();
        let Fitted { network, normalisation } = fit(&job, &device, self.store, &bar, self.stop)?;
        let state = network.state();
        let held_out = plan.fold.map_or(Vec::new(), |fold| {
            let card = bare_card(plan.kind, self.input, normalisation.clone());
            let model = Model::new(card, network, &device);
            logits(&model, self.folds[fold].test.iter().map(|index| (*index, &self.clips[*index])))
        });
        let done = Done { normalisation, held_out };
        let weights = crate::nets::tensors::write(&state, Default::default(), Precision::F32)?;
        self.store.write(&finished, &done, &[&weights])?;
        self.store.remove(&plan.name);
        let last = bar.message();
        bar.finish_and_clear();
        // Where there is no terminal the bars are not drawn; this line is.
        line(format_args!(
            "{}: {} epochs, {last}, {:.0} s",
            plan.name,
            self.settings.epochs,
            bar.elapsed().as_secs_f64()
        ));
        Ok((done, state))
    }
}

fn progress_bar(name: &str, epochs: usize) -> ProgressBar {
    let template = "{prefix:10} {bar:24} epoch {pos}/{len}  {msg}  {eta} left";
    // The template is a constant that a test would show to be wrong; without it the default bar is drawn.
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(epochs as u64).with_style(style).with_prefix(name.to_owned())
}

fn bare_card(kind: Kind, input: &InputSettings, normalisation: Normalisation) -> ModelCard {
    ModelCard {
        name: format!("songmood {}", kind.name().to_uppercase()),
        kind,
        widths: widths(kind),
        voices: VOICES.map(str::to_owned).to_vec(),
        input: input.clone(),
        normalisation,
        calibration: Calibration::default(),
        trained_on: String::new(),
        licence: "CC BY-NC-SA 4.0".into(),
        scores: BTreeMap::new(),
    }
}

fn card(kind: Kind, input: &InputSettings, spread: Normalisation, held_out: &HeldOut, clips: &[Clip]) -> ModelCard {
    let mut actors: Vec<u32> = clips.iter().map(|clip| clip.group).collect();
    actors.sort_unstable();
    actors.dedup();
    let sung = clips.iter().filter(|clip| clip.voice == 0).count();
    ModelCard {
        calibration: held_out.calibration(kind),
        trained_on: format!(
            "RAVDESS (Livingstone & Russo 2018): {sung} sung and {} spoken clips of {} actors, acted moods",
            clips.len() - sung,
            actors.len()
        ),
        scores: held_out.scores(kind),
        ..bare_card(kind, input, spread)
    }
}
