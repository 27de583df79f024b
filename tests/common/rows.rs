//! What holds for every stream of rows that begin with MFCCs.

use songmood::features::{MfccOptions, MfccStream};

#[path = "npy.rs"]
pub mod npy;

pub use npy::golden;

pub const SIGNALS: [&str; 4] = ["chirp_noise_4s", "quiet_noise_2s", "impulse", "silence_1s"];

/// A stream that was just begun.
pub trait RowStream {
    /// Values of a row.
    fn width(&self) -> usize;
    fn push(&mut self, samples: &[f32], rows: &mut Vec<f32>);
    fn finish(&mut self, rows: &mut Vec<f32>);
}

pub fn options(n_mfcc: usize) -> MfccOptions {
    MfccOptions { n_mfcc, top_db: None, ..Default::default() }
}

pub fn samples(signal: &str) -> Vec<f32> {
    npy::read(golden(&format!("{signal}.pcm22050.npy"))).data
}

/// The rows of a signal that arrives in these pieces.
pub fn rows<'a>(mut stream: impl RowStream, pieces: impl IntoIterator<Item = &'a [f32]>) -> Vec<Vec<f32>> {
    let mut rows = Vec::new();
    for piece in pieces {
        stream.push(piece, &mut rows);
    }
    stream.finish(&mut rows);
    rows.chunks_exact(stream.width()).map(<[f32]>::to_vec).collect()
}

/// Largest difference between what stands in `columns` of every `every`th row of `signal` and librosa's array, after `of` its values.
pub fn worst(
    stream: impl RowStream,
    (folder, signal, kind): (&str, &str, &str),
    columns: std::ops::Range<usize>,
    every: usize,
    of: fn(f32) -> f32,
) -> f32 {
    let expected = npy::read(golden(&format!("{folder}/{signal}.{kind}.npy")));
    let rows = rows(stream, [&samples(signal)[..]]);
    let got: Vec<&[f32]> = rows.iter().step_by(every).map(|row| &row[columns.clone()]).collect();
    assert_eq!([columns.len(), got.len()], expected.shape[..], "{signal} {kind}");
    let differences = got.iter().enumerate().flat_map(|(t, row)| {
        let expected = &expected;
        row.iter().enumerate().map(move |(k, value)| (value - of(expected.at(k, t))).abs())
    });
    differences.fold(0.0, f32::max)
}

pub fn assert_begins_with_mfccs(stream: impl RowStream, n_mfcc: usize) {
    let chirp = samples("chirp_noise_4s");
    let mut expected = Vec::new();
    let mut mfcc = MfccStream::new(&options(n_mfcc)).expect("settings that can be streamed");
    mfcc.push(&chirp, &mut expected);
    mfcc.finish(&mut expected);
    let got: Vec<f32> = rows(stream, [&chirp[..]]).iter().flat_map(|row| row[..n_mfcc].to_vec()).collect();
    assert_eq!(got, expected);
}

pub fn assert_same_bits_in_any_pieces<S: RowStream>(stream: fn() -> S) {
    for signal in SIGNALS {
        let samples = samples(signal);
        let whole = rows(stream(), [&samples[..]]);
        for size in [1, 100, 512, 5000] {
            assert!(rows(stream(), samples.chunks(size)) == whole, "{signal} in pieces of {size}");
        }
    }
}

pub fn assert_a_gain_moves_only_the_level<S: RowStream>(stream: fn() -> S) {
    let chirp = samples("chirp_noise_4s");
    let loud = rows(stream(), [&chirp[..]]);
    let soft: Vec<f32> = chirp.iter().map(|x| x * 0.1).collect();
    let quiet = rows(stream(), [&soft[..]]);
    for (loud, quiet) in loud.iter().zip(&quiet) {
        for (column, (a, b)) in loud.iter().zip(quiet).enumerate().skip(1) {
            assert!((a - b).abs() < 2e-2, "column {column}: {a} and {b}");
        }
    }
}
