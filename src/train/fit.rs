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
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::Error;
use super::augment::{Augmentation, beta, normal, vary};
use super::checkpoint::Store;
use super::clips::{Clip, Owns, owns, voice_of};
use super::corpus::{SPOKEN, voices};
use super::goals::{Goals, Targets, mix_tensor, targets};
use crate::nets::blocks::NetInput;
use crate::nets::{
    CIRCUMPLEX, Domain, InputSettings, Kind, Network, Normalisation, Sizes, Spread, Tension, Widths, batch, dropout,
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
    /// How networks for the clips tell angry from fearful.
    pub tension: Tension,
    /// Largest norm of a tensor's gradient.
    pub clip_norm: f32,
    /// How clips are varied.
    pub augmentation: Augmentation,
    /// Everything random follows from this.
    pub seed: u64,
}

impl FitSettings {
    /// The settings that the shipped networks of a domain were taught with.
    pub fn of(domain: Domain) -> Self {
        FitSettings {
            epochs: match domain {
                Domain::Voice => 60,
                // A few hundred excerpts: an epoch has a fifth of the steps.
                Domain::Music => 100,
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
            tension: Tension::Apart,
            clip_norm: 5.0,
            augmentation: Augmentation::of(domain),
            seed: 0,
        }
    }
}

/// The layers' widths that are shipped. The weights of all four networks together stay far below 700 KB; a few hundred excerpts of
/// music cannot fill wider ones.
pub fn widths(domain: Domain, kind: Kind) -> Widths {
    match (domain, kind) {
        (Domain::Voice, Kind::Cnn) => {
            Widths { channels: 72, hidden: 0, statistics: 128, relative: true, voice: true, functionals: true }
        }
        (Domain::Voice, Kind::Rnn) => {
            Widths { channels: 64, hidden: 64, statistics: 128, relative: false, voice: true, functionals: true }
        }
        (Domain::Music, Kind::Cnn) => {
            Widths { channels: 16, hidden: 0, statistics: 104, relative: false, voice: false, functionals: true }
        }
        (Domain::Music, Kind::Rnn) => {
            Widths { channels: 16, hidden: 16, statistics: 104, relative: false, voice: false, functionals: true }
        }
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
    let owns = match job.input.domain() {
        Domain::Voice => owns(&job.clips, job.input, &spread),
        Domain::Music => Owns::new(),
    };
    let goals = Goals::of(job, &owns);
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
    let network = match goals.circumplex {
        Some(scales) => network.valid().with_circumplex_on(scales)?,
        None => network.valid(),
    };
    let network = with_heads(network, job, &spread, &owns, device)?;
    Ok(Fitted { network, spread })
}

/// The network with its heads [for learnt voices](super::voice_head) and [for functionals](super::functional_head).
fn with_heads(network: Network, job: &Job, spread: &Spread, owns: &Owns, device: &Device) -> Result<Network, Error> {
    let domain = job.input.domain();
    let widths = widths(domain, job.kind);
    let network = match domain {
        Domain::Music if widths.functionals => super::functional_head::make_room(network)?,
        _ => network,
    };
    let mut state = network.state();
    if widths.voice {
        state.extend(super::voice_head::teach(&job.clips, job.input, spread, owns, device));
    }
    if widths.functionals {
        state.extend(super::functional_head::teach(&job.clips, job.input, owns, job.settings.tension)?);
    }
    let sizes = Sizes::of(job.input, voices(domain).len());
    Ok(Network::new(job.kind, widths, sizes, device).with_state(&state)?)
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
    let window = input.window_frames * columns;
    let summaries: Vec<Vec<f32>> = match input.summary_len() {
        0 => Vec::new(),
        _ => {
            let windows = levelled.iter().flat_map(|frames| whole_windows(frames, window));
            windows.map(|window| input.summary_of(window)).collect()
        }
    };
    let summary = Normalisation::measure(input.summary_len(), summaries.iter().map(Vec::as_slice));
    let variation = match input.domain() {
        Domain::Voice => usual_variation(levelled, &frames),
        Domain::Music => Vec::new(),
    };
    Spread { frames, summary, variation }
}

/// The windows of a clip, without what is left over: of a few frames, a summary says next to nothing. A clip shorter than a window is
/// one.
fn whole_windows(frames: &[f32], window: usize) -> impl Iterator<Item = &[f32]> {
    let (whole, rest) = (frames.chunks_exact(window), frames.chunks_exact(window).remainder());
    whole.chain((frames.len() < window).then_some(rest))
}

/// The mean variation of levelled clips, on the scale on which networks see them.
fn usual_variation(mut levelled: Vec<Vec<f32>>, scale: &Normalisation) -> Vec<f32> {
    levelled.iter_mut().for_each(|frames| scale.apply(frames));
    Spread::usual_variation(scale.mean.len(), levelled.iter().map(Vec::as_slice))
}

fn initialise(job: &Job, device: &Device) -> Network {
    // Poisoned by another job's panic, the guard still keeps others out.
    let _guard = INITIALISING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    device.seed(job.settings.seed);
    let domain = job.input.domain();
    let sizes = Sizes::of(job.input, voices(domain).len());
    // Heads of their own are taught when the rest is done.
    let widths = Widths { voice: false, functionals: false, ..widths(domain, job.kind) };
    let network = Network::new(job.kind, widths, sizes, device);
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
        frames: mix_tensor(input.frames, 1, share, partners),
        mask: input.mask.map(|mask| mask.clone().max_pair(mask.select(1, partners.clone()))),
        summary: input.summary.map(|summary| mix_tensor(summary, 0, share, partners)),
        voices: None,
        functionals: None,
    }
}

/// How many of a batch have their largest logit where their target is largest.
fn count_right(logits: Tensor<2>, targets: Tensor<2>) -> usize {
    let agree = logits.inner().argmax(1).equal(targets.inner().argmax(1));
    agree.int().sum().into_scalar::<i64>() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_over_at_the_end_of_a_clip_is_no_window() {
        let frames: Vec<f32> = (0..25).map(|n| n as f32).collect();
        let lengths = |frames, window| whole_windows(frames, window).map(<[f32]>::len).collect::<Vec<_>>();
        assert_eq!(lengths(&frames, 10), [10, 10]);
        assert_eq!(lengths(&frames, 5), [5; 5]);
        assert_eq!(lengths(&frames, 40), [25], "a short clip is one");
    }
}
