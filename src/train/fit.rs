//! Teaches one network.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use burn::module::Module;
use burn::optim::grad_clipping::GradientClippingConfig;
use burn::optim::{AdamWConfig, GradientsParams, ModuleOptimizer};
use burn::store::ModuleRecord;
use burn::tensor::activation::log_softmax;
use burn::tensor::{Bytes, Device, Int, Tensor, TensorData};
use indicatif::ProgressBar;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::Error;
use super::augment::{Augmentation, beta, normal, vary};
use super::checkpoint::Store;
use super::clips::{Clip, profiles, voice_of};
use super::corpus::{SPOKEN, voices};
use super::held_out::counted_as;
use super::tract::VocalTract;
use crate::mood::{MOOD_COUNT, Mood};
use crate::nets::blocks::NetInput;
use crate::nets::{
    CIRCUMPLEX, Domain, InputSettings, Kind, Network, Normalisation, Sizes, Spread, Widths, batch, dropout,
};

/// How a network is taught. A run is determined by these and the clips.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FitSettings {
    /// Passes over the clips.
    pub epochs: usize,
    /// Clips of a step.
    pub batch_size: usize,
    /// Highest learning rate of the one-cycle schedule (Smith 2018).
    pub learning_rate: f64,
    /// AdamW's decoupled weight decay.
    pub weight_decay: f32,
    /// Share of the target that is spread evenly over all labels that occur.
    pub label_smoothing: f32,
    /// How much rare moods are favoured: 1 makes a rare one count as much as a frequent one, 0 makes every clip count the same.
    pub balance: f32,
    /// How far that is taken back towards how often a mood is a clip's likeliest, where clips have shares of several: 0 not at all, 1
    /// wholly. Shares are more alike than what stands at their top.
    pub towards_top: f32,
    /// Largest norm of a tensor's gradient.
    pub clip_norm: f32,
    /// How clips are varied.
    pub augmentation: Augmentation,
    /// Everything random follows from this.
    pub seed: u64,
}

impl FitSettings {
    /// The settings that the shipped networks of a domain were taught with. A clip of music is a minute long and gives one window an
    /// epoch, so it takes more epochs.
    pub fn of(domain: Domain) -> Self {
        FitSettings {
            epochs: match domain {
                Domain::Voice => 40,
                Domain::Music => 60,
            },
            batch_size: 32,
            learning_rate: 2e-3,
            weight_decay: 0.01,
            label_smoothing: match domain {
                Domain::Voice => 0.1,
                // The listeners' shares are soft already.
                Domain::Music => 0.0,
            },
            balance: 1.0,
            towards_top: match domain {
                Domain::Voice => 0.0,
                Domain::Music => 0.15,
            },
            clip_norm: 5.0,
            augmentation: Augmentation::of(domain),
            seed: 0,
        }
    }
}

/// The layers' widths that are shipped. f16 weights of all four networks together stay below 700 KB; a few hundred excerpts of
/// music cannot fill wider ones.
pub fn widths(domain: Domain, kind: Kind) -> Widths {
    match (domain, kind) {
        (Domain::Voice, Kind::Cnn) => Widths { channels: 72, hidden: 0, statistics: 128, relative: true },
        (Domain::Voice, Kind::Rnn) => Widths { channels: 64, hidden: 64, statistics: 128, relative: false },
        (Domain::Music, Kind::Cnn) => Widths { channels: 16, hidden: 0, statistics: 104, relative: false },
        (Domain::Music, Kind::Rnn) => Widths { channels: 16, hidden: 16, statistics: 104, relative: false },
    }
}

/// Weight of an error in valence or arousal, in units of its spread over the clips, against the moods' cross-entropy.
const CIRCUMPLEX_WEIGHT: f32 = 0.5;

/// One network to teach.
pub struct Job<'a> {
    /// Names the job's checkpoint.
    pub name: &'a str,
    /// Which network.
    pub kind: Kind,
    /// How.
    pub settings: &'a FitSettings,
    /// What frames are.
    pub input: &'a InputSettings,
    /// What to learn from.
    pub clips: Vec<&'a Clip>,
}

/// A network that was taught, and the spread of what it was taught with.
pub struct Fitted {
    /// On a device without autodiff.
    pub network: Network,
    /// Of the training clips.
    pub spread: Spread,
}

