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
    /// Whether there was any sound yet.
    heard: bool,
}

impl LiveClassifier {
    pub(super) fn new(classifier: Classifier, sample_rate: u32) -> Result<LiveClassifier, Error> {
        let front = Front::new(classifier.settings(), sample_rate)?;
        Ok(LiveClassifier { classifier, sample_rate, front, first_frame: 0, heard: false })
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
        let (window_len, hop_len) = (settings.window_frames * columns, settings.hop_frames * columns);
        let frames = &self.front.frames;
        // As in a whole recording, the count begins anew with the first sound; see `windows::cut`.
        let first_sound = if self.heard {
            None
        } else {
            frames.chunks_exact(columns).position(|frame| settings.is_sound(frame)).map(|frame| frame * columns)
        };
        let mut windows = Vec::new();
        let mut start = 0;
        let mut complete = |start: &mut usize, until: usize| {
            while *start + window_len <= until {
                let first = self.first_frame + *start / columns;
                let range = first..first + settings.window_frames;
                let judged = self.classifier.judge(&[&frames[*start..*start + window_len]]);
                windows.extend(judged.iter().map(|judged| self.classifier.window(range.clone(), judged)));
                *start += hop_len;
            }
        };
        complete(&mut start, first_sound.unwrap_or(frames.len()));
        if let Some(first_sound) = first_sound {
            start = first_sound;
            complete(&mut start, frames.len());
            self.heard = true;
        }
        self.front.frames.drain(..start);
        self.first_frame += start / columns;
        Ok(windows)
    }

    /// Forgets all that was heard; the next sample is the first at time 0.
    ///
    /// # Errors
    /// None in practice: the sample rate was accepted once.
    pub fn reset(&mut self) -> Result<(), Error> {
        self.front = Front::new(self.classifier.settings(), self.sample_rate)?;
        self.first_frame = 0;
        self.heard = false;
        Ok(())
    }
}
