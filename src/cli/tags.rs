//! Moods as tags in audio files: `TMOO` of ID3v2, `MOOD` of Vorbis comments, and iTunes' field of that name.
//!
//! A file is never written to. Its copy is, and takes its place once it is on the disk, has the same tags but for the
//! mood, and decodes to the same samples.

use std::borrow::Cow;
use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::hash::Hasher;
use std::io::{self, Seek};
use std::path::Path;

use lofty::TextEncoding;
use lofty::aac::AacFile;
use lofty::config::{ParseOptions, WriteOptions};
use lofty::file::{AudioFile, FileType};
use lofty::flac::FlacFile;
use lofty::id3::v2::{Frame, FrameId, Id3v2Tag, TextInformationFrame};
use lofty::iff::wav::WavFile;
use lofty::mp4::{Atom, AtomData, AtomIdent, Ilst, Mp4File};
use lofty::mpeg::MpegFile;
use lofty::ogg::VorbisComments;
use lofty::ogg::{OggPictureStorage, VorbisFile};
use lofty::probe::Probe;
use serde::Serialize;

use super::beside::write_beside;
use crate::Mood;
use crate::Pcm;
use crate::audio::decode::decode_reader;

const TMOO: FrameId<'static> = FrameId::Valid(Cow::Borrowed("TMOO"));
const MOOD: &str = "MOOD";
const ITUNES_MOOD: AtomIdent<'static> =
    AtomIdent::Freeform { mean: Cow::Borrowed("com.apple.iTunes"), name: Cow::Borrowed(MOOD) };

/// What became of a file's tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tagging {
    /// The field's name in this kind of file.
    pub field: &'static str,
    /// Its values before.
    pub before: Vec<String>,
    /// The mood that was heard.
    pub mood: Mood,
    /// What was done.
    pub state: State,
}

/// What was done about a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The mood was written.
    Written,
    /// It would have been, but nothing was to be written.
    WouldBeWritten,
    /// The file says so already.
    Same,
    /// The file names another mood, which was not to be replaced.
    Kept,
}

impl State {
    /// As it stands in output.
    pub fn name(self) -> &'static str {
        match self {
            State::Written => "written",
            State::WouldBeWritten => "would-be-written",
            State::Same => "same",
            State::Kept => "kept",
        }
    }
}

impl fmt::Display for Tagging {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mood, before) = (self.mood, self.before.join(" / ").replace(char::is_control, "\u{fffd}"));
        write!(f, "{}: ", self.field)?;
        match self.state {
            State::Same => return write!(f, "{mood}, as before"),
            State::Kept => return write!(f, "keeps {before} (--replace-tags writes {mood})"),
            State::Written => write!(f, "{mood} written")?,
            State::WouldBeWritten => write!(f, "{mood} would be written")?,
        }
        if before.is_empty() { Ok(()) } else { write!(f, " in place of {before}") }
    }
}

/// Why a tag was not written. The file is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no place for a mood in files of this kind.
    #[error("files of this kind take no mood tag; mp3, wav, aac, flac, ogg (vorbis) and m4a do")]
    Unsupported,
    /// The tags that are there cannot be understood.
    #[error("its tags cannot be understood ({reason}), so none is written")]
    Unreadable {
        /// What the library says.
        reason: String,
    },
    /// The file is not to be written.
    #[error("the file is read-only; make it writable to have its tag written")]
    ReadOnly,
    /// The system refuses.
    #[error("the tag cannot be written ({0}); the file is as it was")]
    Io(#[from] io::Error),
    /// The library refuses.
    #[error("the tag cannot be written ({reason}); the file is as it was")]
    Unwritable {
        /// What it says.
        reason: String,
    },
    /// Other tags would have changed.
    #[error("the tag was not written: other tags would be lost with it; the file is as it was")]
    OtherTags,
    /// The sound would have changed.
    #[error("the tag was not written: the sound would not be the same; the file is as it was")]
    OtherSound,
    /// Somebody else wrote to the file.
    #[error("the tag was not written: the file has changed meanwhile")]
    Changed,
}

/// What is to be done about tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// Nothing is written.
    pub dry_run: bool,
    /// Moods that others wrote are replaced.
    pub replace: bool,
}

/// Stands for the samples of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sound {
    rate: u32,
    samples: usize,
    hash: u64,
}

impl Sound {
    /// That of decoded samples.
    pub fn of(pcm: &Pcm) -> Sound {
        let mut hasher = std::hash::DefaultHasher::new();
        pcm.samples().iter().for_each(|sample| hasher.write_u32(sample.to_bits()));
        Sound { rate: pcm.sample_rate(), samples: pcm.samples().len(), hash: hasher.finish() }
    }
}

