//! Frames for voices: besides the MFCCs the shape of the spectrum, by which breath and strain are heard.

use super::Error;
use super::contrast::{N_SHAPE, Shape};
use super::mfcc::Mfcc;
use super::options::MfccOptions;
use super::stream::{FramePlan, FrameStream, check_streamable};

/// MFCC and spectral shape of a signal that arrives in pieces, one row for each frame: `n_mfcc` coefficients, seven spectral
/// contrasts in dB, flatness, centroid, all of one Fourier transform. The coefficients are those of
/// [`MfccStream`](super::MfccStream), the shape is librosa's (`spectral_contrast`, `spectral_flatness`, `spectral_centroid`).
pub struct VoiceStream {
    frames: FrameStream<Voice>,
}

impl VoiceStream {
    /// Columns after the MFCCs.
    pub const N_EXTRA: usize = N_SHAPE;

    /// A stream for `options`.
    ///
    /// # Errors
    /// As [`MfccStream::new`](super::MfccStream::new).
    pub fn new(options: &MfccOptions) -> Result<VoiceStream, Error> {
        check_streamable(options)?;
        let mfcc = Mfcc::new(options)?;
        let shape = Shape::new(options.sample_rate, options.n_fft);
        Ok(VoiceStream { frames: FrameStream::new(Voice { mfcc, shape, rows: Vec::new() }) })
    }

    /// Takes any number of samples and appends the rows that they complete.
    pub fn push(&mut self, samples: &[f32], rows: &mut Vec<f32>) {
        self.frames.push(samples, rows);
    }

    /// Ends the signal: appends the rows that reach over its end, and is ready for another signal.
    pub fn finish(&mut self, rows: &mut Vec<f32>) {
        self.frames.finish(rows);
    }

    /// Forgets what came in and begins a new signal.
    pub fn reset(&mut self) {
        self.frames.reset();
    }
}

struct Voice {
    mfcc: Mfcc,
    shape: Shape,
    /// The coefficients of up to four frames.
    rows: Vec<f32>,
}

impl FramePlan for Voice {
    fn options(&self) -> &MfccOptions {
        self.mfcc.options()
    }

    fn append_frames(&mut self, samples: &[f32], count: usize, rows: &mut Vec<f32>) {
        self.rows.clear();
        self.mfcc.append_frames(samples, count, &mut self.rows);
        let shapes = self.shape.of(self.mfcc.last_power());
        for (row, shape) in self.rows.chunks_exact(self.mfcc.options().n_mfcc).zip(shapes) {
            rows.extend_from_slice(row);
            rows.extend(shape);
        }
    }
}