/// What lies in a checkpoint beside weights and optimizer.
#[derive(Serialize, Deserialize)]
struct Progress {
    epochs_done: usize,
}

/// burn draws initial weights from one generator for the whole process: one network at a time.
static INITIALISING: Mutex<()> = Mutex::new(());

/// Teaches a network, from its checkpoint in `store` if there is one. After each epoch a checkpoint is
/// written and `bar` moved; when `stop` is set, the step at hand is the last.
///
/// # Errors
/// [`Error::Interrupted`] after `stop`; [`Error::Diverged`]; [`Error::Io`] when a checkpoint cannot be written.
pub fn fit(job: &Job, device: &Device, store: &Store, bar: &ProgressBar, stop: &AtomicBool) -> Result<Fitted, Error> {
    let spread = measure_spread(&job.clips, job.input);
    let goals = Goals::of(job, &spread);
    let training_device = device.clone().autodiff();
    let settings = job.settings;
    let mut network = initialise(job, &training_device);
    let mut optimizer = optimizer(settings);
    let mut first_epoch = 0;
    if let Some((progress, parts)) = store.read::<Progress>(job.name)? {
        (network, optimizer) = restore(job.name, network, optimizer, parts, store)?;
        first_epoch = progress.epochs_done;
    }
    bar.set_position(first_epoch as u64);
    let steps_per_epoch = job.clips.len().div_ceil(settings.batch_size);
    let total_steps = steps_per_epoch * settings.epochs;
    for epoch in first_epoch..settings.epochs {
        // All that is random in an epoch follows from seed and epoch, so a resumed run repeats it.
        let mut generator = ChaCha8Rng::seed_from_u64(settings.seed);
        generator.set_stream(epoch as u64 + 1);
        dropout::seed_thread(generator.random());
        let mut order: Vec<&Clip> = job.clips.clone();
        order.shuffle(&mut generator);
        let (mut loss_sum, mut right) = (0.0, 0);
        for (step, clips) in order.chunks(settings.batch_size).enumerate() {
            if stop.load(Ordering::Relaxed) {
                return Err(Error::Interrupted { checkpoints: store.folder().to_path_buf() });
            }
            let (input, targets) = make_batch(clips, job, &goals, &spread, &training_device, &mut generator);
            let outputs = network.forward(input);
            let logits = outputs.clone().narrow(1, 0, goals.weights.len());
            let mut loss = -(targets.moods.clone() * log_softmax(logits.clone(), 1)).sum_dim(1).mean();
            if let Some((values, weights)) = &targets.circumplex {
                let given = outputs.narrow(1, goals.weights.len(), CIRCUMPLEX);
                loss = loss + ((given - values.clone()).powi_scalar(2) * weights.clone()).mean() * CIRCUMPLEX_WEIGHT;
            }
            let value: f32 = loss.clone().into_scalar();
            if !value.is_finite() {
                return Err(Error::Diverged { job: job.name.to_owned(), epoch: epoch + 1 });
            }
            loss_sum += f64::from(value) * clips.len() as f64;
            right += count_right(logits, targets.moods);
            let grads = GradientsParams::from_grads(loss.backward(), &network);
            let rate = one_cycle(epoch * steps_per_epoch + step, total_steps, settings.learning_rate);
            network = optimizer.step(rate, network, grads);
        }
        let clips = job.clips.len() as f64;
        bar.set_message(format!("loss {:.3}, accuracy {:.1} %", loss_sum / clips, 100.0 * right as f64 / clips));
        bar.set_position(epoch as u64 + 1);
        save(job.name, &network, &optimizer, epoch + 1, store)?;
    }
    Ok(Fitted { network: network.valid(), spread })
}

/// Mean and spread of the audible, levelled frames, and of the summaries of windows of them.
fn measure_spread(clips: &[&Clip], input: &InputSettings) -> Spread {
    let columns = input.columns();
    let levelled: Vec<Vec<f32>> = clips
        .iter()
        .map(|clip| {
            let mut frames = clip.audible(columns).to_vec();
            crate::nets::input::level(&mut frames, columns);
            frames
        })
        .collect();
    let frames = Normalisation::measure(columns, levelled.iter().map(Vec::as_slice));
    let windows = levelled.iter().flat_map(|frames| frames.chunks(input.window_frames * columns));
    let summaries: Vec<Vec<f32>> = match input.summary_len() {
        0 => Vec::new(),
        _ => windows.map(|window| input.summary_of(window)).collect(),
    };
    Spread { frames, summary: Normalisation::measure(input.summary_len(), summaries.iter().map(Vec::as_slice)) }
}

