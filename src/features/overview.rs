//! A signal of any length as pictures of bounded size: waveform, mel spectrogram and MFCC.

use super::Error;
use super::dct::Dct;
use super::frames::append_rows;
use super::lanes::{LANES, Lanes};
use super::mel::corners;
use super::mfcc::Mfcc;
use super::options::MfccOptions;
use super::stream::{FramePlan, FrameStream, check_streamable};

/// Fewest and most columns that can be asked for.
const COLUMNS: std::ops::RangeInclusive<usize> = 2..=16_384;

/// Values over time in evenly spaced columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Values of a column.
    pub n_rows: usize,
    /// Seconds from one column to the next; column `c` stands for the time from `c · column_s` on.
    pub column_s: f64,
    /// Column after column.
    pub data: Vec<f32>,
}

/// Gathers a signal that arrives in pieces, of any length, in a bounded number of columns.
///
/// A column begins as one frame (`hop_length` samples). Whenever there are as many as were asked for, each two become one,
/// so there are always between half as many and as many; memory does not grow with the signal.
pub struct Overview {
    stream: FrameStream<MelBands>,
    dct: Dct,
    options: MfccOptions,
    /// Rows of mel bands in dB that were just computed.
    fresh: Vec<f32>,
    mel: Columns,
    /// Of each frame: −minimum, maximum, mean square.
    wave: Columns,
    /// The samples of a frame's length that is not full yet: −minimum, maximum, sum of squares; and how many.
    block: ([f32; 3], usize),
}

impl Overview {
    /// An overview in at most `columns` columns (an even number, 2 … 16 384), of samples at [`MfccOptions::sample_rate`].
    ///
    /// # Errors
    /// As [`MfccStream::new`](super::MfccStream::new), and for another number of columns.
    pub fn new(options: &MfccOptions, columns: usize) -> Result<Overview, Error> {
        check_streamable(options)?;
        if !COLUMNS.contains(&columns) || !columns.is_multiple_of(2) {
            let expected = format!("an even number, {} to {}", COLUMNS.start(), COLUMNS.end());
            return Err(Error::Option { option: "columns", value: columns.to_string(), expected });
        }
        Ok(Overview {
            stream: FrameStream::new(MelBands(Mfcc::new(options)?)),
            dct: Dct::new(options.n_mels, options.n_mfcc),
            fresh: Vec::new(),
            mel: Columns::new(options.n_mels, 0, columns),
            wave: Columns::new(3, 2, columns),
            block: (EMPTY, 0),
            options: options.clone(),
        })
    }

    /// Takes any number of samples.
    pub fn push(&mut self, samples: &[f32]) {
        self.stream.push(samples, &mut self.fresh);
        self.take_fresh();
        for sample in samples {
            let ([low, high, power], count) = &mut self.block;
            (*low, *high, *power) = (low.max(-sample), high.max(*sample), *power + sample * sample);
            *count += 1;
            if *count == self.options.hop_length {
                self.end_block();
            }
        }
    }

    /// Ends the signal: adds what waited for more samples. Nothing should be pushed afterwards.
    pub fn finish(&mut self) {
        self.stream.finish(&mut self.fresh);
        self.take_fresh();
        if self.block.1 > 0 {
            self.end_block();
        }
    }

    /// Mel bands in dB re 1, each column the mean over its frames; the lowest band is row 0.
    pub fn mel_db(&self) -> Picture {
        self.picture(&self.mel, self.mel.data())
    }

    /// Centre of each mel band in Hz.
    pub fn mel_hz(&self) -> Vec<f32> {
        let corner = corners(&self.options);
        (1..=self.options.n_mels).map(|band| corner(band) as f32).collect()
    }

    /// MFCC, each column the mean over its frames.
    pub fn mfcc(&self) -> Picture {
        let mel = self.mel.data();
        let mut data = Vec::new();
        let (mut lanes, mut coefficients) =
            (vec![Lanes::ZERO; self.options.n_mels], vec![Lanes::ZERO; self.options.n_mfcc]);
        // The cosine transform is linear: that of the mean is the mean of theirs.
        for group in mel.chunks(LANES * self.options.n_mels) {
            let columns: Vec<&[f32]> = group.chunks_exact(self.options.n_mels).collect();
            for (band, lane) in lanes.iter_mut().enumerate() {
                *lane = Lanes::new(std::array::from_fn(|column| {
                    *columns.get(column).and_then(|column| column.get(band)).unwrap_or(&0.0)
                }));
            }
            self.dct.apply(&lanes, &mut coefficients);
            append_rows(&mut data, &coefficients, columns.len());
        }
        Picture { n_rows: self.options.n_mfcc, ..self.picture(&self.mel, data) }
    }

