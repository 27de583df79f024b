//! Time for three minutes of sound: MFCC and frames for music at 22 050 Hz, and resampling to it.
//!
//! `cargo bench --bench features`; one thread.

use std::f64::consts::TAU;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use songmood::audio::{Pcm, SAMPLE_RATE};
use songmood::features::{HarmonyOptions, Mfcc, MfccOptions, MfccStream, MusicStream};

const SECONDS: u32 = 180;

/// A rising tone with overtones and some noise.
fn sound(sample_rate: u32) -> Vec<f32> {
    let mut state = 1u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state) / f64::from(u32::MAX) - 0.5
    };
    (0..SECONDS * sample_rate)
        .map(|n| {
            let t = f64::from(n) / f64::from(sample_rate);
            let phase = TAU * (110.0 * t + 2.0 * t * t);
            (0.4 * phase.sin() + 0.2 * (3.0 * phase).sin() + 0.02 * noise()) as f32
        })
        .collect()
}

fn mfcc(criterion: &mut Criterion) {
    let samples = sound(SAMPLE_RATE);
    let mut group = criterion.benchmark_group("mfcc of 180 s");
    group.throughput(Throughput::Elements(samples.len() as u64)).sample_size(20);
    let mut plan = Mfcc::new(&MfccOptions::default()).expect("valid options");
    group.bench_function("whole, top_db 80", |bencher| bencher.iter(|| plan.mfcc(black_box(&samples))));
    let options = MfccOptions { top_db: None, ..MfccOptions::default() };
    let mut plan = Mfcc::new(&options).expect("valid options");
    group.bench_function("whole, no top_db", |bencher| bencher.iter(|| plan.mfcc(black_box(&samples))));
    group.bench_function("mel power only", |bencher| bencher.iter(|| plan.mel_power(black_box(&samples))));
    let mut stream = MfccStream::new(&options).expect("streamable options");
    let mut frames = Vec::new();
    group.bench_function("stream in pieces of 128", |bencher| {
        bencher.iter(|| {
            frames.clear();
            for piece in samples.chunks(128) {
                stream.push(black_box(piece), &mut frames);
            }
            stream.finish(&mut frames);
        });
    });
    group.finish();
}

fn music(criterion: &mut Criterion) {
    let samples = sound(SAMPLE_RATE);
    let options = MfccOptions { n_mfcc: 20, top_db: None, ..MfccOptions::default() };
    let mut stream = MusicStream::new(&options, &HarmonyOptions::default()).expect("streamable options");
    let mut frames = Vec::new();
    let mut group = criterion.benchmark_group("frames for music, 180 s");
    group.throughput(Throughput::Elements(samples.len() as u64)).sample_size(20);
    group.bench_function("stream in pieces of 4 s", |bencher| {
        bencher.iter(|| {
            frames.clear();
            for piece in samples.chunks(4 * SAMPLE_RATE as usize) {
                stream.push(black_box(piece), &mut frames);
            }
            stream.finish(&mut frames);
        });
    });
    group.finish();
}

fn resample(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("180 s to 22050 Hz");
    group.sample_size(20);
    for from in [44_100, 48_000, 96_000, 47_999] {
        let pcm = Pcm::new(sound(from), from).expect("finite samples");
        group.throughput(Throughput::Elements(pcm.samples().len() as u64));
        group.bench_function(format!("from {from} Hz"), |bencher| {
            bencher.iter(|| black_box(&pcm).resampled(SAMPLE_RATE));
        });
    }
    group.finish();
}

criterion_group!(benches, mfcc, music, resample);
criterion_main!(benches);
