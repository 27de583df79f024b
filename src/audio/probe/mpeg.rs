//! MPEG audio: mp3 frames, AAC in ADTS frames, and the ID3 tag before them.

use super::be32;

/// How far behind the beginning the first frame is looked for (padding, broken tags).
const SEARCH: usize = 64 * 1024;

/// What follows the ID3v2 tags, or everything if there is none; `None` if a tag is all there is.
pub(super) fn after_id3(mut bytes: &[u8]) -> Option<&[u8]> {
    while bytes.starts_with(b"ID3") {
        let flags = *bytes.get(5)?;
        // Four times seven bits.
        let size = bytes.get(6..10)?.iter().fold(0, |size, &byte| size << 7 | usize::from(byte & 0x7f));
        let footer = if flags & 0x10 == 0 { 0 } else { 10 };
        bytes = bytes.get(10 + size + footer..)?;
    }
    Some(bytes)
}

/// The rate of the first frame that another one of the same kind follows.
pub(super) fn sample_rate(bytes: &[u8]) -> Option<u32> {
    let end = bytes.len().min(SEARCH);
    (0..end).find_map(|at| {
        let bytes = bytes.get(at..)?;
        let (rate, length) = frame(bytes)?;
        let next = bytes.get(length..).unwrap_or_default();
        // Cut short behind the first frame: only believed where it stands at the very beginning.
        let believed = if next.len() < 7 { at == 0 } else { frame(next).is_some_and(|next| next.0 == rate) };
        believed.then_some(rate)
    })
}

/// Sample rate in Hz and length in bytes of the frame at the beginning.
fn frame(bytes: &[u8]) -> Option<(u32, usize)> {
    let header = be32(bytes, 0)?;
    if header >> 21 != 0x7ff {
        return None;
    }
    match (header >> 17) & 3 {
        0 => adts(bytes, header),
        layer => mpa(header, layer),
    }
}

/// ISO 11172-3 and 13818-3: the header of MPEG 1, 2 and 2.5, layers I to III.
fn mpa(header: u32, layer: u32) -> Option<(u32, usize)> {
    const RATES: [u32; 3] = [44_100, 48_000, 32_000];
    // In kbit/s: MPEG 1 layers I, II, III, then MPEG 2 layer I, and layers II and III.
    const BITRATES: [[u32; 15]; 5] = [
        [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
        [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
        [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
        [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
        [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ];
    let version = (header >> 19) & 3;
    let slower = match version {
        3 => 1,
        2 => 2,
        0 => 4,
        _ => return None,
    };
    let rate = RATES.get(((header >> 10) & 3) as usize)? / slower;
    let first_layer = layer == 3;
    let row = match (version, layer) {
        (3, layer) => 3 - layer as usize,
        (_, 3) => 3,
        _ => 4,
    };
    let kbits = *BITRATES.get(row)?.get((header >> 12 & 15) as usize)?;
    if kbits == 0 {
        // “Free format”: nobody writes it, and its length is not in the header.
        return None;
    }
    let padding = header >> 9 & 1;
    let length = if first_layer {
        (12_000 * kbits / rate + padding) * 4
    } else {
        // Layer III of MPEG 2 has half the samples per frame.
        let factor = if layer == 1 && version != 3 { 72_000 } else { 144_000 };
        factor * kbits / rate + padding
    };
    Some((rate, length as usize))
}

/// ISO 14496-3, 1.A.2.2: AAC's self-contained frames.
fn adts(bytes: &[u8], header: u32) -> Option<(u32, usize)> {
    const RATES: [u32; 13] =
        [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];
    // The layer is always 0, and the sync word has one bit more than MPEG audio's.
    if header >> 20 != 0xfff {
        return None;
    }
    let rate = *RATES.get((header >> 10 & 15) as usize)?;
    let length = (be32(bytes, 3)? >> 13 & 0x1fff) as usize;
    (length >= 7).then_some((rate, length))
}
