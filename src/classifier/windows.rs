//! Where windows lie in a recording.

use std::ops::Range;

use crate::mood::Scores;
use crate::nets::InputSettings;

/// What the networks said of one window.
pub(super) struct Judged {
    /// Frames that could be heard; 0 for a silent window.
    pub weight: usize,
    /// One for each network, uniform for a silent window.
    pub models: Vec<Scores>,
}

/// Frame ranges of the windows of a recording of `n_frames` frames.
///
/// A window starts at every multiple of the hop as long as it is complete: these are the windows that the
/// live path gives. A last one ends with the recording when the frames after the last complete window
/// would otherwise go unheard. A recording shorter than a window is one window.
pub(crate) fn cut(n_frames: usize, settings: &InputSettings) -> Vec<Range<usize>> {
    let InputSettings { window_frames, hop_frames, .. } = *settings;
    let mut windows: Vec<Range<usize>> =
        (0..).step_by(hop_frames).map(|start| start..start + window_frames).take_while(|w| w.end <= n_frames).collect();
    match windows.last() {
        None if n_frames > 0 => windows.push(0..n_frames),
        Some(last) if last.end < n_frames => windows.push(n_frames - window_frames..n_frames),
        _ => {}
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::single_range_in_vec_init)] // A list with one window is meant.
    fn every_frame_lies_in_a_window_and_none_ends_beyond_the_recording() {
        let settings = InputSettings { window_frames: 10, hop_frames: 4, ..InputSettings::default() };
        assert!(cut(0, &settings).is_empty());
        assert_eq!(cut(3, &settings), [0..3]);
        assert_eq!(cut(10, &settings), [0..10]);
        assert_eq!(cut(13, &settings), [0..10, 3..13]);
        assert_eq!(cut(14, &settings), [0..10, 4..14]);
        for n_frames in 1..60 {
            let windows = cut(n_frames, &settings);
            assert!((0..n_frames).all(|t| windows.iter().any(|w| w.contains(&t))), "{n_frames}");
            assert!(windows.iter().all(|w| w.end <= n_frames), "{n_frames}");
        }
    }
}
