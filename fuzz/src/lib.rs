//! What the fuzz targets do with their bytes. `tests/fuzz_corpus.rs` includes this file and replays the corpus.

mod memory;

use std::io::Cursor;
use std::path::Path;

use memory::bounded;
use songmood::audio::decode::decode_reader;
use songmood::audio::{Resampler, probe};
use songmood::features::{Mfcc, MfccOptions, MfccStream};
use songmood::nets::{self, Domain, Functionals, Heard, Model, VoiceProfile};
use songmood::train::{ravdess, table};

/// Any bytes as the beginning of a file: a rate that is found must be one that a file can have.
pub fn probe(bytes: &[u8]) {
    if let Some(rate) = bounded(|| (probe::sample_rate(bytes), bytes.len())) {
        assert!(rate > 0);
    }
}

/// Any bytes as a file of sound: what is decoded are finite samples at a rate that is worked with. Silence takes hardly a
/// byte, so memory is held against the samples where they are more than the file.
pub fn decode(bytes: &[u8]) {
    let decoded = bounded(|| {
        let decoded = decode_reader(Cursor::new(bytes.to_vec()), None);
        let samples = decoded.as_ref().map_or(0, |pcm| size_of_val(pcm.samples()));
        (decoded, samples.max(bytes.len()))
    });
    if let Ok(pcm) = decoded {
        assert!((8_000..=192_000).contains(&pcm.sample_rate()));
        assert!(pcm.samples().iter().all(|sample| sample.is_finite()));
    }
}

/// Any bytes as weights: what loads can be asked, about any voice and about one that was learnt.
pub fn weights(bytes: &[u8]) {
    if let Ok(model) = bounded(|| (Model::load(bytes, &nets::default_device()), bytes.len())) {
        let columns = model.card().input.columns();
        let frames = vec![0.5; 20 * columns];
        let mut voice = VoiceProfile::new(columns);
        voice.learn(&Heard::new(&frames), &Functionals::new(&model.card().input), 1.0);
        for voice in [None, Some(&voice).filter(|_| model.card().input.domain() == Domain::Voice)] {
            for outputs in model.outputs(&[&frames], voice) {
                assert_eq!(outputs.len(), model.card().sizes().outputs);
            }
        }
    }
}

/// Any two rates, any samples, any chunks: the output is as long as promised, and the same as in one go.
pub fn resampler(bytes: &[u8]) {
    let mut numbers = Numbers(bytes);
    let (from, to) = (numbers.word(), numbers.word());
    // Every third input has rates that are accepted, or hardly any would be.
    let (from, to) = if from % 3 == 0 { (8_000 + from % 184_001, 8_000 + to % 184_001) } else { (from, to) };
    let chunks = numbers.chunks();
    let samples = numbers.samples();
    let resampled = |give: &dyn Fn(&mut Resampler, &mut Vec<f32>)| {
        bounded(|| {
            let mut out = Vec::new();
            let result = Resampler::new(from, to).map(|mut resampler| {
                give(&mut resampler, &mut out);
                resampler.finish(&mut out);
                (resampler.output_len(samples.len()), out)
            });
            let most = result.as_ref().map_or(0, |(length, _)| *length).max(samples.len());
            (result, most * size_of::<f32>())
        })
    };
    let Ok((length, expected)) = resampled(&|resampler, out| resampler.push(&samples, out)) else { return };
    let Ok((_, got)) = resampled(&|resampler, out| in_chunks(&samples, &chunks, |piece| resampler.push(piece, out)))
    else {
        unreachable!("the same rates were taken before")
    };
    assert_eq!(expected.len(), length);
    assert_same(&expected, &got);
}

/// Frames that settings may ask for: a hop of one sample makes work that no file would.
const MOST_FRAMES: usize = 1000;

