//! Audio files natively: wav, flac, mp3, ogg (vorbis), m4a and aac, by symphonia.

use std::fs::File;
use std::io::{self, Cursor, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions, well_known};
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::MetadataOptions;

use super::pcm::append_mono;
use super::{Error, Pcm, Resampler, check_rate};

/// Packets in a row that may be damaged before the rest of a file is given up.
const PATIENCE: usize = 1000;

/// Decodes a file to one channel (the mean of its channels) at the file's own rate.
///
/// Encoder delay and padding are cut off where the format tells them. Damaged packets are skipped, and a file that breaks
/// off is taken as far as it goes.
///
/// # Errors
/// Each for its own reason: there is no such file, it is a folder, cannot be read, is empty, is no audio, has no audio
/// track, is in a coding that is not supported, has not a single packet that can be decoded, or holds samples or a rate
/// that [`Pcm::new`] refuses.
pub fn decode(path: &Path) -> Result<Pcm, Error> {
    let refused = |cause: io::Error| match cause.kind() {
        ErrorKind::NotFound => Error::NotFound,
        ErrorKind::IsADirectory => Error::Folder,
        _ => Error::Unreadable { cause },
    };
    let file = File::open(path).map_err(refused)?;
    let metadata = file.metadata().map_err(refused)?;
    if metadata.is_dir() {
        return Err(Error::Folder);
    }
    let extension = path.extension().and_then(|extension| extension.to_str());
    if metadata.is_file() {
        return decode_reader(file, extension);
    }
    // A pipe cannot be wound back, which finding out the format needs.
    let mut bytes = Vec::new();
    (&file).read_to_end(&mut bytes).map_err(refused)?;
    decode_reader(Cursor::new(bytes), extension)
}

/// Decodes what `reader` gives, as [`decode`] does; `extension` (without the dot) is a hint at the format.
///
/// # Errors
/// As those of [`decode`].
pub fn decode_reader<R>(mut reader: R, extension: Option<&str>) -> Result<Pcm, Error>
where
    R: Read + Seek + Send + Sync + 'static,
{
    let mut length = || {
        let length = reader.seek(SeekFrom::End(0))?;
        reader.rewind()?;
        Ok(length)
    };
    let length = length().map_err(|cause: io::Error| Error::Unreadable { cause })?;
    if length == 0 {
        return Err(Error::EmptyFile);
    }
    let mut head = Vec::new();
    let looked = reader.by_ref().take(12).read_to_end(&mut head).and_then(|_| reader.rewind());
    looked.map_err(|cause| Error::Unreadable { cause })?;
    let stream = MediaSourceStream::new(Box::new(Source { reader, length }), Default::default());
    let mut hint = Hint::new();
    if let Some(extension) = extension {
        hint.with_extension(extension);
    }
    let probe = symphonia::default::get_probe();
    let format = probe.probe(&hint, stream, FormatOptions::default(), MetadataOptions::default());
    let format = format.map_err(|error| match error {
        SymphoniaError::IoError(cause) if cause.kind() != ErrorKind::UnexpectedEof => Error::Unreadable { cause },
        _ if begins_like_audio(&head) => {
            Error::NothingDecoded { reason: "it begins as audio does, but goes on otherwise".to_owned() }
        }
        _ => Error::NotAudio,
    })?;
    Decoding::default().run(format)
}

/// Whether the first bytes are those of a container that is known: such a file is no stranger, but damaged.
fn begins_like_audio(head: &[u8]) -> bool {
    let at = |place: usize, mark: &[u8]| head.get(place..).is_some_and(|rest| rest.starts_with(mark));
    at(8, b"WAVE") || at(0, b"fLaC") || at(0, b"OggS") || at(0, b"ID3") || at(4, b"ftyp")
}

/// What has been decoded so far.
#[derive(Default)]
struct Decoding {
    /// Of the first packet; what comes at another rate is resampled to it.
    sample_rate: Option<u32>,
    mono: Vec<f32>,
    /// Samples of one packet, all channels.
    interleaved: Vec<f32>,
    /// The sound since the rate last changed, if it is not the first one's.
    other: Option<(u32, Vec<f32>)>,
    /// The first thing that went wrong.
    trouble: Option<String>,
}

