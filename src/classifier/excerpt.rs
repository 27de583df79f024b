//! Moods of a part of a recording that was judged as a whole.

use std::ops::Range;

use super::windows::{Cut, Judged};
use super::{Analysis, Classifier, Error, Timings};
use crate::clock::Stopwatch;

/// A recording that was heard: its frames, and what the networks said of its windows.
#[derive(Debug)]
pub struct HeardRecording {
    classifier: Classifier,
    sample_rate: u32,
    duration_s: f64,
    /// Frame-major.
    frames: Vec<f32>,
    windows: Vec<(Range<usize>, Judged)>,
}

impl HeardRecording {
    pub(super) fn new(
        classifier: Classifier,
        sample_rate: u32,
        duration_s: f64,
        frames: Vec<f32>,
        windows: Vec<(Range<usize>, Judged)>,
    ) -> HeardRecording {
        HeardRecording { classifier, sample_rate, duration_s, frames, windows }
    }

    /// Length in seconds.
    pub fn duration_s(&self) -> f64 {
        self.duration_s
    }

    /// Judges the part from `start_s` to `end_s` alone: by the recording's windows that lie in it, and by one more at either
    /// end where they leave sound over. A part shorter than a window is one window. Nothing outside the part is heard.
    ///
    /// The analysis has the part's length as its duration; its windows keep their times in the recording. At most two windows
    /// go through the networks, whatever the length.
    ///
    /// # Errors
    /// [`Error::Excerpt`] where there is no such part.
    pub fn excerpt(&self, start_s: f64, end_s: f64) -> Result<Analysis, Error> {
        let settings = self.classifier.settings();
        // Written so that NaN is refused.
        if !(start_s >= 0.0 && start_s < end_s && start_s < self.duration_s) {
            return Err(Error::Excerpt { start_s, end_s, duration_s: self.duration_s });
        }
        let span = start_s..end_s.min(self.duration_s);
        let n_frames = self.frames.len() / settings.columns();
        // The frames whose centres lie in the part; the one nearest to it where it lies between two.
        let frame = |seconds: f64| (seconds / settings.frame_s()).ceil() as usize;
        let first = frame(span.start).min(n_frames - 1);
        let part = first..frame(span.end).clamp(first + 1, n_frames);

        let clock = Stopwatch::start();
        let ranges = self.ranges(&part, settings.window_frames);
        let known = |range: &Range<usize>| self.windows.iter().find(|(window, _)| window == range);
        let judge = |range: &Range<usize>| match known(range) {
            Some((_, judged)) => vec![judged.clone()],
            None => self.classifier.judge_ranges(&self.frames, [range.clone()]),
        };
        let judged: Vec<Judged> = ranges.iter().flat_map(judge).collect();
        let timings = Timings { resample_ms: 0.0, mfcc_ms: 0.0, forward_ms: clock.elapsed_ms() };
        let cut: Vec<Cut> = ranges.into_iter().map(|frames| Cut { frames, counts: true }).collect();
        Ok(self.classifier.analysis(span, self.sample_rate, &cut, &judged, timings))
    }

    /// Windows of the frames `part`.
    fn ranges(&self, part: &Range<usize>, window_frames: usize) -> Vec<Range<usize>> {
        if part.len() <= window_frames {
            return vec![part.clone()];
        }
        let within = |range: &&Range<usize>| part.start <= range.start && range.end <= part.end;
        let mut ranges: Vec<Range<usize>> =
            self.windows.iter().map(|(range, _)| range).filter(within).cloned().collect();
        if ranges.first().is_none_or(|first| first.start > part.start) {
            ranges.insert(0, part.start..part.start + window_frames);
        }
        if ranges.last().is_none_or(|last| last.end < part.end) {
            ranges.push(part.end - window_frames..part.end);
        }
        ranges
    }
}
