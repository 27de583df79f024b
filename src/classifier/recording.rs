//! Moods of a whole recording that comes in pieces, so that hours of samples need not lie in memory at once.

use super::windows::cut;
use super::{Analysis, BATCH, Classifier, Error, Timings, front::Front};
use crate::clock::Stopwatch;

/// Gathers the frames of a recording, then judges it.
#[derive(Debug)]
pub struct Recording<'a> {
    classifier: &'a Classifier,
    sample_rate: u32,
    front: Front,
}

impl<'a> Recording<'a> {
    pub(super) fn new(classifier: &'a Classifier, sample_rate: u32) -> Result<Recording<'a>, Error> {
        Ok(Recording { classifier, sample_rate, front: Front::new(classifier.settings(), sample_rate)? })
    }

    /// Takes the next samples, as many as are at hand.
    ///
    /// # Errors
    /// [`Error::Audio`] when a sample is not a number.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), Error> {
        self.front.push(samples)
    }

    /// The recording is complete: judges it. Calls `progress(windows done, windows in all)` on the way.
    ///
    /// # Errors
    /// [`Error::Audio`] when there was no sample at all.
    pub fn finish(mut self, mut progress: impl FnMut(usize, usize)) -> Result<Analysis, Error> {
        if self.front.samples == 0 {
            return Err(crate::audio::Error::Empty.into());
        }
        self.front.finish();
        let clock = Stopwatch::start();
        let columns = self.classifier.settings().columns();
        let frames = &self.front.frames;
        let settings = self.classifier.settings();
        let sound: Vec<bool> = frames.chunks_exact(columns).map(|frame| settings.is_sound(frame)).collect();
        let cut = cut(&sound, settings);
        let mut judged = Vec::with_capacity(cut.len());
        for batch in cut.chunks(BATCH) {
            let stretches: Vec<&[f32]> = batch
                .iter()
                .map(|window| &frames[window.frames.start * columns..window.frames.end * columns])
                .collect();
            judged.extend(self.classifier.judge(&stretches));
            progress(judged.len(), cut.len());
        }
        let (resample_ms, mfcc_ms) = self.front.spent_ms;
        let timings = Timings { resample_ms, mfcc_ms, forward_ms: clock.elapsed_ms() };
        let duration_s = self.front.samples as f64 / f64::from(self.sample_rate);
        Ok(self.classifier.analysis(duration_s, self.sample_rate, &cut, &judged, timings))
    }
}