fn initialise(job: &Job, device: &Device) -> Network {
    // Poisoned by another job's panic, the guard still keeps others out.
    let _guard = INITIALISING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    device.seed(job.settings.seed);
    let domain = job.input.domain();
    let sizes = Sizes::of(job.input, voices(domain).len());
    let network = Network::new(job.kind, widths(domain, job.kind), sizes, device);
    // Parameters are drawn when they are first looked at: now, while nobody else draws.
    network.state();
    network
}

fn optimizer(settings: &FitSettings) -> ModuleOptimizer {
    AdamWConfig::new()
        .with_weight_decay(settings.weight_decay)
        .with_epsilon(1e-8)
        .with_grad_clipping(Some(GradientClippingConfig::Norm(settings.clip_norm)))
        .init()
}

fn save(name: &str, network: &Network, optimizer: &ModuleOptimizer, done: usize, store: &Store) -> Result<(), Error> {
    let failed = |reason: String| Error::Checkpoint { path: store.folder().join(name), reason };
    // A batch norm on the training device keeps its latest running statistics aside until the next step;
    // `valid` adds them in, a record of the training network would lack them.
    let weights = network.valid().into_record().into_bytes().map_err(|error| failed(error.to_string()))?;
    let state = optimizer.into_bytes().map_err(|error| failed(error.to_string()))?;
    store.write(name, &Progress { epochs_done: done }, &[&weights, &state])
}

fn restore(
    name: &str,
    network: Network,
    optimizer: ModuleOptimizer,
    parts: Vec<Vec<u8>>,
    store: &Store,
) -> Result<(Network, ModuleOptimizer), Error> {
    let failed = |reason: String| Error::Checkpoint { path: store.folder().join(name), reason };
    let Ok([weights, state]) = <[Vec<u8>; 2]>::try_from(parts) else {
        return Err(failed("parts are missing".into()));
    };
    let record = ModuleRecord::from_bytes(Bytes::from_bytes_vec(weights)).map_err(|e| failed(e.to_string()))?;
    let network = network.try_load_record(record).map_err(|e| failed(e.to_string()))?;
    let optimizer = optimizer.from_bytes(Bytes::from_bytes_vec(state)).map_err(|e| failed(e.to_string()))?;
    Ok((network, optimizer))
}

/// Learning rate of a step: up along a half cosine for the first 30 %, down along another to nearly nothing.
fn one_cycle(step: usize, total: usize, highest: f64) -> f64 {
    let progress = step as f64 / total.max(1) as f64;
    let blend = |from: f64, to: f64, share: f64| to + (from - to) * (1.0 + (std::f64::consts::PI * share).cos()) / 2.0;
    if progress < 0.3 {
        blend(highest / 25.0, highest, progress / 0.3)
    } else {
        blend(highest, highest / 1e4, (progress - 0.3) / 0.7)
    }
}

/// What is asked of a network, however a batch is drawn: fixed for a job.
struct Goals {
    /// How much a share of each output `[voices × moods]` counts; 0 for what does not occur.
    ///
    /// Rare labels are favoured by [`FitSettings::balance`]: RAVDESS has half as many neutral clips as others, and without the
    /// weight a spoken one is almost never recognised; Emotify has few sad excerpts.
    weights: Vec<f32>,
    /// Number of outputs that occur.
    occurring: f32,
    /// 1 / variance of valence and arousal; `None` where the network does not give them.
    precision: Option<[f32; CIRCUMPLEX]>,
    /// What the frames of each voice are scaled by when it was learnt; empty for music.
    voices: BTreeMap<(String, usize), Normalisation>,
    /// Voices of other sizes; `None` for music.
    tract: Option<VocalTract>,
}

