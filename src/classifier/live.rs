//! Moods of samples as they come.

use super::{Classifier, Error, Window, front::Front};

/// Judges a stream of samples. Keeps no more than a window of frames.
#[derive(Debug)]
pub struct LiveClassifier {
    classifier: Classifier,
    sample_rate: u32,
    front: Front,
    /// Number of the front's first frame in the whole stream.
    first_frame: usize,
}

impl LiveClassifier {
    pub(super) fn new(classifier: Classifier, sample_rate: u32) -> Result<LiveClassifier, Error> {
        let front = Front::new(classifier.settings(), sample_rate)?;
        Ok(LiveClassifier { classifier, sample_rate, front, first_frame: 0 })
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
        let n_mfcc = settings.mfcc.n_mfcc;
        let (window_len, hop_len) = (settings.window_frames * n_mfcc, settings.hop_frames * n_mfcc);
        let frames = &self.front.frames;
        let mut windows = Vec::new();
        let mut start = 0;
        while start + window_len <= frames.len() {
            let first = self.first_frame + start / n_mfcc;
            let range = first..first + settings.window_frames;
            let judged = self.classifier.judge(&[&frames[start..start + window_len]]);
            windows.extend(judged.iter().map(|judged| self.classifier.window(range.clone(), judged)));
            start += hop_len;
        }
        self.front.frames.drain(..start);
        self.first_frame += start / n_mfcc;
        Ok(windows)
    }

    /// Forgets all that was heard; the next sample is the first at time 0.
    ///
    /// # Errors
    /// None in practice: the sample rate was accepted once.
    pub fn reset(&mut self) -> Result<(), Error> {
        self.front = Front::new(self.classifier.settings(), self.sample_rate)?;
        self.first_frame = 0;
        Ok(())
    }
}
