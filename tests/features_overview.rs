//! The overview's columns are means of the frames and extremes of the samples that they stand for, however long the signal.

#[path = "common/npy.rs"]
mod npy;

use npy::golden;
use songmood::features::{Error, Mfcc, MfccOptions, Overview, Picture};

fn options() -> MfccOptions {
    MfccOptions { top_db: None, ..Default::default() }
}

fn overview(samples: &[f32], columns: usize, piece: usize) -> Overview {
    let mut overview = Overview::new(&options(), columns).expect("settings that can be streamed");
    samples.chunks(piece).for_each(|piece| overview.push(piece));
    overview.finish();
    overview
}

fn chirp() -> Vec<f32> {
    npy::read(golden("chirp_noise_4s.pcm22050.npy")).data
}

/// Asserts that columns are the means of every `span` rows.
fn assert_means(picture: &Picture, rows: &[f32], span: usize) {
    let expected: Vec<f32> = rows
        .chunks(span * picture.n_rows)
        .flat_map(|group| {
            let count = (group.len() / picture.n_rows) as f32;
            (0..picture.n_rows).map(move |row| group.iter().skip(row).step_by(picture.n_rows).sum::<f32>() / count)
        })
        .collect();
    assert_eq!(picture.data.len(), expected.len());
    for (got, expected) in picture.data.iter().zip(&expected) {
        assert!((got - expected).abs() < 1e-3, "{got}, not {expected}");
    }
}

#[test]
fn with_room_for_every_frame_it_is_the_mel_spectrogram_and_the_mfcc() {
    let samples = chirp();
    let overview = overview(&samples, 1024, 4096);
    let mut plan = Mfcc::new(&options()).unwrap();
    let mel = overview.mel_db();
    assert_eq!((mel.n_rows, mel.column_s), (128, 512.0 / 22_050.0));
    assert_eq!(mel.data, plan.mel_db(&samples).data());
    assert_means(&overview.mfcc(), plan.mfcc(&samples).data(), 1);
}

#[test]
fn the_bands_centres_are_evenly_spaced_on_slaneys_scale() {
    let hz = Overview::new(&options(), 8).unwrap().mel_hz();
    assert_eq!(hz.len(), 128);
    // By the formula, in double precision elsewhere: linear below 1 kHz, logarithmic above.
    for (band, expected) in [(0, 25.793_589), (13, 361.110_24), (63, 1_956.474_7), (127, 10_735.598)] {
        assert!((hz[band] - expected).abs() < 1e-5 * expected, "{} Hz, not {expected}", hz[band]);
    }
}

#[test]
fn with_less_room_columns_are_means_of_a_power_of_two_of_frames() {
    let samples = chirp();
    let mut plan = Mfcc::new(&options()).unwrap();
    let (mel, mfcc) = (plan.mel_db(&samples), plan.mfcc(&samples));
    for most in [2, 10, 64, 100] {
        let overview = overview(&samples, most, 1000);
        let picture = overview.mel_db();
        let columns = picture.data.len() / picture.n_rows;
        assert!(columns <= most && columns >= most / 2, "{columns} of {most}");
        let span = (picture.column_s * 22_050.0 / 512.0).round() as usize;
        assert!(span.is_power_of_two());
        assert_eq!(columns, mel.n_frames().div_ceil(span));
        assert_means(&picture, mel.data(), span);
        assert_means(&overview.mfcc(), mfcc.data(), span);
    }
}

#[test]
fn the_waveform_has_the_extremes_and_the_level_of_its_samples() {
    let samples = chirp();
    for most in [16, 400] {
        let picture = overview(&samples, most, 777).waveform();
        assert_eq!(picture.n_rows, 3);
        let length = (picture.column_s * 22_050.0).round() as usize;
        assert_eq!(picture.data.len() / 3, samples.len().div_ceil(length));
        for (column, part) in picture.data.as_chunks::<3>().0.iter().zip(samples.chunks(length)) {
            let [low, high, level] = *column;
            assert_eq!(low, part.iter().copied().fold(f32::INFINITY, f32::min));
            assert_eq!(high, part.iter().copied().fold(f32::NEG_INFINITY, f32::max));
            let rms = (part.iter().map(|sample| sample * sample).sum::<f32>() / part.len() as f32).sqrt();
            // The last column's last block is shorter and weighs as much as the others.
            assert!((level - rms).abs() < 0.02, "{level}, not {rms}");
        }
    }
}

#[test]
fn pieces_of_any_size_give_the_same_and_a_signal_may_be_empty_or_still_coming_in() {
    let samples = chirp();
    let whole = overview(&samples, 32, samples.len());
    for piece in [1, 511, 20_000] {
        let pieces = overview(&samples, 32, piece);
        assert_eq!((pieces.mel_db(), pieces.waveform()), (whole.mel_db(), whole.waveform()));
    }
    let empty = Overview::new(&options(), 8).unwrap();
    assert!(empty.mel_db().data.is_empty() && empty.mfcc().data.is_empty() && empty.waveform().data.is_empty());
    let mut growing = Overview::new(&options(), 8).unwrap();
    growing.push(&samples[..30_000]);
    assert!(!growing.mel_db().data.is_empty());
}

#[test]
fn what_cannot_be_gathered_is_refused() {
    for columns in [0, 1, 7, 16_386] {
        assert!(
            matches!(Overview::new(&options(), columns), Err(Error::Option { option: "columns", .. })),
            "{columns}"
        );
    }
    assert!(matches!(Overview::new(&MfccOptions::default(), 8), Err(Error::NotStreamable { .. })));
}