impl Goals {
    fn of(job: &Job, spread: &Spread) -> Goals {
        let domain = job.input.domain();
        let n_outputs = voices(domain).len() * MOOD_COUNT;
        let class_of = |output: usize| {
            let voice = output - output % MOOD_COUNT;
            voice + counted_as(domain, Mood::ALL[output % MOOD_COUNT]).index()
        };
        // Moods that are counted as one are as frequent as they are together.
        let (mut occurs, mut shares) = (vec![false; n_outputs], vec![0.0f32; n_outputs]);
        let mut tops = vec![0.0f32; n_outputs];
        for clip in &job.clips {
            if let Some(mood) = clip.label.mood() {
                tops[class_of(clip.voice * MOOD_COUNT + mood.index())] += 1.0;
            }
            for (mood, share) in clip.label.moods.into_iter().enumerate() {
                let output = clip.voice * MOOD_COUNT + mood;
                occurs[output] |= share > 0.0;
                shares[class_of(output)] += share;
            }
        }
        let labelled: f32 = shares.iter().sum();
        let classes = shares.iter().filter(|share| **share > 0.0).count().max(1) as f32;
        let clips: f32 = tops.iter().sum();
        let balanced = |class: usize| {
            let (share, top) = (shares[class] / labelled, tops[class].max(0.5) / clips.max(1.0));
            (classes * share).powf(-job.settings.balance) * (top / share).powf(job.settings.towards_top)
        };
        // Where `towards_top` moves weights, their mean stays as it was.
        let raw: Vec<f32> =
            shares.iter().enumerate().map(|(class, share)| if *share > 0.0 { balanced(class) } else { 0.0 }).collect();
        let mean_weight: f32 = raw.iter().zip(&shares).map(|(weight, share)| weight * share / labelled).sum();
        let scale = if job.settings.towards_top > 0.0 { 1.0 / mean_weight } else { 1.0 };
        let weight = |(output, occurs): (usize, &bool)| if *occurs { scale * raw[class_of(output)] } else { 0.0 };
        let precision = |of: fn(&Clip) -> Option<f32>| {
            let known: Vec<f64> = job.clips.iter().filter_map(|clip| of(clip)).map(f64::from).collect();
            let (_, spread) = super::metrics::mean_and_spread(&known);
            1.0 / spread.powi(2).max(1e-2) as f32
        };
        Goals {
            weights: occurs.iter().enumerate().map(weight).collect(),
            occurring: occurs.iter().filter(|occurs| **occurs).count().max(1) as f32,
            precision: (domain == Domain::Music)
                .then(|| [precision(|clip| clip.label.valence), precision(|clip| clip.label.arousal)]),
            voices: match domain {
                Domain::Voice => {
                    let profiles = profiles(job.clips.iter().copied(), job.input.columns());
                    profiles.into_iter().map(|(voice, profile)| (voice, profile.blend(&spread.frames))).collect()
                }
                Domain::Music => BTreeMap::new(),
            },
            tract: (job.settings.augmentation.tract > 1.0)
                .then(|| VocalTract::new(&job.input.mfcc, job.settings.augmentation.tract)),
        }
    }
}

/// What a batch should come out as.
struct Targets {
    /// Weighted shares of the moods, `[batch, voices · moods]`; a row of zeros where no mood is known.
    moods: Tensor<2>,
    /// Valence and arousal `[batch, 2]` and the weight of each, 0 where it is not known.
    circumplex: Option<(Tensor<2>, Tensor<2>)>,
}

