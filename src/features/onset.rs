//! Onset strength: how much louder a frame is than the one before, in the bands that got louder.

use super::lanes::{self, Lanes};

/// `librosa.onset.onset_strength` with its defaults on mel bands in dB (spectral flux, Böck & Widmer 2013), not shifted to frame
/// centres (`center=False`): the mean over bands of the rise in dB since the frame before; 0 for the first.
pub(super) struct Onset {
    /// Mel bands of the frame before; empty before the first.
    before: Vec<f32>,
}

impl Onset {
    pub fn new(n_mels: usize) -> Onset {
        Onset { before: Vec::with_capacity(n_mels) }
    }

    /// The next frame: lane `lane` of `mel_db`.
    pub fn next(&mut self, mel_db: &[Lanes], lane: usize) -> f32 {
        let mut rise = 0.0;
        for (before, band) in self.before.iter_mut().zip(mel_db) {
            let now = lanes::lane(band, lane);
            rise += (now - *before).max(0.0);
            *before = now;
        }
        if self.before.is_empty() {
            self.before.extend(mel_db.iter().map(|band| lanes::lane(band, lane)));
        }
        rise / mel_db.len().max(1) as f32
    }

    /// Another signal begins.
    pub fn reset(&mut self) {
        self.before.clear();
    }
}
