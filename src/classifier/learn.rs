//! What is learnt of a voice, from recordings and from live sound.

use super::front::Front;
use super::{Classifier, Error, PIECE};
use crate::audio::Pcm;
use crate::nets::{Domain, Heard, InputSettings, VoiceProfile};

impl Classifier {
    /// What a recording of one voice tells of it, for [`Classifier::set_voice`]; several are [joined](VoiceProfile::join). Nobody needs
    /// to say which moods are heard, but there should be several, and a minute of sound or more.
    ///
    /// # Errors
    /// [`Error::NoVoice`] for networks for music, [`Error::Audio`] when the recording cannot be resampled.
    pub fn voice_in(&self, pcm: &Pcm) -> Result<VoiceProfile, Error> {
        if self.domain() != Domain::Voice {
            return Err(Error::NoVoice);
        }
        let columns = self.settings.columns();
        let mut front = Front::new(&self.settings, pcm.sample_rate())?;
        for piece in pcm.samples().chunks(PIECE) {
            front.push(piece)?;
        }
        front.finish();
        let mut voice = VoiceProfile::new(columns);
        for window in front.frames.chunks(self.settings.window_frames * columns) {
            if let Some(heard) = self.hear(window) {
                voice.learn(&heard, &self.functionals, 1.0);
            }
        }
        Ok(voice)
    }

    /// Adds what can be heard of a live window to what is known of the voice. Windows overlap: each counts for the part that is new.
    pub(super) fn learn(&mut self, window: &Heard) {
        let InputSettings { hop_frames, window_frames, .. } = self.settings;
        if let Some(voice) = &mut self.voice {
            voice.learn(window, &self.functionals, hop_frames as f64 / window_frames as f64);
        }
    }
}
