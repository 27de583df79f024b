//! Changes to a recording that should leave its mood as it is: how much they matter is part of `evaluate --robustness`.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::augment::normal;
use crate::audio::Pcm;
use crate::nets::Domain;

/// A disturbance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Disturbance {
    /// None.
    Clean,
    /// Louder or quieter, in dB.
    Gain(f32),
    /// A second of silence before and after.
    Silence,
    /// Played faster or slower, by semitones: pitch, formants and tempo move together.
    Semitones(f32),
    /// White noise this many dB below the recording.
    Noise(f32),
    /// Nothing below 300 and above 3400 Hz, as on a telephone.
    Telephone,
    /// The echo of a room with this reverberation time, in seconds.
    Room(f32),
    /// Recorded at this sample rate, in Hz, as by a headset or for speech recognition: nothing at all above half of it.
    Rate(u32),
}

impl Disturbance {
    /// What `evaluate --robustness` measures.
    pub const ALL: [Disturbance; 11] = [
        Disturbance::Clean,
        Disturbance::Gain(-20.0),
        Disturbance::Gain(6.0),
        Disturbance::Silence,
        Disturbance::Semitones(-2.0),
        Disturbance::Semitones(2.0),
        Disturbance::Noise(20.0),
        Disturbance::Telephone,
        Disturbance::Room(0.5),
        Disturbance::Rate(16_000),
        Disturbance::Rate(8_000),
    ];

    /// Which disturbed recordings of a clip are learnt from, besides the clip as it is: so that voices are told on a telephone, in a room, by a
    /// headset and in other keys too, and music from an old record or over the air. Of a voice's few seconds all are kept; of a minute of music,
    /// for what it takes of memory, one, each clip of the corpus (at position `index`) the next.
    pub fn to_learn_from(domain: Domain, index: usize) -> &'static [Disturbance] {
        /// The last four change the key.
        const OF_VOICES: [Disturbance; 11] = [
            Disturbance::Noise(15.0),
            Disturbance::Noise(25.0),
            Disturbance::Telephone,
            Disturbance::Room(0.4),
            Disturbance::Rate(16_000),
            Disturbance::Rate(11_025),
            Disturbance::Rate(8_000),
            Disturbance::Semitones(-3.0),
            Disturbance::Semitones(-1.5),
            Disturbance::Semitones(1.5),
            Disturbance::Semitones(3.0),
        ];
        const OF_MUSIC: &[Disturbance] = OF_VOICES.split_at(7).0;
        match domain {
            Domain::Voice => &OF_VOICES,
            Domain::Music => std::slice::from_ref(&OF_MUSIC[index % OF_MUSIC.len()]),
        }
    }

    /// For a table.
    pub fn title(self) -> String {
        match self {
            Disturbance::Clean => "as it is".into(),
            Disturbance::Gain(db) => format!("gain {db:+.0} dB"),
            Disturbance::Silence => "a second of silence before and after".into(),
            Disturbance::Semitones(by) => {
                format!("played {by:+.0} semitones {}", if by > 0.0 { "faster" } else { "slower" })
            }
            Disturbance::Noise(db) => format!("white noise {db:.0} dB below"),
            Disturbance::Telephone => "telephone, 300 to 3400 Hz".into(),
            Disturbance::Room(seconds) => format!("room echo, {seconds} s"),
            Disturbance::Rate(rate) => format!("recorded at {} kHz", f64::from(rate) / 1000.0),
        }
    }

    /// The disturbed recording, at its sample rate or, of [`Disturbance::Rate`], a lower one. The same recording gives the same every time.
    ///
    /// # Errors
    /// When a sample rate cannot be resampled.
    pub fn apply(self, pcm: &Pcm) -> Result<Pcm, crate::audio::Error> {
        let (samples, rate) = (pcm.samples(), pcm.sample_rate());
        let disturbed = match self {
            Disturbance::Clean => samples.to_vec(),
            Disturbance::Gain(db) => {
                let factor = 10f32.powf(db / 20.0);
                samples.iter().map(|sample| factor * sample).collect()
            }
            Disturbance::Silence => {
                let second = vec![0.0; rate as usize];
                [second.as_slice(), samples, second.as_slice()].concat()
            }
            Disturbance::Semitones(by) => {
                let faster = (f64::from(rate) * 2f64.powf(f64::from(by) / 12.0)).round() as u32;
                return Pcm::new(samples.to_vec(), faster)?.resampled(rate);
            }
            Disturbance::Noise(db) => {
                let mut generator = ChaCha8Rng::seed_from_u64(0);
                let scale = rms(samples) * 10f32.powf(-db / 20.0);
                samples.iter().map(|sample| sample + scale * normal(&mut generator)).collect()
            }
            Disturbance::Telephone => {
                let mut filtered = samples.to_vec();
                // Fourth order at either edge: two second-order sections each.
                for _ in 0..2 {
                    filtered = Biquad::high_pass(300.0, rate).apply(&filtered);
                    filtered = Biquad::low_pass(3400.0, rate).apply(&filtered);
                }
                filtered
            }
            Disturbance::Room(seconds) => echo(samples, rate, seconds),
            Disturbance::Rate(at) => return pcm.resampled(at.min(rate)),
        };
        Pcm::new(disturbed, rate)
    }
}

