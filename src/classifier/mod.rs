//! From samples to moods: windows, both networks, their joint verdict.
//!
//! A [`Classifier`] judges whole recordings, a [`LiveClassifier`] samples as they come. Both cut the same
//! windows from the same frames, so both give the same scores for the same samples.

mod analysis;
mod error;
mod excerpt;
pub(crate) mod front;
mod handout;
mod learn;
mod live;
mod recording;
pub(crate) mod windows;

use std::ops::Range;

use burn::tensor::Device;

pub use analysis::{Analysis, ModelScores, Timings, Verdict, Window, WindowModel};
pub use error::Error;
pub use excerpt::HeardRecording;
pub use handout::{Handout, HandoutOpinions};
pub use live::LiveClassifier;
pub use recording::Recording;

use crate::audio::Pcm;
use crate::mood::{MOOD_COUNT, Scores};
use crate::nets::input::stretch;
use crate::nets::{Domain, Functionals, Heard, InputSettings, Model, Opinion, Tension, VoiceProfile};
use windows::{Cut, Judged};

/// Windows judged in one forward pass: large enough to keep the matrix products busy, small enough that a
/// song shows progress.
const BATCH: usize = 16;

/// Samples that go through the front at a time: few enough to stay in the cache.
const PIECE: usize = 1 << 15;

/// Judges recordings with one or more networks.
#[derive(Debug, Clone)]
pub struct Classifier {
    models: Vec<Model>,
    settings: InputSettings,
    /// What is measured of stretches to learn a voice.
    functionals: Functionals,
    voice: Option<VoiceProfile>,
}

impl Classifier {
    /// Loads model files onto the [default device](crate::nets::default_device).
    ///
    /// # Errors
    /// [`Error::NoModels`] without files, [`Error::Model`] with the position of the file that was refused,
    /// [`Error::MixedDomains`] for files of both domains.
    pub fn new(files: &[impl AsRef<[u8]>]) -> Result<Classifier, Error> {
        Classifier::on(files, &crate::nets::default_device())
    }

    /// Loads model files onto `device`.
    ///
    /// # Errors
    /// As [`Classifier::new`].
    pub fn on(files: &[impl AsRef<[u8]>], device: &Device) -> Result<Classifier, Error> {
        let load = |(index, bytes): (usize, &_)| {
            Model::load(AsRef::<[u8]>::as_ref(bytes), device).map_err(|source| Error::Model { index, source })
        };
        Classifier::of(files.iter().enumerate().map(load).collect::<Result<_, _>>()?)
    }

    /// A classifier of models that are loaded already.
    ///
    /// # Errors
    /// [`Error::NoModels`] for an empty list, [`Error::MixedDomains`] for models of both domains, [`Error::MixedFrames`] for models
    /// that do not see the same of them.
    pub fn of(models: Vec<Model>) -> Result<Classifier, Error> {
        let settings = models.first().ok_or(Error::NoModels)?.card().input.clone();
        let domains: Vec<Domain> = models.iter().map(|model| model.card().domain()).collect();
        if domains.iter().any(|domain| *domain != settings.domain()) {
            return Err(Error::MixedDomains { domains: domains.into_iter().map(Domain::name).collect() });
        }
        if models.iter().any(|model| model.card().input != settings) {
            return Err(Error::MixedFrames);
        }
        Ok(Classifier { models, functionals: Functionals::new(&settings), settings, voice: None })
    }

    /// The networks, in the order in which they were given.
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// What the networks were made for.
    pub fn domain(&self) -> Domain {
        self.settings.domain()
    }

    /// How windows are cut.
    pub fn settings(&self) -> &InputSettings {
        &self.settings
    }

    /// Judges from now on relative to a voice, or as any voice again with `None`.
    ///
    /// # Errors
    /// [`Error::NoVoice`] for networks for music, [`Error::Voice`] for a profile that is not one of such frames.
    pub fn set_voice(&mut self, voice: Option<VoiceProfile>) -> Result<(), Error> {
        if let Some(voice) = &voice {
            if self.domain() != Domain::Voice {
                return Err(Error::NoVoice);
            }
            if !voice.is_valid(self.settings.columns()) {
                return Err(Error::Voice { expected: self.settings.columns(), got: voice.columns() });
            }
        }
        self.voice = voice;
        Ok(())
    }

    /// The voice that recordings are judged relative to.
    pub fn voice(&self) -> Option<&VoiceProfile> {
        self.voice.as_ref()
    }

