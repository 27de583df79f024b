//! `songmood mfcc` as a process.
#![cfg(feature = "cli")]

#[path = "common/npy.rs"]
mod npy;
#[path = "common/wav.rs"]
mod wav;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use wav::{Format, wav};

fn songmood(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_songmood"))
        .current_dir(folder)
        .arg("mfcc")
        .args(arguments)
        .output()
        .expect("the program starts")
}

/// A folder with the chirp of the golden arrays as a wav file.
fn folder_with_chirp() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let chirp = npy::read(npy::golden("chirp_noise_4s.pcm22050.npy")).data;
    fs::write(folder.path().join("chirp.wav"), wav(&chirp, 1, 22_050, Format::F32)).expect("a wav file");
    folder
}

fn assert_ok(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn npy_has_librosas_layout_and_numbers() {
    let folder = folder_with_chirp();
    assert_ok(&songmood(folder.path(), &["chirp.wav", "-o", "out.npy"]));
    let (got, expected) =
        (npy::read(folder.path().join("out.npy")), npy::read(npy::golden("chirp_noise_4s.mfcc40.npy")));
    assert_eq!(got.shape, expected.shape);
    assert!(got.data.iter().zip(&expected.data).all(|(a, b)| (a - b).abs() <= 1e-3));
    // Nothing is left beside it.
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 2);
}

#[test]
fn csv_has_a_header_and_a_row_for_each_frame() {
    let folder = folder_with_chirp();
    assert_ok(&songmood(folder.path(), &["chirp.wav", "-o", "out.csv", "--n-mfcc", "3"]));
    let text = fs::read_to_string(folder.path().join("out.csv")).expect("the output");
    let expected = npy::read(npy::golden("chirp_noise_4s.mfcc40.npy"));
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("time_s,mfcc_0,mfcc_1,mfcc_2"));
    for (t, line) in lines.clone().enumerate() {
        let values: Vec<f64> = line.split(',').map(|value| value.parse().expect("a number")).collect();
        assert!((values[0] - t as f64 * 512.0 / 22_050.0).abs() < 1e-6);
        for k in 0..3 {
            assert!((values[1 + k] - f64::from(expected.at(k, t))).abs() <= 1e-3, "frame {t}: {line}");
        }
    }
    assert_eq!(lines.count(), expected.shape[1]);
}

#[test]
fn every_option_reaches_the_features() {
    let folder = folder_with_chirp();
    let frames = |arguments: &[&str]| {
        assert_ok(&songmood(folder.path(), &[&["chirp.wav", "-o", "out.npy"], arguments].concat()));
        npy::read(folder.path().join("out.npy"))
    };
    let plain = frames(&[]);
    for arguments in [
        &["--n-mels", "64"][..],
        &["--fmin", "100"],
        &["--fmax", "5000"],
        &["--top-db", "20"],
        &["--top-db", "none", "--fmax", "900"],
        &["--padding", "reflect"],
        &["--mel-scale", "htk"],
    ] {
        let got = frames(arguments);
        assert_eq!(got.shape, plain.shape, "{arguments:?}");
        assert!(got.data.iter().zip(&plain.data).any(|(a, b)| (a - b).abs() > 0.01), "{arguments:?}");
    }
    assert_eq!(frames(&["--n-mfcc", "13"]).shape, [13, 173]);
    assert_eq!(frames(&["--hop-length", "256"]).shape, [40, 345]);
    assert_eq!(frames(&["--padding", "none", "--n-fft", "1024"]).shape, [40, 171]);
    assert_eq!(frames(&["--sample-rate", "16000"]).shape, [40, 126]);
}

#[test]
fn what_cannot_be_done_is_refused_with_a_reason_and_leaves_nothing() {
    let folder = folder_with_chirp();
    fs::write(folder.path().join("short.wav"), wav(&[0.1; 100], 1, 22_050, Format::I16)).expect("a wav file");
    for (arguments, status, message) in [
        (&["chirp.wav", "-o", "out.txt"][..], 1, "must end in .npy or .csv"),
        (&["chirp.wav", "-o", "out"], 1, "must end in .npy or .csv"),
        (&["missing.wav", "-o", "out.npy"], 1, "missing.wav: there is no such file"),
        (&["chirp.wav", "-o", "nowhere/out.npy"], 1, "cannot be written"),
        (&["chirp.wav", "-o", "out.npy", "--n-mfcc", "200"], 1, "n_mfcc is 200"),
        (&["chirp.wav", "-o", "out.npy", "--sample-rate", "7000"], 1, "sample_rate is 7000"),
        (&["chirp.wav", "-o", "out.npy", "--top-db", "loud"], 2, "give a number of dB, or none"),
        (&["chirp.wav", "-o", "out.npy", "--padding", "wrap"], 2, "possible values: zeros, reflect, none"),
        (&["chirp.wav"], 2, "--output"),
        (&["short.wav", "-o", "out.npy", "--padding", "none"], 1, "too short for one frame"),
    ] {
        let output = songmood(folder.path(), arguments);
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {text}");
        assert!(text.contains(message), "{arguments:?}: {text}");
        assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 2, "{arguments:?}");
    }
}
