//! Functionals: what a stretch of a sound does over time, in numbers that do not depend on how long it is.
//!
//! openSMILE (Eyben et al. 2010) calls them so: statistics of every value of a frame over a whole utterance. Means and spreads alone, which
//! the networks' own [statistics](super::blocks::Statistics) hold, leave out how a voice moves: how fast it swells, whether it trembles,
//! leaps or glides.

use super::input::{InputSettings, level};
use crate::features::{LANES, Lanes};

/// Mel bands that are read off the MFCCs: as many as openSMILE's auditory spectrum has.
const BANDS: usize = 26;

/// Functionals of each value; see [`Functionals::of`].
const PER_VALUE: usize = 10;

/// Over how many frames it is measured how much a value goes on as it was: 0.09 and 0.19 s.
const LAGS: [usize; 2] = [4, 8];

/// A frame that is quieter than the loudest by more than this is a pause.
const PAUSE_DB: f32 = 30.0;

/// What a value varies by at least, so that one that stays as it is has a shape too: none.
const LEAST_DEVIATION: f32 = 1e-3;

/// How many functionals a stretch has of whose frames `columns` values are [heard](InputSettings::heard_columns).
pub const fn n_functionals(columns: usize) -> usize {
    PER_VALUE * (columns + BANDS)
}

/// Measures the functionals of stretches of frames.
#[derive(Debug, Clone)]
pub struct Functionals {
    settings: InputSettings,
    /// What each MFCC adds to each band: [`band_rows`], the same for every stretch.
    bands: Vec<Lanes>,
}

impl Functionals {
    /// For frames of such settings.
    pub fn new(settings: &InputSettings) -> Functionals {
        Functionals { settings: settings.clone(), bands: band_rows(settings.mfcc.n_mfcc, settings.mfcc.n_mels) }
    }

    /// Functionals of a stretch of frames, each the MFCCs and what else is [heard](InputSettings::heard_columns) in it. What is longer than a window is cut
    /// at its end; pauses, frames more than 30 dB below the loudest, are left out, for they say more of the words than of the voice; and the
    /// mean of coefficient 0, the loudness, is taken away. To the values of a frame come 26 mel bands in dB, as smooth as the MFCCs tell them.
    ///
    /// [`n_functionals`] numbers come out, for each functional those of all values:
    ///
    /// 0. mean
    /// 1. standard deviation
    /// 2. skewness
    /// 3. ln(1 + kurtosis), the kurtosis of a normal distribution being 3
    /// 4. bend: 5 · mean of x · P₂(t), x less its mean, t from −1 to 1 over the stretch, P₂ Legendre's polynomial
    /// 5. mean of the changes from frame to frame that go up
    /// 6. autocorrelation at 4 frames
    /// 7. autocorrelation at 8 frames
    /// 8. standard deviation of the change
    /// 9. skewness of the change
    ///
    /// What a stretch is too short for is 0.
    pub fn of(&self, stretch: &[f32]) -> Vec<f32> {
        let settings = &self.settings;
        let columns = settings.columns();
        let window = || stretch.chunks_exact(columns).take(settings.window_frames);
        let loudest = window().map(|frame| settings.level_db(frame)).fold(f32::NEG_INFINITY, f32::max);
        let heard = window().filter(|frame| settings.level_db(frame) >= loudest - PAUSE_DB);
        let mut frames = Vec::with_capacity(stretch.len());
        heard.for_each(|frame| frames.extend_from_slice(frame));
        level(&mut frames, columns);

        let heard_columns = settings.heard_columns();
        let values = heard_columns + BANDS;
        let n_frames = frames.len() / columns;
        let blocks = values.div_ceil(LANES);
        let rows = with_bands(
            frames.chunks_exact(columns).map(|frame| frame.get(..heard_columns).unwrap_or(frame)),
            &self.bands,
            blocks,
        );
        let mut all = vec![0.0; n_functionals(heard_columns)];
        for block in 0..blocks {
            let track: Vec<Lanes> = rows.iter().skip(block).step_by(blocks).copied().collect();
            for (functional, four) in of_track(&track, n_frames).into_iter().enumerate() {
                let first = block * LANES;
                let places =
                    all.iter_mut().skip(functional * values + first).take(values.saturating_sub(first).min(LANES));
                places.zip(four.to_array()).for_each(|(place, value)| *place = value);
            }
        }
        all
    }
}

