//! Frames for voices: the MFCCs, then librosa's spectral shape, the same in any pieces.

#[path = "common/rows.rs"]
mod rows;

use rows::{RowStream, SIGNALS, options, worst};
use songmood::features::{MfccOptions, VoiceStream};

const N_MFCC: usize = 40;

impl RowStream for VoiceStream {
    fn width(&self) -> usize {
        N_MFCC + VoiceStream::N_EXTRA
    }

    fn push(&mut self, samples: &[f32], rows: &mut Vec<f32>) {
        VoiceStream::push(self, samples, rows);
    }

    fn finish(&mut self, rows: &mut Vec<f32>) {
        VoiceStream::finish(self, rows);
    }
}

fn stream() -> VoiceStream {
    VoiceStream::new(&options(N_MFCC)).expect("settings that can be streamed")
}

#[test]
fn the_shape_is_librosas() {
    for signal in SIGNALS {
        let within = |kind: &str, columns: std::ops::Range<usize>, of, bound: f32| {
            let worst = worst(stream(), ("voice", signal, kind), columns, 4, of);
            assert!(worst < bound, "{signal} {kind}: {worst} off");
        };
        // The valley of the lowest bands is one bin; where that nearly cancels beside a loud chirp, f32 shows.
        let bound = if signal == "chirp_noise_4s" { 3e-2 } else { 1e-3 };
        within("contrast", N_MFCC..N_MFCC + 7, |db| db, bound);
        within("flatness", N_MFCC + 7..N_MFCC + 8, f32::log10, 1e-3);
        within("centroid", N_MFCC + 8..N_MFCC + 9, |hz| (1.0 + hz).ln(), 1e-3);
    }
}

#[test]
fn the_first_columns_are_the_mfccs() {
    rows::assert_begins_with_mfccs(stream(), N_MFCC);
}

#[test]
fn any_pieces_give_the_same_bits_as_the_whole() {
    rows::assert_same_bits_in_any_pieces(stream);
}

#[test]
fn a_gain_moves_nothing_but_the_level() {
    rows::assert_a_gain_moves_only_the_level(stream);
}

#[test]
fn settings_that_cannot_be_streamed_are_refused() {
    assert!(VoiceStream::new(&MfccOptions::default()).err().expect("refused").to_string().contains("top_db"));
}
