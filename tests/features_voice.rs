//! Frames for voices: the MFCCs, librosa's spectral shape, then pitch and roughness as numpy has them, the same in any pieces.

#[path = "common/rows.rs"]
mod rows;

use rows::{RowStream, SIGNALS, options, worst};
use songmood::features::{MfccOptions, N_PITCH, N_ROUGHNESS, VoiceOptions, VoiceStream};

const N_MFCC: usize = 40;
const PITCH: std::ops::Range<usize> = N_MFCC + 9..N_MFCC + 9 + N_PITCH;

impl RowStream for VoiceStream {
    fn width(&self) -> usize {
        N_MFCC + VoiceStream::n_extra(true)
    }

    fn push(&mut self, samples: &[f32], rows: &mut Vec<f32>) {
        VoiceStream::push(self, samples, rows);
    }

    fn finish(&mut self, rows: &mut Vec<f32>) {
        VoiceStream::finish(self, rows);
    }
}

/// All columns, as they are and within 100 dB.
const ALL: VoiceOptions = VoiceOptions { phonation: true, dynamic_range_db: None };
const WITHIN: VoiceOptions = VoiceOptions { dynamic_range_db: Some(100.0), ..ALL };

fn of(voice: VoiceOptions) -> VoiceStream {
    VoiceStream::new(&options(N_MFCC), voice).expect("settings that can be streamed")
}

fn stream() -> VoiceStream {
    of(ALL)
}

fn stream_within() -> VoiceStream {
    of(WITHIN)
}

#[test]
fn every_column_is_as_librosa_and_numpy_have_it() {
    for signal in SIGNALS {
        let within = |kind: &str, columns: std::ops::Range<usize>, every, of, bound: f32| {
            let worst = worst(stream(), ("voice", signal, kind), columns, every, of);
            assert!(worst < bound, "{signal} {kind}: {worst} off");
        };
        // The valley of the lowest bands is one bin; where that nearly cancels beside a loud chirp, f32 shows.
        let bound = if signal == "chirp_noise_4s" { 3e-2 } else { 1e-3 };
        within("contrast", N_MFCC..N_MFCC + 7, 4, |db| db, bound);
        within("flatness", N_MFCC + 7..N_MFCC + 8, 4, f32::log10, 1e-3);
        within("centroid", N_MFCC + 8..N_MFCC + 9, 4, |hz| (1.0 + hz).ln(), 1e-3);
        within("pitch", PITCH, 1, |value| value, 1e-3);
        within("roughness", PITCH.end..PITCH.end + N_ROUGHNESS, 1, |value| value, 1e-3);
    }
}

#[test]
fn within_a_range_of_levels_they_are_as_numpy_has_them() {
    for signal in SIGNALS {
        let mfcc = worst(stream_within(), ("voice", signal, "mfcc_within"), 0..N_MFCC, 4, |value| value);
        let roughness = PITCH.end..PITCH.end + N_ROUGHNESS;
        let roughness = worst(stream_within(), ("voice", signal, "roughness_within"), roughness, 1, |value| value);
        assert!(mfcc < 2e-3 && roughness < 1e-3, "{signal}: MFCC {mfcc}, roughness {roughness} off");
    }
}

#[test]
fn the_first_columns_are_the_mfccs() {
    rows::assert_begins_with_mfccs(stream(), N_MFCC);
}

#[test]
fn any_pieces_give_the_same_bits_as_the_whole() {
    rows::assert_same_bits_in_any_pieces(stream);
    rows::assert_same_bits_in_any_pieces(stream_within);
}

#[test]
fn a_gain_moves_nothing_but_the_level() {
    rows::assert_a_gain_moves_only_the_level(stream);
    rows::assert_a_gain_moves_only_the_level(stream_within);
}

/// A tone of ten harmonics at 110 Hz has nothing above 1.2 kHz, as a recording at a low sample rate has nothing above half of it.
#[test]
fn a_gain_moves_empty_bands_as_much_as_full_ones() {
    let of_gain = |gain: f32| -> Vec<f32> { (0..22_050).map(|n| gain * tone(110.0, n as f32 / 22_050.0)).collect() };
    let middle = |voice, gain| rows::rows(of(voice), [&of_gain(gain)[..]])[10..30].concat();
    let moved = |voice| -> f32 {
        let [loud, quiet] = [1.0, 0.03].map(|gain| middle(voice, gain));
        let apart = |(column, (a, b)): (usize, (&f32, &f32))| match column % stream().width() {
            0 => 0.0,
            _ => (a - b).abs() / (1.0 + a.abs()),
        };
        loud.iter().zip(&quiet).enumerate().map(apart).fold(0.0, f32::max)
    };
    assert!(moved(WITHIN) < 1e-2, "{}", moved(WITHIN));
    assert!(moved(ALL) > 0.5, "{}", moved(ALL));
}

