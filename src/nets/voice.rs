//! What is known of one voice.

use serde::{Deserialize, Serialize};

use super::input::level;
use super::normalisation::{Moments, Normalisation, Spread, Variation};

/// Frames that the training set's means count as against those of a voice: about the audible part of two RAVDESS clips.
const GENERAL_FRAMES: f64 = 240.0;

/// What is known of one voice without any label: mean and spread of its levelled frames, and how much they vary within a stretch.
///
/// Singers differ more from one another than moods do. A network that is given frames relative to the voice's own mean and
/// spread, and a [head](super::VoiceHead) that is told besides what variation is usual for it, hear what changes with the mood. The profile
/// should hold several moods: a voice that was only ever heard calm makes calm its zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct VoiceProfile {
    frames: Moments,
    variation: Variation,
}

/// A profile as it is kept. Those of songmood 0.1's first builds have no variation, and learn it from then on.
#[derive(Serialize, Deserialize)]
struct Stored {
    count: f64,
    sum: Vec<f64>,
    squares: Vec<f64>,
    #[serde(default)]
    variation: Variation,
}

impl From<Stored> for VoiceProfile {
    fn from(Stored { count, sum, squares, mut variation }: Stored) -> Self {
        if variation == Variation::default() {
            variation = Variation::new(sum.len());
        }
        VoiceProfile { frames: Moments { count, sum, squares }, variation }
    }
}

impl From<VoiceProfile> for Stored {
    fn from(VoiceProfile { frames: Moments { count, sum, squares }, variation }: VoiceProfile) -> Self {
        Stored { count, sum, squares, variation }
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
        VoiceProfile { frames: Moments::new(columns), variation: Variation::new(columns) }
    }

    /// Learns from the audible frames of a stretch, each counted as `weight` frames: below 1 where stretches overlap.
    pub fn learn(&mut self, stretch: &[f32], weight: f64) {
        let columns = self.columns();
        let mut levelled = stretch.to_vec();
        level(&mut levelled, columns);
        self.frames.add(&levelled, weight);
        self.variation.add(&levelled, columns, weight);
    }

    /// Adds what was learnt of the same voice elsewhere.
    pub fn join(&mut self, other: &VoiceProfile) {
        self.frames.join(&other.frames);
        self.variation.join(&other.variation);
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
        let (usual, share) = (self.variation.mean(), self.known());
        let more = |((own, scale), general): ((&f32, &f32), &f32)| share * (own / scale - general);
        let variation = usual.iter().zip(scales).zip(&general.variation).map(more).collect();
        Own { frames, variation, share }
    }

    /// Whether the profile can be used for frames of `columns` values: it may have been stored and changed elsewhere.
    pub fn is_valid(&self, columns: usize) -> bool {
        let VoiceProfile { frames: Moments { count, sum, squares }, variation } = self;
        let numbers = sum.iter().chain(squares).chain(&variation.sum).chain([count, &variation.count]);
        let lengths = sum.len() == columns && squares.len() == columns && variation.sum.len() == 2 * columns;
        lengths
            && *count >= 0.0
            && variation.count >= 0.0
            && numbers.into_iter().all(|value| (*value as f32).is_finite())
    }
}

/// How much of a voice so many frames tell.
fn share(count: f64) -> f32 {
    (count / (count + GENERAL_FRAMES)) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames of two values: one that goes up and down around `mean`, and a level that differs from stretch to stretch.
    fn frames(n: usize, level: f32, mean: f32, swing: f32) -> Vec<f32> {
        (0..n).flat_map(|t| [level, mean + if t % 2 == 0 { swing } else { -swing }]).collect()
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
        voice.learn(&frames(120, -300.0, 5.0, 4.0), 1.0);
        voice.learn(&frames(120, -500.0, 5.0, 4.0), 1.0);
        let Own { frames: half, share, .. } = voice.relative_to(&general);
        assert!((half.mean[1] - 3.0).abs() < 1e-3 && (half.std[1] - 3.0).abs() < 1e-3, "{half:?}");
        assert!(half.mean[0].abs() < 1e-3, "loudness is no part of a voice: {half:?}");
        assert_eq!((share, voice.known()), (0.5, 0.5));
        for _ in 0..400 {
            voice.learn(&frames(240, 0.0, 5.0, 4.0), 0.5);
        }
        let known = voice.relative_to(&general).frames;
        assert!((known.mean[1] - 5.0).abs() < 0.03 && (known.std[1] - 4.0).abs() < 0.03, "{known:?}");
    }

    #[test]
    fn two_profiles_joined_are_one_that_learnt_both() {
        let (calm, lively) = (frames(100, -300.0, 5.0, 1.0), frames(60, -200.0, 4.0, 6.0));
        let learnt = |stretches: &[&[f32]]| {
            let mut voice = VoiceProfile::new(2);
            stretches.iter().for_each(|stretch| voice.learn(stretch, 1.0));
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
        voice.learn(&frames(240, 0.0, 0.0, 8.0), 1.0);
        // Twice the swing on a scale that is blended to (8 + 2) / 2: a spread of 8 / 5 instead of 4 / 2, of which half counts.
        let own = voice.relative_to(&general).variation;
        assert!((own[1] - 0.5 * (1.6 - 2.0)).abs() < 1e-2 && (own[3] - 0.5 * (3.2 - 4.0)).abs() < 1e-2, "{own:?}");
        assert!(voice.relative_to(&spread(general.frames, Vec::new())).variation.is_empty());
    }

    #[test]
    fn a_profile_without_variation_is_read_and_learns_it() {
        let general = spread(Normalisation { mean: vec![0.0; 2], std: vec![1.0; 2] }, vec![0.5; 4]);
        let mut voice: VoiceProfile = serde_json::from_str(r#"{"count":240,"sum":[0,0],"squares":[240,960]}"#).unwrap();
        assert!(voice.is_valid(2));
        let own = voice.relative_to(&general);
        assert_eq!((own.frames.std, own.variation, own.share), (vec![1.0, 1.5], vec![0.0; 4], 0.0));
        voice.learn(&frames(240, 0.0, 0.0, 2.0), 1.0);
        assert_eq!(voice.relative_to(&general).share, 0.5);
    }
}