    /// Smallest sample, largest sample and root mean square of each column.
    pub fn waveform(&self) -> Picture {
        let mut data = self.wave.data();
        for column in data.as_chunks_mut::<3>().0 {
            *column = [-column[0], column[1], column[2].sqrt()];
        }
        self.picture(&self.wave, data)
    }

    fn picture(&self, columns: &Columns, data: Vec<f32>) -> Picture {
        let seconds = columns.span * self.options.hop_length;
        Picture { n_rows: columns.n_rows, column_s: seconds as f64 / f64::from(self.options.sample_rate), data }
    }

    fn take_fresh(&mut self) {
        self.fresh.chunks_exact(self.options.n_mels).for_each(|row| self.mel.push(row));
        self.fresh.clear();
    }

    fn end_block(&mut self) {
        let ([low, high, power], count) = std::mem::replace(&mut self.block, (EMPTY, 0));
        self.wave.push(&[low, high, power / count as f32]);
    }
}

/// A block of samples without any.
const EMPTY: [f32; 3] = [f32::NEG_INFINITY, f32::NEG_INFINITY, 0.0];

/// Mel bands in dB, frame by frame.
struct MelBands(Mfcc);

impl FramePlan for MelBands {
    fn options(&self) -> &MfccOptions {
        self.0.options()
    }

    fn append_frames(&mut self, samples: &[f32], count: usize, rows: &mut Vec<f32>) {
        self.0.append_mel_db(samples, count, rows);
    }
}

/// Items of `n_rows` values, joined to columns so that there are never more than `most`.
struct Columns {
    n_rows: usize,
    /// The largest of the first so many rows is kept; of the others, the mean.
    n_largest: usize,
    most: usize,
    /// Items that make a column.
    span: usize,
    full: Vec<f32>,
    /// The column that is not full yet: largest and sums; and its number of items.
    open: (Vec<f32>, usize),
}

impl Columns {
    fn new(n_rows: usize, n_largest: usize, most: usize) -> Columns {
        Columns { n_rows, n_largest, most, span: 1, full: Vec::new(), open: (vec![0.0; n_rows], 0) }
    }

    fn push(&mut self, item: &[f32]) {
        let (open, items) = &mut self.open;
        for (row, (value, new)) in open.iter_mut().zip(item).enumerate() {
            *value = match (*items, row < self.n_largest) {
                (0, _) => *new,
                (_, true) => value.max(*new),
                (_, false) => *value + *new,
            };
        }
        *items += 1;
        if *items == self.span {
            let mut full = std::mem::take(&mut self.full);
            self.append_open(&mut full);
            self.full = full;
            self.open.1 = 0;
        }
        if self.full.len() == self.most * self.n_rows {
            self.halve();
        }
    }

    /// The columns, the last perhaps of fewer items.
    fn data(&self) -> Vec<f32> {
        let mut data = self.full.clone();
        self.append_open(&mut data);
        data
    }

    /// Appends the open column, if it has any item.
    fn append_open(&self, data: &mut Vec<f32>) {
        let (open, items) = &self.open;
        if *items > 0 {
            let value = |(row, value): (usize, &f32)| if row < self.n_largest { *value } else { value / *items as f32 };
            data.extend(open.iter().enumerate().map(value));
        }
    }

    /// Makes one column out of each two.
    #[expect(clippy::indexing_slicing, reason = "called when `most` columns of `n_rows` are full")]
    fn halve(&mut self) {
        let (n_rows, n_largest) = (self.n_rows, self.n_largest);
        for column in 0..self.most / 2 {
            for row in 0..n_rows {
                let [a, b] = [2 * column, 2 * column + 1].map(|from| self.full[from * n_rows + row]);
                self.full[column * n_rows + row] = if row < n_largest { a.max(b) } else { (a + b) / 2.0 };
            }
        }
        self.full.truncate(self.most / 2 * n_rows);
        self.span *= 2;
    }
}
