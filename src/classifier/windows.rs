//! Where windows lie in a recording.

use std::ops::Range;

use crate::nets::{InputSettings, Opinion};

/// What the networks said of one window.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judged {
    /// Frames that could be heard; 0 for a silent window.
    pub weight: usize,
    /// One for each network; no opinion on a silent window.
    pub models: Vec<Opinion>,
}

/// One window of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cut {
    /// Its frames.
    pub frames: Range<usize>,
    /// Whether it counts for the recording as a whole.
    pub counts: bool,
}

/// Windows of a recording, given for each frame whether there is any sound in it.
///
/// Until the first sound, silent windows follow one another at the hop. With the first sound the count begins anew: a window
/// starts there and at every hop after it as long as it is complete. These are the windows that the live path gives. A last one ends
/// with the sound when frames would otherwise go unheard. What is shorter than a window is one window.
///
/// The recording as a whole is judged by the windows within the sound, so that silence before or after changes nothing.
pub(crate) fn cut(sound: &[bool], settings: &InputSettings) -> Vec<Cut> {
    let InputSettings { window_frames, hop_frames, .. } = *settings;
    let n_frames = sound.len();
    let first = sound.iter().position(|sound| *sound);
    let end = sound.iter().rposition(|sound| *sound).map_or(n_frames, |last| last + 1);
    let at = |start: usize| start..start + window_frames;
    let complete = |from: usize, until: usize| (from..).step_by(hop_frames).map(at).take_while(move |w| w.end <= until);

    let silent_until = first.unwrap_or(n_frames);
    let mut windows: Vec<Cut> =
        complete(0, silent_until).map(|frames| Cut { frames, counts: first.is_none() }).collect();
    let Some(first) = first else {
        if windows.is_empty() && n_frames > 0 {
            windows.push(Cut { frames: 0..n_frames, counts: true });
        }
        return windows;
    };
    let within = complete(first, end).count();
    let after = complete(first, n_frames).enumerate().map(|(index, frames)| Cut { frames, counts: index < within });
    let before = windows.len();
    windows.extend(after);
    let heard_until = windows
        .get(before..before + within)
        .and_then(|counted| counted.last())
        .map_or(first, |window| window.frames.end);
    if within > 0 && heard_until < end {
        windows.insert(before + within, Cut { frames: end - window_frames..end, counts: true });
    } else if within == 0 {
        match windows.get_mut(before) {
            // The sound is shorter than a window; the silence after it is cut away again before it is judged.
            Some(window) => window.counts = true,
            None => windows.push(Cut { frames: first..n_frames, counts: true }),
        }
    }
    windows
}

/// Where windows lie in a signal that is still coming in: those that [`cut`] gives for the whole, but for the last one, which
/// ends with the sound.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// First frame of the next window.
    next: usize,
    /// Whether there was any sound yet.
    heard: bool,
}

impl Grid {
    /// The windows that are complete with `n_frames` frames and were not before. `first_sound` is asked for the first
    /// frame that can be heard, until there is one.
    pub fn complete(
        &mut self,
        n_frames: usize,
        settings: &InputSettings,
        first_sound: impl FnOnce() -> Option<usize>,
    ) -> Vec<Range<usize>> {
        let mut windows = Vec::new();
        let mut advance = |next: &mut usize, until: usize| {
            while *next + settings.window_frames <= until {
                windows.push(*next..*next + settings.window_frames);
                *next += settings.hop_frames;
            }
        };
        let first_sound = if self.heard { None } else { first_sound() };
        advance(&mut self.next, first_sound.unwrap_or(n_frames));
        if let Some(first_sound) = first_sound {
            self.heard = true;
            self.next = first_sound;
            advance(&mut self.next, n_frames);
        }
        windows
    }

    /// First frame that a window may still need.
    pub fn next(&self) -> usize {
        self.next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> InputSettings {
        InputSettings { window_frames: 10, hop_frames: 4, ..InputSettings::of(crate::nets::Domain::Voice) }
    }

    /// Windows of `silent` frames, then `sound`, then `after` silent ones.
    fn windows(silent: usize, sound: usize, after: usize) -> Vec<Cut> {
        let frames: Vec<bool> = [vec![false; silent], vec![true; sound], vec![false; after]].concat();
        cut(&frames, &settings())
    }

    fn ranges(windows: &[Cut]) -> Vec<Range<usize>> {
        windows.iter().map(|window| window.frames.clone()).collect()
    }

    #[test]
    #[allow(clippy::single_range_in_vec_init)] // A list with one window is meant.
    fn every_frame_with_sound_lies_in_a_window_and_none_ends_beyond_the_recording() {
        assert!(windows(0, 0, 0).is_empty());
        assert_eq!(ranges(&windows(0, 3, 0)), [0..3]);
        assert_eq!(ranges(&windows(0, 10, 0)), [0..10]);
        assert_eq!(ranges(&windows(0, 13, 0)), [0..10, 3..13]);
        assert_eq!(ranges(&windows(0, 14, 0)), [0..10, 4..14]);
        for sound in 1..60 {
            let windows = windows(0, sound, 0);
            assert!((0..sound).all(|t| windows.iter().any(|w| w.frames.contains(&t))), "{sound}");
            assert!(windows.iter().all(|w| w.frames.end <= sound && w.counts), "{sound}");
        }
    }

    #[test]
    fn silence_around_shifts_the_windows_that_count_and_changes_nothing_else() {
        for sound in 1..60 {
            let counting = |silent: usize, after: usize| -> Vec<Range<usize>> {
                let windows = windows(silent, sound, after).into_iter().filter(|window| window.counts);
                // Silence within a window is cut away later.
                windows.map(|w| w.frames.start - silent..(w.frames.end - silent).min(sound)).collect()
            };
            for (silent, after) in [(1, 0), (7, 0), (0, 9), (23, 31), (4, 2)] {
                assert_eq!(counting(silent, after), counting(0, 0), "{silent} + {sound} + {after}");
            }
        }
    }

    #[test]
    fn windows_of_a_signal_that_comes_in_are_those_of_the_whole_but_for_the_last() {
        for (silent, sound) in [(0, 3), (0, 47), (7, 40), (23, 31), (30, 0)] {
            let frames: Vec<bool> = [vec![false; silent], vec![true; sound]].concat();
            let whole = ranges(&cut(&frames, &settings()));
            for step in [1, 3, 100] {
                let mut grid = Grid::default();
                let mut windows = Vec::new();
                for n in (0..frames.len()).step_by(step).chain([frames.len()]) {
                    let first_sound = || frames[..n].iter().position(|sound| *sound);
                    windows.extend(grid.complete(n, &settings(), first_sound));
                }
                assert!(whole.starts_with(&windows), "{silent} + {sound}: {windows:?}, {whole:?}");
                assert!(whole.len() - windows.len() <= 1);
            }
        }
    }

    #[test]
    fn silence_alone_has_windows_too() {
        assert_eq!(ranges(&windows(18, 0, 0)), [0..10, 4..14, 8..18]);
        assert_eq!(windows(3, 0, 0), [Cut { frames: 0..3, counts: true }]);
        assert_eq!(ranges(&windows(15, 10, 0)), [0..10, 4..14, 15..25]);
    }
}
