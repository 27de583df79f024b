//! From samples at any rate to frames, piece by piece: the front of both paths.

use super::Error;
use crate::audio::{Resampler, SAMPLE_RATE, check_samples};
use crate::clock::Stopwatch;
use crate::features::{MfccStream, MusicStream, VoiceStream};
use crate::nets::InputSettings;

/// Resampler and features, with the frames that nobody has taken yet.
pub(super) struct Front {
    resampler: Resampler,
    stream: Stream,
    resampled: Vec<f32>,
    /// Frames, frame-major.
    pub frames: Vec<f32>,
    /// Samples taken so far.
    pub samples: usize,
    /// Milliseconds spent on resampling and on features.
    pub spent_ms: (f64, f64),
}

/// The features of either domain.
enum Stream {
    Mfcc(Box<MfccStream>),
    Voice(Box<VoiceStream>),
    Music(Box<MusicStream>),
}

impl Stream {
    fn new(settings: &InputSettings) -> Result<Stream, crate::features::Error> {
        Ok(match &settings.harmony {
            None if settings.shape => {
                Stream::Voice(Box::new(VoiceStream::new(&settings.mfcc, settings.voice_options())?))
            }
            None => Stream::Mfcc(Box::new(MfccStream::new(&settings.mfcc)?)),
            Some(harmony) => Stream::Music(Box::new(MusicStream::new(&settings.mfcc, harmony)?)),
        })
    }

    fn push(&mut self, samples: &[f32], frames: &mut Vec<f32>) {
        match self {
            Stream::Mfcc(stream) => stream.push(samples, frames),
            Stream::Voice(stream) => stream.push(samples, frames),
            Stream::Music(stream) => stream.push(samples, frames),
        }
    }

    fn finish(&mut self, frames: &mut Vec<f32>) {
        match self {
            Stream::Mfcc(stream) => stream.finish(frames),
            Stream::Voice(stream) => stream.finish(frames),
            Stream::Music(stream) => stream.finish(frames),
        }
    }
}

/// Frames of a whole signal at 22 050 Hz, as they are computed for either path.
#[cfg(feature = "train")]
pub(crate) fn frames(settings: &InputSettings, samples: &[f32]) -> Result<Vec<f32>, crate::features::Error> {
    let mut stream = Stream::new(settings)?;
    let mut frames = Vec::new();
    stream.push(samples, &mut frames);
    stream.finish(&mut frames);
    Ok(frames)
}

impl std::fmt::Debug for Front {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Front").field("samples", &self.samples).finish_non_exhaustive()
    }
}

impl Front {
    pub fn new(settings: &InputSettings, sample_rate: u32) -> Result<Front, Error> {
        Ok(Front {
            resampler: Resampler::new(sample_rate, SAMPLE_RATE)?,
            stream: Stream::new(settings)?,
            resampled: Vec::new(),
            frames: Vec::new(),
            samples: 0,
            spent_ms: (0.0, 0.0),
        })
    }

    /// Makes room for the frames of so many seconds. Without it the room doubles whenever it is full, and wasm never gives back the
    /// memory that was too small.
    pub fn reserve(&mut self, settings: &InputSettings, seconds: f64) {
        let frames = ((seconds / settings.frame_s()) as usize).saturating_add(2);
        // Only a hint: where there is no such room, pushing shows whether it was needed.
        let _ = self.frames.try_reserve_exact(frames.saturating_mul(settings.columns()));
    }

    /// Takes a piece of any length. A piece with a sample that is not a number is refused as a whole.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), Error> {
        check_samples(samples)?;
        self.samples += samples.len();
        self.advance(|resampler, out| resampler.push(samples, out), |stream, samples, out| stream.push(samples, out));
        Ok(())
    }

    /// The recording ends here: gives the frames that waited for more.
    pub fn finish(&mut self) {
        let last = |stream: &mut Stream, samples: &[f32], out: &mut Vec<f32>| {
            stream.push(samples, out);
            stream.finish(out);
        };
        self.advance(Resampler::finish, last);
    }

    fn advance(
        &mut self,
        resample: impl FnOnce(&mut Resampler, &mut Vec<f32>),
        frame: impl FnOnce(&mut Stream, &[f32], &mut Vec<f32>),
    ) {
        self.resampled.clear();
        let clock = Stopwatch::start();
        resample(&mut self.resampler, &mut self.resampled);
        self.spent_ms.0 += clock.elapsed_ms();
        let clock = Stopwatch::start();
        frame(&mut self.stream, &self.resampled, &mut self.frames);
        self.spent_ms.1 += clock.elapsed_ms();
    }
}