    /// Judges a whole recording.
    ///
    /// # Errors
    /// [`Error::Audio`] when the recording cannot be resampled.
    pub fn classify(&self, pcm: &Pcm) -> Result<Analysis, Error> {
        self.classify_with(pcm, |_, _| {})
    }

    /// Judges a whole recording and calls `progress(windows done, windows in all)` on the way.
    ///
    /// # Errors
    /// As [`Classifier::classify`].
    pub fn classify_with(&self, pcm: &Pcm, progress: impl FnMut(usize, usize)) -> Result<Analysis, Error> {
        let mut recording = self.recording(pcm.sample_rate())?;
        for piece in pcm.samples().chunks(PIECE) {
            recording.push(piece)?;
        }
        recording.finish(progress)
    }

    /// Begins a recording that comes in pieces, at `sample_rate`.
    ///
    /// # Errors
    /// [`Error::Audio`] for a sample rate that cannot be resampled.
    pub fn recording(&self, sample_rate: u32) -> Result<Recording, Error> {
        Recording::new(self.clone(), sample_rate)
    }

    /// Begins to judge samples as they come, at `sample_rate`.
    ///
    /// # Errors
    /// [`Error::Audio`] for a sample rate that cannot be resampled.
    pub fn live(&self, sample_rate: u32) -> Result<LiveClassifier, Error> {
        LiveClassifier::new(self.clone(), sample_rate)
    }

    /// Asks every network about a batch of windows, each a stretch of frames.
    fn judge(&self, stretches: &[&[f32]]) -> Vec<Judged> {
        self.judge_heard(stretches.iter().map(|frames| self.hear(frames)).collect())
    }

    /// What can be heard of a stretch of frames; `None` where it is silent.
    fn hear<'a>(&self, stretch: &'a [f32]) -> Option<Heard<'a>> {
        self.settings.audible(stretch).map(Heard::new)
    }

    /// [`Classifier::judge`] for what can be heard of the windows.
    fn judge_heard(&self, windows: Vec<Option<Heard>>) -> Vec<Judged> {
        let columns = self.settings.columns();
        let n_frames = |heard: &Heard| heard.frames().len() / columns;
        let weights: Vec<Option<usize>> = windows.iter().map(|heard| heard.as_ref().map(n_frames)).collect();
        let heard: Vec<Heard> = windows.into_iter().flatten().collect();
        let mut by_model: Vec<_> =
            self.models.iter().map(|model| model.opinions(&heard, self.voice.as_ref()).into_iter()).collect();
        let mut judge = |weight: Option<usize>| {
            let Some(weight) = weight else {
                return Judged { weight: 0, models: vec![Opinion::NONE; self.models.len()] };
            };
            let models = by_model.iter_mut().map(|model| model.next().flatten().unwrap_or(Opinion::NONE)).collect();
            Judged { weight, models }
        };
        weights.into_iter().map(&mut judge).collect()
    }

    /// The same for windows given by their places in `frames`.
    fn judge_ranges(&self, frames: &[f32], ranges: impl IntoIterator<Item = Range<usize>>) -> Vec<Judged> {
        let columns = self.settings.columns();
        self.judge(&ranges.into_iter().map(|range| stretch(frames, columns, range)).collect::<Vec<_>>())
    }

    /// The same for any number of windows.
    fn judge_in_batches(&self, frames: &[f32], windows: &[Range<usize>]) -> Vec<Judged> {
        windows.chunks(BATCH).flat_map(|batch| self.judge_ranges(frames, batch.iter().cloned())).collect()
    }

    fn window(&self, frames: Range<usize>, judged: &Judged) -> Window {
        let both = mean(judged.models.iter().map(|opinion| (opinion, 1)), self.tension());
        let named = |(model, opinion): (&Model, &Opinion)| WindowModel {
            name: model.card().name.clone(),
            moods: opinion.moods,
        };
        Window {
            start_s: frames.start as f64 * self.settings.frame_s(),
            end_s: frames.end as f64 * self.settings.frame_s(),
            silent: judged.weight == 0,
            moods: both.moods,
            valence: both.valence,
            arousal: both.arousal,
            models: self.models.iter().zip(&judged.models).map(named).collect(),
        }
    }

    /// Sums up the seconds `span` of a recording: windows weigh as many frames as could be heard in them.
    fn analysis(
        &self,
        span: Range<f64>,
        sample_rate: u32,
        cut: &[Cut],
        judged: &[Judged],
        timings: Timings,
    ) -> Analysis {
        let counting = || cut.iter().zip(judged).filter(|(cut, _)| cut.counts).map(|(_, judged)| judged);
        let whole = |(index, model): (usize, &Model)| {
            let weighted = counting().filter_map(|judged| Some((judged.models.get(index)?, judged.weight)));
            mean(weighted, model.card().tension)
        };
        let opinions: Vec<Opinion> = self.models.iter().enumerate().map(whole).collect();
        let both = mean(opinions.iter().map(|opinion| (opinion, 1)), self.tension());
        let named = |(model, opinion): (&Model, &Opinion)| ModelScores {
            name: model.card().name.clone(),
            mood: opinion.moods.top().0,
            moods: opinion.moods,
        };
        let in_recording = |(cut, judged): (&Cut, &Judged)| {
            let window = self.window(cut.frames.clone(), judged);
            // The last frame reaches beyond the last sample; a window does not.
            Window { end_s: window.end_s.min(span.end), ..window }
        };
        Analysis {
            duration_s: span.end - span.start,
            sample_rate,
            verdict: self.verdict(&both.moods, judged.iter().all(|judged| judged.weight == 0)),
            moods: both.moods,
            valence: both.valence,
            arousal: both.arousal,
            models: self.models.iter().zip(&opinions).map(named).collect(),
            windows: cut.iter().zip(judged).map(in_recording).collect(),
            timings,
        }
    }

    /// From which probability on a verdict counts as sure: the highest that any of the networks asks for.
    pub fn sure_above(&self) -> f32 {
        self.models.iter().map(|model| model.card().calibration.sure_above).fold(0.0, f32::max)
    }

    /// How all networks together tell angry and fearful apart: by arousal if each of them does.
    pub fn tension(&self) -> Tension {
        let by_arousal = self.models.iter().all(|model| model.card().tension == Tension::ByArousal);
        if by_arousal { Tension::ByArousal } else { Tension::Apart }
    }

    /// The likeliest mood, and whether that is likely enough to be called sure.
    fn verdict(&self, moods: &Scores, silent: bool) -> Verdict {
        let (mood, probability) = moods.top();
        Verdict { mood, probability, unsure: silent || probability < self.sure_above() }
    }
}