impl Decoding {
    fn run(mut self, mut format: Box<dyn FormatReader + '_>) -> Result<Pcm, Error> {
        let (mut track, mut decoder) = open_track(&*format)?;
        let mut damaged = 0;
        while damaged < PATIENCE {
            let packet = match format.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => break,
                // A new stream begins within the file (chained Ogg).
                Err(SymphoniaError::ResetRequired) => match open_track(&*format) {
                    Ok(next) => {
                        (track, decoder) = next;
                        continue;
                    }
                    Err(error) => {
                        self.note(&error);
                        break;
                    }
                },
                Err(error) => {
                    self.note(&error);
                    break;
                }
            };
            if packet.track_id != track {
                continue;
            }
            match decoder.decode(&packet) {
                Ok(buffer) => {
                    let (rate, channels) = (buffer.spec().rate(), buffer.spec().channels().count());
                    buffer.copy_to_vec_interleaved(&mut self.interleaved);
                    self.take(rate, channels)?;
                    damaged = 0;
                }
                Err(SymphoniaError::ResetRequired) => decoder.reset(),
                Err(error) => {
                    self.note(&error);
                    damaged += 1;
                }
            }
        }
        self.finish()
    }

    /// Takes the packet in `self.interleaved`.
    fn take(&mut self, rate: u32, channels: usize) -> Result<(), Error> {
        if self.interleaved.is_empty() || channels == 0 {
            return Ok(());
        }
        check_rate(rate)?;
        let first = *self.sample_rate.get_or_insert(rate);
        if self.other.as_ref().is_some_and(|(other, _)| *other != rate) {
            self.join_other()?;
        }
        let mono =
            if rate == first { &mut self.mono } else { &mut self.other.get_or_insert_with(|| (rate, Vec::new())).1 };
        append_mono(&self.interleaved, channels, mono);
        Ok(())
    }

    /// Appends the sound at another rate to the rest.
    fn join_other(&mut self) -> Result<(), Error> {
        if let (Some((rate, sound)), Some(first)) = (self.other.take(), self.sample_rate) {
            let mut resampler = Resampler::new(rate, first)?;
            resampler.push(&sound, &mut self.mono);
            resampler.finish(&mut self.mono);
        }
        Ok(())
    }

    fn note(&mut self, error: &dyn std::error::Error) {
        self.trouble.get_or_insert_with(|| error.to_string());
    }

    fn finish(mut self) -> Result<Pcm, Error> {
        self.join_other()?;
        match self.sample_rate {
            Some(rate) => Pcm::new(self.mono, rate),
            None => {
                let reason = self.trouble.unwrap_or_else(|| "there is no sound in it".to_owned());
                Err(Error::NothingDecoded { reason })
            }
        }
    }
}

/// The audio track to decode, and its decoder.
fn open_track(format: &dyn FormatReader) -> Result<(u32, Box<dyn AudioDecoder>), Error> {
    let known = format.first_track_known_codec(TrackType::Audio);
    let track = known.or_else(|| format.first_track(TrackType::Audio)).ok_or(Error::NoAudioTrack)?;
    let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
    let unsupported = |codec: &str| Error::UnsupportedCodec { codec: codec.to_owned() };
    let parameters = parameters.ok_or_else(|| unsupported("unknown"))?;
    let decoder = symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &AudioDecoderOptions::default())
        .map_err(|_| match parameters.codec {
            well_known::CODEC_ID_OPUS => unsupported("opus"),
            well_known::CODEC_ID_ALAC => unsupported("alac"),
            _ => unsupported("unknown"),
        })?;
    Ok((track.id, decoder))
}

/// A reader with its length, as symphonia wants it.
struct Source<R> {
    reader: R,
    length: u64,
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl<R: Seek> Seek for Source<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.reader.seek(to)
    }
}

impl<R: Read + Seek + Send + Sync> MediaSource for Source<R> {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.length)
    }
}
