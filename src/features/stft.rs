//! Short-time Fourier transform: windowed frames and their power spectra, four at a time.

use std::f64::consts::PI;

use super::fft::RealFft;
use super::lanes::{LANES, Lanes};
use super::options::{MfccOptions, Padding};

/// |STFT|² with librosa's framing and its periodic Hann window.
pub(super) struct Stft {
    options: MfccOptions,
    window: Vec<f32>,
    fft: RealFft,
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
            edges: std::array::from_fn(|_| vec![0.0; n_fft]),
            silence: vec![0.0; n_fft],
        }
    }

    /// Number of frequencies, 0 Hz and half the sample rate among them (for an even `n_fft`).
    pub fn n_bins(&self) -> usize {
        self.options.n_fft / 2 + 1
    }

    /// Power spectra of frames `first` … `first + LANES − 1` of the whole signal; lanes beyond the last frame are 0.
    pub fn power(&mut self, samples: &[f32], first: usize, power: &mut [Lanes]) {
        let Stft { options, window, fft, edges, silence } = self;
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

    /// Power spectra of up to four frames that lie in `samples` as they are, the first at its beginning.
    pub fn power_of_frames(&mut self, samples: &[f32], power: &mut [Lanes]) {
        let (n_fft, hop) = (self.options.n_fft, self.options.hop_length);
        let frames = std::array::from_fn(|lane| samples.get(lane * hop..lane * hop + n_fft).unwrap_or(&self.silence));
        self.fft.power(frames, &self.window, power);
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
