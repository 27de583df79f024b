//! Files of every format in, samples out; and what is no audio refused for the right reason.
#![cfg(feature = "cli")]

#[path = "common/npy.rs"]
mod npy;
#[path = "common/sine.rs"]
mod sine;
#[path = "common/wav.rs"]
mod wav;

use std::fs;
use std::io::Cursor;
use std::path::Path;

use songmood::audio::decode::{decode, decode_reader};
use songmood::audio::{Error, Pcm, probe};
use wav::{Format, wav};

fn from_bytes(bytes: Vec<u8>, extension: &str) -> Result<Pcm, Error> {
    decode_reader(Cursor::new(bytes), Some(extension))
}

fn golden(name: &str) -> Vec<u8> {
    fs::read(npy::golden(&format!("audio/{name}"))).expect("an encoded test file")
}

/// The reason why a file was refused.
fn reason(path: &Path) -> Error {
    match decode(path) {
        Ok(pcm) => panic!("{}: {} samples", path.display(), pcm.samples().len()),
        Err(error) => error,
    }
}

#[test]
fn wav_in_every_sample_format() {
    let tone: Vec<f32> = sine::sine(440.0, 44_100, 3000).into_iter().map(|sample| sample * 0.9).collect();
    for (format, tolerance) in
        [(Format::U8, 0.6 / 128.0), (Format::I16, 2e-5), (Format::I24, 1e-7), (Format::I32, 1e-7), (Format::F32, 0.0)]
    {
        let pcm = from_bytes(wav(&tone, 1, 44_100, format), "wav").expect("a wav file");
        assert_eq!((pcm.sample_rate(), pcm.samples().len()), (44_100, 3000), "{format:?}");
        for (n, (got, expected)) in pcm.samples().iter().zip(&tone).enumerate() {
            assert!((got - expected).abs() <= tolerance, "{format:?}, sample {n}: {got} instead of {expected}");
        }
    }
}

#[test]
fn wav_with_any_number_of_channels_and_any_rate_in_range() {
    for (channels, rate) in [(1, 8_000), (2, 48_000), (3, 96_000), (6, 192_000), (8, 22_050)] {
        let samples: Vec<f32> = (0..channels * 500).map(|n| (n % channels) as f32 / 10.0).collect();
        let pcm = from_bytes(wav(&samples, channels as u16, rate, Format::F32), "wav").expect("a wav file");
        assert_eq!((pcm.sample_rate(), pcm.samples().len()), (rate, 500));
        let mean = (0..channels).sum::<usize>() as f32 / 10.0 / channels as f32;
        assert!(pcm.samples().iter().all(|sample| (sample - mean).abs() < 1e-6), "{channels} channels");
    }
}

/// All hold the sound that `tests/golden/audio/make_audio.py` describes.
#[test]
fn every_format_gives_the_tone_where_it_belongs() {
    // Samples by which the tone may be late: symphonia does not know aac's encoder delay of 1024 samples.
    for (name, late) in [("tone.flac", 0), ("tone.mp3", 0), ("tone.ogg", 0), ("tone.m4a", 1024), ("tone.aac", 1024)] {
        let path = npy::golden(&format!("audio/{name}"));
        let pcm = decode(&path).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(pcm.sample_rate(), 44_100, "{name}");
        assert_eq!(probe::sample_rate(&golden(name)), Some(44_100), "{name}");
        let seconds = if name == "tone.flac" { 0.15 } else { 0.3 };
        let len = (44_100.0 * seconds) as usize;
        // Without a delay that it knows of, aac is longer by the delay and what fills the last packet.
        let longest = if late == 0 { len } else { len + 3 * 1024 };
        assert!((len..=longest).contains(&pcm.samples().len()), "{name}: {} samples", pcm.samples().len());
        let begin = 4410 + late;
        let tone = &pcm.samples()[begin + 400..len];
        let amplitude = sine::amplitude(tone, 440.0, 44_100);
        assert!((amplitude - 0.375).abs() < 0.03, "{name}: amplitude {amplitude}");
        assert!(sine::level_db(&pcm.samples()[..begin - 1100]) < -40.0, "{name}: silence before the tone");
        let first_loud = pcm.samples().iter().position(|sample| sample.abs() > 0.2).expect("the tone");
        assert!(first_loud.abs_diff(begin + 14) < 40, "{name}: the tone begins at {first_loud}");
    }
}

