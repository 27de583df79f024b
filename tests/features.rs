//! MFCC, mel power and mel dB against librosa, and the behaviour at the edges.

#[path = "common/npy.rs"]
mod npy;

use npy::{Array, golden, reference};
use songmood::features::{Error, Frames, MelScale, Mfcc, MfccOptions, Padding};

const TOLERANCE: f32 = 1e-3;

/// Panics unless every value is within 1e-3 of librosa's (`[coefficients, frames]`); returns the largest difference.
/// Power, which spans many decades, is compared relative to values above 1.
fn compare(what: &str, got: &Frames, expected: &Array) -> f32 {
    assert_eq!([got.n_coefficients(), got.n_frames()], expected.shape[..], "{what}: coefficients and frames");
    let mut worst = 0f32;
    for (t, row) in got.iter().enumerate() {
        for (k, &value) in row.iter().enumerate() {
            let librosas = expected.at(k, t);
            let scale = if what.ends_with("mel power") { librosas.abs().max(1.0) } else { 1.0 };
            let difference = (value - librosas).abs() / scale;
            assert!(difference <= TOLERANCE, "{what}, frame {t}, row {k}: {value}, but librosa has {librosas}");
            worst = worst.max(difference);
        }
    }
    worst
}

fn compare_all(name: &str, options: &MfccOptions, samples: &[f32], arrays: [Array; 3]) {
    let mut plan = Mfcc::new(options).expect("valid options");
    let [mel, db, mfcc] = &arrays;
    let worst = [
        compare(&format!("{name}, mel power"), &plan.mel_power(samples), mel),
        compare(&format!("{name}, mel dB"), &plan.mel_db(samples), db),
        compare(&format!("{name}, MFCC"), &plan.mfcc(samples), mfcc),
    ];
    println!("{name}: off by at most {worst:?} (mel power, mel dB, MFCC)");
}

#[test]
fn synthetic_signals_have_librosas_numbers() {
    for name in ["silence_1s", "impulse", "shorter_than_a_frame", "chirp_noise_4s", "quiet_noise_2s"] {
        let read = |kind: &str| npy::read(golden(&format!("{name}.{kind}.npy")));
        let samples = read("pcm22050").data;
        compare_all(name, &MfccOptions::default(), &samples, ["mel", "meldb", "mfcc40"].map(read));
    }
}

#[test]
fn clips_have_librosas_numbers() {
    for name in ["03-02-03-01-02-01-01", "03-02-05-02-01-02-12", "03-01-08-02-02-01-04"] {
        if reference(&format!("{name}.pcm22050.npy")).is_none() {
            return;
        }
        let read = |kind: &str| npy::read(reference(&format!("{name}.{kind}.npy")).expect("beside the clip"));
        let samples = read("pcm22050").data;
        compare_all(name, &MfccOptions::default(), &samples, ["mel", "meldb", "mfcc40"].map(read));
    }
}

#[test]
fn other_settings_have_librosas_numbers() {
    let cases = std::fs::read_to_string(golden("options/cases.json")).expect("cases.json");
    let cases: serde_json::Value = serde_json::from_str(&cases).expect("valid JSON");
    let cases = cases["cases"].as_array().expect("a list");
    assert!(cases.len() >= 15);
    for case in cases {
        let text = |key: &str| case[key].as_str().expect("text");
        let number = |key: &str| case[key].as_u64().expect("a number") as usize;
        let name = text("name");
        let options: MfccOptions = serde_json::from_value(case["options"].clone()).expect("options");
        let signal = npy::read(golden(&format!("{}.pcm22050.npy", text("signal")))).data;
        let samples = &signal[number("first")..number("first") + number("count")];
        let read = |kind: &str| npy::read(golden(&format!("options/{name}.{kind}.npy")));
        compare_all(name, &options, samples, ["mel", "meldb", "mfcc"].map(read));
    }
}

#[test]
fn the_default_is_librosas_with_forty_coefficients() {
    let options = MfccOptions::default();
    assert_eq!((options.sample_rate, options.n_fft, options.hop_length), (22_050, 2048, 512));
    assert_eq!((options.n_mels, options.n_mfcc, options.top_db), (128, 40, Some(80.0)));
    assert_eq!((options.fmin, options.fmax, options.fmax_hz()), (0.0, None, 11_025.0));
    assert_eq!((options.padding, options.mel_scale), (Padding::Zeros, MelScale::Slaney));
}

