//! `songmood train`: cross-validates the networks of each domain, then teaches them all clips and writes the model files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

use super::checkpoint::{Store, write_atomically};
use super::clips::{self, Clip};
use super::conditions::Condition;
use super::corpus::{Item, of_ravdess, tension, voices};
use super::fit::{FitSettings, widths};
use super::folds::{Fold, by_group};
use super::held_out::HeldOut;
use super::jobs::{JobResult, Plan, Run, plans};
use super::{Error, emotify, figures, ravdess, report, table};
use crate::cli::beside::sweep;
use crate::cli::models::Index;
use crate::cli::output::{complain, line};
use crate::nets::card::Calibration;
use crate::nets::tensors::Precision;
use crate::nets::{Domain, InputSettings, Kind, Model, ModelCard, Network, Spread};

/// Options of `songmood train`.
#[derive(Debug, clap::Args)]
pub struct TrainArgs {
    #[command(flatten)]
    pub corpora: Corpora,
    /// Folder that model files and cards are written to
    #[arg(long, value_name = "DIR", default_value = "models")]
    pub out: PathBuf,
    #[command(flatten)]
    pub recipe: RecipeArgs,
    /// Stop after the cross-validation, writing nothing
    #[arg(long)]
    pub measure_only: bool,
}

/// What to learn from. Corpora that are not named are looked for in SONGMOOD_DATA, ../shared and data/, unless any is named.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Corpora {
    /// Folder with RAVDESS clips, for the networks for voices
    #[arg(long, value_name = "DIR")]
    pub ravdess: Option<PathBuf>,
    /// Folder with Emotify excerpts and their clips.csv, for the networks for music
    #[arg(long, value_name = "DIR")]
    pub emotify: Option<PathBuf>,
    /// Clips of your own, a CSV file with the columns path, mood and perhaps valence, arousal, group, genre; music unless --only says voice
    #[arg(long, value_name = "FILE")]
    pub csv: Vec<PathBuf>,
    /// Networks for voices or for music only
    #[arg(long, value_enum, value_name = "DOMAIN")]
    pub only: Option<Domain>,
}

/// How networks are taught and measured.
#[derive(Debug, Clone, clap::Args)]
pub struct RecipeArgs {
    /// Passes over the clips [default: 60 for voices, 100 for music]
    #[arg(long, value_parser = positive)]
    pub epochs: Option<usize>,
    /// Folds of the cross-validation, each with actors or artists of its own; 0 trains without measuring
    #[arg(long, default_value_t = 5)]
    pub folds: usize,
    /// Everything random follows from this number
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Times the cross-validation is repeated, each with the next seed and other folds
    #[arg(long, default_value_t = 2, value_parser = positive)]
    pub seeds: usize,
    /// Deal clips to the folds whoever is heard in them, as the original study did; the numbers then say nothing about new voices
    #[arg(long)]
    pub random_split: bool,
    /// Judge held-out clips disturbed too: louder, quieter, with silence, faster, slower, with noise, by telephone, in a room, at low sample rates
    #[arg(long)]
    pub robustness: bool,
    /// Highest learning rate
    #[arg(long, default_value_t = FitSettings::of(Domain::Voice).learning_rate)]
    pub learning_rate: f64,
    /// Networks taught at the same time (default: one for each core)
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Go on where an interrupted run with the same options stopped
    #[arg(long)]
    pub resume: bool,
}

fn positive(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err("give a whole number from 1 on".into()),
        Ok(number) => Ok(number),
    }
}

impl Corpora {
    /// The clips of each domain that there is something for.
    ///
    /// # Errors
    /// When a corpus that is named cannot be used, or none is found at all.
    pub fn items(&self) -> anyhow::Result<BTreeMap<Domain, Vec<Item>>> {
        let named = self.ravdess.is_some() || self.emotify.is_some() || !self.csv.is_empty();
        let wanted = |domain| self.only.is_none_or(|only| only == domain);
        let mut items: BTreeMap<Domain, Vec<Item>> = BTreeMap::new();
        let mut missing = Vec::new();
        if self.ravdess.is_some() || (!named && wanted(Domain::Voice)) {
            match ravdess::locate(self.ravdess.as_deref()).and_then(|folder| ravdess::scan(&folder)) {
                Ok(clips) => items.entry(Domain::Voice).or_default().extend(of_ravdess(&clips)),
                Err(error) if self.ravdess.is_some() => return Err(error.into()),
                Err(error) => missing.push(error.to_string()),
            }
        }
        if self.emotify.is_some() || (!named && wanted(Domain::Music)) {
            match emotify::locate(self.emotify.as_deref()).and_then(|folder| emotify::scan(&folder)) {
                Ok(excerpts) => items.entry(Domain::Music).or_default().extend(excerpts),
                Err(error) if self.emotify.is_some() => return Err(error.into()),
                Err(error) => missing.push(error.to_string()),
            }
        }
        for path in &self.csv {
            items.entry(self.only.unwrap_or(Domain::Music)).or_default().extend(table::read(path, 0)?);
        }
        items.retain(|domain, _| wanted(*domain));
        anyhow::ensure!(!items.is_empty(), "there is nothing to learn from. {}", missing.join(". "));
        for reason in missing {
            complain(format_args!("songmood: {reason}"));
        }
        Ok(items)
    }
}

