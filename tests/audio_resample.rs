//! The resampler, measured with sines.

#[path = "common/npy.rs"]
mod npy;
#[path = "common/sine.rs"]
mod sine;

use sine::{amplitude, level_db, sine};
use songmood::audio::{Error, MAX_RATE, MIN_RATE, Pcm, Resampler, SAMPLE_RATE};

fn resample(samples: &[f32], from: u32, to: u32) -> Vec<f32> {
    let mut resampler = Resampler::new(from, to).expect("rates in range");
    let mut out = Vec::new();
    resampler.push(samples, &mut out);
    resampler.finish(&mut out);
    out
}

/// Without the ends, where the tone begins and breaks off.
fn middle(samples: &[f32]) -> &[f32] {
    &samples[samples.len() / 5..samples.len() * 4 / 5]
}

#[test]
fn from_48_khz_the_passband_is_flat_to_a_tenth_of_a_decibel_up_to_9500_hz() {
    for hz in (50..=9500).step_by(350).chain([9400, 9500]).map(f64::from) {
        let out = resample(&sine(hz, 48_000, 24_000), 48_000, SAMPLE_RATE);
        let gain = 20.0 * amplitude(middle(&out), hz, SAMPLE_RATE).log10();
        assert!(gain.abs() < 0.1, "{hz} Hz: {gain:.3} dB");
    }
}

#[test]
fn from_48_khz_nothing_above_11025_hz_comes_through() {
    let mut hz = 11_026.0;
    while hz < 24_000.0 {
        let out = resample(&sine(hz, 48_000, 24_000), 48_000, SAMPLE_RATE);
        let level = level_db(middle(&out));
        assert!(level < -90.0, "{hz} Hz leaves {level:.1} dB");
        hz += if hz < 11_500.0 { 24.3 } else { 211.7 };
    }
}

/// What is left when the tone that should come out is taken away holds images, aliases, noise and any delay.
#[test]
fn the_output_is_the_same_tone_at_the_same_time_at_every_rate() {
    let rates = [8_000, 11_025, 16_000, 22_051, 24_000, 32_000, 44_100, 47_999, 48_000, 96_000, 176_400, 192_000];
    for from in rates {
        for to in [SAMPLE_RATE, 8_000, 48_000] {
            if from == to {
                continue;
            }
            let highest = 0.42 * f64::from(from.min(to));
            for hz in [0.05 * highest, 0.4 * highest, 0.8 * highest, highest] {
                let len = from as usize / 4;
                let out = resample(&sine(hz, from, len), from, to);
                assert_eq!(out.len(), (len * to as usize).div_ceil(from as usize), "{from} to {to} Hz");
                let expected = sine(hz, to, out.len());
                let rest: Vec<f32> = out.iter().zip(&expected).map(|(a, b)| a - b).collect();
                let level = level_db(middle(&rest));
                assert!(level < -90.0, "{from} to {to} Hz, tone of {hz:.0} Hz: {level:.1} dB beside it");
            }
        }
    }
}

#[test]
fn tones_above_the_lower_nyquist_frequency_vanish_at_every_rate() {
    for (from, to) in [(44_100, SAMPLE_RATE), (96_000, SAMPLE_RATE), (47_999, SAMPLE_RATE), (192_000, 8_000)] {
        let (low, high) = (f64::from(to) / 2.0, f64::from(from) / 2.0);
        for part in [0.001, 0.01, 0.1, 0.5, 0.95] {
            let hz = low + part * (high - low);
            let out = resample(&sine(hz, from, from as usize / 4), from, to);
            let level = level_db(middle(&out));
            assert!(level < -90.0, "{from} to {to} Hz: {hz:.0} Hz leaves {level:.1} dB");
        }
    }
}

