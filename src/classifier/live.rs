//! Moods of samples as they come.

use std::ops::Range;

use super::windows::Grid;
use super::{Classifier, Error, Window, front::Front};
use crate::nets::{VoiceProfile, input};

/// Judges a stream of samples. Keeps no more than a window of frames.
#[derive(Debug)]
pub struct LiveClassifier {
    classifier: Classifier,
    sample_rate: u32,
    front: Front,
    /// Number of the front's first frame in the whole stream.
    first_frame: usize,
    grid: Grid,
    /// Whether the voice is learnt from what is heard.
    learning: bool,
}

impl LiveClassifier {
    pub(super) fn new(classifier: Classifier, sample_rate: u32) -> Result<LiveClassifier, Error> {
        let front = Front::new(classifier.settings(), sample_rate)?;
        Ok(LiveClassifier { classifier, sample_rate, front, first_frame: 0, grid: Grid::default(), learning: false })
    }

    /// From now on learns the voice from every window with sound, and judges relative to what it knows so far; or stops learning
    /// and keeps what it knows.
    ///
    /// # Errors
    /// [`Error::NoVoice`] for networks for music.
    pub fn set_learning(&mut self, learning: bool) -> Result<(), Error> {
        if learning && self.classifier.voice().is_none() {
            let columns = self.classifier.settings().columns();
            self.classifier.set_voice(Some(VoiceProfile::new(columns)))?;
        }
        self.learning = learning;
        Ok(())
    }

    /// What is known of the voice.
    pub fn voice(&self) -> Option<&VoiceProfile> {
        self.classifier.voice()
    }

    /// Judges from now on relative to another voice, or as any voice with `None`; learning stops.
    ///
    /// # Errors
    /// As [`Classifier::set_voice`].
    pub fn set_voice(&mut self, voice: Option<VoiceProfile>) -> Result<(), Error> {
        self.learning = false;
        self.classifier.set_voice(voice)
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
        let settings = &self.classifier.settings().clone();
        let columns = settings.columns();
        let frames = &self.front.frames;
        let first = self.first_frame;
        let first_sound =
            || frames.chunks_exact(columns).position(|frame| settings.is_sound(frame)).map(|at| first + at);
        let complete = self.grid.complete(first + frames.len() / columns, settings, first_sound);
        let mut judge = |range: Range<usize>| {
            let stretch = input::stretch(frames, columns, range.start - first..range.end - first);
            let heard = self.classifier.hear(stretch);
            if let Some(heard) = heard.as_ref().filter(|_| self.learning) {
                self.classifier.learn(heard);
            }
            Some(self.classifier.window(range, self.classifier.judge_heard(vec![heard]).first()?))
        };
        let windows = complete.into_iter().filter_map(&mut judge).collect();
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
