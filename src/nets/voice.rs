//! What is known of one voice.

use serde::{Deserialize, Serialize};

use super::functionals::{Functionals, n_functionals};
use super::input::level;
use super::model::Heard;
use super::normalisation::{Moments, Normalisation, Spread, Usual, variation};

/// Frames that the training set's means count as against those of a voice: about the audible part of two RAVDESS clips.
const GENERAL_FRAMES: f64 = 240.0;

/// What is known of one voice without any label: mean and spread of its levelled frames, how much they vary within a stretch, and
/// its mean [functionals](Functionals).
///
/// Singers differ more from one another than moods do. A network that is given frames relative to the voice's own mean and
/// spread, and heads ([`VoiceHead`](super::VoiceHead), [`OwnFunctionals`](super::OwnFunctionals)) that are told besides what is usual for
/// it, hear what changes with the mood. The profile should hold several moods: a voice that was only ever heard calm makes calm its zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct VoiceProfile {
    frames: Moments,
    variation: Usual,
    functionals: Usual,
}

/// A profile as it is kept. Those of songmood 0.1's first builds have no variation or no functionals, and learn them from then on.
#[derive(Serialize, Deserialize)]
struct Stored {
    count: f64,
    sum: Vec<f64>,
    squares: Vec<f64>,
    #[serde(default)]
    variation: Usual,
    #[serde(default)]
    functionals: Usual,
}

impl From<Stored> for VoiceProfile {
    fn from(Stored { count, sum, squares, variation, functionals }: Stored) -> Self {
        let or_none = |usual: Usual, values: usize| if usual == Usual::default() { Usual::new(values) } else { usual };
        let columns = sum.len();
        VoiceProfile {
            variation: or_none(variation, 2 * columns),
            functionals: or_none(functionals, n_functionals(columns)),
            frames: Moments { count, sum, squares },
        }
    }
}

impl From<VoiceProfile> for Stored {
    fn from(VoiceProfile { frames: Moments { count, sum, squares }, variation, functionals }: VoiceProfile) -> Self {
        Stored { count, sum, squares, variation, functionals }
    }
}

/// What a voice is taken relative to.
#[derive(Debug, Clone, PartialEq)]
pub struct Own {
    /// What its frames are scaled by.
    pub frames: Normalisation,
    /// By how much its scaled frames vary more than those of other voices, `2 · columns` values in the order of [`Spread::variation`]; empty
    /// for networks that are not told.
    pub variation: Vec<f32>,
    /// How far its variation is known: 0 not at all, towards 1 the longer it was heard.
    pub share: f32,
    /// Its mean functionals, [`n_functionals`] values.
    pub functionals: Vec<f32>,
    /// How far these are known.
    pub functionals_share: f32,
}

impl Own {
    /// Counts the variation in the statistics of a stretch, `3 · columns` values, from what is usual for the voice.
    pub(crate) fn relative(&self, statistics: &mut [f32]) {
        for (value, more) in statistics.iter_mut().skip(self.frames.mean.len()).zip(&self.variation) {
            *value -= more;
        }
    }
}

impl VoiceProfile {
    /// Nothing is known yet of a voice whose frames have `columns` values.
    pub fn new(columns: usize) -> VoiceProfile {
        VoiceProfile {
            frames: Moments::new(columns),
            variation: Usual::new(2 * columns),
            functionals: Usual::new(n_functionals(columns)),
        }
    }

    /// Learns from the audible frames of a stretch, each counted as `weight` frames: below 1 where stretches overlap. `functionals` are
    /// measured where no network has asked for them before.
    pub fn learn(&mut self, heard: &Heard, functionals: &Functionals, weight: f64) {
        let columns = self.columns();
        let mut levelled = heard.frames().to_vec();
        level(&mut levelled, columns);
        let n_frames = weight * (levelled.len() / columns) as f64;
        self.frames.add(&levelled, weight);
        self.variation.add(&variation(&levelled, columns), n_frames);
        self.functionals.add(heard.functionals(functionals), n_frames);
    }

    /// Adds what was learnt of the same voice elsewhere.
    pub fn join(&mut self, other: &VoiceProfile) {
        self.frames.join(&other.frames);
        self.variation.join(&other.variation);
        self.functionals.join(&other.functionals);
    }