#[test]
fn any_pieces_give_the_same_bits_as_the_whole() {
    for (from, to) in [
        (48_000, SAMPLE_RATE),
        (8_000, SAMPLE_RATE),
        (47_999, SAMPLE_RATE),
        (44_100, SAMPLE_RATE),
        (SAMPLE_RATE, SAMPLE_RATE),
    ] {
        let mut tone = sine(1234.5, from, 50_000);
        // Not a sine alone, in which a slip by a period would not be seen.
        tone.iter_mut().enumerate().for_each(|(n, sample)| *sample *= (n % 977) as f32 / 977.0);
        let whole = resample(&tone, from, to);
        let mut resampler = Resampler::new(from, to).expect("rates in range");
        for pieces in [&[1usize][..], &[128], &[441, 0, 3], &[5000, 7], &[20_000]] {
            let (mut out, mut rest) = (Vec::new(), &tone[..]);
            for &piece in pieces.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (now, later) = rest.split_at(piece.min(rest.len()));
                resampler.push(now, &mut out);
                rest = later;
            }
            resampler.finish(&mut out);
            assert!(out == whole, "{from} to {to} Hz in pieces of {pieces:?}");
        }
    }
}

#[test]
fn the_length_is_rounded_up_and_short_signals_have_one() {
    for (from, to) in [(48_000, SAMPLE_RATE), (8_000, 192_000), (192_000, 8_000), (SAMPLE_RATE, SAMPLE_RATE)] {
        let resampler = Resampler::new(from, to).expect("rates in range");
        for len in [0, 1, 2, 3, 147, 320, 321, 1000] {
            let expected = (len * to as usize).div_ceil(from as usize);
            assert_eq!(resample(&vec![0.5; len], from, to).len(), expected, "{from} to {to} Hz, {len} samples");
            assert_eq!(resampler.output_len(len), expected);
        }
    }
}

#[test]
fn equal_rates_pass_the_samples_through() {
    let tone = sine(440.0, SAMPLE_RATE, 1000);
    assert_eq!(resample(&tone, SAMPLE_RATE, SAMPLE_RATE), tone);
}

#[test]
fn once_running_a_push_allocates_nothing_but_output() {
    let mut resampler = Resampler::new(48_000, SAMPLE_RATE).expect("rates in range");
    let mut out = Vec::with_capacity(SAMPLE_RATE as usize);
    let place = out.as_ptr();
    for _ in 0..3_000 {
        out.clear();
        resampler.push(&[0.1; 128], &mut out);
    }
    assert_eq!(out.as_ptr(), place);
}

#[test]
fn rates_out_of_range_are_refused() {
    for (from, to) in [(0, SAMPLE_RATE), (MIN_RATE - 1, SAMPLE_RATE), (48_000, MAX_RATE + 1), (u32::MAX, 1)] {
        assert!(matches!(Resampler::new(from, to), Err(Error::SampleRate { .. })), "{from} to {to} Hz");
    }
}

/// Another good resampler with another filter: the same sound, but not the same numbers. Reported, not asserted tightly.
#[test]
fn clips_come_out_about_as_soxr_has_them() {
    let clips = [("03-02-03-01-02-01-01", "wav"), ("03-02-05-02-01-02-12", "flac"), ("03-01-08-02-02-01-04", "flac")];
    for (clip, extension) in clips {
        let (Some(file), Some(expected)) =
            (npy::reference(&format!("clips/{clip}.{extension}")), npy::reference(&format!("{clip}.pcm22050.npy")))
        else {
            return;
        };
        let (sound, soxr) = (decoded(&file), npy::read(expected).data);
        let ours = sound.resampled(SAMPLE_RATE).expect("a rate in range");
        assert_eq!(ours.samples().len(), soxr.len());
        let difference: Vec<f32> = ours.samples().iter().zip(&soxr).map(|(a, b)| a - b).collect();
        let below = level_db(&soxr) - level_db(&difference);
        println!("{clip}: the difference from soxr HQ lies {below:.1} dB below the signal");
        assert!(below > 30.0, "{clip}: {below:.1} dB");
    }
}

#[cfg(feature = "cli")]
fn decoded(file: &std::path::Path) -> Pcm {
    songmood::audio::decode::decode(file).expect("a clip")
}

/// Without decoders, the soxr output itself stands in: up and down again must give it back.
#[cfg(not(feature = "cli"))]
fn decoded(file: &std::path::Path) -> Pcm {
    let name = file.file_stem().and_then(|name| name.to_str()).expect("a name");
    let soxr = npy::read(npy::reference(&format!("{name}.pcm22050.npy")).expect("beside the clip")).data;
    Pcm::new(soxr, SAMPLE_RATE).and_then(|sound| sound.resampled(48_000)).expect("a clip")
}
