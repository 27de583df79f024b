//! Moods of a whole recording that comes in pieces, so that hours of samples need not lie in memory at once.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

use super::excerpt::HeardRecording;
use super::handout::{Handout, HandoutOpinions};
use super::windows::{Grid, Judged, cut};
use super::{Analysis, BATCH, Classifier, Error, Timings, Window, front::Front};
use crate::clock::Stopwatch;
use crate::nets::input::stretch;

/// Numbers of handouts: no two recordings share one, so that what comes back late is not taken for another's.
static HANDOUTS: AtomicU32 = AtomicU32::new(0);

/// Gathers the frames of a recording, judges windows on the way or all at the end.
#[derive(Debug)]
pub struct Recording {
    classifier: Classifier,
    sample_rate: u32,
    front: Front,
    /// For each frame looked at so far, whether it can be heard.
    sound: Vec<bool>,
    grid: Grid,
    /// Windows judged so far, in order but for those that were handed out.
    judged: Vec<(Range<usize>, Judged)>,
    /// Windows that are judged elsewhere, by the number of their handout.
    handed_out: Vec<(u32, Vec<Range<usize>>)>,
    /// Milliseconds spent in the networks.
    forward_ms: f64,
}

impl Recording {
    pub(super) fn new(classifier: Classifier, sample_rate: u32) -> Result<Recording, Error> {
        let front = Front::new(classifier.settings(), sample_rate)?;
        Ok(Recording {
            classifier,
            sample_rate,
            front,
            sound: Vec::new(),
            grid: Grid::default(),
            judged: Vec::new(),
            handed_out: Vec::new(),
            forward_ms: 0.0,
        })
    }

    /// How many networks judge it.
    pub fn models(&self) -> usize {
        self.classifier.models().len()
    }

    /// Says how long the recording will be, as far as is known: its frames take half the memory then.
    pub fn expect(&mut self, seconds: f64) {
        self.front.reserve(self.classifier.settings(), seconds);
    }

