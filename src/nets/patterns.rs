//! What later networks for music are told about a stretch besides key and pulse: which pitch classes go together, how they
//! change, and how onsets follow one another.

use std::f32::consts::TAU;

use crate::features::{MusicColumns, N_CHROMA, autocorrelation, key_clarity};

/// Values that [`patterns`] gives.
pub const N_PATTERNS: usize = 3 * N_CHROMA + N_CHROMA + 2 * N_HARMONICS + N_FLUX + N_BEATS + N_ONSETS;

const N_HARMONICS: usize = N_CHROMA / 2;
const N_FLUX: usize = FLUX_LAGS.len() + 1;
const N_BEATS: usize = BEATS.len() - 1;
const N_ONSETS: usize = STRENGTHS.len() + SPREADS.len() + 2;

/// Frames that are averaged before chords are looked at: a quarter of a second.
const CHORD_FRAMES: usize = 11;
/// Frames over which pitch classes change, 23 ms to 2 s.
const FLUX_LAGS: [usize; 6] = [1, 5, 11, 22, 43, 86];
/// Edges of the ranges of beat periods, in frames: from 0.19 to 2.2 s.
const BEATS: [usize; 8] = [8, 12, 17, 24, 34, 48, 68, 96];
/// Onset strengths, in dB, above which peaks are counted.
const STRENGTHS: [f32; 4] = [0.5, 1.0, 2.0, 4.0];
/// The same in standard deviations above the mean.
const SPREADS: [f32; 3] = [0.5, 1.0, 2.0];

type Chroma = [f32; N_CHROMA];

/// Of a stretch of music frames:
///
/// - of each pitch class mean, standard deviation and root mean square of the change from frame to frame;
/// - the mean chroma from the tonic of its best key upwards;
/// - magnitudes of the discrete Fourier transform of the mean chroma, and their mean over quarters of a second (Quinn 2007, *General
///   equal-tempered harmony*): how chromatic, how whole-toned, how triadic, how diatonic …;
/// - the mean change of the chroma over six times from a frame to two seconds, and from one quarter of a second to the next;
/// - the highest autocorrelation of the onset strengths in seven ranges of beat periods;
/// - share of the frames that are peaks of the onset strength above four strengths, its skewness, peaks above three spreads, and the
///   logarithm of its mean.
///
/// A gain moves none of them. What is too short for one of them gives 0.
pub fn patterns(frames: &[f32], columns: MusicColumns) -> [f32; N_PATTERNS] {
    let rows = || frames.chunks_exact(columns.count());
    let chroma: Vec<Chroma> = rows().map(|row| of(row.iter().skip(columns.chroma().start).copied())).collect();
    let onsets: Vec<f32> = rows().filter_map(|row| row.get(columns.onset()).copied()).collect();
    let mean = mean(&chroma);
    let chords: Vec<Chroma> = chroma.chunks_exact(CHORD_FRAMES).map(self::mean).collect();
    let mut from_tonic = mean;
    from_tonic.rotate_left(key_clarity(&mean).tonic);

    let values = mean
        .into_iter()
        .chain(spread(&chroma, &mean))
        .chain(change(&chroma))
        .chain(from_tonic)
        .chain(harmonics(&mean))
        .chain(mean_harmonics(&chords))
        .chain(FLUX_LAGS.map(|lag| flux(&chroma, lag)))
        .chain([flux(&chords, 1)])
        .chain(beats(&onsets))
        .chain(peaks(&onsets));
    of(values)
}

/// The first values of an iterator; zeros where it has fewer.
fn of<const N: usize>(values: impl Iterator<Item = f32>) -> [f32; N] {
    let mut array = [0.0; N];
    for (place, value) in array.iter_mut().zip(values) {
        *place = value;
    }
    array
}

fn mean(chroma: &[Chroma]) -> Chroma {
    average(chroma, |class, _| class)
}

fn spread(chroma: &[Chroma], mean: &Chroma) -> Chroma {
    average(chroma, |value, class| (value - mean.get(class).copied().unwrap_or(0.0)).powi(2)).map(f32::sqrt)
}

fn change(chroma: &[Chroma]) -> Chroma {
    let steps: Vec<Chroma> = chroma.iter().zip(chroma.iter().skip(1)).map(|(a, b)| difference(a, b)).collect();
    average(&steps, |value, _| value * value).map(f32::sqrt)
}

/// The mean of a function of every value and its pitch class.
fn average(chroma: &[Chroma], value: impl Fn(f32, usize) -> f32) -> Chroma {
    let mut sums = [0.0f64; N_CHROMA];
    for chroma in chroma {
        for (class, (sum, class_value)) in sums.iter_mut().zip(chroma).enumerate() {
            *sum += f64::from(value(*class_value, class));
        }
    }
    sums.map(|sum| (sum / chroma.len().max(1) as f64) as f32)
}

fn difference(a: &Chroma, b: &Chroma) -> Chroma {
    of(a.iter().zip(b).map(|(a, b)| b - a))
}

/// Magnitudes 1 to 6 of the discrete Fourier transform over the pitch classes, relative to their sum.
fn harmonics(chroma: &Chroma) -> [f32; N_HARMONICS] {
    let sum = chroma.iter().sum::<f32>() + 1e-6;
    std::array::from_fn(|index| {
        let angle = |class: usize| TAU * ((index + 1) * class) as f32 / N_CHROMA as f32;
        let (mut re, mut im) = (0.0f32, 0.0f32);
        for (class, value) in chroma.iter().enumerate() {
            re += value * angle(class).cos();
            im += value * angle(class).sin();
        }
        re.hypot(im) / sum
    })
}

