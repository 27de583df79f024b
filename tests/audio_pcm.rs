//! Samples that are taken, and samples that are refused.

use songmood::audio::{Error, MAX_RATE, MIN_RATE, Pcm, check_samples};

#[test]
fn samples_are_kept_as_they_are() {
    let pcm = Pcm::new(vec![0.5, -2.0, f32::MIN_POSITIVE], 8_000).expect("finite samples");
    assert_eq!(pcm.samples(), [0.5, -2.0, f32::MIN_POSITIVE]);
    assert_eq!((pcm.sample_rate(), pcm.duration_s()), (8_000, 3.0 / 8_000.0));
    assert_eq!(pcm.into_samples().len(), 3);
}

#[test]
fn channels_become_their_mean() {
    let pcm = Pcm::from_interleaved(&[1.0, 0.0, -0.5, 0.5, 0.2, 0.4], 2, 44_100).expect("whole frames");
    let expected = [0.5, 0.0, 0.3];
    assert!(pcm.samples().iter().zip(expected).all(|(a, b): (&f32, f32)| (a - b).abs() < 1e-7));
    let loud = Pcm::from_interleaved(&[f32::MAX, f32::MAX], 2, 44_100).expect("finite samples");
    assert_eq!(loud.samples(), [f32::MAX]);
}

#[test]
fn the_first_sample_that_is_not_finite_is_named() {
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let samples = vec![0.0, 0.1, value, f32::NAN];
        assert!(matches!(check_samples(&samples), Err(Error::NotFinite { position: 2, .. })));
        let error = Pcm::from_interleaved(&samples, 2, 48_000).unwrap_err();
        assert!(matches!(error, Error::NotFinite { position: 2, .. }));
        let error = Pcm::new(samples, 48_000).unwrap_err();
        assert!(error.to_string().starts_with("sample 2 is "), "{error}");
    }
    assert!(check_samples(&[]).is_ok());
}

#[test]
fn nothing_and_impossible_rates_and_channels_are_refused() {
    assert!(matches!(Pcm::new(vec![], 48_000), Err(Error::Empty)));
    assert!(matches!(Pcm::from_interleaved(&[], 2, 48_000), Err(Error::Empty)));
    for rate in [0, MIN_RATE - 1, MAX_RATE + 1, u32::MAX] {
        assert!(matches!(Pcm::new(vec![0.0], rate), Err(Error::SampleRate { .. })), "{rate} Hz");
    }
    for channels in [0, 2] {
        let error = Pcm::from_interleaved(&[0.0; 3], channels, 48_000).unwrap_err();
        assert!(matches!(error, Error::Channels { samples: 3, .. }), "{error}");
    }
}

#[test]
fn a_clip_changes_its_rate_and_keeps_its_duration() {
    let pcm = Pcm::new(vec![0.25; 48_000], 48_000).expect("finite samples");
    let slower = pcm.resampled(22_050).expect("a rate in range");
    assert_eq!((slower.sample_rate(), slower.samples().len()), (22_050, 22_050));
    assert!((slower.samples()[11_000] - 0.25).abs() < 1e-6);
    assert_eq!(pcm.resampled(48_000).expect("a rate in range"), pcm);
    assert!(matches!(pcm.resampled(1), Err(Error::SampleRate { rate: 1 })));
}

#[test]
fn overflow_while_resampling_is_an_error_and_no_nan() {
    let square: Vec<f32> = (0..9_000).map(|n| if n % 40 < 20 { f32::MAX } else { f32::MIN }).collect();
    let pcm = Pcm::new(square, 48_000).expect("finite samples");
    assert!(matches!(pcm.resampled(22_050), Err(Error::NotFinite { .. })));
}