    /// Values of a frame.
    pub fn columns(&self) -> usize {
        self.frames.sum.len()
    }

    /// Audible frames learnt from.
    pub fn n_frames(&self) -> f64 {
        self.frames.count
    }

    /// How far the voice is known: 0 not at all, towards 1 the longer it was heard. See [`Own::share`].
    pub fn known(&self) -> f32 {
        share(self.variation.count)
    }

    /// What this voice is taken relative to: with n frames learnt, `(n · own + 240 · general) / (n + 240)` for means, spreads and
    /// variation.
    pub fn relative_to(&self, general: &Spread) -> Own {
        let own = self.frames.normalisation();
        let of_frames = share(self.frames.count);
        let blend = |(own, general): (&f32, &f32)| general + of_frames * (own - general);
        let frames = Normalisation {
            mean: own.mean.iter().zip(&general.frames.mean).map(blend).collect(),
            std: own.std.iter().zip(&general.frames.std).map(blend).collect(),
        };
        let scales = frames.std.iter().chain(&frames.std);
        let (usual, known) = (self.variation.mean(), self.known());
        let more = |((own, scale), general): ((&f32, &f32), &f32)| known * (own / scale - general);
        let variation = usual.iter().zip(scales).zip(&general.variation).map(more).collect();
        Own {
            frames,
            variation,
            share: known,
            functionals: self.functionals.mean(),
            functionals_share: share(self.functionals.count),
        }
    }

    /// Whether the profile can be used for frames of `columns` values: it may have been stored and changed elsewhere.
    pub fn is_valid(&self, columns: usize) -> bool {
        let VoiceProfile { frames: Moments { count, sum, squares }, variation, functionals } = self;
        let parts = [
            (count, sum, columns),
            (count, squares, columns),
            (&variation.count, &variation.sum, 2 * columns),
            (&functionals.count, &functionals.sum, n_functionals(columns)),
        ];
        parts.into_iter().all(|(count, sums, length)| {
            let finite = |value: &f64| (*value as f32).is_finite();
            sums.len() == length && *count >= 0.0 && finite(count) && sums.iter().all(finite)
        })
    }
}

