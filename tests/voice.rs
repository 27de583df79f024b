//! Learning a voice: what is heard moves the scale that frames are judged on, and nothing else.

#[path = "common/models.rs"]
mod models;

use songmood::nets::{Calibration, Domain, Functionals, Heard, Kind, Model, ModelCard, VoiceProfile, calibrated};
use songmood::{Analysis, Classifier, Pcm, classifier, nets};

const RATE: u32 = 22_050;

/// A buzzing tone whose pitch and colour wander, `brightness` the weight of its upper overtones.
fn voice(seconds: f32, brightness: f32) -> Vec<f32> {
    let mut phase = 0.0f32;
    (0..(seconds * RATE as f32) as usize)
        .map(|n| {
            let t = n as f32 / RATE as f32;
            phase += (160.0 + 50.0 * (0.9 * t).sin()) / RATE as f32;
            let turn = std::f32::consts::TAU * phase;
            let colour = brightness * (0.6 + 0.4 * (2.3 * t).sin());
            (1..30).map(|k| 0.1 * (k as f32 * turn).sin() / (k as f32).powf(2.0 - colour)).sum()
        })
        .collect()
}

fn classifier() -> Classifier {
    Classifier::new(&models::files(&nets::default_device())).unwrap()
}

fn judge(classifier: &Classifier) -> Analysis {
    classifier.classify(&Pcm::new(voice(6.0, 1.0), RATE).unwrap()).unwrap()
}

fn learnt(classifier: &Classifier, seconds: f32) -> VoiceProfile {
    let mut live = classifier.live(RATE).unwrap();
    live.set_learning(true).unwrap();
    live.push_all(&voice(seconds, 1.0)).unwrap();
    live.voice().unwrap().clone()
}

#[test]
fn a_voice_of_which_nothing_is_known_changes_nothing() {
    let mut classifier = classifier();
    let before = judge(&classifier);
    let columns = classifier.settings().columns();
    classifier.set_voice(Some(VoiceProfile::new(columns))).unwrap();
    assert_eq!(judge(&classifier).moods, before.moods);
    classifier.set_voice(Some(learnt(&classifier, 20.0))).unwrap();
    assert_ne!(judge(&classifier).moods, before.moods);
    classifier.set_voice(None).unwrap();
    assert_eq!(judge(&classifier).moods, before.moods, "a voice can be forgotten");
}

#[test]
fn overlapping_windows_count_what_was_heard_once() {
    let classifier = classifier();
    let heard_s = learnt(&classifier, 30.0).n_frames() * classifier.settings().frame_s();
    // The first window is heard from its beginning but counts for its hop alone.
    assert!((24.0..=30.0).contains(&heard_s), "{heard_s}");
    let mut silent = classifier.live(RATE).unwrap();
    silent.set_learning(true).unwrap();
    silent.push_all(&vec![0.0; 10 * RATE as usize]).unwrap();
    assert_eq!(silent.voice().unwrap().n_frames(), 0.0, "silence is no voice");
}

#[test]
fn learning_goes_on_until_it_is_ended_and_reaches_files_through_the_profile() {
    let mut classifier = classifier();
    let mut live = classifier.live(RATE).unwrap();
    live.push_all(&voice(10.0, 1.0)).unwrap();
    assert!(live.voice().is_none(), "nothing is learnt unasked");
    live.set_learning(true).unwrap();
    live.push_all(&voice(10.0, 1.0)).unwrap();
    live.set_learning(false).unwrap();
    let known = live.voice().unwrap().clone();
    live.push_all(&voice(10.0, 0.2)).unwrap();
    assert_eq!(live.voice(), Some(&known));

    // The profile lives in the browser's storage between visits.
    let stored: VoiceProfile = serde_json::from_str(&serde_json::to_string(&known).unwrap()).unwrap();
    classifier.set_voice(Some(stored)).unwrap();
    let whole = judge(&classifier);
    let mut live = classifier.live(RATE).unwrap();
    let windows = live.push_all(&voice(6.0, 1.0)).unwrap();
    assert!(!windows.is_empty());
    for (live, whole) in windows.iter().zip(&whole.windows) {
        let apart = live.moods.0.iter().zip(whole.moods.0).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart < 1e-4, "{apart}");
    }
}

#[test]
fn a_profile_that_does_not_fit_is_refused_and_what_was_there_stays() {
    let mut classifier = classifier();
    let refused = classifier.set_voice(Some(VoiceProfile::new(7)));
    assert!(matches!(refused, Err(classifier::Error::Voice { expected: 60, got: 7 })), "{refused:?}");
    let columns = classifier.settings().columns();
    let values = || vec![0.0; columns];
    for broken in [
        serde_json::json!({ "count": -1.0, "sum": values(), "squares": values() }),
        serde_json::json!({ "count": 1.0, "sum": values(), "squares": values(), "variation": { "count": 1.0, "sum": values() } }),
        serde_json::json!({ "count": 1.0, "sum": values(), "squares": values(), "functionals": { "count": 1.0, "sum": values() } }),
    ] {
        assert!(classifier.set_voice(Some(serde_json::from_value(broken).unwrap())).is_err());
    }
    assert!(classifier.voice().is_none());

    let mut music = Classifier::new(&models::files_for(Domain::Music, &nets::default_device())).unwrap();
    assert!(matches!(music.set_voice(Some(VoiceProfile::new(columns))), Err(classifier::Error::NoVoice)));
    assert!(matches!(music.live(RATE).unwrap().set_learning(true), Err(classifier::Error::NoVoice)));
}

#[test]
fn a_learnt_voice_is_judged_at_a_temperature_of_its_own_as_far_as_it_is_known() {
    let model = models::model(Kind::Cnn, &nets::default_device());
    let Calibration { temperature, .. } = model.card().calibration;
    let learnt_temperature = 1.5;
    let calibration = Calibration { learnt_temperature: Some(learnt_temperature), ..model.card().calibration };
    let at = |known| calibration.temperature_at(known);
    assert_eq!(
        (at(0.0), Calibration { learnt_temperature: None, ..calibration }.temperature_at(1.0)),
        (temperature, temperature)
    );
    assert!((at(1.0) - learnt_temperature).abs() < 1e-6);
    assert!((at(0.5) - (temperature * learnt_temperature).sqrt()).abs() < 1e-6);

    let model = Model::new(ModelCard { calibration, ..model.card().clone() }, model.network().clone());
    let columns = model.card().input.columns();
    let stretch: Vec<f32> = (0..60 * columns).map(|index| 20.0 * (index as f32 * 0.37).sin()).collect();
    let mut voice = VoiceProfile::new(columns);
    voice.learn(&Heard::new(&stretch), &Functionals::new(&model.card().input), 4.0);
    assert!((voice.known() - 0.5).abs() < 1e-6, "60 frames, four times");
    for (voice, temperature) in [(None, temperature), (Some(&voice), at(0.5))] {
        let outputs = model.outputs(&[&stretch], voice).concat();
        let said = model.opinions(&[Heard::new(&stretch)], voice)[0].unwrap();
        assert_eq!(said.moods, calibrated(&outputs, temperature).unwrap());
    }
}
