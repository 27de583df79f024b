//! The classifier, whole and live, with networks that nobody trained: what must hold for any weights.

#[path = "common/models.rs"]
mod models;
#[path = "common/song.rs"]
mod song;

use song::song;
use songmood::classifier::HandoutOpinions;
use songmood::nets::Domain;
use songmood::{Classifier, Pcm, Scores, Window, classifier, nets};

fn classifier() -> Classifier {
    Classifier::new(&models::files(&nets::default_device())).unwrap()
}

fn apart(a: &Scores, b: &Scores) -> f32 {
    a.0.iter().zip(b.0).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn probabilities_are_probabilities_and_both_is_the_mean_of_the_two() {
    let classifier = classifier();
    let analysis = classifier.classify(&Pcm::new(song(9.0, 44_100), 44_100).unwrap()).unwrap();
    assert_eq!(analysis.sample_rate, 44_100);
    assert!((analysis.duration_s - 9.0).abs() < 1e-4);
    let mut all = vec![analysis.moods];
    all.extend(analysis.models.iter().map(|model| model.moods));
    for window in &analysis.windows {
        all.push(window.moods);
        all.extend(window.models.iter().map(|model| model.moods));
        let [cnn, rnn] = [0, 1].map(|index| window.models[index].moods.0);
        let mean = Scores(std::array::from_fn(|mood| (cnn[mood] + rnn[mood]) / 2.0));
        assert!(apart(&mean, &window.moods) < 1e-6);
    }
    for scores in all {
        assert!((scores.0.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert!(scores.0.iter().all(|p| (0.0..=1.0).contains(p)));
    }
    assert_eq!(analysis.verdict.mood, analysis.moods.top().0);
    assert_eq!(analysis.verdict.unsure, analysis.verdict.probability < 0.4);
}

#[test]
fn windows_cover_the_recording_in_order() {
    let classifier = classifier();
    let (window_s, hop_s) = (classifier.settings().window_s(), classifier.settings().hop_s());
    let analysis = classifier.classify(&Pcm::new(song(20.0, 22_050), 22_050).unwrap()).unwrap();
    assert_eq!(analysis.windows[0].start_s, 0.0);
    for pair in analysis.windows.windows(2) {
        assert!(pair[1].start_s > pair[0].start_s && pair[1].start_s - pair[0].start_s <= hop_s + 1e-9);
        assert!((pair[0].end_s - pair[0].start_s - window_s).abs() < 1e-9);
    }
    assert!((analysis.windows.last().unwrap().end_s - 20.0).abs() < 0.05);
}

fn for_music() -> Classifier {
    Classifier::new(&models::files_for(Domain::Music, &nets::default_device())).unwrap()
}

#[test]
fn live_gives_the_scores_of_the_file_in_any_chunking() {
    live_gives_the_scores_of_the_file(&classifier(), 12.0);
}

#[test]
fn live_music_gives_the_scores_of_the_file_in_any_chunking() {
    live_gives_the_scores_of_the_file(&for_music(), 20.0);
}

fn live_gives_the_scores_of_the_file(classifier: &Classifier, seconds: f32) {
    for (sample_rate, silence) in [(22_050, 0), (48_000, 0), (22_050, 3_000), (22_050, 320_000)] {
        let samples = [vec![0.0; silence], song(seconds, sample_rate)].concat();
        let whole = classifier.classify(&Pcm::new(samples.clone(), sample_rate).unwrap()).unwrap();
        for chunk in [128, 4_001, samples.len()] {
            let mut live = classifier.live(sample_rate).unwrap();
            let windows: Vec<Window> = samples.chunks(chunk).flat_map(|piece| live.push_all(piece).unwrap()).collect();
            assert!(windows.len() >= 7, "{}", windows.len());
            for (window, expected) in windows.iter().zip(&whole.windows) {
                assert_eq!((window.start_s, window.end_s), (expected.start_s, expected.end_s));
                assert!(apart(&window.moods, &expected.moods) < 1e-5);
                assert!((window.valence - expected.valence).abs() < 1e-5);
                assert!((window.arousal - expected.arousal).abs() < 1e-5);
            }
        }
    }
}

#[test]
fn models_for_voices_and_for_music_do_not_judge_together() {
    let device = nets::default_device();
    let mixed = [models::files(&device)[0].clone(), models::files_for(Domain::Music, &device)[1].clone()];
    let error = Classifier::new(&mixed).unwrap_err();
    assert!(matches!(error, classifier::Error::MixedDomains { .. }));
    assert!(error.to_string().contains("voice, music"), "{error}");
}

#[test]
fn a_reset_begins_anew() {
    let classifier = classifier();
    let samples = song(6.0, 22_050);
    let mut live = classifier.live(22_050).unwrap();
    let first = live.push_all(&samples).unwrap();
    live.reset().unwrap();
    assert_eq!(live.push_all(&samples).unwrap(), first);
}

#[test]
fn a_gain_changes_nothing() {
    for classifier in [classifier(), for_music()] {
        a_gain_changes_nothing_for(&classifier);
    }
}

fn a_gain_changes_nothing_for(classifier: &Classifier) {
    let samples = song(8.0, 22_050);
    let as_is = classifier.classify(&Pcm::new(samples.clone(), 22_050).unwrap()).unwrap();
    for gain_db in [-20.0f32, 6.0] {
        let gain = 10f32.powf(gain_db / 20.0);
        let scaled = samples.iter().map(|sample| gain * sample).collect();
        let analysis = classifier.classify(&Pcm::new(scaled, 22_050).unwrap()).unwrap();
        assert!(apart(&analysis.moods, &as_is.moods) < 1e-3, "{gain_db} dB");
    }
}

#[test]
fn silence_is_not_judged() {
    let classifier = classifier();
    let analysis = classifier.classify(&Pcm::new(vec![0.0; 10 * 22_050], 22_050).unwrap()).unwrap();
    assert!(analysis.verdict.unsure);
    assert_eq!(analysis.moods, Scores::UNIFORM);
    assert!(analysis.windows.iter().all(|window| window.silent && window.moods == Scores::UNIFORM));

    // A pause within a song is silent, and does not count.
    let mut samples = song(6.0, 22_050);
    samples.extend(vec![0.0; 8 * 22_050]);
    let analysis = classifier.classify(&Pcm::new(samples, 22_050).unwrap()).unwrap();
    assert!(analysis.windows.iter().any(|window| window.silent));
    assert!(analysis.windows.iter().any(|window| !window.silent));
    assert_ne!(analysis.moods, Scores::UNIFORM);
}

#[test]
fn the_shortest_recordings_are_judged() {
    let classifier = classifier();
    for length in [1, 100, 512, 2048, 30_000] {
        let analysis = classifier.classify(&Pcm::new(song(2.0, 22_050)[..length].to_vec(), 22_050).unwrap()).unwrap();
        assert_eq!(analysis.windows.len(), 1, "{length}");
        assert!(analysis.moods.0.iter().all(|p| p.is_finite()));
    }
}

#[test]
fn bad_samples_and_rates_are_refused_and_harm_nothing() {
    let classifier = classifier();
    assert!(matches!(classifier.live(4_000), Err(classifier::Error::Audio(_))));
    assert!(matches!(classifier.recording(1_000_000), Err(classifier::Error::Audio(_))));
    assert!(matches!(classifier.recording(22_050).unwrap().finish(|_, _| {}), Err(classifier::Error::Audio(_))));

    let samples = song(5.0, 22_050);
    let mut live = classifier.live(22_050).unwrap();
    let mut undisturbed = classifier.live(22_050).unwrap();
    live.push(&samples[..10_000]).unwrap();
    assert!(live.push(&[0.1, f32::NAN]).is_err());
    assert!(live.push(&[f32::INFINITY]).is_err());
    assert_eq!(live.push_all(&samples[10_000..]).unwrap(), undisturbed.push_all(&samples).unwrap());
}

#[test]
fn what_was_not_handed_out_is_not_taken_back() {
    let classifier = classifier();
    let mut recording = classifier.recording(22_050).unwrap();
    assert!(recording.hand_out().is_none(), "there is no window yet");
    recording.push(&song(20.0, 22_050)).unwrap();
    let handout = recording.hand_out().unwrap();
    assert!(recording.hand_out().is_none(), "handed out once");
    let opinions = classifier.judge_handout(&handout.frames, &handout.starts).unwrap();
    let fewer = classifier.judge_handout(&handout.frames, &handout.starts[1..]).unwrap();
    let refused = |result: Result<_, _>| matches!(result, Err(classifier::Error::Handout));
    assert!(refused(recording.take_back(handout.id ^ (1 << 31), Some(opinions.clone()))));
    let mut other = classifier.recording(22_050).unwrap();
    other.push(&song(20.0, 22_050)).unwrap();
    assert_ne!(other.hand_out().unwrap().id, handout.id);
    assert!(refused(other.take_back(handout.id, Some(opinions.clone()))), "it is another recording's");
    assert!(refused(recording.take_back(handout.id, Some(fewer))));
    // The refusals lost nothing.
    assert_eq!(recording.take_back(handout.id, Some(opinions)).unwrap().len(), handout.starts.len());
    assert!(refused(recording.take_back(handout.id, None)));
    let whole = classifier.classify(&Pcm::new(song(20.0, 22_050), 22_050).unwrap()).unwrap();
    assert_eq!(recording.finish(|_, _| {}).unwrap().windows, whole.windows);
}

#[test]
fn a_handout_that_is_none_is_refused() {
    let classifier = classifier();
    let refused = |frames: &[f32], starts: &[usize]| {
        matches!(classifier.judge_handout(frames, starts), Err(classifier::Error::Handout))
    };
    let (columns, window) = (classifier.settings().columns(), classifier.settings().window_frames);
    let frames = vec![0.0; (window + 5) * columns];
    assert!(!refused(&frames, &[0, 5]) && !refused(&[], &[]));
    assert!(refused(&frames, &[6]) && refused(&frames, &[usize::MAX]));
    assert!(refused(&frames[1..], &[0]) && refused(&frames[..columns], &[0]) && refused(&[], &[0]));

    let numbers = classifier.judge_handout(&frames, &[0, 5]).unwrap().to_numbers();
    let read = |numbers: &[f32], models| HandoutOpinions::from_numbers(numbers, models);
    assert!(read(&numbers, 2).is_some());
    assert!(read(&numbers, 1).is_none() && read(&numbers[1..], 2).is_none() && read(&[], 2).is_none());
    assert!(read(&[&numbers[..numbers.len() - 1], &[f32::NAN]].concat(), 2).is_none());
}

#[test]
fn progress_counts_up_to_all_windows() {
    let classifier = classifier();
    let mut reported = Vec::new();
    let pcm = Pcm::new(song(60.0, 22_050), 22_050).unwrap();
    let analysis = classifier.classify_with(&pcm, |done, total| reported.push((done, total))).unwrap();
    assert!(reported.len() > 1 && reported.windows(2).all(|pair| pair[0].0 < pair[1].0));
    assert_eq!(reported.last(), Some(&(analysis.windows.len(), analysis.windows.len())));
}

#[test]
fn without_models_there_is_nothing_to_ask() {
    let none: [Vec<u8>; 0] = [];
    assert!(matches!(Classifier::new(&none), Err(classifier::Error::NoModels)));
    let bad = [models::files(&nets::default_device())[0].clone(), b"no".to_vec()];
    assert!(matches!(Classifier::new(&bad), Err(classifier::Error::Model { index: 1, .. })));
}

#[cfg(all(feature = "flex", feature = "ndarray"))]
#[test]
#[allow(deprecated)] // burn deprecates `ndarray`; it stays an option here as long as burn has it.
fn both_backends_give_the_same_scores() {
    use burn::tensor::Device;
    let files = models::files(&Device::flex());
    let pcm = Pcm::new(song(9.0, 22_050), 22_050).unwrap();
    let [flex, ndarray] = [Device::flex(), Device::ndarray()]
        .map(|device| Classifier::on(&files, &device).unwrap().classify(&pcm).unwrap());
    for (a, b) in flex.windows.iter().zip(&ndarray.windows) {
        for (a, b) in a.models.iter().zip(&b.models) {
            assert!(apart(&a.moods, &b.moods) < 1e-5);
        }
    }
}

#[test]
fn silence_before_and_after_changes_no_more_than_the_edges() {
    let samples = song(9.0, 22_050);
    for classifier in [classifier(), for_music()] {
        let plain = classifier.classify(&Pcm::new(samples.clone(), 22_050).unwrap()).unwrap();
        // A whole number of hops, so that the frames are the same ones.
        let silence = vec![0.0; 512 * 43];
        let padded = [silence.as_slice(), &samples, silence.as_slice()].concat();
        let padded = classifier.classify(&Pcm::new(padded, 22_050).unwrap()).unwrap();
        assert!(apart(&plain.moods, &padded.moods) < 0.02, "{:?}\n{:?}", plain.moods, padded.moods);
    }
}
