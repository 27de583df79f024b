//! The crate `mel_spec` (log-mel by RustFFT) with what its user would add for MFCC: the top_db clip and the DCT.

use mel_spec::mel::{BatchLogMelConfig, BatchLogMelSpectrogram};

const N_MELS: usize = 128;
const N_MFCC: usize = 40;

fn mfcc(pcm: &[f32], sample_rate: usize) -> Vec<f32> {
    let config = BatchLogMelConfig {
        sample_rate,
        n_fft: 2048,
        win_length: 2048,
        hop_length: 512,
        n_mels: N_MELS,
        log_zero_guard: 1e-10,
        ..Default::default()
    };
    let mel = BatchLogMelSpectrogram::new(config).expect("valid settings").compute_flat(pcm).expect("finite samples");
    let (mut db, frames) = (mel.data, mel.cols);
    let to_db = 10.0 / std::f32::consts::LN_10;
    let floor = db.iter().fold(f32::MIN, |highest, &value| highest.max(value)) * to_db - 80.0;
    for value in &mut db {
        *value = (*value * to_db).max(floor);
    }
    // Coefficient-major first: whole rows at once, which the compiler turns into SIMD.
    let mut rows = vec![0f32; N_MFCC * frames];
    for c in 0..N_MFCC {
        let row = &mut rows[c * frames..(c + 1) * frames];
        for m in 0..N_MELS {
            let scale = ((if c > 0 { 2.0 } else { 1.0 }) / N_MELS as f64).sqrt();
            let angle = std::f64::consts::PI * (c * (2 * m + 1)) as f64 / (2 * N_MELS) as f64;
            let weight = (scale * angle.cos()) as f32;
            for (sum, value) in row.iter_mut().zip(&db[m * frames..(m + 1) * frames]) {
                *sum += weight * value;
            }
        }
    }
    let mut out = vec![0f32; N_MFCC * frames];
    for c in 0..N_MFCC {
        for t in 0..frames {
            out[t * N_MFCC + c] = rows[c * frames + t];
        }
    }
    out
}

/// Memory for `n` samples.
#[unsafe(no_mangle)]
pub extern "C" fn alloc(n: usize) -> *mut f32 {
    Box::into_raw(vec![0f32; n].into_boxed_slice()) as *mut f32
}

/// MFCC of the `n` samples at `samples`, which are given up: 40 · (1 + n / 512) values, the caller's.
///
/// # Safety
/// `samples` and `n` are those of `alloc`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn run(samples: *mut f32, n: usize, sample_rate: usize) -> *const f32 {
    let samples = unsafe { Vec::from_raw_parts(samples, n, n) };
    Box::into_raw(mfcc(&samples, sample_rate).into_boxed_slice()) as *const f32
}

/// Gives `n` values back.
///
/// # Safety
/// `values` and `n` are those of `run`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dealloc(values: *mut f32, n: usize) {
    drop(unsafe { Vec::from_raw_parts(values, n, n) });
}
