//! What networks for music are told about a whole stretch besides its frames: harmony and pulse.

use crate::features::{KeyClarity, MusicColumns, N_CHROMA, Pulse, key_clarity, pulse};

/// Values of a summary.
pub const N_SUMMARY: usize = 3 + 2 * N_CHROMA + 3;

/// The summary of a stretch of music frames:
///
/// - clarity of the best major and minor key of the mean chroma, and their difference;
/// - the mean chroma in ascending order, and the mean of every frame's chroma in ascending order. Sorted, they say how many
///   pitch classes sound, and are the same in every key;
/// - clarity, spread and period of the pulse.
///
/// A gain moves none of them.
pub fn summary(frames: &[f32], columns: MusicColumns) -> [f32; N_SUMMARY] {
    let rows = || frames.chunks_exact(columns.count());
    let n_frames = rows().len().max(1) as f32;
    let (mut mean, mut sorted) = ([0.0f32; N_CHROMA], [0.0f32; N_CHROMA]);
    for row in rows() {
        let mut chroma = [0.0; N_CHROMA];
        for (class, value) in chroma.iter_mut().zip(row.iter().skip(columns.chroma().start)) {
            *class = *value;
        }
        add(&mut mean, &chroma);
        chroma.sort_by(f32::total_cmp);
        add(&mut sorted, &chroma);
    }
    let mut mean = mean.map(|sum| sum / n_frames);
    let sorted = sorted.map(|sum| sum / n_frames);
    let KeyClarity { major, minor, .. } = key_clarity(&mean);
    mean.sort_by(f32::total_cmp);
    let onsets: Vec<f32> = rows().filter_map(|row| row.get(columns.onset()).copied()).collect();
    let Pulse { clarity, spread, period } = pulse(&onsets);

    let values = [major, minor, major - minor].into_iter().chain(mean).chain(sorted).chain([clarity, spread, period]);
    let mut summary = [0.0; N_SUMMARY];
    for (place, value) in summary.iter_mut().zip(values) {
        *place = value;
    }
    summary
}

fn add(sums: &mut [f32; N_CHROMA], values: &[f32; N_CHROMA]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transposition_and_gain_change_nothing() {
        let columns = MusicColumns { n_mfcc: 20, percussion: true };
        let row = |shift: usize, level: f32| {
            let mut row = vec![0.0; columns.count()];
            row[0] = level;
            for (class, value) in [(0, 1.0), (4, 0.7), (7, 0.8), (9, 0.2)] {
                row[columns.chroma().start + (class + shift) % N_CHROMA] = value;
            }
            row
        };
        let frames = |shift, level| (0..300).flat_map(|_| row(shift, level)).collect::<Vec<f32>>();
        let plain = summary(&frames(0, 0.0), columns);
        assert!(plain[0] > 0.5 && plain[0] > plain[1], "a major triad: {plain:?}");
        for (a, b) in plain.iter().zip(summary(&frames(5, -20.0), columns)) {
            assert!((a - b).abs() < 1e-4, "{a} {b}");
        }
        assert!(summary(&[], columns).iter().all(|value| value.is_finite()));
    }
}