/// How much of a voice so many frames tell.
fn share(count: f64) -> f32 {
    (count / (count + GENERAL_FRAMES)) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::MfccOptions;
    use crate::nets::{Domain, InputSettings};

    /// Frames of two values: one that goes up and down around `mean`, and a level that differs from stretch to stretch.
    fn frames(n: usize, level: f32, mean: f32, swing: f32) -> Vec<f32> {
        (0..n).flat_map(|t| [level, mean + if t % 2 == 0 { swing } else { -swing }]).collect()
    }

    fn settings() -> InputSettings {
        let voice = InputSettings::of(Domain::Voice);
        let mfcc = MfccOptions { n_mfcc: 2, ..voice.mfcc };
        InputSettings { mfcc, shape: false, phonation: false, dynamic_range_db: None, ..voice }
    }

    fn learn(voice: &mut VoiceProfile, frames: &[f32], weight: f64) {
        voice.learn(&Heard::new(frames), &Functionals::new(&settings()), weight);
    }

    fn spread(frames: Normalisation, variation: Vec<f32>) -> Spread {
        Spread { frames, summary: Normalisation { mean: vec![], std: vec![] }, variation }
    }

    #[test]
    fn a_voice_moves_the_scale_as_far_as_it_is_known() {
        let scale = Normalisation { mean: vec![0.0, 1.0], std: vec![1.0, 2.0] };
        let general = spread(scale.clone(), Vec::new());
        let mut voice = VoiceProfile::new(2);
        assert_eq!((voice.relative_to(&general).frames, voice.relative_to(&general).share), (scale, 0.0));
        learn(&mut voice, &frames(120, -300.0, 5.0, 4.0), 1.0);
        learn(&mut voice, &frames(120, -500.0, 5.0, 4.0), 1.0);
        let Own { frames: half, share, .. } = voice.relative_to(&general);
        assert!((half.mean[1] - 3.0).abs() < 1e-3 && (half.std[1] - 3.0).abs() < 1e-3, "{half:?}");
        assert!(half.mean[0].abs() < 1e-3, "loudness is no part of a voice: {half:?}");
        assert_eq!((share, voice.known()), (0.5, 0.5));
        for _ in 0..400 {
            learn(&mut voice, &frames(240, 0.0, 5.0, 4.0), 0.5);
        }
        let known = voice.relative_to(&general).frames;
        assert!((known.mean[1] - 5.0).abs() < 0.03 && (known.std[1] - 4.0).abs() < 0.03, "{known:?}");
    }

    #[test]
    fn two_profiles_joined_are_one_that_learnt_both() {
        let (calm, lively) = (frames(100, -300.0, 5.0, 1.0), frames(60, -200.0, 4.0, 6.0));
        let learnt = |stretches: &[&[f32]]| {
            let mut voice = VoiceProfile::new(2);
            stretches.iter().for_each(|stretch| learn(&mut voice, stretch, 1.0));
            voice
        };
        let mut joined = learnt(&[&calm]);
        joined.join(&learnt(&[&lively]));
        assert_eq!(joined, learnt(&[&calm, &lively]));
    }

    #[test]
    fn a_profile_that_was_tampered_with_is_not_used() {
        let mut voice = VoiceProfile::new(3);
        assert!(voice.is_valid(3) && !voice.is_valid(40));
        voice.frames.squares[1] = f64::NAN;
        assert!(!voice.is_valid(3));
    }

    #[test]
    fn a_voice_is_as_lively_as_it_usually_is() {
        let scale = Normalisation { mean: vec![0.0; 2], std: vec![1.0, 2.0] };
        let mut scaled = frames(240, 0.0, 0.0, 4.0);
        scale.apply(&mut scaled);
        let general = spread(scale, Spread::usual_variation(2, [scaled.as_slice()].into_iter()));
        let mut voice = VoiceProfile::new(2);
        assert_eq!(voice.relative_to(&general).variation, [0.0; 4], "nothing is known");
        learn(&mut voice, &frames(240, 0.0, 0.0, 8.0), 1.0);
        // Twice the swing on a scale that is blended to (8 + 2) / 2: a spread of 8 / 5 instead of 4 / 2, of which half counts.
        let own = voice.relative_to(&general).variation;
        assert!((own[1] - 0.5 * (1.6 - 2.0)).abs() < 1e-2 && (own[3] - 0.5 * (3.2 - 4.0)).abs() < 1e-2, "{own:?}");
        assert!(voice.relative_to(&spread(general.frames, Vec::new())).variation.is_empty());
    }

    #[test]
    fn functionals_are_those_that_are_usual_for_the_voice() {
        let (calm, lively) = (frames(100, -300.0, 5.0, 1.0), frames(60, -200.0, 4.0, 6.0));
        let general = spread(Normalisation { mean: vec![0.0; 2], std: vec![1.0; 2] }, Vec::new());
        let mut voice = VoiceProfile::new(2);
        learn(&mut voice, &calm, 1.0);
        learn(&mut voice, &lively, 2.0);
        let Own { functionals, functionals_share, .. } = voice.relative_to(&general);
        assert!((functionals_share - 220.0 / 460.0).abs() < 1e-6);
        let of = |frames| Functionals::new(&settings()).of(frames);
        for ((usual, calm), lively) in functionals.iter().zip(of(&calm)).zip(of(&lively)) {
            assert!((usual - (100.0 * calm + 120.0 * lively) / 220.0).abs() < 1e-3 * (1.0 + usual.abs()));
        }
    }

    #[test]
    fn a_profile_without_variation_and_functionals_is_read_and_learns_them() {
        let general = spread(Normalisation { mean: vec![0.0; 2], std: vec![1.0; 2] }, vec![0.5; 4]);
        let mut voice: VoiceProfile = serde_json::from_str(r#"{"count":240,"sum":[0,0],"squares":[240,960]}"#).unwrap();
        assert!(voice.is_valid(2));
        let own = voice.relative_to(&general);
        assert_eq!((own.frames.std, own.variation, own.share), (vec![1.0, 1.5], vec![0.0; 4], 0.0));
        assert_eq!((own.functionals.len(), own.functionals_share), (n_functionals(2), 0.0));
        learn(&mut voice, &frames(240, 0.0, 0.0, 2.0), 1.0);
        assert_eq!(voice.relative_to(&general).share, 0.5);
    }
}