    /// Takes the next samples, as many as are at hand.
    ///
    /// # Errors
    /// [`Error::Audio`] when a sample is not a number.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), Error> {
        self.front.push(samples)
    }

    /// Judges the windows that are complete by now, and gives those that were not given before: moods to show while more
    /// samples come. The analysis has the same windows. Pushing several seconds between two calls keeps the networks' batches large.
    pub fn judge(&mut self) -> Vec<Window> {
        let complete = self.newly_complete();
        self.judge_here(complete)
    }

    /// Hands out the windows that are complete by now instead of judging them; `None` where none are new. Their opinions come back
    /// with [`Recording::take_back`].
    pub fn hand_out(&mut self) -> Option<Handout> {
        let complete = self.newly_complete();
        let (first, last) = (complete.first()?.start, complete.last()?.end);
        let frames = stretch(&self.front.frames, self.classifier.settings().columns(), first..last).to_vec();
        let starts = complete.iter().map(|window| window.start - first).collect();
        let id = HANDOUTS.fetch_add(1, Ordering::Relaxed);
        self.handed_out.push((id, complete));
        Some(Handout { id, frames, starts })
    }

    /// Takes opinions of the windows that were handed out with the number `id`, and gives these windows as [`Recording::judge`] does.
    /// Without opinions it judges them itself. What has not come back by the end is judged then.
    ///
    /// # Errors
    /// [`Error::Handout`] where nothing of that number is handed out, or the opinions are of other windows; they are still handed out then.
    pub fn take_back(&mut self, id: u32, opinions: Option<HandoutOpinions>) -> Result<Vec<Window>, Error> {
        let at = self.handed_out.iter().position(|(of, _)| *of == id).ok_or(Error::Handout)?;
        let models = self.models();
        let fit = |windows: &[Range<usize>], opinions: &HandoutOpinions| {
            windows.len() == opinions.judged.len() && opinions.judged.iter().all(|judged| judged.models.len() == models)
        };
        if let (Some((_, windows)), Some(opinions)) = (self.handed_out.get(at), &opinions)
            && !fit(windows, opinions)
        {
            return Err(Error::Handout);
        }
        let (_, windows) = self.handed_out.swap_remove(at);
        let Some(HandoutOpinions { judged, forward_ms }) = opinions else {
            return Ok(self.judge_here(windows));
        };
        self.forward_ms += forward_ms;
        Ok(self.keep(windows, judged))
    }

    /// Windows that are complete and were not before.
    fn newly_complete(&mut self) -> Vec<Range<usize>> {
        self.look_for_sound();
        let (sound, n_frames) = (&self.sound, self.sound.len());
        let first_sound = || sound.iter().position(|sound| *sound);
        self.grid.complete(n_frames, self.classifier.settings(), first_sound)
    }

    fn judge_here(&mut self, windows: Vec<Range<usize>>) -> Vec<Window> {
        let clock = Stopwatch::start();
        let judged = self.classifier.judge_in_batches(&self.front.frames, &windows);
        self.forward_ms += clock.elapsed_ms();
        self.keep(windows, judged)
    }

    fn keep(&mut self, windows: Vec<Range<usize>>, judged: Vec<Judged>) -> Vec<Window> {
        let told =
            windows.iter().zip(&judged).map(|(range, judged)| self.classifier.window(range.clone(), judged)).collect();
        self.judged.extend(windows.into_iter().zip(judged));
        told
    }

    /// The recording is complete: judges what is left of it. Calls `progress(windows done, windows in all)` on the way.
    ///
    /// # Errors
    /// [`Error::Audio`] when there was no sample at all.
    pub fn finish(self, progress: impl FnMut(usize, usize)) -> Result<Analysis, Error> {
        Ok(self.complete(progress)?.0)
    }

    /// As [`Recording::finish`], and keeps the frames for [`HeardRecording::excerpt`]: about 30 MB for each hour.
    ///
    /// # Errors
    /// As [`Recording::finish`].
    pub fn complete(mut self, mut progress: impl FnMut(usize, usize)) -> Result<(Analysis, HeardRecording), Error> {
        if self.front.samples == 0 {
            return Err(crate::audio::Error::Empty.into());
        }
        self.front.finish();
        self.look_for_sound();
        let cut = cut(&self.sound, self.classifier.settings());
        let clock = Stopwatch::start();
        // What was handed out came back in any order; `cut` has the windows by their time.
        self.judged.sort_by_key(|(range, _)| range.start);
        let mut before = self.judged.into_iter().peekable();
        let known: Vec<Option<Judged>> =
            cut.iter().map(|cut| before.next_if(|(range, _)| *range == cut.frames).map(|(_, judged)| judged)).collect();
        let open: Vec<Range<usize>> =
            cut.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(cut, _)| cut.frames.clone()).collect();
        let mut done = cut.len() - open.len();
        let mut later = Vec::with_capacity(open.len());
        for batch in open.chunks(BATCH) {
            later.extend(self.classifier.judge_ranges(&self.front.frames, batch.iter().cloned()));
            done += batch.len();
            progress(done, cut.len());
        }
        let mut later = later.into_iter();
        let judged: Vec<Judged> = known.into_iter().filter_map(|known| known.or_else(|| later.next())).collect();
        let (resample_ms, mfcc_ms) = self.front.spent_ms;
        let timings = Timings { resample_ms, mfcc_ms, forward_ms: self.forward_ms + clock.elapsed_ms() };
        let duration_s = self.front.samples as f64 / f64::from(self.sample_rate);
        let analysis = self.classifier.analysis(0.0..duration_s, self.sample_rate, &cut, &judged, timings);
        let windows = cut.into_iter().map(|cut| cut.frames).zip(judged).collect();
        let heard = HeardRecording::new(self.classifier, self.sample_rate, duration_s, self.front.frames, windows);
        Ok((analysis, heard))
    }

    /// Marks the frames that came since the last time.
    fn look_for_sound(&mut self) {
        let settings = self.classifier.settings();
        let columns = settings.columns();
        let fresh = self.front.frames.chunks_exact(columns).skip(self.sound.len());
        self.sound.extend(fresh.map(|frame| settings.is_sound(frame)));
    }
}
