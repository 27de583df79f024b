//! The sample rate that a file's header tells.
//!
//! A browser resamples to the rate of its audio context while it decodes, each with a filter of its own. A page that opens
//! the context at the file's own rate gets the samples untouched, and [`Resampler`](super::Resampler) does the rest.

mod mp4;
mod mpeg;

use super::{MAX_RATE, MIN_RATE};

/// The sample rate in Hz of the sound in a file, from its bytes.
///
/// `bytes` is the file or its beginning; of an m4a file it must reach to the index (the “moov” box), which may stand at the end.
/// Knows wav (with RF64), aiff, flac, ogg (vorbis, opus, flac, speex), mp3, aac (ADTS) and mp4/m4a. For opus it is 48 000,
/// the rate it is decoded at. `None` where the format is another one, the header is damaged or cut short, or the rate is not
/// one that [`Pcm`](super::Pcm) takes.
pub fn sample_rate(bytes: &[u8]) -> Option<u32> {
    let bytes = mpeg::after_id3(bytes)?;
    let rate = match bytes.get(..4)? {
        b"RIFF" | b"RF64" | b"BW64" => wav(bytes),
        b"FORM" => aiff(bytes),
        b"fLaC" => flac(bytes),
        b"OggS" => ogg(bytes),
        _ if bytes.get(4..8) == Some(b"ftyp") => mp4::sample_rate(bytes),
        _ => mpeg::sample_rate(bytes),
    }?;
    (MIN_RATE..=MAX_RATE).contains(&rate).then_some(rate)
}

/// Two bytes at `at`, most significant first.
fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?).into())
}

/// Four bytes at `at`, most significant first.
fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Four bytes at `at`, least significant first.
fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The content of the chunk `name` in an IFF-like file, as far as `bytes` reaches.
fn chunk<'a>(bytes: &'a [u8], name: &[u8; 4], length: fn(&[u8], usize) -> Option<u32>) -> Option<&'a [u8]> {
    let mut at = 12usize;
    loop {
        let found = bytes.get(at..at.checked_add(4)?)? == name;
        let size = length(bytes, at + 4)? as usize;
        at += 8;
        if found {
            return bytes.get(at..);
        }
        // Chunks begin at even places.
        at = at.checked_add(size)?.checked_add(size % 2)?;
    }
}

fn wav(bytes: &[u8]) -> Option<u32> {
    le32(chunk(bytes, b"fmt ", le32)?, 4)
}

/// The rate is an 80-bit float: sign and exponent (bias 16383) in two bytes, then the mantissa with its leading 1.
fn aiff(bytes: &[u8]) -> Option<u32> {
    let common = chunk(bytes, b"COMM", be32)?;
    let (exponent, mantissa) = (be16(common, 8)?, be32(common, 10)?);
    let shift = (16_383 + 31u32).checked_sub(exponent)?;
    mantissa.checked_shr(shift)
}

/// STREAMINFO is the first block; 20 bits of it are the rate.
fn flac(bytes: &[u8]) -> Option<u32> {
    (*bytes.get(4)? & 0x7f == 0).then_some(())?;
    Some(be32(bytes, 18)? >> 12)
}

/// The first packet of each stream names its coding; pages of other streams (a picture) may come before.
fn ogg(bytes: &[u8]) -> Option<u32> {
    let mut page = bytes;
    loop {
        (page.get(..4)? == b"OggS").then_some(())?;
        let segments = usize::from(*page.get(26)?);
        let lengths = page.get(27..27 + segments)?;
        let packet = page.get(27 + segments..)?;
        if packet.starts_with(b"\x01vorbis") {
            return le32(packet, 12);
        }
        if packet.starts_with(b"OpusHead") {
            return Some(48_000);
        }
        if packet.starts_with(b"Speex   ") {
            return le32(packet, 36);
        }
        if packet.starts_with(b"\x7fFLAC") {
            return flac(packet.get(9..)?);
        }
        let length: usize = lengths.iter().map(|&length| usize::from(length)).sum();
        page = packet.get(length..)?;
    }
}
