//! What a network is asked for: the targets of a batch, and how much each of them counts.

use std::collections::BTreeMap;

use burn::tensor::{Device, Int, Tensor, TensorData};

use super::clips::{Clip, Owns};
use super::corpus::voices;
use super::fit::Job;
use super::held_out::counted_as;
use super::tract::VocalTract;
use crate::mood::{MOOD_COUNT, Mood};
use crate::nets::{CIRCUMPLEX, Domain, Normalisation, Scale, Tension};

/// What is asked of a network, however a batch is drawn: fixed for a job.
pub(super) struct Goals {
    /// How much a share of each output `[voices × moods]` counts; 0 for what does not occur.
    ///
    /// Rare labels are favoured by [`FitSettings::balance`]: RAVDESS has half as many neutral clips as others, and without the
    /// weight a spoken one is almost never recognised; Emotify has few sad excerpts.
    pub(super) weights: Vec<f32>,
    /// Number of outputs that occur.
    occurring: f32,
    /// How valence and arousal lie among the clips; `None` where the network does not give them.
    pub(super) circumplex: Option<[Scale; CIRCUMPLEX]>,
    /// What the frames of each voice are scaled by when it was learnt; empty for music.
    pub(super) voices: BTreeMap<(String, usize), Normalisation>,
    /// Voices of other sizes; `None` for music.
    pub(super) tract: Option<VocalTract>,
}

impl Goals {
    /// `owns`: what the voices of the clips are taken relative to; empty for music.
    pub fn of(job: &Job, owns: &Owns) -> Goals {
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
                let output = output(clip, mood, job.settings.tension);
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
        let scale_of = |of: fn(&Clip) -> Option<f32>| {
            let known: Vec<f64> = job.clips.iter().filter_map(|clip| of(clip)).map(f64::from).collect();
            let (mean, deviation) = super::metrics::mean_and_spread(&known);
            Scale { mean: mean as f32, deviation: deviation.max(0.1) as f32 }
        };
        Goals {
            weights: occurs.iter().enumerate().map(weight).collect(),
            occurring: occurs.iter().filter(|occurs| **occurs).count().max(1) as f32,
            circumplex: (domain == Domain::Music)
                .then(|| [scale_of(|clip| clip.label.valence), scale_of(|clip| clip.label.arousal)]),
            voices: owns.iter().map(|(voice, own)| (voice.clone(), own.frames.clone())).collect(),
            tract: (job.settings.augmentation.tract > 1.0)
                .then(|| VocalTract::new(&job.input.mfcc, job.settings.augmentation.tract)),
        }
    }
}

/// The output that a share of a mood is learnt by.
fn output(clip: &Clip, mood: usize, tension: Tension) -> usize {
    let told_later = tension == Tension::ByArousal && mood == Mood::Fearful.index();
    clip.voice * MOOD_COUNT + if told_later { Mood::Angry.index() } else { mood }
}

/// What a batch should come out as.
pub(super) struct Targets {
    /// Weighted shares of the moods, `[batch, voices · moods]`; a row of zeros where no mood is known.
    pub(super) moods: Tensor<2>,
    /// Valence and arousal `[batch, 2]`, each on its [`Scale`], and the weight of each: 1, or 0 where it is not known.
    pub(super) circumplex: Option<(Tensor<2>, Tensor<2>)>,
}

impl Targets {
    pub fn mixed(self, share: f32, partners: &Tensor<1, Int>) -> Targets {
        let circumplex = self.circumplex.map(|(values, weights)| {
            // A mixture has a valence only if both of its parts have one.
            let both = weights.clone().min_pair(weights.select(0, partners.clone()));
            (mix_tensor(values, 0, share, partners), both)
        });
        Targets { moods: mix_tensor(self.moods, 0, share, partners), circumplex }
    }
}

/// Labels with smoothing over what occurs among the job's clips (the rest cannot be learnt), weighted by [`Goals`].
pub(super) fn targets(clips: &[&Clip], job: &Job, goals: &Goals, device: &Device) -> Targets {
    let outputs = goals.weights.len();
    let smoothing = job.settings.label_smoothing;
    let mut moods = vec![0.0; clips.len() * outputs];
    for (row, clip) in moods.chunks_exact_mut(outputs).zip(clips) {
        if clip.label.mood().is_none() {
            continue;
        }
        row.fill(smoothing / goals.occurring);
        for (mood, share) in clip.label.moods.into_iter().enumerate() {
            row[output(clip, mood, job.settings.tension)] += (1.0 - smoothing) * share;
        }
        for (value, weight) in row.iter_mut().zip(&goals.weights) {
            *value *= weight;
        }
    }
    let tensor = |values, columns| Tensor::from_data(TensorData::new(values, [clips.len(), columns]), device);
    let circumplex = goals.circumplex.map(|scales| {
        let known = clips.iter().flat_map(|clip| [clip.label.valence, clip.label.arousal].into_iter().zip(scales));
        let value = |(value, scale): (Option<f32>, Scale)| value.map_or(0.0, |value| scale.of(value));
        let values: Vec<f32> = known.clone().map(value).collect();
        let weights: Vec<f32> = known.map(|(value, _)| f32::from(u8::from(value.is_some()))).collect();
        (tensor(values, CIRCUMPLEX), tensor(weights, CIRCUMPLEX))
    });
    Targets { moods: tensor(moods, outputs), circumplex }
}

/// `share · x + (1 − share) · x[partners]` (Zhang et al. 2018, *mixup*).
pub(super) fn mix_tensor<const D: usize>(
    tensor: Tensor<D>,
    along: usize,
    share: f32,
    partners: &Tensor<1, Int>,
) -> Tensor<D> {
    let other = tensor.clone().select(along, partners.clone());
    tensor * share + other * (1.0 - share)
}
