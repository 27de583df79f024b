//! Onset strength, spectral shape and chroma are librosa's, percussion is numpy's, and all come out the same in any pieces.

#[path = "common/rows.rs"]
mod rows;

use rows::{RowStream, SIGNALS, options, worst};
use songmood::features::{HarmonyOptions, MfccOptions, MusicStream};

const N_MFCC: usize = 40;

impl RowStream for MusicStream {
    fn width(&self) -> usize {
        self.columns().count()
    }

    fn push(&mut self, samples: &[f32], rows: &mut Vec<f32>) {
        MusicStream::push(self, samples, rows);
    }

    fn finish(&mut self, rows: &mut Vec<f32>) {
        MusicStream::finish(self, rows);
    }
}

fn stream() -> MusicStream {
    MusicStream::new(&options(N_MFCC), &HarmonyOptions::default()).expect("settings that can be streamed")
}

#[test]
fn every_column_is_as_librosa_and_numpy_have_it() {
    let columns = stream().columns();
    let onset = columns.onset();
    for signal in SIGNALS {
        let within = |kind: &str, range: std::ops::Range<usize>, every, of, bound: f32| {
            let worst = worst(stream(), ("music", signal, kind), range, every, of);
            assert!(worst < bound, "{signal} {kind}: {worst} off");
        };
        within("onset", onset..onset + 1, 1, |value| value, 1e-3);
        within("chroma", columns.chroma(), 4, |value| value, 1e-3);
        within("percussion", columns.percussion(), 2, |value| value, 1e-3);
        // The valley of the lowest band is one bin. Where that nearly cancels beside a loud chirp, a transform in f32
        // (librosa's is in f64) is 0.02 dB off: two of the 308 values.
        let bound = if signal == "chirp_noise_4s" { 3e-2 } else { 1e-3 };
        within("contrast", onset + 1..onset + 8, 4, |value| value, bound);
        within("flatness", onset + 8..onset + 9, 4, f32::log10, 1e-3);
        within("centroid", onset + 9..onset + 10, 4, |hz| (1.0 + hz).ln(), 1e-3);
    }
}

#[test]
fn the_first_columns_are_the_mfccs() {
    rows::assert_begins_with_mfccs(stream(), N_MFCC);
}

#[test]
fn what_is_struck_is_told_from_what_is_held() {
    let rate = 22_050usize;
    let clicks: Vec<f32> = (0..4 * rate).map(|n| if n % (rate / 2) < 8 { 0.8 } else { 0.0 }).collect();
    // A sawtooth, whose partials fill all bands; of a whole number of samples, so that what lies beyond the highest frequency falls on partials.
    let tone: Vec<f32> = (0..4 * rate).map(|n| (n % 200) as f32 / 200.0 - 0.5).collect();
    let loudest = |samples: &[f32]| {
        let percussion = stream().columns().percussion();
        let rows = rows::rows(stream(), [samples]);
        // The tone begins with a stroke; two seconds later it is held.
        let late = rows.iter().skip(rows.len() / 2).take(rows.len() / 3);
        late.max_by(|a, b| a[0].total_cmp(&b[0])).expect("four seconds")[percussion].to_vec()
    };
    let (struck, held) = (loudest(&clicks), loudest(&tone));
    assert!(struck.iter().all(|share| *share > -0.5), "{struck:?}");
    assert!(held.iter().all(|share| *share < -1.5), "{held:?}");
}

#[test]
fn without_percussion_the_rest_stays_as_it_is() {
    let harmony = HarmonyOptions { percussion: false, ..HarmonyOptions::default() };
    let without = || MusicStream::new(&options(N_MFCC), &harmony).expect("settings that can be streamed");
    let columns = stream().columns();
    assert_eq!(without().columns().count(), columns.count() - columns.percussion().len());
    let chirp = rows::samples("chirp_noise_4s");
    let (all, fewer) = (rows::rows(stream(), [&chirp[..]]), rows::rows(without(), [&chirp[..]]));
    for (mut all, fewer) in all.into_iter().zip(fewer) {
        all.drain(columns.percussion());
        assert_eq!(all, fewer);
    }
}

#[test]
fn any_pieces_give_the_same_bits_as_the_whole() {
    rows::assert_same_bits_in_any_pieces(stream);
}

#[test]
fn a_gain_moves_nothing_but_the_level() {
    rows::assert_a_gain_moves_only_the_level(stream);
}

#[test]
fn settings_without_sense_are_refused() {
    let refused =
        |mfcc: MfccOptions, harmony: HarmonyOptions| MusicStream::new(&mfcc, &harmony).err().expect("refused");
    let default = HarmonyOptions::default;
    assert!(refused(options(N_MFCC), HarmonyOptions { every: 0, ..default() }).to_string().contains("every is 0"));
    assert!(refused(options(N_MFCC), HarmonyOptions { n_fft: 4, ..default() }).to_string().contains("n_fft is 4"));
    assert!(refused(MfccOptions::default(), default()).to_string().contains("top_db"));
}
