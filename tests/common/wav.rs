//! Writes the wav files of the tests, in every sample format that is read.

/// How a sample is written.
#[derive(Debug, Clone, Copy)]
#[allow(dead_code)] // Not every test crate that includes this file needs all of it.
pub enum Format {
    U8,
    I16,
    I24,
    I32,
    F32,
}

impl Format {
    fn bytes(self) -> usize {
        match self {
            Format::U8 => 1,
            Format::I16 => 2,
            Format::I24 => 3,
            Format::I32 | Format::F32 => 4,
        }
    }

    fn append(self, sample: f32, file: &mut Vec<u8>) {
        let scaled = |full: f64| (f64::from(sample) * full).round().clamp(-full, full - 1.0) as i64;
        match self {
            Format::U8 => file.push((scaled(128.0) + 128) as u8),
            Format::I16 => file.extend((scaled(32_768.0) as i16).to_le_bytes()),
            Format::I24 => file.extend(&(scaled(8_388_608.0) as i32).to_le_bytes()[..3]),
            Format::I32 => file.extend((scaled(2_147_483_648.0) as i32).to_le_bytes()),
            Format::F32 => file.extend(sample.to_le_bytes()),
        }
    }
}

/// A wav file of interleaved samples.
pub fn wav(samples: &[f32], channels: u16, sample_rate: u32, format: Format) -> Vec<u8> {
    let width = format.bytes();
    let frame = usize::from(channels) * width;
    let mut data = Vec::with_capacity(samples.len() * width);
    for &sample in samples {
        format.append(sample, &mut data);
    }
    let mut file = Vec::with_capacity(44 + data.len());
    file.extend(b"RIFF");
    file.extend((36 + data.len() as u32).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0");
    let tag: u16 = if matches!(format, Format::F32) { 3 } else { 1 };
    file.extend(tag.to_le_bytes());
    file.extend(channels.to_le_bytes());
    file.extend(sample_rate.to_le_bytes());
    file.extend((sample_rate * frame as u32).to_le_bytes());
    file.extend((frame as u16).to_le_bytes());
    file.extend((8 * width as u16).to_le_bytes());
    file.extend(b"data");
    file.extend((data.len() as u32).to_le_bytes());
    file.extend(data);
    file
}