/// Any settings, any samples, any chunks: the stream gives what the whole clip gives, bit for bit.
pub fn streaming(bytes: &[u8]) {
    let mut numbers = Numbers(bytes);
    let n_mels = 1 + numbers.half() as usize % 64;
    let options = MfccOptions {
        n_fft: 1 + numbers.half() as usize % 4096,
        hop_length: 1 + numbers.half() as usize % 2048,
        n_mfcc: 1 + numbers.half() as usize % 64,
        n_mels,
        top_db: None,
        ..MfccOptions::default()
    };
    let chunks = numbers.chunks();
    let mut samples = numbers.samples();
    samples.truncate(MOST_FRAMES * options.hop_length);
    let held_against = |frames: usize| samples.len().max(frames) * size_of::<f32>();
    let streamed = bounded(|| {
        let mut frames = Vec::new();
        let result = MfccStream::new(&options).map(|mut stream| {
            in_chunks(&samples, &chunks, |piece| stream.push(piece, &mut frames));
            stream.finish(&mut frames);
        });
        let most = held_against(frames.len());
        (result.map(|()| frames), most)
    });
    let whole = bounded(|| {
        let whole = Mfcc::new(&options).map(|mut mfcc| mfcc.mfcc(&samples));
        let most = held_against(whole.as_ref().map_or(0, |frames| frames.data().len()));
        (whole, most)
    });
    match (streamed, whole) {
        (Ok(frames), Ok(whole)) => assert_same(whole.data(), &frames),
        (streamed, whole) => assert!(streamed.is_err() && whole.is_err(), "only one of them takes these settings"),
    }
}

/// Any bytes as a table of clips: every row that is taken says something that can be learnt from.
pub fn table(bytes: &[u8]) {
    for item in bounded(|| (table::parse(bytes, Path::new("songs.csv"), 0), bytes.len())).into_iter().flatten() {
        let within = |value: Option<f32>| value.is_none_or(|value| (-1.0..=1.0).contains(&value));
        assert!(within(item.label.valence) && within(item.label.arousal));
        assert!(!item.group.is_empty());
    }
}

/// Any bytes as the name of a RAVDESS clip: a name that is understood is written the same again.
pub fn ravdess(bytes: &[u8]) {
    let Ok(name) = std::str::from_utf8(bytes) else { return };
    if let Some(clip) = bounded(|| (ravdess::Clip::from_path(Path::new(name)), bytes.len())) {
        assert!((1..=24).contains(&clip.actor) && (1..=2).contains(&clip.statement));
        assert_eq!(clip.path, Path::new(name));
    }
}

/// Gives `samples` away in pieces of these lengths, over and over.
fn in_chunks(samples: &[f32], chunks: &[usize], mut take: impl FnMut(&[f32])) {
    let mut rest = samples;
    for length in chunks.iter().cycle() {
        if rest.is_empty() {
            return;
        }
        let (piece, left) = rest.split_at((*length).min(rest.len()));
        take(piece);
        rest = left;
    }
}

/// Bit for bit, but any NaN is like any other.
fn assert_same(expected: &[f32], got: &[f32]) {
    assert_eq!(expected.len(), got.len());
    for (index, (a, b)) in expected.iter().zip(got).enumerate() {
        assert!(a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()), "{index}: {a} {b}");
    }
}

/// Reads numbers off bytes; beyond the end all are 0.
struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    fn half(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    fn word(&mut self) -> u32 {
        u32::from_le_bytes([self.byte(), self.byte(), self.byte(), self.byte()])
    }

    /// One to four lengths of chunks, none of them 0.
    fn chunks(&mut self) -> Vec<usize> {
        (0..1 + self.byte() % 4).map(|_| 1 + usize::from(self.half() % 5000)).collect()
    }

    /// The rest as 16-bit samples, repeated to some length; now and then what is no number.
    fn samples(&mut self) -> Vec<f32> {
        let (length, odd) = (usize::from(self.half() % 20_000), self.byte());
        let (pairs, _) = self.0.as_chunks::<2>();
        let sound: Vec<f32> = pairs.iter().map(|pair| f32::from(i16::from_le_bytes(*pair)) / 32_768.0).collect();
        let mut samples: Vec<f32> =
            sound.iter().copied().cycle().take(if sound.is_empty() { 0 } else { length }).collect();
        if let Some(last) = samples.last_mut() {
            match odd {
                1 => *last = f32::NAN,
                2 => *last = f32::INFINITY,
                3 => *last = f32::MAX,
                _ => {}
            }
        }
        samples
    }
}
