//! Frames for voices: besides the MFCCs the shape of the spectrum, its roughness and its pitch, by which breath and strain are heard.

use super::Error;
use super::contrast::{N_SHAPE, Shape};
use super::decibel::least_power;
use super::join::Join;
use super::mfcc::Mfcc;
use super::options::MfccOptions;
use super::pitch::{N_PITCH, Pitch};
use super::roughness::{N_ROUGHNESS, Roughness};
use super::stream::{FramePlan, FrameStream, check_streamable};

/// What [`VoiceStream`] has besides MFCCs and the shape of the spectrum. Networks of earlier formats, which have neither, are run too.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct VoiceOptions {
    /// Whether there are pitch and roughness.
    pub phonation: bool,
    /// How far frames reach below the loudest frequency so far, in dB: what lies so far below it is added to each frequency of a frame. For this
    /// the loudest counts 6 dB less for each second since. `None` for the floor of −100 dB that is the same for all: there it can be told from
    /// the empty bands of a recording at a low sample rate how loud it is, and what is quiet in a quiet recording is cut off.
    pub dynamic_range_db: Option<f32>,
}

/// MFCC, spectral shape and phonation of a signal that arrives in pieces, one row for each frame: `n_mfcc` coefficients, seven spectral
/// contrasts in dB, flatness, centroid; then, where phonation is asked for, pitch, how much of the sound belongs to it, how far it stands out,
/// all of one Fourier transform, and the roughness of eight mel bands, of a shorter one. The coefficients are those of
/// [`MfccStream`](super::MfccStream), the shape is librosa's (`spectral_contrast`, `spectral_flatness`, `spectral_centroid`).
pub struct VoiceStream {
    frames: FrameStream<Voice>,
    roughness: Option<Roughness>,
    join: Join,
}

impl VoiceStream {
    /// A stream for `options`.
    ///
    /// # Errors
    /// As [`MfccStream::new`](super::MfccStream::new); and where there is to be phonation, and the hop cannot be parted in four.
    pub fn new(options: &MfccOptions, voice: VoiceOptions) -> Result<VoiceStream, Error> {
        let VoiceOptions { phonation, dynamic_range_db } = voice;
        check_streamable(options)?;
        let mfcc = Mfcc::new(options)?.within(dynamic_range_db);
        let shape = Shape::new(options.sample_rate, options.n_fft, least_power(dynamic_range_db));
        let pitch = phonation.then(|| Pitch::new(options.sample_rate, options.n_fft));
        Ok(VoiceStream {
            frames: FrameStream::new(Voice { mfcc, shape, pitch, rows: Vec::new() }),
            roughness: phonation.then(|| Roughness::new(options, dynamic_range_db)).transpose()?,
            join: Join::new(options.n_mfcc + N_SHAPE + N_PITCH, N_ROUGHNESS, 1),
        })
    }

    /// Columns after the MFCCs.
    pub const fn n_extra(phonation: bool) -> usize {
        N_SHAPE + if phonation { N_PITCH + N_ROUGHNESS } else { 0 }
    }

    /// Takes any number of samples and appends the rows that they complete.
    pub fn push(&mut self, samples: &[f32], rows: &mut Vec<f32>) {
        let Some(roughness) = &mut self.roughness else { return self.frames.push(samples, rows) };
        self.frames.push(samples, self.join.first());
        roughness.push(samples, self.join.second());
        self.join.append(rows);
    }

    /// Ends the signal: appends the rows that reach over its end, and is ready for another signal.
    pub fn finish(&mut self, rows: &mut Vec<f32>) {
        let Some(roughness) = &mut self.roughness else { return self.frames.finish(rows) };
        self.frames.finish(self.join.first());
        roughness.finish(self.join.second());
        self.join.append(rows);
        self.reset();
    }

    /// Forgets what came in and begins a new signal.
    pub fn reset(&mut self) {
        self.frames.reset();
        self.roughness.iter_mut().for_each(Roughness::reset);
        self.join.reset();
    }
}

struct Voice {
    mfcc: Mfcc,
    shape: Shape,
    pitch: Option<Pitch>,
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
        let pitches = self.pitch.as_mut().map(|pitch| pitch.of(self.shape.last_magnitudes()));
        for (lane, (row, shape)) in self.rows.chunks_exact(self.mfcc.options().n_mfcc).zip(shapes).enumerate() {
            rows.extend_from_slice(row);
            rows.extend(shape);
            rows.extend(pitches.iter().filter_map(|of| of.get(lane)).flatten());
        }
    }

    fn reset(&mut self) {
        self.mfcc.reset();
    }
}
