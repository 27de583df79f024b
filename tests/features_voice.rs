//! Frames for voices: the MFCCs, then librosa's spectral shape, the same in any pieces.

#[path = "common/npy.rs"]
mod npy;

use npy::golden;
use songmood::features::{MfccOptions, MfccStream, VoiceStream};

const SIGNALS: [&str; 4] = ["chirp_noise_4s", "quiet_noise_2s", "impulse", "silence_1s"];
const N_MFCC: usize = 40;

fn options() -> MfccOptions {
    MfccOptions { n_mfcc: N_MFCC, top_db: None, ..Default::default() }
}

fn samples(signal: &str) -> Vec<f32> {
    npy::read(golden(&format!("{signal}.pcm22050.npy"))).data
}

fn rows(pieces: impl Iterator<Item = Vec<f32>>) -> Vec<Vec<f32>> {
    let mut stream = VoiceStream::new(&options()).expect("settings that can be streamed");
    let mut rows = Vec::new();
    for piece in pieces {
        stream.push(&piece, &mut rows);
    }
    stream.finish(&mut rows);
    rows.chunks_exact(N_MFCC + VoiceStream::N_EXTRA).map(<[f32]>::to_vec).collect()
}

#[test]
fn the_shape_is_librosas() {
    for signal in SIGNALS {
        let rows = rows(std::iter::once(samples(signal)));
        let within = |kind: &str, columns: std::ops::Range<usize>, of: fn(f32) -> f32, bound: f32| {
            let expected = npy::read(golden(&format!("voice/{signal}.{kind}.npy")));
            let got: Vec<&[f32]> = rows.iter().step_by(4).map(|row| &row[columns.clone()]).collect();
            assert_eq!([columns.len(), got.len()], expected.shape[..], "{signal} {kind}");
            for (t, row) in got.iter().enumerate() {
                for (k, value) in row.iter().enumerate() {
                    let expected = of(expected.at(k, t));
                    assert!((value - expected).abs() < bound, "{signal} {kind} {k} of frame {t}: {value}, {expected}");
                }
            }
        };
        // The valley of the lowest bands is one bin; where that nearly cancels beside a loud chirp, f32 shows.
        let bound = if signal == "chirp_noise_4s" { 3e-2 } else { 1e-3 };
        within("contrast", N_MFCC..N_MFCC + 7, |db| db, bound);
        within("flatness", N_MFCC + 7..N_MFCC + 8, f32::log10, 1e-3);
        within("centroid", N_MFCC + 8..N_MFCC + 9, |hz| (1.0 + hz).ln(), 1e-3);
    }
}

#[test]
fn the_first_columns_are_the_mfccs() {
    let chirp = samples("chirp_noise_4s");
    let mut expected = Vec::new();
    let mut mfcc = MfccStream::new(&options()).expect("settings that can be streamed");
    mfcc.push(&chirp, &mut expected);
    mfcc.finish(&mut expected);
    let got: Vec<f32> = rows(std::iter::once(chirp)).iter().flat_map(|row| row[..N_MFCC].to_vec()).collect();
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
fn settings_that_cannot_be_streamed_are_refused() {
    assert!(VoiceStream::new(&MfccOptions::default()).err().expect("refused").to_string().contains("top_db"));
}