/// Runs the command.
///
/// # Errors
/// When clips cannot be found or split, a file cannot be written, or Ctrl-C was pressed.
pub fn run(args: &TrainArgs) -> anyhow::Result<()> {
    let items = args.corpora.items()?;
    let checkpoints = args.out.join(".checkpoints");
    if !args.recipe.resume {
        Store::new(&checkpoints, String::new()).clear()?;
    }
    let stop = stop_on_ctrl_c()?;
    for (domain, items) in &items {
        let trained = teach(*domain, items, &args.recipe, &checkpoints, stop, !args.measure_only)?;
        if !trained.held_out.rows.is_empty() {
            line(report::table(&trained.held_out));
        }
        if !args.measure_only {
            trained.write(&args.out)?;
        }
    }
    Ok(Store::new(&checkpoints, String::new()).clear()?)
}

/// What a run over one domain gives.
pub struct Trained {
    /// What the cross-validation found; without rows if there was none.
    pub held_out: HeldOut,
    settings: FitSettings,
    clips: Vec<Clip>,
    /// Networks that learnt all clips.
    finals: Vec<(Kind, JobResult)>,
}

/// Cross-validates the networks of a domain and, if asked to, teaches them all clips.
///
/// # Errors
/// As [`run`].
pub fn teach(
    domain: Domain,
    items: &[Item],
    recipe: &RecipeArgs,
    checkpoints: &Path,
    stop: &AtomicBool,
    finals: bool,
) -> anyhow::Result<Trained> {
    let input = InputSettings::of(domain);
    let clips = load_clips(domain, items, &input)?;
    let seeds = if recipe.folds == 0 { 1 } else { recipe.seeds };
    let tension = tension(domain, clips.iter().map(|clip| &clip.label));
    let of_domain = FitSettings { tension, ..FitSettings::of(domain) };
    let settings: Vec<FitSettings> = (0..seeds as u64)
        .map(|seed| FitSettings {
            epochs: recipe.epochs.unwrap_or(of_domain.epochs),
            learning_rate: recipe.learning_rate,
            seed: recipe.seed + seed,
            ..of_domain.clone()
        })
        .collect();
    let folds: Vec<Vec<Fold>> = settings.iter().map(|settings| split(&clips, recipe, settings.seed)).collect();
    if folds.iter().any(|folds| folds.len() < recipe.folds || folds.iter().any(|fold| fold.train.is_empty())) {
        let groups = folds.iter().map(Vec::len).min().unwrap_or(0);
        return Err(Error::TooFew { got: clips.len(), groups, folds: recipe.folds }.into());
    }
    let store = Store::new(checkpoints, fingerprint(&settings, &input, &clips, recipe));
    let plans = plans(domain, seeds, recipe.folds, finals);
    let run = Run {
        settings: &settings,
        input: &input,
        clips: &clips,
        folds: &folds,
        store: &store,
        disturbed: recipe.robustness,
        stop,
    };
    let done = run.all(&plans, recipe.jobs)?;
    let jobs: Vec<(&Plan, JobResult)> = plans.iter().zip(done).collect();
    let conditions = Condition::of(domain, recipe.robustness);
    let held_out = HeldOut::gather(domain, tension, &clips, &folds, &conditions, |kind, seed, condition| {
        let of_seed = jobs.iter().filter(|(plan, _)| plan.kind == kind && plan.fold.is_some_and(|(s, _)| s == seed));
        let conditions = of_seed.flat_map(|(_, (done, _))| &done.held_out);
        conditions.filter(|(heard, _)| *heard == condition).flat_map(|(_, outputs)| outputs).collect()
    });
    let mut finals: Vec<(Kind, JobResult)> =
        jobs.into_iter().filter(|(plan, _)| plan.fold.is_none()).map(|(plan, job)| (plan.kind, job)).collect();
    finals.sort_by_key(|(kind, _)| kind.name());
    Ok(Trained { held_out, settings: settings[0].clone(), clips, finals })
}

fn split(clips: &[Clip], recipe: &RecipeArgs, seed: u64) -> Vec<Fold> {
    match (recipe.folds, recipe.random_split) {
        (0, _) => Vec::new(),
        (folds, true) => by_group(&(0..clips.len()).collect::<Vec<_>>(), folds, seed),
        (folds, false) => by_group(&clips.iter().map(|clip| clip.group.clone()).collect::<Vec<_>>(), folds, seed),
    }
}

