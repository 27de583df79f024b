//! Recordings that are judged while they come in, and parts of them that are judged alone.

#[path = "common/models.rs"]
mod models;
#[path = "common/song.rs"]
mod song;

use song::song;
use songmood::classifier::{Error, HeardRecording};
use songmood::nets::Domain;
use songmood::{Analysis, Classifier, Pcm, Scores, Window, nets};

const RATE: u32 = 22_050;

fn classifier(domain: Domain) -> Classifier {
    Classifier::new(&models::files_for(domain, &nets::default_device())).unwrap()
}

fn assert_near(a: &Scores, b: &Scores, bound: f32) {
    assert!(a.0.iter().zip(b.0).all(|(a, b)| (a - b).abs() < bound), "{a:?}\n{b:?}");
}

fn assert_alike(a: &[Window], b: &[Window]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert_eq!((a.start_s, a.end_s, a.silent), (b.start_s, b.end_s, b.silent));
        assert_near(&a.moods, &b.moods, 1e-5);
    }
}

fn heard(classifier: &Classifier, samples: &[f32]) -> (Analysis, HeardRecording) {
    let mut recording = classifier.recording(RATE).unwrap();
    recording.push(samples).unwrap();
    recording.complete(|_, _| {}).unwrap()
}

#[test]
fn windows_judged_on_the_way_are_those_of_the_analysis() {
    for (domain, seconds) in [(Domain::Voice, 14.3), (Domain::Music, 21.7)] {
        let classifier = classifier(domain);
        for silence in [0, 5_000, 150_000] {
            let samples = [vec![0.0; silence], song(seconds, RATE), vec![0.0; silence]].concat();
            let whole = classifier.classify(&Pcm::new(samples.clone(), RATE).unwrap()).unwrap();
            for piece in [9_000, 70_000] {
                let mut recording = classifier.recording(RATE).unwrap();
                let mut early = Vec::new();
                for piece in samples.chunks(piece) {
                    recording.push(piece).unwrap();
                    early.extend(recording.judge());
                }
                assert!(recording.judge().is_empty(), "a window is given once");
                let mut reported = Vec::new();
                let (analysis, _) = recording.complete(|done, total| reported.push((done, total))).unwrap();
                assert_alike(&analysis.windows, &whole.windows);
                assert_near(&analysis.moods, &whole.moods, 1e-5);
                let in_time = |window: &&Window| early.iter().any(|early| early.start_s == window.start_s);
                let kept: Vec<Window> = analysis.windows.iter().filter(in_time).cloned().collect();
                assert_eq!(early.len(), kept.len(), "none is taken back");
                assert!(early.len() + 2 >= whole.windows.len(), "{} of {}", early.len(), whole.windows.len());
                assert!(reported.last().is_none_or(|(done, total)| done == total && *total == whole.windows.len()));
            }
        }
    }
}

#[test]
fn an_excerpt_of_everything_is_the_recording() {
    let classifier = classifier(Domain::Voice);
    let (analysis, heard) = heard(&classifier, &song(15.0, RATE));
    for end_s in [15.0, 99.0] {
        let excerpt = heard.excerpt(0.0, end_s).unwrap();
        assert_alike(&excerpt.windows, &analysis.windows);
        assert_eq!((excerpt.moods, excerpt.verdict), (analysis.moods, analysis.verdict));
        assert!((excerpt.duration_s - 15.0).abs() < 1e-9);
    }
}

#[test]
fn an_excerpt_is_covered_by_windows_within_it_and_hears_what_the_part_alone_holds() {
    let samples = song(40.0, RATE);
    for domain in Domain::ALL {
        let classifier = classifier(domain);
        let (_, heard) = heard(&classifier, &samples);
        for (start_s, end_s) in [(3.3, 31.9), (10.0, 24.5), (0.0, 13.1), (20.0, 22.0), (39.0, 40.0)] {
            let excerpt = heard.excerpt(start_s, end_s).unwrap();
            assert!((excerpt.duration_s - (end_s - start_s)).abs() < 1e-9);
            let windows = &excerpt.windows;
            let frame_s = classifier.settings().frame_s();
            assert!(windows[0].start_s >= start_s && windows[0].start_s < start_s + frame_s);
            assert!((windows.last().unwrap().end_s - end_s).abs() < 1.01 * frame_s);
            assert!(
                windows.windows(2).all(|pair| pair[0].start_s < pair[1].start_s && pair[1].start_s <= pair[0].end_s)
            );

            let part = samples[(start_s * f64::from(RATE)) as usize..(end_s * f64::from(RATE)) as usize].to_vec();
            let alone = classifier.classify(&Pcm::new(part, RATE).unwrap()).unwrap();
            // Its frames lie elsewhere by less than a hop, and its first and last reach over its ends: a second has few others.
            let bound = if end_s - start_s > 10.0 { 0.03 } else { 0.1 };
            assert_near(&excerpt.moods, &alone.moods, bound);
        }
    }
}

#[test]
fn a_silent_part_is_silent_and_the_shortest_part_is_judged() {
    let classifier = classifier(Domain::Voice);
    let (_, heard) = heard(&classifier, &[song(6.0, RATE), vec![0.0; 8 * RATE as usize]].concat());
    let silent = heard.excerpt(8.0, 13.0).unwrap();
    assert!(silent.verdict.unsure && silent.windows.iter().all(|window| window.silent));
    for end_s in [2.0 + 1e-6, 2.5] {
        let excerpt = heard.excerpt(2.0, end_s).unwrap();
        assert_eq!(excerpt.windows.len(), 1);
        assert!(excerpt.moods.0.iter().all(|p| p.is_finite()));
    }
}

#[test]
fn parts_that_are_none_are_refused() {
    let (_, heard) = heard(&classifier(Domain::Voice), &song(5.0, RATE));
    for (start_s, end_s) in [(-1.0, 2.0), (2.0, 2.0), (3.0, 2.0), (5.0, 6.0), (f64::NAN, 2.0), (1.0, f64::NAN)] {
        assert!(matches!(heard.excerpt(start_s, end_s), Err(Error::Excerpt { .. })), "{start_s} – {end_s}");
    }
    assert_eq!(heard.duration_s(), 5.0);
}