fn mean_harmonics(chords: &[Chroma]) -> [f32; N_HARMONICS] {
    let mut sums = [0.0; N_HARMONICS];
    for chord in chords {
        for (sum, value) in sums.iter_mut().zip(harmonics(chord)) {
            *sum += value;
        }
    }
    sums.map(|sum| sum / chords.len().max(1) as f32)
}

/// Mean absolute change of a pitch class over `lag` frames.
fn flux(chroma: &[Chroma], lag: usize) -> f32 {
    let pairs = chroma.iter().zip(chroma.iter().skip(lag));
    let count = pairs.len() * N_CHROMA;
    let sum: f32 = pairs.flat_map(|(a, b)| difference(a, b)).map(f32::abs).sum();
    sum / count.max(1) as f32
}

fn beats(onsets: &[f32]) -> [f32; N_BEATS] {
    let first = BEATS.first().copied().unwrap_or(0);
    let by_lag = autocorrelation(onsets, first..BEATS.last().copied().unwrap_or(0));
    of(BEATS.iter().zip(BEATS.iter().skip(1)).map(|(from, to)| {
        let range = by_lag.get(from - first..to - first).unwrap_or_default();
        range.iter().copied().reduce(f32::max).unwrap_or(0.0)
    }))
}

fn peaks(onsets: &[f32]) -> [f32; N_ONSETS] {
    let count = onsets.len().max(1) as f32;
    let mean = onsets.iter().sum::<f32>() / count;
    let moment = |power: i32| onsets.iter().map(|onset| (onset - mean).powi(power)).sum::<f32>() / count;
    let std = moment(2).sqrt();
    let peaks: Vec<f32> = onsets
        .windows(3)
        .filter_map(|window| match window {
            [before, peak, after] if peak > before && peak >= after => Some(*peak),
            _ => None,
        })
        .collect();
    let share = |above: f32| {
        peaks.iter().filter(|peak| **peak > above).count() as f32 / onsets.len().saturating_sub(2).max(1) as f32
    };
    let skewness = moment(3) / (std + 1e-3).powi(3);
    of(STRENGTHS
        .into_iter()
        .map(share)
        .chain([skewness])
        .chain(SPREADS.map(|spreads| share(mean + spreads * std)))
        // Strengths that noise was added to in training may have a mean below 0.
        .chain([(mean.max(0.0) + 0.01).ln()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: MusicColumns = MusicColumns { n_mfcc: 20, percussion: true };
    const CHROMA: usize = 3 * N_CHROMA;

    /// Ten seconds of a chord, an onset every `beat` frames.
    fn music(classes: &[usize], beat: usize, gain: f32) -> [f32; N_PATTERNS] {
        let row = |t: usize| {
            let mut row = vec![0.0; COLUMNS.count()];
            row[0] = gain;
            row[COLUMNS.onset()] = if t.is_multiple_of(beat) { 3.0 } else { 0.0 };
            for class in classes {
                row[COLUMNS.chroma().start + class] = 1.0;
            }
            row
        };
        patterns(&(0..430).flat_map(row).collect::<Vec<f32>>(), COLUMNS)
    }

    #[test]
    fn a_chord_is_the_same_from_its_tonic_in_every_key() {
        let (c, d) = (music(&[0, 4, 7], 20, 0.0), music(&[2, 6, 9], 20, -30.0));
        for (a, b) in c[CHROMA..].iter().zip(&d[CHROMA..]) {
            assert!((a - b).abs() < 1e-4, "{a} {b}");
        }
        assert_eq!(c[CHROMA..CHROMA + N_CHROMA], [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn harmonics_tell_scales_apart() {
        let of_classes = |classes: &[usize]| {
            let mut chroma = [0.0; N_CHROMA];
            classes.iter().for_each(|class| chroma[*class] = 1.0);
            harmonics(&chroma)
        };
        let near = |a: f32, b: f32| (a - b).abs() < 1e-4;
        assert!(near(of_classes(&[0, 2, 4, 6, 8, 10])[5], 1.0), "whole tones are all of the sixth");
        assert!(near(of_classes(&[0, 4, 8])[2], 1.0), "major thirds are all of the third");
        assert!(near(of_classes(&[5])[4], 1.0));
        assert!(of_classes(&[0, 2, 4, 5, 7, 9, 11])[4] > 0.5, "a diatonic scale is a run of fifths");
    }

    #[test]
    fn beats_stand_in_their_range() {
        let beats = &music(&[0], 20, 0.0)[N_PATTERNS - N_ONSETS - N_BEATS..][..N_BEATS];
        assert!(beats[2] > 0.9, "20 frames lie between 17 and 24: {beats:?}");
        assert!(beats[0] < 0.1 && beats[1] < 0.1, "{beats:?}");
    }

    #[test]
    fn nothing_and_little_give_numbers() {
        assert!(patterns(&[], COLUMNS).iter().all(|value| value.is_finite()));
        let row = vec![1.0; COLUMNS.count()];
        assert!(patterns(&row, COLUMNS).iter().all(|value| value.is_finite()));
        assert!(patterns(&[row.clone(), row].concat(), COLUMNS).iter().all(|value| value.is_finite()));
    }
}