impl Trained {
    /// Writes model files, cards, figures and the index into `out`.
    fn write(self, out: &Path) -> anyhow::Result<()> {
        let HeldOut { domain, .. } = self.held_out;
        std::fs::create_dir_all(out).with_context(|| format!("cannot create {}", out.display()))?;
        sweep(out);
        let input = InputSettings::of(domain);
        let device = crate::nets::default_device();
        let mut names = Vec::new();
        for (kind, (done, state)) in self.finals {
            let card = card(kind, &input, done.spread, &self.settings, &self.held_out, &self.clips);
            let network = Network::new(kind, card.widths, card.sizes(), &device).with_state(&state)?;
            let stem = format!("{}-{}", domain.name(), kind.name());
            let path = out.join(format!("{stem}.safetensors"));
            let bytes = Model::new(card.clone(), network).save(Precision::I8)?;
            // What is written must load: the same check that a user's machine makes.
            let parameters = Model::load(&bytes, &device)?.parameters();
            write_atomically(&path, &bytes)?;
            let text = report::card_text(&card, parameters, bytes.len(), &self.held_out, &self.settings);
            write_atomically(&out.join(format!("{stem}.md")), text.as_bytes())?;
            line(format_args!("wrote {} ({parameters} parameters, {} bytes)", path.display(), bytes.len()));
            names.push(format!("{stem}.safetensors"));
        }
        let bins: Vec<_> = self.held_out.rows.iter().filter(|row| row.who == "both").collect();
        if let Some(row) = bins.first() {
            let title = format!("Both networks, {}", row.what);
            let figure = figures::reliability(&title, &row.metrics.reliability)?;
            write_atomically(&out.join(format!("{}-reliability.svg", domain.name())), figure.as_bytes())?;
        }
        Index::read(out).unwrap_or_default().with(domain, names).write(out)
    }
}

fn load_clips(domain: Domain, items: &[Item], input: &InputSettings) -> anyhow::Result<Vec<Clip>> {
    let bar = ProgressBar::new(items.len() as u64)
        .with_style(ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} {eta}")?)
        .with_message("reading clips");
    let loaded = clips::load(items, input, |done| bar.set_position(done as u64));
    bar.finish_and_clear();
    for (path, reason) in &loaded.skipped {
        complain(format_args!("skipped {}: {reason}", path.display()));
    }
    line(format_args!("{}: {} clips, {} skipped", domain.name(), loaded.clips.len(), loaded.skipped.len()));
    anyhow::ensure!(!loaded.clips.is_empty(), "none of the {} clips could be read", items.len());
    Ok(loaded.clips)
}

/// Settings and clips of a run, so that a checkpoint is never continued with others.
fn fingerprint(settings: &[FitSettings], input: &InputSettings, clips: &[Clip], recipe: &RecipeArgs) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    for clip in clips {
        (clip.path.file_name(), clip.frames.len()).hash(&mut hasher);
    }
    let split = (recipe.folds, recipe.random_split, recipe.robustness);
    let settings = serde_json::json!({ "settings": settings, "input": input, "split": split });
    format!("{} {} {:016x} {settings}", env!("CARGO_PKG_VERSION"), clips.len(), hasher.finish())
}

/// A flag that Ctrl-C sets.
///
/// # Errors
/// When Ctrl-C cannot be listened for.
pub fn stop_on_ctrl_c() -> anyhow::Result<&'static AtomicBool> {
    static STOP: AtomicBool = AtomicBool::new(false);
    ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed)).context("cannot listen for Ctrl-C")?;
    Ok(&STOP)
}

/// A card that says nothing yet of how good the network is.
pub(super) fn bare_card(kind: Kind, input: &InputSettings, spread: Spread, settings: &FitSettings) -> ModelCard {
    let domain = input.domain();
    ModelCard {
        name: format!("songmood {} {}", domain.name(), kind.name().to_uppercase()),
        kind,
        widths: widths(domain, kind),
        voices: voices(domain).iter().map(|voice| (*voice).to_owned()).collect(),
        tension: settings.tension,
        input: input.clone(),
        normalisation: spread,
        calibration: Calibration::default(),
        trained_on: String::new(),
        licence: "CC BY-NC-SA 4.0".into(),
        scores: BTreeMap::new(),
    }
}

fn card(
    kind: Kind,
    input: &InputSettings,
    spread: Spread,
    settings: &FitSettings,
    held_out: &HeldOut,
    clips: &[Clip],
) -> ModelCard {
    let of_voice = |voice: usize| clips.iter().filter(|clip| clip.voice == voice).count();
    let groups = held_out.groups;
    let trained_on = match held_out.domain {
        Domain::Voice => format!(
            "RAVDESS (Livingstone & Russo 2018): {} sung and {} spoken clips of {groups} actors, acted moods",
            of_voice(0),
            of_voice(1)
        ),
        Domain::Music => format!(
            "Emotify (Aljanaki, Wiering & Veltkamp 2016): {} one-minute excerpts of {groups} artists, rated by listeners",
            clips.len()
        ),
    };
    ModelCard {
        calibration: held_out.calibration(kind),
        trained_on,
        scores: held_out.scores(kind),
        ..bare_card(kind, input, spread, settings)
    }
}
