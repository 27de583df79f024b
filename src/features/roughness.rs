//! How rough a sound is: how much the level of its bands moves from one moment to the next, faster than frames of MFCCs follow.

use super::Error;
use super::decibel::{least_power, power_to_db};
use super::lanes::{self, Lanes};
use super::mel::MelBank;
use super::options::MfccOptions;
use super::stft::Stft;
use super::stream::{FramePlan, FrameStream};

/// Mel bands of which [`VoiceStream`](super::VoiceStream) tells how rough they are.
pub const N_ROUGHNESS: usize = 8;

/// Short frames in the time from one frame of MFCCs to the next: at 22 050 Hz they lie 5.8 ms apart.
const SHORT_HOPS: usize = 4;
/// A short frame is this part of a frame of MFCCs: 23 ms.
const SHORT_FRAMES: usize = 4;
/// A change counts up to this, in dB, so that a sound out of digital silence is as rough at any gain.
const LARGEST_CHANGE_DB: f32 = 30.0;
/// Mean square of what does not change at all, in dB².
const LEAST_CHANGE: f32 = 1e-2;

/// The roughness of a signal that arrives in pieces, a row for each frame of MFCCs.
///
/// A level that goes up and down 30 to 150 times a second is heard as roughness (Zwicker & Fastl 1999, chapter 11), by which screams
/// are told from singing (Arnal et al. 2015). Here it is the natural logarithm of the root mean square, in dB, of the changes of a
/// band's level from one short frame to the next, over the time of one frame of MFCCs, half of it before its centre and half after.
pub(super) struct Roughness {
    changes: FrameStream<Changes>,
    /// Squared changes that wait for the rest of their frame, one row for each two neighbouring short frames.
    squares: Vec<f32>,
    /// Rows of them that the next frame takes: the first frame has nothing before its centre.
    wanted: usize,
}

impl Roughness {
    /// For frames of `options`, with a floor under them ([`Stft::within`]).
    ///
    /// # Errors
    /// Where the hop cannot be parted in four.
    pub fn new(options: &MfccOptions, dynamic_range_db: Option<f32>) -> Result<Roughness, Error> {
        let hop = options.hop_length;
        if !hop.is_multiple_of(SHORT_HOPS) {
            let expected = format!("a multiple of {SHORT_HOPS} for roughness");
            return Err(Error::Option { option: "hop_length", value: hop.to_string(), expected });
        }
        let options = MfccOptions {
            n_fft: options.n_fft / SHORT_FRAMES,
            hop_length: hop / SHORT_HOPS,
            n_mels: N_ROUGHNESS,
            n_mfcc: 1,
            ..options.clone()
        };
        options.validate()?;
        let changes = FrameStream::new(Changes::new(options, dynamic_range_db));
        Ok(Roughness { changes, squares: Vec::new(), wanted: SHORT_HOPS / 2 })
    }

    /// Takes any number of samples and appends the rows that they complete.
    pub fn push(&mut self, samples: &[f32], rows: &mut Vec<f32>) {
        self.changes.push(samples, &mut self.squares);
        let mut taken = 0;
        while let Some(squares) = self.squares.get(taken..taken + self.wanted * N_ROUGHNESS) {
            append_row(squares, rows);
            taken += squares.len();
            self.wanted = SHORT_HOPS;
        }
        self.squares.drain(..taken);
    }

    /// Ends the signal: appends one more row, of what is left. It is one too many where the last frame was complete.
    pub fn finish(&mut self, rows: &mut Vec<f32>) {
        self.changes.finish(&mut self.squares);
        self.push(&[], rows);
        append_row(&self.squares, rows);
        self.reset();
    }

    /// Forgets what came in and begins a new signal.
    pub fn reset(&mut self) {
        self.changes.reset();
        self.squares.clear();
        self.wanted = SHORT_HOPS / 2;
    }
}

/// Appends the logarithms for any number of rows of squared changes; for none, that of no change.
fn append_row(squares: &[f32], rows: &mut Vec<f32>) {
    let count = (squares.len() / N_ROUGHNESS).max(1) as f32;
    rows.extend((0..N_ROUGHNESS).map(|band| {
        let sum: f32 = squares.iter().skip(band).step_by(N_ROUGHNESS).sum();
        0.5 * (sum / count + LEAST_CHANGE).ln()
    }));
}

/// Squared changes of the bands' levels, a row for each short frame but the first.
struct Changes {
    options: MfccOptions,
    stft: Stft,
    /// What a band's power counts as at least.
    amin: f32,
    power: Vec<Lanes>,
    bank: MelBank,
    bands: Vec<Lanes>,
    /// Levels in the frame before; empty before the first.
    before: Vec<f32>,
}

impl Changes {
    fn new(options: MfccOptions, dynamic_range_db: Option<f32>) -> Changes {
        let stft = Stft::new(&options).within(dynamic_range_db);
        Changes {
            power: vec![Lanes::ZERO; stft.n_bins()],
            bank: MelBank::new(&options),
            bands: vec![Lanes::ZERO; N_ROUGHNESS],
            before: Vec::with_capacity(N_ROUGHNESS),
            options,
            stft,
            amin: least_power(dynamic_range_db),
        }
    }
}

impl FramePlan for Changes {
    fn options(&self) -> &MfccOptions {
        &self.options
    }

    fn append_frames(&mut self, samples: &[f32], count: usize, rows: &mut Vec<f32>) {
        self.stft.power_of_frames(samples, count, &mut self.power);
        self.bank.apply(&self.power, &mut self.bands);
        self.bands.iter_mut().for_each(|band| *band = power_to_db(*band, self.amin));
        for lane in 0..count {
            let levels = self.bands.iter().map(|band| lanes::lane(band, lane));
            if self.before.is_empty() {
                self.before.extend(levels);
                continue;
            }
            rows.extend(self.before.iter_mut().zip(levels).map(|(before, level)| {
                let change = (level - *before).clamp(-LARGEST_CHANGE_DB, LARGEST_CHANGE_DB);
                *before = level;
                change * change
            }));
        }
    }

    fn reset(&mut self) {
        self.stft.reset();
        self.before.clear();
    }
}