#[test]
fn a_new_signal_does_not_know_how_loud_the_one_before_was() {
    let quiet: Vec<f32> = (0..22_050).map(|n| 1e-3 * tone(110.0, n as f32 / 22_050.0)).collect();
    let mut used = stream_within();
    used.push(&rows::samples("chirp_noise_4s"), &mut Vec::new());
    used.finish(&mut Vec::new());
    assert!(rows::rows(used, [&quiet[..]]) == rows::rows(stream_within(), [&quiet[..]]));
}

#[test]
fn settings_that_cannot_be_streamed_are_refused() {
    assert!(VoiceStream::new(&MfccOptions::default(), ALL).err().expect("refused").to_string().contains("top_db"));
}

/// Rows of a second of a sound, those of its middle.
fn middle_of(sound: impl Fn(f32) -> f32) -> Vec<Vec<f32>> {
    let samples: Vec<f32> = (0..22_050).map(|n| sound(n as f32 / 22_050.0)).collect();
    let rows = rows::rows(stream(), [&samples[..]]);
    rows[10..30].to_vec()
}

/// Ten harmonics of a tone.
fn tone(hz: f32, at: f32) -> f32 {
    (1..=10).map(|number| (std::f32::consts::TAU * hz * number as f32 * at).sin() / (10.0 * number as f32)).sum()
}

#[test]
fn a_tone_has_its_pitch_and_noise_has_none() {
    let mut weakest = f32::INFINITY;
    for hz in [80.0f32, 110.0, 233.0, 441.0, 880.0] {
        for row in middle_of(|at| tone(hz, at)) {
            let [octaves, belongs, _] = row[PITCH] else { panic!("three values") };
            assert!((octaves - (hz / 100.0).log2()).abs() < 0.02, "{hz} Hz: {octaves}");
            weakest = weakest.min(belongs);
        }
    }
    // Knuth's multiplicative hash: as good as noise here.
    let noise = |at: f32| ((at * 22_050.0) as u32).wrapping_mul(2_654_435_761) as f32 / u32::MAX as f32 - 0.5;
    for row in middle_of(noise) {
        assert!(
            row[PITCH.start + 1] < weakest,
            "{} of noise belongs to a pitch, {weakest} of a tone",
            row[PITCH.start + 1]
        );
    }
}

#[test]
fn what_trembles_fast_is_rough() {
    let roughness = |rows: Vec<Vec<f32>>| -> f32 {
        let of = |row: &Vec<f32>| row[PITCH.end..].iter().sum::<f32>() / N_ROUGHNESS as f32;
        rows.iter().map(of).sum::<f32>() / rows.len() as f32
    };
    let trembling =
        |hz: f32| roughness(middle_of(|at| tone(220.0, at) * (1.0 + 0.8 * (std::f32::consts::TAU * hz * at).sin())));
    let (slow, fast) = (trembling(5.0), trembling(60.0));
    let steady = roughness(middle_of(|at| tone(220.0, at)));
    assert!(fast > slow + 1.0 && slow > steady - 0.1, "60 Hz {fast}, 5 Hz {slow}, none {steady}");
}

#[test]
fn without_phonation_the_rest_stays_as_it_is() {
    let chirp = rows::samples("chirp_noise_4s");
    let mut without = of(VoiceOptions { phonation: false, ..ALL });
    let mut fewer = Vec::new();
    without.push(&chirp, &mut fewer);
    without.finish(&mut fewer);
    let all = rows::rows(stream(), [&chirp[..]]);
    let shared: Vec<f32> = all.iter().flat_map(|row| row[..PITCH.start].to_vec()).collect();
    assert_eq!(shared, fewer);
}

#[test]
fn the_shortest_signals_have_every_column() {
    for length in [0, 1, 127, 128, 255, 256, 384, 511, 512, 640, 1000] {
        let rows = rows::rows(stream(), [&vec![0.1; length][..]]);
        assert_eq!(rows.len(), 1 + length / 512, "{length} samples");
        assert!(rows.iter().flatten().all(|value| value.is_finite()), "{length} samples: {rows:?}");
    }
}
