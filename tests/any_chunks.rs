//! Same in, same out: whatever the sound, its rate and the pieces it comes in. Sounds and pieces are drawn by seeds; a failure
//! names its seed. `SONGMOOD_SEEDS=600` draws more of them than a test run has time for.
#![cfg(feature = "train")]

#[path = "common/models.rs"]
mod models;
#[path = "common/song.rs"]
mod song;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use song::song;
use songmood::classifier::{Handout, HandoutOpinions, Timings};
use songmood::nets::{self, Domain};
use songmood::{Analysis, Classifier, LiveClassifier, Pcm, Window};

/// Seeds to try.
fn seeds() -> u64 {
    std::env::var("SONGMOOD_SEEDS").map_or(30, |count| count.parse().unwrap())
}

struct Case {
    random: ChaCha8Rng,
    classifier: usize,
    sample_rate: u32,
    samples: Vec<f32>,
}

/// Any rate that is taken, the usual ones more often; parts of song, silence, noise and clicks at any gain.
fn case(seed: u64) -> Case {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let usual = [8_000, 16_000, 22_050, 44_100, 48_000, 96_000];
    let sample_rate = if random.random_bool(0.7) {
        usual[random.random_range(0..usual.len())]
    } else {
        random.random_range(8_000..=192_000)
    };
    let music = random.random_bool(1.0 / 3.0);
    let seconds = random.random_range(0.0..if music { 30.0 } else { 15.0 });
    let wanted = 1 + (seconds * f64::from(sample_rate)) as usize;
    let whole = song(seconds as f32 + 1.0, sample_rate);
    let mut samples: Vec<f32> = Vec::with_capacity(wanted);
    while samples.len() < wanted {
        let length = random.random_range(1..=wanted.max(2) / 2).min(wanted - samples.len());
        let gain = 10f32.powf(random.random_range(-4.0..0.0));
        match random.random_range(0..6) {
            0 => samples.extend(vec![0.0; length]),
            1 => samples.extend((0..length).map(|_| gain * random.random_range(-1.0f32..1.0))),
            2 => samples.extend((0..length).map(|n| if n % 9_973 == 0 { gain } else { 0.0 })),
            _ => samples.extend(whole.iter().skip(samples.len()).take(length).map(|sample| gain * sample)),
        }
    }
    Case { random, classifier: usize::from(music), sample_rate, samples }
}

impl Case {
    /// Cuts the samples into pieces of lengths that differ by orders of magnitude; some are empty.
    fn pieces(&mut self) -> Vec<&[f32]> {
        let scale = 10f64.powf(self.random.random_range(1.5..5.5));
        let mut pieces = Vec::new();
        let mut rest = &self.samples[..];
        while !rest.is_empty() {
            let (piece, left) = rest.split_at((self.random.random_range(0.0..scale) as usize).min(rest.len()));
            pieces.push(piece);
            rest = left;
        }
        pieces
    }
}

/// Every number of an analysis but the times that the work took.
fn bytes(analysis: &Analysis) -> String {
    let timings = Timings { resample_ms: 0.0, mfcc_ms: 0.0, forward_ms: 0.0 };
    serde_json::to_string(&Analysis { timings, ..analysis.clone() }).unwrap()
}

fn heard(live: &mut LiveClassifier, pieces: &[&[f32]]) -> Vec<Window> {
    pieces.iter().flat_map(|piece| live.push_all(piece).unwrap()).collect()
}

/// Whether an analysis has the window that was told on the way. The last frame reaches beyond the last sample; an analysis' window does not.
fn has(analysis: &Analysis, told: &Window) -> bool {
    analysis.windows.contains(&Window { end_s: told.end_s.min(analysis.duration_s), ..told.clone() })
}

/// A recording some of whose windows another classifier judges: they come back late, out of order, as plain numbers, or never.
fn shared_out(classifier: &Classifier, case: &mut Case) -> (Analysis, Vec<Window>) {
    let (models, other) = (classifier.models().len(), classifier.clone());
    let mut recording = classifier.recording(case.sample_rate).unwrap();
    let mut random = case.random.clone();
    let (mut told, mut away) = (Vec::new(), Vec::new());
    for piece in case.pieces() {
        recording.push(piece).unwrap();
        if random.random_bool(0.3) {
            told.extend(recording.judge());
        } else {
            away.extend(recording.hand_out());
        }
        if !away.is_empty() && random.random_bool(0.4) {
            let Handout { id, frames, starts } = away.swap_remove(random.random_range(0..away.len()));
            let lost = random.random_bool(0.2);
            let opinions = (!lost).then(|| other.judge_handout(&frames, &starts).unwrap().to_numbers());
            let opinions = opinions.map(|numbers| HandoutOpinions::from_numbers(&numbers, models).unwrap());
            told.extend(recording.take_back(id, opinions).unwrap());
        }
    }
    (recording.finish(|_, _| {}).unwrap(), told)
}

#[test]
fn the_pieces_that_a_sound_comes_in_change_nothing() {
    let device = nets::default_device();
    let classifiers =
        [Domain::Voice, Domain::Music].map(|domain| Classifier::new(&models::files_for(domain, &device)).unwrap());
    let mut windows = 0;
    for seed in 0..seeds() {
        let mut case = case(seed);
        let classifier = &classifiers[case.classifier];
        let (rate, length) = (case.sample_rate, case.samples.len());
        let about = format!("seed {seed}: {length} samples at {rate} Hz");
        let whole = classifier.classify(&Pcm::new(case.samples.clone(), rate).unwrap()).unwrap();
        let again = classifier.classify(&Pcm::new(case.samples.clone(), rate).unwrap()).unwrap();
        assert_eq!(bytes(&again), bytes(&whole), "{about}, twice");

        let mut recording = classifier.recording(rate).unwrap();
        for piece in case.pieces() {
            recording.push(piece).unwrap();
        }
        assert_eq!(bytes(&recording.finish(|_, _| {}).unwrap()), bytes(&whole), "{about}, as a recording");

        // Judged on the way, so in other batches.
        let mut recording = classifier.recording(rate).unwrap();
        for piece in case.pieces() {
            recording.push(piece).unwrap();
            recording.judge();
        }
        assert_eq!(bytes(&recording.finish(|_, _| {}).unwrap()), bytes(&whole), "{about}, judged on the way");

        let (shared, told) = shared_out(classifier, &mut case);
        assert_eq!(bytes(&shared), bytes(&whole), "{about}, handed out to others");
        assert!(told.iter().all(|window| has(&shared, window)), "{about}, as told");

        let mut live = classifier.live(rate).unwrap();
        let first = heard(&mut live, &case.pieces());
        live.reset().unwrap();
        assert_eq!(heard(&mut live, &case.pieces()), first, "{about}, live in other pieces");
        // The file has them all, and at most two more: one that ends with the sound, and one that its end completes.
        assert!((first.len()..=first.len() + 2).contains(&whole.windows.len()), "{about}");
        for window in &first {
            assert!(has(&whole, window), "{about}, live and as a file");
        }
        windows += first.len();
    }
    assert!(windows as u64 > 2 * seeds(), "only {windows} windows");
}