/// Weighted mean of opinions that tell angry and fearful apart in such a way; none when nothing weighs anything.
pub(crate) fn mean<'a>(weighted: impl Iterator<Item = (&'a Opinion, usize)>, tension: Tension) -> Opinion {
    let (mut moods, mut valence, mut arousal, mut total) = ([0.0f64; MOOD_COUNT], 0.0, 0.0, 0.0);
    for (opinion, weight) in weighted {
        let weight = weight as f64;
        total += weight;
        for (sum, probability) in moods.iter_mut().zip(opinion.moods.0) {
            *sum += f64::from(probability) * weight;
        }
        valence += f64::from(opinion.valence) * weight;
        arousal += f64::from(opinion.arousal) * weight;
    }
    if total == 0.0 {
        return Opinion::NONE;
    }
    Opinion {
        moods: Scores(moods.map(|sum| (sum / total) as f32)),
        valence: (valence / total) as f32,
        arousal: (arousal / total) as f32,
    }
    .telling(tension)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mood::Mood;

    #[test]
    fn tension_is_told_anew_in_a_mean() {
        let tense = |mood: Mood, arousal| {
            let moods = Scores([0.0; MOOD_COUNT]).with(mood, 0.6).with(Mood::Calm, 0.4);
            Opinion { moods, valence: -0.5, arousal }
        };
        let (angry, fearful) = (tense(Mood::Angry, 0.3), tense(Mood::Fearful, -0.1));
        let told = |weights: [usize; 2], tension| {
            let Opinion { moods, .. } = mean([&angry, &fearful].into_iter().zip(weights), tension);
            [Mood::Angry, Mood::Fearful, Mood::Calm].map(|mood| (moods.get(mood) * 100.0).round())
        };
        assert_eq!(told([1, 1], Tension::Apart), [30.0, 30.0, 40.0]);
        assert_eq!(told([1, 1], Tension::ByArousal), [60.0, 0.0, 40.0]);
        assert_eq!(told([1, 9], Tension::ByArousal), [0.0, 60.0, 40.0]);
        // Silence has no tension.
        assert_eq!(mean([(&Opinion::NONE, 1)].into_iter(), Tension::ByArousal), Opinion::NONE);
    }
}
