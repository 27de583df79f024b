//! Short-time Fourier transform: windowed frames and their power spectra, four at a time.

use std::f64::consts::PI;

use super::fft::RealFft;
use super::lanes::{LANES, Lanes};
use super::options::{MfccOptions, Padding};

/// How fast a floor comes down after something loud, in dB per second: over a pause between words it hardly does, and a shout is forgotten in
/// a quarter of a minute.
const RELEASE_DB_PER_S: f32 = 6.0;

/// |STFT|² with librosa's framing and its periodic Hann window.
pub(super) struct Stft {
    options: MfccOptions,
    window: Vec<f32>,
    fft: RealFft,
    floor: Option<Floor>,
    /// Copies of frames that reach over an end of the signal.
    edges: [Vec<f32>; LANES],
    /// Fills the lanes that no frame is left for.
    silence: Vec<f32>,
}

impl Stft {
    pub fn new(options: &MfccOptions) -> Stft {
        let n_fft = options.n_fft;
        let hann = |n| (0.5 - 0.5 * (2.0 * PI * n as f64 / n_fft as f64).cos()) as f32;
        Stft {
            options: options.clone(),
            window: (0..n_fft).map(hann).collect(),
            fft: RealFft::new(n_fft),
            floor: None,
            edges: std::array::from_fn(|_| vec![0.0; n_fft]),
            silence: vec![0.0; n_fft],
        }
    }

    /// The same transform with a floor so many dB below the loudest bin lately, as of faint white noise; `None` for none.
    ///
    /// What was recorded at a low sample rate, or coded for few bits, has nothing at all in the upper bands, and where a noise gate closes there
    /// is nothing in any. There a floor of dB that is the same for loud and quiet recordings would tell how loud they are; this one moves with them.
    pub fn within(self, dynamic_range_db: Option<f32>) -> Stft {
        let hop_s = self.options.hop_length as f32 / self.options.sample_rate as f32;
        let floor = |db: f32| Floor {
            share: 10f32.powf(-db / 10.0),
            release: 10f32.powf(-RELEASE_DB_PER_S * hop_s / 10.0),
            loudest: 0.0,
        };
        Stft { floor: dynamic_range_db.map(floor), ..self }
    }

    /// Forgets how loud it was: another signal begins.
    pub fn reset(&mut self) {
        self.floor.iter_mut().for_each(|floor| floor.loudest = 0.0);
    }

    /// Number of frequencies, 0 Hz and half the sample rate among them (for an even `n_fft`).
    pub fn n_bins(&self) -> usize {
        self.options.n_fft / 2 + 1
    }

    /// Power spectra of frames `first` … `first + LANES − 1` of the whole signal; lanes beyond the last frame are 0. They come without a
    /// [floor](Stft::within), which needs frames in their order.
    pub fn power(&mut self, samples: &[f32], first: usize, power: &mut [Lanes]) {
        let Stft { options, window, fft, edges, silence, .. } = self;
        let (n_fft, lead) = (options.n_fft, options.lead());
        let n_frames = options.n_frames(samples.len());
        let mut frames: [&[f32]; LANES] = [silence; LANES];
        for (lane, (frame, edge)) in frames.iter_mut().zip(edges).enumerate() {
            let index = first + lane;
            if index >= n_frames {
                continue;
            }
            // The frame covers padded samples start … start + n_fft; the signal begins at padded sample `lead`.
            let start = index * options.hop_length;
            let inside = start.checked_sub(lead).and_then(|start| samples.get(start..start + n_fft));
            *frame = match inside {
                Some(inside) => inside,
                None => {
                    let place = |n: usize| (start + n) as isize - lead as isize;
                    for (n, value) in edge.iter_mut().enumerate() {
                        *value = continued(samples, place(n), options.padding);
                    }
                    edge
                }
            };
        }
        fft.power(frames, window, power);
    }

    /// Power spectra of `count` frames, up to four, that lie in `samples` as they are, the first at its beginning; the next frames of their signal.
    pub fn power_of_frames(&mut self, samples: &[f32], count: usize, power: &mut [Lanes]) {
        let (n_fft, hop) = (self.options.n_fft, self.options.hop_length);
        let frames = std::array::from_fn(|lane| samples.get(lane * hop..lane * hop + n_fft).unwrap_or(&self.silence));
        self.fft.power(frames, &self.window, power);
        self.floor.iter_mut().for_each(|floor| floor.lift(power, count));
    }
}

/// A floor under frames that moves with what is heard.
struct Floor {
    /// What is added to every bin, as a part of the loudest.
    share: f32,
    /// What is left of the loudest from one frame to the next.
    release: f32,
    /// The loudest bin lately, as power.
    loudest: f32,
}

impl Floor {
    /// Lifts the next `count` frames.
    fn lift(&mut self, power: &mut [Lanes], count: usize) {
        let loudest = power.iter().fold(Lanes::ZERO, |loudest, bin| loudest.max(*bin)).to_array();
        let mut floors = [0.0; LANES];
        for (floor, loudest) in floors.iter_mut().zip(loudest).take(count) {
            // Never infinite, or it would stay so.
            self.loudest = loudest.max(self.release * self.loudest).min(f32::MAX);
            *floor = self.share * self.loudest;
        }
        let floors = Lanes::new(floors);
        power.iter_mut().for_each(|bin| *bin += floors);
    }
}

/// The signal at `place`, which may lie before its beginning or after its end.
fn continued(samples: &[f32], place: isize, padding: Padding) -> f32 {
    if let Some(&inside) = usize::try_from(place).ok().and_then(|place| samples.get(place)) {
        return inside;
    }
    if padding != Padding::Reflect {
        return 0.0;
    }
    // numpy's "reflect": the end samples are not repeated, and a short signal is mirrored again and again.
    let last = samples.len().saturating_sub(1);
    if last == 0 {
        return samples.first().copied().unwrap_or(0.0);
    }
    let folded = place.rem_euclid(2 * last as isize) as usize;
    samples.get(if folded > last { 2 * last - folded } else { folded }).copied().unwrap_or(0.0)
}
