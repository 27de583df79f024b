//! Frames for music: besides the MFCCs what they leave out – rhythm, harmony and the shape of the spectrum.

use serde::{Deserialize, Serialize};

use super::Error;
use super::chroma::{ChromaBank, N_CHROMA};
use super::contrast::{N_SHAPE, Shape};
use super::decibel::AMIN;
use super::join::Join;
use super::lanes::{self, Lanes};
use super::mfcc::Mfcc;
use super::onset::Onset;
use super::options::MfccOptions;
use super::percussion::{N_PERCUSSION, Percussion};
use super::stft::Stft;
use super::stream::{FramePlan, FrameStream, check_streamable};

/// The second, longer Fourier transform, which tells semitones apart down to the octave of middle C.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HarmonyOptions {
    /// Samples in a frame.
    pub n_fft: usize,
    /// MFCC frames from one such frame to the next.
    pub every: usize,
    /// Whether it tells how much is struck, too. Networks without it, those of formats before 7, are run too.
    #[serde(default)]
    pub percussion: bool,
}

impl Default for HarmonyOptions {
    fn default() -> Self {
        HarmonyOptions { n_fft: 4096, every: 2, percussion: true }
    }
}

/// Where what stands in a frame of [`MusicStream`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MusicColumns {
    /// Coefficients at the beginning.
    pub n_mfcc: usize,
    /// Whether there is percussion.
    pub percussion: bool,
}

impl MusicColumns {
    /// Number of columns: MFCCs, onset strength, seven spectral contrasts, flatness, centroid, thirteen bands of percussion if there are any,
    /// twelve pitch classes.
    pub const fn count(self) -> usize {
        self.chroma().end
    }

    /// The column of the onset strength.
    pub const fn onset(self) -> usize {
        self.n_mfcc
    }

    /// The columns of the percussion, the lowest band first; empty if there is none.
    pub const fn percussion(self) -> std::ops::Range<usize> {
        let start = self.n_mfcc + 1 + N_SHAPE;
        start..if self.percussion { start + N_PERCUSSION } else { start }
    }

    /// The columns of the pitch classes, C first.
    pub const fn chroma(self) -> std::ops::Range<usize> {
        let start = self.percussion().end;
        start..start + N_CHROMA
    }
}

/// MFCC, onset strength, spectral shape, percussion and chroma of a signal that arrives in pieces, one row for each MFCC frame.
///
/// Shape, percussion and chroma change slowly: they are computed for every second frame ([`HarmonyOptions::every`]) from a transform centred
/// on it, and stand in the frame after it too.
pub struct MusicStream {
    timbre: FrameStream<Timbre>,
    harmony: FrameStream<Harmony>,
    columns: MusicColumns,
    join: Join,
}

impl MusicStream {
    /// A stream for these settings.
    ///
    /// # Errors
    /// As [`MfccStream::new`](super::MfccStream::new); and where [`HarmonyOptions`] lie outside their bounds.
    pub fn new(mfcc: &MfccOptions, harmony: &HarmonyOptions) -> Result<MusicStream, Error> {
        check_streamable(mfcc)?;
        let every = harmony.every;
        if !(1..=64).contains(&every) {
            return Err(Error::Option { option: "every", value: every.to_string(), expected: "1 to 64".into() });
        }
        let options = MfccOptions { n_fft: harmony.n_fft, hop_length: every * mfcc.hop_length, ..mfcc.clone() };
        options.validate()?;
        if harmony.n_fft < 256 {
            return Err(Error::Option {
                option: "n_fft",
                value: harmony.n_fft.to_string(),
                expected: "at least 256 for chroma".into(),
            });
        }
        let timbre = Timbre { onset: Onset::new(mfcc.n_mels), mfcc: Mfcc::new(mfcc)?, rows: Vec::new() };
        let columns = MusicColumns { n_mfcc: mfcc.n_mfcc, percussion: harmony.percussion };
        let timbre_len = columns.n_mfcc + 1;
        Ok(MusicStream {
            timbre: FrameStream::new(timbre),
            harmony: FrameStream::new(Harmony::new(&options, harmony.percussion)),
            columns,
            join: Join::new(timbre_len, columns.count() - timbre_len, every),
        })
    }

    /// What stands where in a row.
    pub fn columns(&self) -> MusicColumns {
        self.columns
    }

    /// Takes any number of samples and appends the rows that they complete.
    pub fn push(&mut self, samples: &[f32], rows: &mut Vec<f32>) {
        self.timbre.push(samples, self.join.first());
        self.harmony.push(samples, self.join.second());
        self.join.append(rows);
    }

    /// Ends the signal: appends the rows that reach over its end, and is ready for another signal.
    pub fn finish(&mut self, rows: &mut Vec<f32>) {
        self.timbre.finish(self.join.first());
        self.harmony.finish(self.join.second());
        self.join.append(rows);
        self.reset();
    }

    /// Forgets what came in and begins a new signal.
    pub fn reset(&mut self) {
        self.timbre.reset();
        self.harmony.reset();
        self.join.reset();
    }
}

/// MFCC and onset strength.
struct Timbre {
    mfcc: Mfcc,
    onset: Onset,
    rows: Vec<f32>,
}

impl FramePlan for Timbre {
    fn options(&self) -> &MfccOptions {
        self.mfcc.options()
    }

    fn append_frames(&mut self, samples: &[f32], count: usize, rows: &mut Vec<f32>) {
        self.rows.clear();
        self.mfcc.append_frames(samples, count, &mut self.rows);
        for (lane, row) in self.rows.chunks_exact(self.mfcc.options().n_mfcc).enumerate() {
            rows.extend_from_slice(row);
            rows.push(self.onset.next(self.mfcc.last_mel_db(), lane));
        }
    }

    fn reset(&mut self) {
        self.onset.reset();
    }
}

/// Spectral shape, percussion and chroma.
struct Harmony {
    options: MfccOptions,
    stft: Stft,
    power: Vec<Lanes>,
    shape: Shape,
    percussion: Option<Percussion>,
    chroma: ChromaBank,
}

impl Harmony {
    fn new(options: &MfccOptions, percussion: bool) -> Harmony {
        let stft = Stft::new(options);
        Harmony {
            power: vec![Lanes::ZERO; stft.n_bins()],
            shape: Shape::new(options.sample_rate, options.n_fft, AMIN),
            percussion: percussion.then(|| Percussion::new(options)),
            chroma: ChromaBank::new(options.sample_rate, options.n_fft),
            options: options.clone(),
            stft,
        }
    }
}

impl FramePlan for Harmony {
    fn options(&self) -> &MfccOptions {
        &self.options
    }

    fn append_frames(&mut self, samples: &[f32], count: usize, rows: &mut Vec<f32>) {
        self.stft.power_of_frames(samples, count, &mut self.power);
        let chroma = self.chroma.apply(&self.power);
        let shapes = self.shape.of(&self.power);
        let percussion = self.percussion.as_mut().map(|of| of.of(&self.power, self.shape.last_magnitudes(), count));
        for (lane, shape) in shapes.into_iter().enumerate().take(count) {
            rows.extend(shape);
            rows.extend(percussion.iter().filter_map(|of| of.get(lane)).flatten());
            rows.extend(chroma.iter().map(|class| lanes::lane(class, lane)));
        }
    }

    fn reset(&mut self) {
        if let Some(percussion) = &mut self.percussion {
            percussion.reset();
        }
    }
}