/// The frames with their bands, four values side by side, `blocks` fours a frame.
fn with_bands<'a>(frames: impl ExactSizeIterator<Item = &'a [f32]>, bands: &[Lanes], blocks: usize) -> Vec<Lanes> {
    let mut rows = Vec::with_capacity(blocks * frames.len());
    let mut row = vec![0.0; blocks * LANES];
    for frame in frames {
        let (own, of_bands) = row.split_at_mut(frame.len());
        own.copy_from_slice(frame);
        let mut sums = [Lanes::ZERO; BANDS.div_ceil(LANES)];
        for (coefficient, weights) in frame.iter().zip(bands.chunks_exact(sums.len())) {
            let coefficient = Lanes::splat(*coefficient);
            sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += coefficient * *weight);
        }
        let sums = sums.iter().flat_map(|sum| sum.to_array()).take(BANDS);
        of_bands.iter_mut().zip(sums).for_each(|(place, value)| *place = value);
        rows.extend(row.as_chunks::<LANES>().0.iter().map(|four| Lanes::from(*four)));
    }
    rows
}

/// What each MFCC adds to each band, the inverse of the orthonormal DCT-II at the bands' centres: coefficient by coefficient.
fn band_rows(n_mfcc: usize, n_mels: usize) -> Vec<Lanes> {
    let n_mels = n_mels as f64;
    let weight = |coefficient: usize, band: usize| {
        let centre = (band as f64 + 0.5) / BANDS as f64;
        let scale = if coefficient == 0 { (1.0 / n_mels).sqrt() } else { (2.0 / n_mels).sqrt() };
        (scale * (std::f64::consts::PI * coefficient as f64 * centre).cos()) as f32
    };
    let four = |coefficient: usize, first: usize| {
        Lanes::from(std::array::from_fn::<f32, LANES, _>(|lane| weight(coefficient, first + lane)))
    };
    (0..n_mfcc).flat_map(|coefficient| (0..BANDS).step_by(LANES).map(move |first| four(coefficient, first))).collect()
}

/// The functionals of four values over time.
fn of_track(track: &[Lanes], n_frames: usize) -> [Lanes; PER_VALUE] {
    let (Some(first), Some(last)) = (track.first(), track.last()) else { return [Lanes::ZERO; PER_VALUE] };
    let share = |count: usize| Lanes::splat(1.0 / count.max(1) as f32);
    let (of_frames, of_changes) = (share(n_frames), share(n_frames - 1));
    let mean = track.iter().fold(Lanes::ZERO, |sum, value| sum + *value) * of_frames;

    let (mut moments, mut bend) = (Moments::default(), Lanes::ZERO);
    let step = 2.0 / (n_frames - 1).max(1) as f32;
    for (t, value) in track.iter().enumerate() {
        let centred = *value - mean;
        moments.add(centred);
        let time = t as f32 * step - 1.0;
        bend += centred * Lanes::splat(1.5 * time * time - 0.5);
    }
    let shape = moments.shape(of_frames);

    let usual = (*last - *first) * of_changes;
    let (mut changes, mut rise, mut rises) = (Moments::default(), Lanes::ZERO, Lanes::ZERO);
    for (earlier, later) in track.iter().zip(track.iter().skip(1)) {
        let change = *later - *earlier;
        changes.add(change - usual);
        rise += change.max(Lanes::ZERO);
        rises += Lanes::ONE & change.simd_gt(Lanes::ZERO);
    }
    let of_change = changes.shape(of_changes);

    let [soon, later] = LAGS.map(|lag| {
        let pairs = track.iter().zip(track.iter().skip(lag));
        let products = pairs.map(|(earlier, later)| (*earlier - mean) * (*later - mean));
        let sum = products.fold(Lanes::ZERO, |sum, product| sum + product);
        sum * share(n_frames.saturating_sub(lag)) / (shape.deviation * shape.deviation)
    });
    let kurtosis = Lanes::from(shape.kurtosis.to_array().map(f32::ln_1p));
    [
        mean,
        shape.deviation,
        shape.skewness,
        kurtosis,
        bend * of_frames * Lanes::splat(5.0),
        rise / rises.max(Lanes::ONE),
        soon,
        later,
        of_change.deviation,
        of_change.skewness,
    ]
}

/// Sums of powers of what is centred.
#[derive(Default)]
struct Moments {
    squares: Lanes,
    cubes: Lanes,
    fourth: Lanes,
}

/// How four quantities lie about their means.
struct Distribution {
    deviation: Lanes,
    skewness: Lanes,
    kurtosis: Lanes,
}

impl Moments {
    #[inline(always)]
    fn add(&mut self, value: Lanes) {
        let square = value * value;
        self.squares += square;
        self.cubes += square * value;
        self.fourth += square * square;
    }

    /// `share`: one divided by how many were added.
    fn shape(&self, share: Lanes) -> Distribution {
        let deviation = (self.squares * share).sqrt().max(Lanes::splat(LEAST_DEVIATION));
        let variance = deviation * deviation;
        Distribution {
            deviation,
            skewness: self.cubes * share / (variance * deviation),
            kurtosis: self.fourth * share / (variance * variance),
        }
    }
}