fn rms(samples: &[f32]) -> f32 {
    let power: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    (power / samples.len().max(1) as f64).sqrt() as f32
}

/// A room after Schroeder (1962), *Natural sounding artificial reverberation*: four comb filters side by side, whose delays share no
/// factor, then two all-pass filters; a third of what comes out is echo.
fn echo(samples: &[f32], rate: u32, seconds: f32) -> Vec<f32> {
    let delay = |ms: f32| ((ms / 1000.0 * rate as f32) as usize).max(1);
    let mut wet = vec![0.0f32; samples.len()];
    for ms in [29.7, 37.1, 41.1, 43.7] {
        let delay = delay(ms);
        // After `seconds` the echo has fallen by 60 dB.
        let feedback = 10f32.powf(-3.0 * ms / 1000.0 / seconds);
        let mut comb = samples.to_vec();
        for n in delay..comb.len() {
            comb[n] += feedback * comb[n - delay];
        }
        for (wet, comb) in wet.iter_mut().zip(comb) {
            *wet += comb / 4.0;
        }
    }
    for ms in [5.0, 1.7] {
        let (delay, g) = (delay(ms), 0.7);
        let input = wet.clone();
        for n in 0..wet.len() {
            let (x, y) = if n >= delay { (input[n - delay], wet[n - delay]) } else { (0.0, 0.0) };
            wet[n] = x - g * input[n] + g * y;
        }
    }
    samples.iter().zip(wet).map(|(dry, wet)| (2.0 * dry + wet) / 3.0).collect()
}

/// A second-order section (Bristow-Johnson, *Cookbook formulae for audio EQ biquad filter coefficients*), Q = 1/√2.
struct Biquad {
    b: [f32; 3],
    a: [f32; 2],
}

impl Biquad {
    fn low_pass(hz: f32, rate: u32) -> Biquad {
        Self::of(hz, rate, |cos| [(1.0 - cos) / 2.0, 1.0 - cos, (1.0 - cos) / 2.0])
    }

    fn high_pass(hz: f32, rate: u32) -> Biquad {
        Self::of(hz, rate, |cos| [(1.0 + cos) / 2.0, -(1.0 + cos), (1.0 + cos) / 2.0])
    }

    fn of(hz: f32, rate: u32, b: fn(f32) -> [f32; 3]) -> Biquad {
        let turn = std::f32::consts::TAU * hz.min(0.49 * rate as f32) / rate as f32;
        let alpha = turn.sin() / std::f32::consts::SQRT_2;
        let a0 = 1.0 + alpha;
        Biquad { b: b(turn.cos()).map(|b| b / a0), a: [-2.0 * turn.cos() / a0, (1.0 - alpha) / a0] }
    }