/// Varied clips and their targets, in half of the batches mixed with one another.
fn make_batch(
    clips: &[&Clip],
    job: &Job,
    goals: &Goals,
    spread: &Spread,
    device: &Device,
    generator: &mut ChaCha8Rng,
) -> (NetInput, Targets) {
    let augmentation = &job.settings.augmentation;
    let columns = job.input.columns();
    let varied: Vec<_> = clips
        .iter()
        .map(|clip| {
            let tract = goals.tract.as_ref().filter(|_| clip.voice == SPOKEN);
            let disturbed = match generator.random::<f32>() < augmentation.disturbed {
                true => clip.disturbed.choose(generator),
                false => None,
            };
            // What is known of a voice was learnt from it undisturbed.
            let own = goals.voices.get(&voice_of(clip)).filter(|_| disturbed.is_none());
            let frames = disturbed.map_or(clip.audible(columns), Vec::as_slice);
            vary(frames, job.input, &spread.frames, own, tract, augmentation, generator)
        })
        .collect();
    let stretches: Vec<&[f32]> = varied.iter().map(Vec::as_slice).collect();
    let mut input = batch(&stretches, spread, job.input, device);
    input.summary = input.summary.map(|summary| {
        let dims = summary.dims();
        let noise: Vec<f32> = (0..dims[0] * dims[1]).map(|_| augmentation.summary_noise * normal(generator)).collect();
        summary + Tensor::from_data(TensorData::new(noise, dims), device)
    });
    let targets = targets(clips, job, goals, device);
    let (how_often, shape) = augmentation.mixup;
    if generator.random::<f32>() >= how_often {
        return (input, targets);
    }
    let share = beta(shape, generator);
    let mut partners: Vec<i32> = (0..clips.len() as i32).collect();
    partners.shuffle(generator);
    let partners = Tensor::<1, Int>::from_data(TensorData::from(partners.as_slice()), device);
    (mix(input, share, &partners), targets.mixed(share, &partners))
}

fn mix(input: NetInput, share: f32, partners: &Tensor<1, Int>) -> NetInput {
    NetInput {
        frames: mix_tensor(input.frames, share, partners),
        mask: input.mask.map(|mask| mask.clone().max_pair(mask.select(0, partners.clone()))),
        summary: input.summary.map(|summary| mix_tensor(summary, share, partners)),
    }
}

impl Targets {
    fn mixed(self, share: f32, partners: &Tensor<1, Int>) -> Targets {
        let circumplex = self.circumplex.map(|(values, weights)| {
            // A mixture has a valence only if both of its parts have one.
            let both = weights.clone().min_pair(weights.select(0, partners.clone()));
            (mix_tensor(values, share, partners), both)
        });
        Targets { moods: mix_tensor(self.moods, share, partners), circumplex }
    }
}

/// `share · x + (1 − share) · x[partners]` (Zhang et al. 2018, *mixup*).
fn mix_tensor<const D: usize>(tensor: Tensor<D>, share: f32, partners: &Tensor<1, Int>) -> Tensor<D> {
    let other = tensor.clone().select(0, partners.clone());
    tensor * share + other * (1.0 - share)
}

/// Labels with smoothing over what occurs among the job's clips (the rest cannot be learnt), weighted by [`Goals`].
fn targets(clips: &[&Clip], job: &Job, goals: &Goals, device: &Device) -> Targets {
    let outputs = goals.weights.len();
    let smoothing = job.settings.label_smoothing;
    let mut moods = vec![0.0; clips.len() * outputs];
    for (row, clip) in moods.chunks_exact_mut(outputs).zip(clips) {
        if clip.label.mood().is_none() {
            continue;
        }
        row.fill(smoothing / goals.occurring);
        for (value, share) in row[clip.voice * MOOD_COUNT..].iter_mut().zip(clip.label.moods) {
            *value += (1.0 - smoothing) * share;
        }
        for (value, weight) in row.iter_mut().zip(&goals.weights) {
            *value *= weight;
        }
    }
    let tensor = |values, columns| Tensor::from_data(TensorData::new(values, [clips.len(), columns]), device);
    let circumplex = goals.precision.map(|precision| {
        let known = clips.iter().map(|clip| [clip.label.valence, clip.label.arousal]);
        let values: Vec<f32> = known.clone().flatten().map(|value| value.unwrap_or(0.0)).collect();
        let weight = |known: [Option<f32>; CIRCUMPLEX]| {
            known.into_iter().zip(precision).map(|(value, precision)| value.map_or(0.0, |_| precision))
        };
        let weights: Vec<f32> = known.flat_map(weight).collect();
        (tensor(values, CIRCUMPLEX), tensor(weights, CIRCUMPLEX))
    });
    Targets { moods: tensor(moods, outputs), circumplex }
}

/// How many of a batch have their largest logit where their target is largest.
fn count_right(logits: Tensor<2>, targets: Tensor<2>) -> usize {
    let agree = logits.inner().argmax(1).equal(targets.inner().argmax(1));
    agree.int().sum().into_scalar::<i64>() as usize
}