#[test]
fn the_flac_file_is_lossless_and_its_extension_does_not_matter() {
    let expected: Vec<f32> = (0..6615)
        .map(|n| {
            if n < 4410 { 0.0 } else { (std::f64::consts::TAU * 440.0 * f64::from(n) / 44_100.0).sin() as f32 * 0.375 }
        })
        .collect();
    for extension in ["flac", "mp3", ""] {
        let pcm = from_bytes(golden("tone.flac"), extension).expect("a flac file");
        assert_eq!(pcm.samples().len(), expected.len());
        assert!(pcm.samples().iter().zip(&expected).all(|(a, b)| (a - b).abs() < 5e-5), "named {extension}");
    }
}

#[test]
fn a_file_that_breaks_off_is_taken_as_far_as_it_goes() {
    for name in ["tone.flac", "tone.mp3", "tone.aac"] {
        let whole = golden(name);
        let full = from_bytes(whole.clone(), "").expect("the whole file").samples().len();
        // Behind the headers, before the end.
        let cut =
            from_bytes(whole[..whole.len() * 17 / 20].to_vec(), "").unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!((1000..full).contains(&cut.samples().len()), "{name}: {} of {full} samples", cut.samples().len());
    }
    // All sound of this file is in its last page.
    let whole = golden("tone.ogg");
    let error = from_bytes(whole[..whole.len() * 17 / 20].to_vec(), "ogg").unwrap_err();
    assert!(matches!(error, Error::NothingDecoded { .. }), "{error}");
    let samples = vec![0.25; 4000];
    let file = wav(&samples, 2, 48_000, Format::I16);
    let cut = from_bytes(file[..44 + 4001].to_vec(), "wav").expect("the first half");
    assert_eq!(cut.samples().len(), 1000);
}

#[test]
fn damaged_packets_are_skipped() {
    for name in ["tone.mp3", "tone.aac"] {
        let mut file = golden(name);
        let middle = file.len() / 2;
        for (n, byte) in file[middle..middle + 300].iter_mut().enumerate() {
            *byte = (n * 97 % 251) as u8;
        }
        let pcm = from_bytes(file, "").unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(pcm.samples().len() > 5000, "{name}: {} samples", pcm.samples().len());
    }
}

#[test]
fn bytes_changed_at_random_never_panic() {
    let mut state = 12345u32;
    let mut random = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    for name in ["tone.flac", "tone.mp3", "tone.ogg", "tone.m4a", "tone.aac", "opus.ogg", "silent_film.mp4"] {
        let whole = golden(name);
        for _ in 0..60 {
            let mut file = whole[..1 + random(whole.len())].to_vec();
            for _ in 0..1 + random(8) {
                let place = random(file.len());
                file[place] = random(256) as u8;
            }
            probe::sample_rate(&file);
            // Whatever comes out, it keeps its promises.
            if let Ok(pcm) = from_bytes(file, "") {
                assert!(pcm.samples().iter().all(|sample| sample.is_finite()));
            }
        }
    }
}

#[test]
fn each_thing_that_is_no_sound_is_refused_for_its_own_reason() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("a temporary file");
        path
    };
    assert!(matches!(reason(&folder.path().join("missing.wav")), Error::NotFound));
    assert!(matches!(reason(folder.path()), Error::Folder));
    assert!(matches!(reason(&file("empty.mp3", b"")), Error::EmptyFile));
    let text = "This is a letter and no song. ".repeat(200);
    assert!(matches!(reason(&file("letter.mp3", text.as_bytes())), Error::NotAudio));
    let opus = reason(&npy::golden("audio/opus.ogg"));
    assert!(matches!(&opus, Error::UnsupportedCodec { codec } if codec == "opus"), "{opus}");
    let cut = &golden("tone.m4a")[..200];
    assert!(matches!(reason(&file("cut.m4a", cut)), Error::NothingDecoded { .. }));
    assert!(matches!(reason(&npy::golden("audio/silent_film.mp4")), Error::NoAudioTrack));
    let header = wav(&[], 1, 44_100, Format::I16);
    assert!(matches!(reason(&file("header.wav", &header)), Error::NothingDecoded { .. }));
    let slow = wav(&[0.0; 100], 1, 4_000, Format::I16);
    assert!(matches!(reason(&file("slow.wav", &slow)), Error::SampleRate { rate: 4_000 }));
    let broken = wav(&[0.0, f32::NAN, 0.0], 1, 44_100, Format::F32);
    assert!(matches!(reason(&file("nan.wav", &broken)), Error::NotFinite { position: 1, .. }));
}

#[test]
fn messages_say_what_to_do() {
    let text = reason(Path::new("no such/song.mp3")).to_string();
    assert!(text.contains("check the name"), "{text}");
    let text = reason(&npy::golden("audio/opus.ogg")).to_string();
    assert!(text.contains("convert it to"), "{text}");
}
