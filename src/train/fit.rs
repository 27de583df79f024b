//! Teaches one network.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use burn::module::Module;
use burn::optim::grad_clipping::GradientClippingConfig;
use burn::optim::{AdamWConfig, GradientsParams, ModuleOptimizer};
use burn::store::ModuleRecord;
use burn::tensor::activation::log_softmax;
use burn::tensor::{Bytes, Device, Int, Tensor, TensorData};
use indicatif::ProgressBar;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::Error;
use super::augment::{Augmentation, beta, vary};
use super::checkpoint::Store;
use super::clips::{Clip, VOICES};
use crate::mood::MOOD_COUNT;
use crate::nets::blocks::NetInput;
use crate::nets::{InputSettings, Kind, Network, Normalisation, Widths, batch, dropout};

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
    /// Largest norm of a tensor's gradient.
    pub clip_norm: f32,
    /// How clips are varied.
    pub augmentation: Augmentation,
    /// Everything random follows from this.
    pub seed: u64,
}

impl Default for FitSettings {
    fn default() -> Self {
        FitSettings {
            epochs: 25,
            batch_size: 32,
            learning_rate: 2e-3,
            weight_decay: 0.01,
            label_smoothing: 0.1,
            clip_norm: 5.0,
            augmentation: Augmentation::default(),
            seed: 0,
        }
    }
}

/// The layers' widths that are shipped. f16 weights of both networks together stay below 700 KB.
pub fn widths(kind: Kind) -> Widths {
    match kind {
        Kind::Cnn => Widths { channels: 80, hidden: 0 },
        Kind::Rnn => Widths { channels: 64, hidden: 64 },
    }
}

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
    pub normalisation: Normalisation,
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
    let n_mfcc = job.input.mfcc.n_mfcc;
    let normalisation = measure_spread(&job.clips, n_mfcc);
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
            let (input, targets) = make_batch(clips, job, &normalisation, &training_device, &mut generator);
            let logits = network.forward(input);
            let loss = -(targets.clone() * log_softmax(logits.clone(), 1)).sum_dim(1).mean();
            let value: f32 = loss.clone().into_scalar();
            if !value.is_finite() {
                return Err(Error::Diverged { job: job.name.to_owned(), epoch: epoch + 1 });
            }
            loss_sum += f64::from(value) * clips.len() as f64;
            right += count_right(logits, targets);
            let grads = GradientsParams::from_grads(loss.backward(), &network);
            let rate = one_cycle(epoch * steps_per_epoch + step, total_steps, settings.learning_rate);
            network = optimizer.step(rate, network, grads);
        }
        let clips = job.clips.len() as f64;
        bar.set_message(format!("loss {:.3}, accuracy {:.1} %", loss_sum / clips, 100.0 * right as f64 / clips));
        bar.set_position(epoch as u64 + 1);
        save(job.name, &network, &optimizer, epoch + 1, store)?;
    }
    Ok(Fitted { network: network.valid(), normalisation })
}

/// Mean and spread of the audible, levelled frames.
fn measure_spread(clips: &[&Clip], n_mfcc: usize) -> Normalisation {
    let levelled: Vec<Vec<f32>> = clips
        .iter()
        .map(|clip| {
            let mut frames = clip.audible(n_mfcc).to_vec();
            crate::nets::input::level(&mut frames, n_mfcc);
            frames
        })
        .collect();
    Normalisation::measure(n_mfcc, levelled.iter().map(Vec::as_slice))
}

fn initialise(job: &Job, device: &Device) -> Network {
    // Poisoned by another job's panic, the guard still keeps others out.
    let _guard = INITIALISING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    device.seed(job.settings.seed);
    let network = Network::new(job.kind, widths(job.kind), job.input.mfcc.n_mfcc, VOICES.len(), device);
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

/// Varied clips and their targets `[batch, voices · moods]`, in half of the batches mixed with one another.
fn make_batch(
    clips: &[&Clip],
    job: &Job,
    spread: &Normalisation,
    device: &Device,
    generator: &mut ChaCha8Rng,
) -> (NetInput, Tensor<2>) {
    let augmentation = &job.settings.augmentation;
    let n_mfcc = job.input.mfcc.n_mfcc;
    let window_frames = job.input.window_frames;
    let varied: Vec<_> = clips
        .iter()
        .map(|clip| vary(clip.audible(n_mfcc), window_frames, spread, Some(augmentation), generator))
        .collect();
    let stretches: Vec<&[f32]> = varied.iter().map(AsRef::as_ref).collect();
    let input = batch(&stretches, spread, window_frames, device);
    let targets = targets(clips, job, device);
    let (how_often, shape) = augmentation.mixup;
    if generator.random::<f32>() >= how_often {
        return (input, targets);
    }
    let share = beta(shape, generator);
    let mut partners: Vec<i32> = (0..clips.len() as i32).collect();
    partners.shuffle(generator);
    let partners = Tensor::<1, Int>::from_data(TensorData::from(partners.as_slice()), device);
    (mix(input, share, &partners), mix_tensor(targets, share, &partners))
}

fn mix(input: NetInput, share: f32, partners: &Tensor<1, Int>) -> NetInput {
    let mask = input.mask.map(|mask| mask.clone().max_pair(mask.select(0, partners.clone())));
    NetInput { frames: mix_tensor(input.frames, share, partners), mask }
}

/// `share · x + (1 − share) · x[partners]` (Zhang et al. 2018, *mixup*).
fn mix_tensor<const D: usize>(tensor: Tensor<D>, share: f32, partners: &Tensor<1, Int>) -> Tensor<D> {
    let other = tensor.clone().select(0, partners.clone());
    tensor * share + other * (1.0 - share)
}

/// The label with smoothing over the labels that occur among the job's clips (the others cannot be learnt),
/// times a weight that makes a rare label count as much as a frequent one: RAVDESS has half as many
/// neutral clips as others, and without the weight a spoken one is almost never recognised.
fn targets(clips: &[&Clip], job: &Job, device: &Device) -> Tensor<2> {
    let outputs = VOICES.len() * MOOD_COUNT;
    let mut counts = vec![0usize; outputs];
    for clip in &job.clips {
        counts[clip.output()] += 1;
    }
    let occurring = counts.iter().filter(|count| **count > 0).count().max(1) as f32;
    let smoothing = job.settings.label_smoothing;
    let mut values = vec![0.0; clips.len() * outputs];
    for (row, clip) in values.chunks_exact_mut(outputs).zip(clips) {
        let label = clip.output();
        let weight = job.clips.len() as f32 / (occurring * counts[label].max(1) as f32);
        for (value, count) in row.iter_mut().zip(&counts) {
            *value = if *count > 0 { weight * smoothing / occurring } else { 0.0 };
        }
        row[label] += weight * (1.0 - smoothing);
    }
    Tensor::from_data(TensorData::new(values, [clips.len(), outputs]), device)
}

/// How many of a batch have their largest logit where their target is largest.
fn count_right(logits: Tensor<2>, targets: Tensor<2>) -> usize {
    let agree = logits.inner().argmax(1).equal(targets.inner().argmax(1));
    agree.int().sum().into_scalar::<i64>() as usize
}