/// Writes a mood into the file at `path`, which decodes to `sound`.
///
/// A link is followed. Permissions and, on Unix, the owner stay; the time of the last change is new.
///
/// # Errors
/// When it is not written; the file is as it was.
pub fn write(path: &Path, mood: Mood, sound: Sound, wish: Wish) -> Result<Tagging, Error> {
    // A new file in place of a link would leave what the link leads to without its tag.
    let path = &fs::canonicalize(path)?;
    let was = path.metadata()?;
    let mut tagged = Tagged::read(path)?;
    let before = tagged.moods();
    let tagging = |state| Tagging { field: tagged.field(), before: before.clone(), mood, state };
    if before == [mood.name()] {
        return Ok(tagging(State::Same));
    }
    if !before.is_empty() && !wish.replace {
        return Ok(tagging(State::Kept));
    }
    // Renaming would go round the permission.
    if was.permissions().readonly() || OpenOptions::new().write(true).open(path).is_err() {
        return Err(Error::ReadOnly);
    }
    if wish.dry_run {
        return Ok(tagging(State::WouldBeWritten));
    }
    let written = tagging(State::Written);
    tagged.set_mood(mood);
    write_beside(path, |file, beside| {
        io::copy(&mut File::open(path)?, file)?;
        keep_owner(&was, beside)?;
        tagged.save(file)?;
        check(path, beside, sound)?;
        let is = path.metadata()?;
        let same = is.len() == was.len() && is.modified()? == was.modified()?;
        if same { Ok(()) } else { Err(Error::Changed) }
    })?;
    Ok(written)
}

/// Whether the copy `beside` of the file at `path` differs in nothing but the mood.
fn check(path: &Path, beside: &Path, sound: Sound) -> Result<(), Error> {
    let kind = |path| Tagged::read(path).map(Tagged::without_mood);
    if kind(path)? != kind(beside)? {
        return Err(Error::OtherTags);
    }
    // The name ends differently, so that nobody takes it for sound; the decoder is told what it is.
    let extension = path.extension().and_then(|extension| extension.to_str());
    let decoded = decode_reader(File::open(beside)?, extension).map_err(|_| Error::OtherSound)?;
    if Sound::of(&decoded) == sound { Ok(()) } else { Err(Error::OtherSound) }
}

/// Gives a new file the permissions and, on Unix, the owner of another.
fn keep_owner(was: &Metadata, path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, chown};
        let is = path.metadata()?;
        if (is.uid(), is.gid()) != (was.uid(), was.gid()) {
            chown(path, Some(was.uid()), Some(was.gid()))?;
        }
    }
    fs::set_permissions(path, was.permissions())
}

/// A file's tags, in their own form: nothing is converted, so nothing is lost.
enum Tagged {
    Mpeg(MpegFile),
    Wav(WavFile),
    Aac(AacFile),
    Flac(FlacFile),
    Ogg(VorbisFile),
    Mp4(Mp4File),
}

/// What of the tags is compared. Fields may stand in another order afterwards, those of one name not.
#[derive(PartialEq)]
enum Others {
    Id3v2(Vec<Frame<'static>>),
    Vorbis { vendor: String, comments: Vec<(String, String)>, pictures: Vec<lofty::picture::Picture> },
    Ilst(Ilst),
}

impl Tagged {
    fn read(path: &Path) -> Result<Tagged, Error> {
        let unreadable = |error: &dyn fmt::Display| Error::Unreadable { reason: error.to_string() };
        // By its content, whatever its name says.
        let probe = Probe::new(io::BufReader::new(File::open(path)?)).guess_file_type()?;
        let options = ParseOptions::new().read_properties(false);
        let kind = probe.file_type();
        let reader = &mut probe.into_inner();
        reader.rewind()?;
        Ok(match kind {
            Some(FileType::Mpeg) => Tagged::Mpeg(MpegFile::read_from(reader, options).map_err(|e| unreadable(&e))?),
            Some(FileType::Wav) => Tagged::Wav(WavFile::read_from(reader, options).map_err(|e| unreadable(&e))?),
            Some(FileType::Aac) => Tagged::Aac(AacFile::read_from(reader, options).map_err(|e| unreadable(&e))?),
            Some(FileType::Flac) => Tagged::Flac(FlacFile::read_from(reader, options).map_err(|e| unreadable(&e))?),
            Some(FileType::Vorbis) => Tagged::Ogg(VorbisFile::read_from(reader, options).map_err(|e| unreadable(&e))?),
            Some(FileType::Mp4) => Tagged::Mp4(Mp4File::read_from(reader, options).map_err(|e| unreadable(&e))?),
            _ => return Err(Error::Unsupported),
        })
    }

    fn id3v2(&self) -> Option<&Id3v2Tag> {
        match self {
            Tagged::Mpeg(file) => file.id3v2(),
            Tagged::Wav(file) => file.id3v2(),
            Tagged::Aac(file) => file.id3v2(),
            Tagged::Flac(_) | Tagged::Ogg(_) | Tagged::Mp4(_) => None,
        }
    }

