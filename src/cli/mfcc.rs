//! `songmood mfcc`: the MFCCs of an audio file, for other programs.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::beside::write_beside;
use super::npy;
use crate::audio::decode::decode;
use crate::features::{Frames, MelScale, Mfcc, MfccOptions, Padding};

/// Options of `songmood mfcc`; the defaults are librosa's, with 40 coefficients.
#[derive(Debug, clap::Args)]
pub struct MfccArgs {
    /// Audio file (wav, flac, mp3, ogg, aac, m4a); its channels are averaged
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Where to write: .npy (f32, one row per coefficient, as librosa has it) or .csv (one row per frame)
    #[arg(short, long, value_name = "OUT.npy|OUT.csv")]
    output: PathBuf,
    /// Resample to this rate first, in Hz
    #[arg(long, value_name = "HZ", default_value_t = MfccOptions::default().sample_rate)]
    sample_rate: u32,
    /// Number of coefficients
    #[arg(long, value_name = "N", default_value_t = MfccOptions::default().n_mfcc)]
    n_mfcc: usize,
    /// Samples in a frame
    #[arg(long, value_name = "N", default_value_t = MfccOptions::default().n_fft)]
    n_fft: usize,
    /// Samples from one frame to the next
    #[arg(long, value_name = "N", default_value_t = MfccOptions::default().hop_length)]
    hop_length: usize,
    /// Number of mel bands
    #[arg(long, value_name = "N", default_value_t = MfccOptions::default().n_mels)]
    n_mels: usize,
    /// Lower edge of the lowest mel band, in Hz
    #[arg(long, value_name = "HZ", default_value_t = MfccOptions::default().fmin)]
    fmin: f32,
    /// Upper edge of the highest mel band, in Hz [default: half the sample rate]
    #[arg(long, value_name = "HZ")]
    fmax: Option<f32>,
    /// Raise what is more than this below the clip's maximum to that level, in dB, or “none”
    #[arg(long, value_name = "DB|none", default_value = "80", value_parser = parse_top_db)]
    top_db: TopDb,
    /// What lies beyond the ends of the sound
    #[arg(long, value_enum, default_value_t)]
    padding: Padding,
    /// Formula between hertz and mel
    #[arg(long, value_enum, default_value_t)]
    mel_scale: MelScale,
}

/// A number of dB, or none. (clap takes a plain `Option` for an argument that may be left out.)
#[derive(Debug, Clone, Copy)]
struct TopDb(Option<f32>);

fn parse_top_db(text: &str) -> Result<TopDb, String> {
    match text {
        "none" => Ok(TopDb(None)),
        _ => text.parse().map(|db| TopDb(Some(db))).map_err(|_| "give a number of dB, or none".to_owned()),
    }
}

impl MfccArgs {
    fn options(&self) -> MfccOptions {
        MfccOptions {
            sample_rate: self.sample_rate,
            n_mfcc: self.n_mfcc,
            n_fft: self.n_fft,
            hop_length: self.hop_length,
            n_mels: self.n_mels,
            fmin: self.fmin,
            fmax: self.fmax,
            top_db: self.top_db.0,
            padding: self.padding,
            mel_scale: self.mel_scale,
        }
    }
}

/// What the output's extension asks for.
#[derive(Debug, Clone, Copy)]
enum Format {
    Npy,
    Csv,
}

fn format_of(output: &Path) -> anyhow::Result<Format> {
    let extension = output.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "npy" => Ok(Format::Npy),
        "csv" => Ok(Format::Csv),
        _ => bail!("{}: the output must end in .npy or .csv", output.display()),
    }
}

/// Runs the command.
///
/// # Errors
/// When an option is out of bounds, the file cannot be decoded or is too short, or the output cannot be written.
pub fn run(args: &MfccArgs) -> anyhow::Result<()> {
    // What can be refused without reading the file is refused first.
    let format = format_of(&args.output)?;
    let options = args.options();
    let mut plan = Mfcc::new(&options)?;
    let in_file = || args.file.display().to_string();
    let pcm = decode(&args.file).and_then(|pcm| pcm.resampled(options.sample_rate)).with_context(in_file)?;
    if options.n_frames(pcm.samples().len()) == 0 {
        bail!(
            "{}: {} samples are too short for one frame of {} without padding; take a smaller --n-fft or --padding zeros",
            in_file(),
            pcm.samples().len(),
            options.n_fft
        );
    }
    let frames = plan.mfcc(pcm.samples());
    write_beside(&args.output, |file, _| {
        let out = BufWriter::new(file);
        match format {
            Format::Npy => write_npy(&frames, out),
            Format::Csv => write_csv(&frames, &options, out),
        }
    })
    .with_context(|| format!("{} cannot be written; check the folder and the space left", args.output.display()))?;
    super::output::line(format_args!(
        "{}: {} coefficients, {} frames",
        args.output.display(),
        frames.n_coefficients(),
        frames.n_frames()
    ));
    Ok(())
}

/// `[n_mfcc, frames]`, as librosa returns it.
fn write_npy(frames: &Frames, out: impl Write) -> io::Result<()> {
    let (n_frames, n_coefficients) = (frames.n_frames(), frames.n_coefficients());
    let transposed: Vec<f32> =
        (0..n_coefficients).flat_map(|k| frames.data().iter().skip(k).step_by(n_coefficients).copied()).collect();
    npy::write_matrix(out, [n_coefficients, n_frames], transposed.chunks(n_frames))
}

/// A header, then for each frame the time of its centre in seconds and its coefficients.
fn write_csv(frames: &Frames, options: &MfccOptions, mut out: impl Write) -> io::Result<()> {
    write!(out, "time_s")?;
    for k in 0..frames.n_coefficients() {
        write!(out, ",mfcc_{k}")?;
    }
    writeln!(out)?;
    let to_centre = if options.padding == Padding::None { options.n_fft / 2 } else { 0 };
    for (t, row) in frames.iter().enumerate() {
        let time = (t * options.hop_length + to_centre) as f64 / f64::from(options.sample_rate);
        write!(out, "{time:.6}")?;
        for value in row {
            write!(out, ",{value}")?;
        }
        writeln!(out)?;
    }
    out.flush()
}