    fn apply(&self, samples: &[f32]) -> Vec<f32> {
        let (mut x, mut y) = ([0.0; 2], [0.0; 2]);
        let step = |&sample: &f32| {
            let out = self.b[0] * sample + self.b[1] * x[0] + self.b[2] * x[1] - self.a[0] * y[0] - self.a[1] * y[1];
            (x, y) = ([sample, x[0]], [out, y[0]]);
            out
        };
        samples.iter().map(step).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 24_000;

    fn sine(hz: f32) -> Pcm {
        let turn = std::f32::consts::TAU * hz / RATE as f32;
        Pcm::new((0..RATE).map(|n| 0.5 * (turn * n as f32).sin()).collect(), RATE).unwrap()
    }

    fn change_db(disturbance: Disturbance, hz: f32) -> f32 {
        let pcm = sine(hz);
        20.0 * (rms(disturbance.apply(&pcm).unwrap().samples()) / rms(pcm.samples())).log10()
    }

    #[test]
    fn each_does_what_its_title_says() {
        assert!((change_db(Disturbance::Gain(-20.0), 440.0) + 20.0).abs() < 0.01);
        assert!(change_db(Disturbance::Telephone, 1000.0).abs() < 0.5);
        assert!(change_db(Disturbance::Telephone, 75.0) < -40.0);
        assert!(change_db(Disturbance::Telephone, 10_000.0) < -30.0);
        let silence = Disturbance::Silence.apply(&sine(440.0)).unwrap();
        assert_eq!(silence.samples().len(), 3 * RATE as usize);
        assert!(silence.samples()[..RATE as usize].iter().all(|sample| *sample == 0.0));
        let faster = Disturbance::Semitones(12.0).apply(&sine(440.0)).unwrap();
        assert!((faster.samples().len() as f32 - RATE as f32 / 2.0).abs() < 10.0);
        let at_16_khz = Disturbance::Rate(16_000).apply(&sine(440.0)).unwrap();
        assert_eq!((at_16_khz.sample_rate(), at_16_khz.samples().len()), (16_000, 16_000));
        assert!(rms(Disturbance::Rate(16_000).apply(&sine(9000.0)).unwrap().samples()) < 0.02);
        assert_eq!(Disturbance::Rate(48_000).apply(&sine(440.0)).unwrap(), sine(440.0));
        let noisy = Disturbance::Noise(20.0).apply(&sine(440.0)).unwrap();
        let noise: Vec<f32> = noisy.samples().iter().zip(sine(440.0).samples()).map(|(a, b)| a - b).collect();
        assert!((20.0 * (rms(&noise) / rms(sine(440.0).samples())).log10() + 20.0).abs() < 0.3);
    }

    #[test]
    fn every_disturbance_is_learnt_from() {
        let of = |domain, clips: usize| (0..clips).map(move |index| Disturbance::to_learn_from(domain, index));
        assert!(of(Domain::Voice, 3).all(|list| list.len() == 11));
        assert!(of(Domain::Music, 14).all(|list| list.len() == 1));
        let few: Vec<_> = of(Domain::Music, 14).flatten().collect();
        assert_eq!(few[..7], few[7..]);
        let keys = few.iter().any(|disturbance| matches!(disturbance, Disturbance::Semitones(_)));
        assert!((1..7).all(|later| few[later] != few[0]) && !keys, "{few:?}");
    }

    #[test]
    fn a_room_falls_silent_in_its_time() {
        let mut click = vec![0.0; RATE as usize];
        click[0] = 1.0;
        let click = Pcm::new(click, RATE).unwrap();
        let echo = Disturbance::Room(0.5).apply(&click).unwrap();
        let level = |from: f32| rms(&echo.samples()[(from * RATE as f32) as usize..][..RATE as usize / 20]);
        let fallen = 20.0 * (level(0.55) / level(0.05)).log10();
        assert!((-70.0..-50.0).contains(&fallen), "{fallen} dB in half a second");
    }
}
