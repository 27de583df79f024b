//! Frame by frame gives the very numbers of the whole clip.

#[path = "common/npy.rs"]
mod npy;

use npy::golden;
use songmood::features::{Error, Mfcc, MfccOptions, MfccStream, Padding};

fn streamable() -> MfccOptions {
    MfccOptions { top_db: None, ..Default::default() }
}

/// Pushes `samples` in pieces of the lengths that `pieces` gives in turn.
fn in_pieces(stream: &mut MfccStream, samples: &[f32], pieces: &[usize]) -> Vec<f32> {
    let mut frames = Vec::new();
    let mut rest = samples;
    for &piece in pieces.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (now, later) = rest.split_at(piece.min(rest.len()));
        stream.push(now, &mut frames);
        rest = later;
    }
    stream.finish(&mut frames);
    frames
}

#[test]
fn any_pieces_give_the_same_bits_as_the_whole() {
    let chirp = npy::read(golden("chirp_noise_4s.pcm22050.npy")).data;
    let settings = [
        streamable(),
        MfccOptions { n_fft: 512, hop_length: 160, n_mels: 40, n_mfcc: 13, ..streamable() },
        MfccOptions { n_fft: 1025, hop_length: 300, n_mels: 64, ..streamable() },
        MfccOptions { n_fft: 256, hop_length: 700, n_mels: 32, n_mfcc: 12, ..streamable() },
        MfccOptions { n_fft: 1, hop_length: 1000, n_mels: 2, n_mfcc: 2, ..streamable() },
    ];
    let pieces: [&[usize]; 6] = [&[usize::MAX], &[1], &[128], &[511, 1, 512, 513], &[4096], &[7, 0, 20_000]];
    for options in settings {
        let mut whole = Mfcc::new(&options).expect("valid options");
        let mut stream = MfccStream::new(&options).expect("streamable options");
        for samples in [&chirp[..], &chirp[..20_001], &chirp[..300], &chirp[..1], &[]] {
            let expected = whole.mfcc(samples).into_data();
            assert!(!expected.is_empty() || samples.is_empty());
            for pieces in pieces {
                let got = in_pieces(&mut stream, samples, pieces);
                assert!(got == expected, "{options:?}, {} samples in pieces of {pieces:?}", samples.len());
            }
        }
    }
}

#[test]
fn a_frame_comes_as_soon_as_its_last_sample_is_there() {
    let mut stream = MfccStream::new(&streamable()).expect("streamable options");
    let mut frames = Vec::new();
    stream.push(&[0.5; 1023], &mut frames);
    assert_eq!(frames.len(), 0);
    stream.push(&[0.5; 1], &mut frames);
    assert_eq!(frames.len(), 40);
    stream.push(&[0.5; 512 * 7], &mut frames);
    assert_eq!(frames.len(), 8 * 40);
}

#[test]
fn once_running_a_push_allocates_nothing_but_frames() {
    let mut stream = MfccStream::new(&streamable()).expect("streamable options");
    let mut frames = Vec::with_capacity(40 * 10_000);
    let place = frames.as_ptr();
    for _ in 0..20_000 {
        stream.push(&[0.25; 128], &mut frames);
    }
    assert_eq!(frames.len(), 40 * (1 + (20_000 * 128 - 1024) / 512));
    assert_eq!(frames.as_ptr(), place);
}

#[test]
fn reset_forgets_the_signal_before() {
    let chirp = npy::read(golden("chirp_noise_4s.pcm22050.npy")).data;
    let mut stream = MfccStream::new(&streamable()).expect("streamable options");
    let expected = in_pieces(&mut stream, &chirp[..9000], &[500]);
    stream.push(&chirp[30_000..37_777], &mut Vec::new());
    stream.reset();
    assert!(in_pieces(&mut stream, &chirp[..9000], &[500]) == expected);
}

#[test]
fn what_needs_the_whole_signal_is_refused() {
    let refused = |options: MfccOptions, name: &str| match MfccStream::new(&options).err() {
        Some(Error::NotStreamable { option, .. }) => assert_eq!(option, name),
        other => panic!("{name}: {other:?}"),
    };
    refused(MfccOptions::default(), "top_db");
    refused(MfccOptions { padding: Padding::Reflect, ..streamable() }, "padding");
    refused(MfccOptions { padding: Padding::None, ..streamable() }, "padding");
    let nothing = MfccOptions { n_fft: 0, ..streamable() };
    assert!(matches!(MfccStream::new(&nothing), Err(Error::Option { option: "n_fft", .. })));
}
