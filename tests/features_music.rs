//! Onset strength, spectral shape and chroma are librosa's, and come out the same in any pieces.

#[path = "common/npy.rs"]
mod npy;

use npy::golden;
use songmood::features::{HarmonyOptions, MfccOptions, MfccStream, MusicStream};

const SIGNALS: [&str; 4] = ["chirp_noise_4s", "quiet_noise_2s", "impulse", "silence_1s"];
const N_MFCC: usize = 20;

fn mfcc_options() -> MfccOptions {
    MfccOptions { n_mfcc: N_MFCC, top_db: None, ..Default::default() }
}

fn stream() -> MusicStream {
    MusicStream::new(&mfcc_options(), &HarmonyOptions::default()).expect("settings that can be streamed")
}

fn samples(signal: &str) -> Vec<f32> {
    npy::read(golden(&format!("{signal}.pcm22050.npy"))).data
}

fn rows(pieces: impl Iterator<Item = Vec<f32>>) -> Vec<Vec<f32>> {
    let mut stream = stream();
    let mut rows = Vec::new();
    for piece in pieces {
        stream.push(&piece, &mut rows);
    }
    stream.finish(&mut rows);
    rows.chunks_exact(stream.columns().count()).map(<[f32]>::to_vec).collect()
}

/// Largest difference between what stands in `columns` of every `every`th row and librosa's array, after `of` its values.
fn worst(signal: &str, kind: &str, columns: std::ops::Range<usize>, every: usize, of: fn(f32) -> f32) -> f32 {
    let expected = npy::read(golden(&format!("music/{signal}.{kind}.npy")));
    let rows = rows(std::iter::once(samples(signal)));
    let got: Vec<&[f32]> = rows.iter().step_by(every).map(|row| &row[columns.clone()]).collect();
    assert_eq!([columns.len(), got.len()], expected.shape[..], "{signal} {kind}");
    let differences = got.iter().enumerate().flat_map(|(t, row)| {
        let expected = &expected;
        row.iter().enumerate().map(move |(k, value)| (value - of(expected.at(k, t))).abs())
    });
    differences.fold(0.0, f32::max)
}

#[test]
fn every_column_is_librosas() {
    let columns = stream().columns();
    let onset = columns.onset();
    for signal in SIGNALS {
        let within = |kind: &str, range: std::ops::Range<usize>, every, of, bound: f32| {
            let worst = worst(signal, kind, range, every, of);
            assert!(worst < bound, "{signal} {kind}: {worst} off");
        };
        within("onset", onset..onset + 1, 1, |value| value, 1e-3);
        within("chroma", columns.chroma(), 4, |value| value, 1e-3);
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
    let chirp = samples("chirp_noise_4s");
    let mut expected = Vec::new();
    let mut mfcc = MfccStream::new(&mfcc_options()).expect("settings that can be streamed");
    mfcc.push(&chirp, &mut expected);
    mfcc.finish(&mut expected);
    let rows = rows(std::iter::once(chirp));
    let got: Vec<f32> = rows.iter().flat_map(|row| row[..N_MFCC].to_vec()).collect();
    assert_eq!(got, expected);
}

#[test]
fn any_pieces_give_the_same_bits_as_the_whole() {
    for signal in SIGNALS {
        let samples = samples(signal);
        let whole = rows(std::iter::once(samples.clone()));
        for size in [1, 100, 512, 5000] {
            assert!(rows(samples.chunks(size).map(<[f32]>::to_vec)) == whole, "{signal} in pieces of {size}");
        }
    }
}

#[test]
fn a_gain_moves_nothing_but_the_level() {
    let chirp = samples("chirp_noise_4s");
    let loud = rows(std::iter::once(chirp.clone()));
    let quiet = rows(std::iter::once(chirp.iter().map(|x| x * 0.1).collect()));
    for (loud, quiet) in loud.iter().zip(&quiet) {
        for (column, (a, b)) in loud.iter().zip(quiet).enumerate().skip(1) {
            assert!((a - b).abs() < 2e-2, "column {column}: {a} and {b}");
        }
    }
}

#[test]
fn settings_without_sense_are_refused() {
    let refused =
        |mfcc: MfccOptions, harmony: HarmonyOptions| MusicStream::new(&mfcc, &harmony).err().expect("refused");
    let default = HarmonyOptions::default;
    assert!(refused(mfcc_options(), HarmonyOptions { every: 0, ..default() }).to_string().contains("every is 0"));
    assert!(refused(mfcc_options(), HarmonyOptions { n_fft: 4, ..default() }).to_string().contains("n_fft is 4"));
    assert!(refused(MfccOptions::default(), default()).to_string().contains("top_db"));
}
