//! Mel-frequency cepstral coefficients of a whole signal.

use super::Error;
use super::dct::Dct;
use super::decibel::{AMIN, least_power, power_to_db};
use super::frames::Frames;
use super::lanes::{LANES, Lanes};
use super::mel::MelBank;
use super::options::MfccOptions;
use super::stft::Stft;
use super::stream::FramePlan;

/// The plan: window, Fourier transform, mel filters, cosine transform and their buffers.
///
/// Making one costs about as much as a second of audio; keep it for all signals of one kind.
///
/// Samples must be finite ([`Pcm`](crate::audio::Pcm) sees to it); others give meaningless numbers, but never a panic.
pub struct Mfcc {
    options: MfccOptions,
    stft: Stft,
    /// What a band's power counts as at least.
    amin: f32,
    bank: MelBank,
    dct: Dct,
    /// Power spectrum, `n_fft / 2 + 1` bins.
    power: Vec<Lanes>,
    /// Mel bands, as power or in dB.
    mel: Vec<Lanes>,
    coefficients: Vec<Lanes>,
    /// Mel bands in dB of a whole clip, kept where `top_db` has to wait for its maximum.
    clip_db: Vec<Lanes>,
}

impl Mfcc {
    /// A plan for `options`.
    ///
    /// # Errors
    /// Where [`MfccOptions::validate`] finds something wrong.
    pub fn new(options: &MfccOptions) -> Result<Mfcc, Error> {
        options.validate()?;
        let stft = Stft::new(options);
        Ok(Mfcc {
            power: vec![Lanes::ZERO; stft.n_bins()],
            mel: vec![Lanes::ZERO; options.n_mels],
            coefficients: vec![Lanes::ZERO; options.n_mfcc],
            clip_db: Vec::new(),
            bank: MelBank::new(options),
            dct: Dct::new(options.n_mels, options.n_mfcc),
            options: options.clone(),
            stft,
            amin: AMIN,
        })
    }

    /// The same plan with a floor so many dB below the loudest bin lately ([`Stft::within`]), for frames that come in their order.
    pub(super) fn within(self, dynamic_range_db: Option<f32>) -> Mfcc {
        Mfcc { stft: self.stft.within(dynamic_range_db), amin: least_power(dynamic_range_db), ..self }
    }

    /// The settings this plan was made for.
    pub fn options(&self) -> &MfccOptions {
        &self.options
    }

    /// MFCC, `n_frames × n_mfcc`: the DCT-II of the mel bands in dB (`librosa.feature.mfcc`, transposed).
    ///
    /// [`MfccOptions::n_frames`] says how many frames a signal has; it may be none.
    pub fn mfcc(&mut self, samples: &[f32]) -> Frames {
        let n_frames = self.options.n_frames(samples.len());
        let mut frames = Frames::with_capacity(n_frames, self.options.n_mfcc);
        let Some(top_db) = self.options.top_db else {
            for first in (0..n_frames).step_by(LANES) {
                self.db_of(samples, first);
                self.dct.apply(&self.mel, &mut self.coefficients);
                frames.push(&self.coefficients, LANES.min(n_frames - first));
            }
            return frames;
        };
        self.clip_in_db(samples, top_db);
        for (index, db) in self.clip_db.chunks_exact(self.options.n_mels).enumerate() {
            self.dct.apply(db, &mut self.coefficients);
            frames.push(&self.coefficients, LANES.min(n_frames - index * LANES));
        }
        frames
    }

    /// Mel bands as power, `n_frames × n_mels` (`librosa.feature.melspectrogram`, transposed).
    pub fn mel_power(&mut self, samples: &[f32]) -> Frames {
        let n_frames = self.options.n_frames(samples.len());
        let mut frames = Frames::with_capacity(n_frames, self.options.n_mels);
        for first in (0..n_frames).step_by(LANES) {
            self.mel_of(samples, first);
            frames.push(&self.mel, LANES.min(n_frames - first));
        }
        frames
    }

    /// Mel bands in dB re 1, `n_frames × n_mels` (`librosa.power_to_db` of the mel power, transposed), `top_db` applied.
    pub fn mel_db(&mut self, samples: &[f32]) -> Frames {
        let n_frames = self.options.n_frames(samples.len());
        let mut frames = Frames::with_capacity(n_frames, self.options.n_mels);
        self.clip_in_db(samples, self.options.top_db.unwrap_or(f32::INFINITY));
        for (index, db) in self.clip_db.chunks_exact(self.options.n_mels).enumerate() {
            frames.push(db, LANES.min(n_frames - index * LANES));
        }
        frames
    }

    /// The mean of each of the `n_mfcc` coefficients over all frames; zeros if there is no frame.
    pub fn mean(&mut self, samples: &[f32]) -> Vec<f32> {
        self.mfcc(samples).mean()
    }

    /// Power spectra of the four frames computed last.
    pub(super) fn last_power(&self) -> &[Lanes] {
        &self.power
    }

    /// Mel bands in dB of the four frames computed last.
    pub(super) fn last_mel_db(&self) -> &[Lanes] {
        &self.mel
    }

    /// Appends the mel bands in dB of up to four frames; as [`FramePlan::append_frames`].
    pub(super) fn append_mel_db(&mut self, samples: &[f32], count: usize, rows: &mut Vec<f32>) {
        self.db_of_frames(samples, count);
        super::frames::append_rows(rows, &self.mel, count);
    }

    /// Mel bands in dB of `count` frames that lie in `samples` as they are, into `self.mel`.
    fn db_of_frames(&mut self, samples: &[f32], count: usize) {
        self.stft.power_of_frames(samples, count, &mut self.power);
        self.bank.apply(&self.power, &mut self.mel);
        self.mel_to_db();
    }

    /// Mel power of the four frames from `first` on, into `self.mel`.
    fn mel_of(&mut self, samples: &[f32], first: usize) {
        self.stft.power(samples, first, &mut self.power);
        self.bank.apply(&self.power, &mut self.mel);
    }

    /// The same in dB.
    fn db_of(&mut self, samples: &[f32], first: usize) {
        self.mel_of(samples, first);
        self.mel_to_db();
    }

    fn mel_to_db(&mut self) {
        for value in &mut self.mel {
            *value = power_to_db(*value, self.amin);
        }
    }

    /// All frames in dB, nothing more than `top_db` below the maximum, into `self.clip_db`.
    fn clip_in_db(&mut self, samples: &[f32], top_db: f32) {
        let n_frames = self.options.n_frames(samples.len());
        self.clip_db.clear();
        self.clip_db.reserve(n_frames.div_ceil(LANES) * self.options.n_mels);
        let mut peak = Lanes::splat(f32::NEG_INFINITY);
        for first in (0..n_frames).step_by(LANES) {
            self.db_of(samples, first);
            // Lanes without a frame are silent, and silence is never above anything.
            peak = self.mel.iter().fold(peak, |peak, &db| peak.max(db));
            self.clip_db.extend_from_slice(&self.mel);
        }
        let floor = Lanes::splat(peak.to_array().into_iter().fold(f32::NEG_INFINITY, f32::max) - top_db);
        for db in &mut self.clip_db {
            *db = db.max(floor);
        }
    }
}

impl FramePlan for Mfcc {
    fn options(&self) -> &MfccOptions {
        &self.options
    }

    fn append_frames(&mut self, samples: &[f32], count: usize, rows: &mut Vec<f32>) {
        self.db_of_frames(samples, count);
        self.dct.apply(&self.mel, &mut self.coefficients);
        super::frames::append_rows(rows, &self.coefficients, count);
    }

    fn reset(&mut self) {
        self.stft.reset();
    }
}
