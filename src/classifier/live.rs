//! Moods of samples as they come.

use std::ops::Range;

use super::windows::Grid;
use super::{Classifier, Error, Window, front::Front};

/// Judges a stream of samples. Keeps no more than a window of frames.
#[derive(Debug)]
pub struct LiveClassifier {
    classifier: Classifier,
    sample_rate: u32,
    front: Front,
    /// Number of the front's first frame in the whole stream.
    first_frame: usize,
    grid: Grid,
}

impl LiveClassifier {
    pub(super) fn new(classifier: Classifier, sample_rate: u32) -> Result<LiveClassifier, Error> {
        let front = Front::new(classifier.settings(), sample_rate)?;
        Ok(LiveClassifier { classifier, sample_rate, front, first_frame: 0, grid: Grid::default() })
    }

    /// Takes more samples and gives the newest window that they complete, if they complete one. Pieces longer
    /// than the hop may complete several; [`LiveClassifier::push_all`] gives them all.
    ///
    /// # Errors
    /// [`Error::Audio`] when a sample is not a number; the piece is then left out.
    pub fn push(&mut self, samples: &[f32]) -> Result<Option<Window>, Error> {
        Ok(self.push_all(samples)?.pop())
    }

    /// Takes more samples and gives every window that they complete.
    ///
    /// # Errors
    /// As [`LiveClassifier::push`].
    pub fn push_all(&mut self, samples: &[f32]) -> Result<Vec<Window>, Error> {
        self.front.push(samples)?;
        let settings = self.classifier.settings();
        let columns = settings.columns();
        let frames = &self.front.frames;
        let first = self.first_frame;
        let first_sound =
            || frames.chunks_exact(columns).position(|frame| settings.is_sound(frame)).map(|at| first + at);
        let complete = self.grid.complete(first + frames.len() / columns, settings, first_sound);
        let judge = |range: Range<usize>| {
            let stretch = &frames[(range.start - first) * columns..(range.end - first) * columns];
            self.classifier.window(range, &self.classifier.judge(&[stretch])[0])
        };
        let windows = complete.into_iter().map(judge).collect();
        let done = (self.grid.next() - first).min(frames.len() / columns);
        self.front.frames.drain(..done * columns);
        self.first_frame += done;
        Ok(windows)
    }

    /// Forgets all that was heard; the next sample is the first at time 0.
    ///
    /// # Errors
    /// None in practice: the sample rate was accepted once.
    pub fn reset(&mut self) -> Result<(), Error> {
        self.front = Front::new(self.classifier.settings(), self.sample_rate)?;
        self.first_frame = 0;
        self.grid = Grid::default();
        Ok(())
    }
}
