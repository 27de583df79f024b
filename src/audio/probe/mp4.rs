//! MP4 and m4a: boxes within boxes (ISO 14496-12).

use super::be32;

/// The boxes in `bytes` one after the other, as (name, content); the last content may be cut short.
fn boxes(mut bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        let name = bytes.get(4..8)?;
        let (header, size) = match be32(bytes, 0)? {
            // Reaches to the end of the file.
            0 => (8, bytes.len()),
            // Sizes beyond 32 bits stand behind the name.
            1 => {
                let size = u64::from_be_bytes(*bytes.get(8..)?.first_chunk()?);
                (16, usize::try_from(size).unwrap_or(usize::MAX))
            }
            size => (8, size as usize),
        };
        // A box cannot be smaller than its header; stopping here also keeps this from going round in circles.
        if size < header {
            return None;
        }
        let end = size.min(bytes.len());
        let content = bytes.get(header..end)?;
        bytes = bytes.get(end..)?;
        Some((name, content))
    })
}

fn child<'a>(bytes: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    boxes(bytes).find(|(found, _)| found == name).map(|(_, content)| content)
}

/// The rate of the first track with sound.
pub(super) fn sample_rate(bytes: &[u8]) -> Option<u32> {
    let index = child(bytes, b"moov")?;
    boxes(index).filter(|(name, _)| name == b"trak").find_map(|(_, track)| {
        let media = child(track, b"mdia")?;
        (child(media, b"hdlr")?.get(8..12)? == b"soun").then_some(())?;
        let description = child(child(child(media, b"minf")?, b"stbl")?, b"stsd")?;
        // Version, flags and number of entries, then the first entry.
        let (_, entry) = boxes(description.get(8..)?).next()?;
        // Hz in 16.16 fixed point, which rates above 65 535 do not fit into: writers put 0 there.
        match be32(entry, 24)? >> 16 {
            0 => timescale(child(media, b"mdhd")?),
            rate => Some(rate),
        }
    })
}

/// Units per second of the track's clock, by custom its sample rate.
fn timescale(header: &[u8]) -> Option<u32> {
    let version = *header.first()?;
    // Creation and modification time stand before it, in 64 bits each from version 1 on.
    be32(header, if version == 0 { 12 } else { 20 })
}
