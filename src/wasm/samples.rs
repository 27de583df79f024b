//! Samples as JavaScript has them: mono, or one array for each channel.

use js_sys::{Array, Float32Array};
use wasm_bindgen::prelude::*;

use super::error;

/// Samples of a channel copied at a time, so that they are mixed while they lie in the cache.
const PIECE: usize = 1 << 13;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "Float32Array | readonly Float32Array[]")]
    pub type JsSamples;
}

/// Mono samples: those that are given, or the mean of the channels.
pub(super) fn mono(samples: &JsValue) -> Result<Vec<f32>, JsValue> {
    if let Some(samples) = samples.dyn_ref::<Float32Array>() {
        return Ok(samples.to_vec());
    }
    let channels = samples.dyn_ref::<Array>().and_then(|channels| {
        channels.iter().map(|channel| channel.dyn_into::<Float32Array>().ok()).collect::<Option<Vec<_>>>()
    });
    let Some((first, others)) = channels.as_deref().and_then(<[_]>::split_first) else {
        return Err(error(
            "invalid-samples",
            "pass a Float32Array with mono samples, or an array with one for each channel",
        ));
    };
    if others.iter().any(|other| other.length() != first.length()) {
        return Err(error("invalid-samples", "the channels differ in length; pass as many samples of each"));
    }
    let mut mixed = first.to_vec();
    let mut other_piece = vec![0.0; PIECE.min(mixed.len())];
    let count = (1 + others.len()) as f32;
    for (number, piece) in mixed.chunks_mut(PIECE).enumerate() {
        let start = number * PIECE;
        let other_piece = &mut other_piece[..piece.len()];
        for other in others {
            other.subarray(start as u32, (start + piece.len()) as u32).copy_to(other_piece);
            piece.iter_mut().zip(&*other_piece).for_each(|(sum, sample)| *sum += sample);
        }
        if !others.is_empty() {
            piece.iter_mut().for_each(|sum| *sum /= count);
        }
    }
    Ok(mixed)
}
