//! Windows that are judged elsewhere: in another thread, or in another worker of a page.
//!
//! A [`Recording`](super::Recording) makes the frames of its samples one after the other; what the networks say of its windows may
//! be found out side by side. It hands out windows, a classifier with the same networks judges them, and the recording takes
//! the opinions back, in any order. Each window is judged alone, so it makes no difference to the moods who judges it.

use super::windows::Judged;
use super::{Classifier, Error};
use crate::clock::Stopwatch;
use crate::mood::{MOOD_COUNT, Scores};
use crate::nets::Opinion;

/// Windows of a recording, to be judged by [`Classifier::judge_handout`].
#[derive(Debug, Clone, PartialEq)]
pub struct Handout {
    /// Its number, which no other handout of any recording has.
    pub id: u32,
    /// Frames from the first window to the last, frame-major.
    pub frames: Vec<f32>,
    /// First frame of each window, counted within `frames`.
    pub starts: Vec<usize>,
}

/// What the networks said of the windows of a [`Handout`].
#[derive(Debug, Clone, PartialEq)]
pub struct HandoutOpinions {
    pub(super) judged: Vec<Judged>,
    /// Milliseconds that it took.
    pub(super) forward_ms: f64,
}

/// Moods, valence and arousal.
const NUMBERS_OF_OPINION: usize = MOOD_COUNT + 2;

impl HandoutOpinions {
    /// As plain numbers, to be sent somewhere: the milliseconds it took, then for each window the number of frames that could be
    /// heard, and for each network its moods, valence and arousal.
    pub fn to_numbers(&self) -> Vec<f32> {
        let mut numbers = vec![self.forward_ms as f32];
        for Judged { weight, models } in &self.judged {
            numbers.push(*weight as f32);
            for Opinion { moods, valence, arousal } in models {
                numbers.extend(moods.0);
                numbers.extend([*valence, *arousal]);
            }
        }
        numbers
    }

    /// Reads what [`HandoutOpinions::to_numbers`] wrote about `models` networks; `None` where it is something else.
    pub fn from_numbers(numbers: &[f32], models: usize) -> Option<HandoutOpinions> {
        let (forward_ms, windows) = numbers.split_first()?;
        let of_window = 1 + models * NUMBERS_OF_OPINION;
        if !windows.len().is_multiple_of(of_window) || numbers.iter().any(|number| !number.is_finite()) {
            return None;
        }
        let opinion = |numbers: &[f32]| {
            let (moods, circumplex) = numbers.split_first_chunk::<MOOD_COUNT>()?;
            let [valence, arousal] = *circumplex else { return None };
            Some(Opinion { moods: Scores(*moods), valence, arousal })
        };
        let judged = |numbers: &[f32]| {
            let (weight, opinions) = numbers.split_first()?;
            let models = opinions.chunks_exact(NUMBERS_OF_OPINION).map(opinion).collect::<Option<_>>()?;
            Some(Judged { weight: *weight as usize, models })
        };
        let judged = windows.chunks_exact(of_window).map(judged).collect::<Option<_>>()?;
        Some(HandoutOpinions { judged, forward_ms: f64::from(*forward_ms) })
    }
}

impl Classifier {
    /// Judges windows of a recording that another classifier with the same networks has begun.
    ///
    /// # Errors
    /// [`Error::Handout`] for frames of other networks, or windows that reach beyond them.
    pub fn judge_handout(&self, frames: &[f32], starts: &[usize]) -> Result<HandoutOpinions, Error> {
        let (columns, window) = (self.settings.columns(), self.settings.window_frames);
        let last = (frames.len() / columns).checked_sub(window);
        let fits = |start: &usize| last.is_some_and(|last| *start <= last);
        if !frames.len().is_multiple_of(columns) || !starts.iter().all(fits) {
            return Err(Error::Handout);
        }
        let clock = Stopwatch::start();
        let windows: Vec<_> = starts.iter().map(|start| *start..start + window).collect();
        let judged = self.judge_in_batches(frames, &windows);
        Ok(HandoutOpinions { judged, forward_ms: clock.elapsed_ms() })
    }
}
