//! How much of a sound is struck rather than held: drums and plucked attacks against voices and pads.

use super::lanes::{self, LANES, Lanes};
use super::mel::MelBank;
use super::options::MfccOptions;

/// Mel bands of which [`MusicStream`](super::MusicStream) tells how much is struck.
pub const N_PERCUSSION: usize = 13;

/// Over how many frames the running mean forgets: 0.7 s at the hop of music's second transform.
const MEMORY_FRAMES: f64 = 15.0;
/// Bins on either side over which a frame's spectrum is averaged: what is struck is broader than a partial.
const BESIDE: usize = 3;
/// Floor of a band's power, far below that of any sound: a silent band is struck as a whole.
const AMIN: f32 = 1e-20;
/// What the running mean stays above: of a signal that has ended, numbers too small to be computed with fast would be left.
const LEAST_HELD: f32 = 1e-15;

/// Harmonic–percussive separation (Fitzgerald 2010; the soft masks of Driedger, Müller & Disch 2014) with means in place of medians, and looking
/// back only, so that it can be streamed: what is held is near its running mean over time, what is struck near the mean over the bins beside it.
pub(super) struct Percussion {
    bank: MelBank,
    keep: f32,
    /// Running mean of each bin's magnitude.
    held: Vec<f32>,
    /// Of four frames: running means, and the power that is struck.
    held_then: Vec<Lanes>,
    struck: Vec<Lanes>,
    bands: [Vec<Lanes>; 2],
}

impl Percussion {
    /// `options`: those of the transform whose power comes in.
    pub fn new(options: &MfccOptions) -> Percussion {
        let n_bins = options.n_fft / 2 + 1;
        let bands = || vec![Lanes::ZERO; N_PERCUSSION];
        Percussion {
            bank: MelBank::new(&MfccOptions { n_mels: N_PERCUSSION, ..options.clone() }),
            keep: (-1.0 / MEMORY_FRAMES).exp() as f32,
            held: vec![LEAST_HELD; n_bins],
            held_then: vec![Lanes::ZERO; n_bins],
            struck: vec![Lanes::ZERO; n_bins],
            bands: [bands(), bands()],
        }
    }

    /// Of each of up to four frames, the first `count`, the natural logarithm of the share of the power of each of 13 mel bands that is struck:
    /// 0 for all of it. `power` and `magnitudes` are those of each bin. A gain moves none of them.
    pub fn of(&mut self, power: &[Lanes], magnitudes: &[Lanes], count: usize) -> [[f32; N_PERCUSSION]; LANES] {
        self.follow(magnitudes, count);
        self.mask(magnitudes);
        let [struck, all] = &mut self.bands;
        self.bank.apply(&self.struck, struck);
        self.bank.apply(power, all);
        let floor = Lanes::splat(AMIN);
        let mut shares = [[0.0; N_PERCUSSION]; LANES];
        for (band, (struck, all)) in struck.iter().zip(all).enumerate() {
            let share = (*struck + floor) / (*all + floor);
            for (lane, shares) in shares.iter_mut().enumerate() {
                if let Some(place) = shares.get_mut(band) {
                    *place = lanes::lane(&share, lane).ln();
                }
            }
        }
        shares
    }

    /// Another signal begins.
    pub fn reset(&mut self) {
        self.held.fill(LEAST_HELD);
    }

    /// Moves the running means on by `count` frames, one after the other: how they come in fours must not change a bit.
    fn follow(&mut self, magnitudes: &[Lanes], count: usize) {
        let (keep, take) = (self.keep, 1.0 - self.keep);
        for ((held, then), magnitudes) in self.held.iter_mut().zip(&mut self.held_then).zip(magnitudes) {
            let mut means = [*held; LANES];
            for (mean, magnitude) in means.iter_mut().zip(magnitudes.to_array()).take(count) {
                *held = (keep * *held + take * magnitude).max(LEAST_HELD);
                *mean = *held;
            }
            *then = Lanes::from(means);
        }
    }

    /// The power of each bin that is struck.
    fn mask(&mut self, magnitudes: &[Lanes]) {
        let n_bins = magnitudes.len();
        for (bin, (struck, held)) in self.struck.iter_mut().zip(&self.held_then).enumerate() {
            let beside = bin.saturating_sub(BESIDE)..(bin + BESIDE + 1).min(n_bins);
            let share = Lanes::splat(1.0 / beside.len() as f32);
            let beside = magnitudes.get(beside).unwrap_or_default();
            let broad = beside.iter().fold(Lanes::ZERO, |sum, magnitude| sum + *magnitude) * share;
            let (broad, held) = (broad * broad, *held * *held);
            let magnitude = magnitudes.get(bin).copied().unwrap_or_default();
            let kept = magnitude * broad / (broad + held);
            *struck = kept * kept;
        }
    }
}