#[test]
fn options_are_read_from_and_written_as_json() {
    let text = r#"{"n_mfcc":13,"top_db":null,"padding":"reflect","mel_scale":"htk"}"#;
    let options: MfccOptions = serde_json::from_str(text).expect("known settings");
    assert_eq!((options.n_mfcc, options.top_db, options.n_fft), (13, None, 2048));
    assert_eq!((options.padding, options.mel_scale), (Padding::Reflect, MelScale::Htk));
    let written = serde_json::to_string(&options).expect("JSON");
    assert_eq!(serde_json::from_str::<MfccOptions>(&written).expect("its own JSON"), options);
    let error = serde_json::from_str::<MfccOptions>(r#"{"n_mfc":13}"#).unwrap_err();
    assert!(error.to_string().contains("n_mfc"), "{error}");
}

#[test]
fn one_plan_gives_the_same_numbers_again() {
    let chirp = npy::read(golden("chirp_noise_4s.pcm22050.npy")).data;
    let mut plan = Mfcc::new(&MfccOptions::default()).expect("valid options");
    let first = plan.mfcc(&chirp);
    plan.mfcc(&chirp[..5000]);
    plan.mel_db(&[]);
    assert_eq!(plan.mfcc(&chirp), first);
    let mean = plan.mean(&chirp);
    let by_hand = first.iter().map(|row| f64::from(row[3])).sum::<f64>() / first.n_frames() as f64;
    assert!((f64::from(mean[3]) - by_hand).abs() < 1e-5);
    assert_eq!(mean.len(), 40);
}

#[test]
fn short_and_empty_signals_have_the_frames_that_the_options_promise() {
    for padding in [Padding::Zeros, Padding::Reflect, Padding::None] {
        for n_fft in [1, 2, 7, 64, 2048] {
            let options = MfccOptions { padding, n_fft, n_mels: 4, n_mfcc: 4, hop_length: 16, ..Default::default() };
            let mut plan = Mfcc::new(&options).expect("valid options");
            for len in [0, 1, 2, 15, 16, 17, 63, 64, 65, 2047, 2048, 2049] {
                let frames = plan.mfcc(&vec![0.1; len]);
                assert_eq!(frames.n_frames(), options.n_frames(len), "{padding:?}, n_fft {n_fft}, {len} samples");
                assert_eq!(frames.data().len(), frames.n_frames() * 4);
                assert!(frames.data().iter().all(|value| value.is_finite()));
                assert_eq!(plan.mel_power(&vec![0.1; len]).n_frames(), frames.n_frames());
                assert_eq!(plan.mel_db(&vec![0.1; len]).n_frames(), frames.n_frames());
            }
        }
    }
    let defaults = MfccOptions::default();
    assert_eq!([0, 511, 512, 66_150].map(|len| defaults.n_frames(len)), [1, 1, 2, 130]);
    let unpadded = MfccOptions { padding: Padding::None, ..Default::default() };
    assert_eq!([0, 2047, 2048, 2560].map(|len| unpadded.n_frames(len)), [0, 0, 1, 2]);
}

#[test]
fn what_is_not_finite_neither_panics_nor_spreads_to_other_frames() {
    let mut samples = vec![0.1; 30_000];
    let options = MfccOptions { top_db: None, ..Default::default() };
    let mut plan = Mfcc::new(&options).expect("valid options");
    let sound = plan.mfcc(&samples);
    samples[20_000] = f32::NAN;
    samples[20_001] = f32::INFINITY;
    samples[20_002] = f32::MAX;
    let broken = plan.mfcc(&samples);
    assert_eq!(broken.row(30).unwrap(), sound.row(30).unwrap());
}

#[test]
fn settings_out_of_bounds_are_refused_by_name() {
    let fine = MfccOptions::default();
    let cases = [
        ("sample_rate", MfccOptions { sample_rate: 4000, ..fine.clone() }),
        ("n_fft", MfccOptions { n_fft: 0, ..fine.clone() }),
        ("n_fft", MfccOptions { n_fft: 1 << 40, ..fine.clone() }),
        ("hop_length", MfccOptions { hop_length: 0, ..fine.clone() }),
        ("n_mels", MfccOptions { n_mels: 0, ..fine.clone() }),
        ("n_mfcc", MfccOptions { n_mfcc: 0, ..fine.clone() }),
        ("n_mfcc", MfccOptions { n_mfcc: 129, ..fine.clone() }),
        ("fmin", MfccOptions { fmin: -1.0, ..fine.clone() }),
        ("fmin", MfccOptions { fmin: f32::NAN, ..fine.clone() }),
        ("fmin", MfccOptions { fmin: 11_025.0, ..fine.clone() }),
        ("fmax", MfccOptions { fmax: Some(12_000.0), ..fine.clone() }),
        ("fmax", MfccOptions { fmax: Some(f32::NAN), ..fine.clone() }),
        ("fmax", MfccOptions { fmin: 500.0, fmax: Some(500.0), ..fine.clone() }),
        ("top_db", MfccOptions { top_db: Some(-1.0), ..fine.clone() }),
        ("top_db", MfccOptions { top_db: Some(f32::INFINITY), ..fine.clone() }),
    ];
    for (name, options) in cases {
        match Mfcc::new(&options).err() {
            Some(error @ Error::Option { option, .. }) => {
                assert_eq!(option, name);
                assert!(error.to_string().starts_with(name) && error.to_string().contains("must be"), "{error}");
            }
            other => panic!("{name}: {other:?}"),
        }
    }
}