    fn comments(&self) -> Option<&VorbisComments> {
        match self {
            Tagged::Flac(file) => file.vorbis_comments(),
            Tagged::Ogg(file) => Some(file.vorbis_comments()),
            _ => None,
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Tagged::Mpeg(_) | Tagged::Wav(_) | Tagged::Aac(_) => "TMOO",
            Tagged::Flac(_) | Tagged::Ogg(_) => MOOD,
            Tagged::Mp4(_) => "com.apple.iTunes:MOOD",
        }
    }

    fn moods(&self) -> Vec<String> {
        let owned = |text: &str| text.to_owned();
        match self {
            Tagged::Mp4(file) => {
                let atom = file.ilst().and_then(|ilst| ilst.get(&ITUNES_MOOD));
                let text = |data: &AtomData| match data {
                    AtomData::UTF8(text) | AtomData::UTF16(text) => text.clone(),
                    _ => "(data)".to_owned(),
                };
                atom.map_or(Vec::new(), |atom| atom.data().map(text).collect())
            }
            Tagged::Flac(_) | Tagged::Ogg(_) => {
                self.comments().map_or(Vec::new(), |comments| comments.get_all(MOOD).map(owned).collect())
            }
            Tagged::Mpeg(_) | Tagged::Wav(_) | Tagged::Aac(_) => {
                let texts = self.id3v2().and_then(|tag| tag.get_texts(&TMOO));
                texts.map_or(Vec::new(), |texts| texts.map(owned).collect())
            }
        }
    }

    fn set_mood(&mut self, mood: Mood) {
        let name = mood.name().to_owned();
        let frame = || Frame::Text(TextInformationFrame::new(TMOO, TextEncoding::UTF8, name.clone()));
        let with_frame = |tag: Option<&Id3v2Tag>| {
            let mut tag = tag.cloned().unwrap_or_default();
            let _ = tag.insert(frame());
            tag
        };
        match self {
            Tagged::Mpeg(file) => drop(file.set_id3v2(with_frame(file.id3v2()))),
            Tagged::Wav(file) => drop(file.set_id3v2(with_frame(file.id3v2()))),
            Tagged::Aac(file) => drop(file.set_id3v2(with_frame(file.id3v2()))),
            Tagged::Flac(file) => {
                let mut comments = file.vorbis_comments().cloned().unwrap_or_default();
                comments.insert(MOOD.to_owned(), name);
                drop(file.set_vorbis_comments(comments));
            }
            Tagged::Ogg(file) => file.vorbis_comments_mut().insert(MOOD.to_owned(), name),
            Tagged::Mp4(file) => {
                let mut ilst = file.ilst().cloned().unwrap_or_default();
                ilst.replace_atom(Atom::new(ITUNES_MOOD, AtomData::UTF8(name)));
                drop(file.set_ilst(ilst));
            }
        }
    }

    fn save(&self, file: &mut File) -> Result<(), Error> {
        file.rewind()?;
        let options = WriteOptions::new();
        let saved = match self {
            Tagged::Mpeg(tagged) => tagged.save_to(file, options),
            Tagged::Wav(tagged) => tagged.save_to(file, options),
            Tagged::Aac(tagged) => tagged.save_to(file, options),
            Tagged::Flac(tagged) => tagged.save_to(file, options),
            Tagged::Ogg(tagged) => tagged.save_to(file, options),
            Tagged::Mp4(tagged) => tagged.save_to(file, options),
        };
        saved.map_err(|error| Error::Unwritable { reason: error.to_string() })
    }

    fn without_mood(self) -> Others {
        let pictures = match &self {
            Tagged::Flac(file) => file.pictures().iter().map(|(picture, _)| picture.clone()).collect(),
            _ => Vec::new(),
        };
        match self {
            Tagged::Mp4(file) => {
                let mut ilst = file.ilst().cloned().unwrap_or_default();
                ilst.remove(&ITUNES_MOOD).for_each(drop);
                Others::Ilst(ilst)
            }
            Tagged::Flac(_) | Tagged::Ogg(_) => {
                let mut tag = self.comments().cloned().unwrap_or_default();
                tag.remove(MOOD).for_each(drop);
                let vendor = tag.vendor().to_owned();
                let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
                let mut comments: Vec<(String, String)> = tag.items().map(owned).collect();
                comments.sort_by(|a, b| a.0.cmp(&b.0));
                Others::Vorbis { vendor, comments, pictures }
            }
            Tagged::Mpeg(_) | Tagged::Wav(_) | Tagged::Aac(_) => {
                let mut tag = self.id3v2().cloned().unwrap_or_default();
                tag.remove(&TMOO).for_each(drop);
                let mut frames: Vec<Frame<'static>> = tag.into_iter().collect();
                frames.sort_by(|a, b| a.id_str().cmp(b.id_str()));
                Others::Id3v2(frames)
            }
        }
    }
}
