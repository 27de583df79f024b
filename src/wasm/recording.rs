//! A recording that is handed over in pieces.

use js_sys::{Float32Array, Object, Reflect, Uint32Array};
use wasm_bindgen::prelude::*;

use super::samples::{JsSamples, mono};
use super::{JsAnalysis, JsClassifyOptions, error, from_classifier, plain, progress_of, reporting};
use crate::classifier::{self, Handout, HandoutOpinions, HeardRecording, Window};

/// Judges a recording that is handed over in pieces: moods come on the way, hours of samples never lie in memory at once, and
/// parts can be judged alone afterwards.
#[wasm_bindgen]
pub struct Recording {
    stage: Stage,
}

enum Stage {
    ComingIn(classifier::Recording),
    Heard(HeardRecording),
    /// `finish` refused an empty recording.
    Empty,
}

impl Recording {
    pub(super) fn new(inner: classifier::Recording) -> Recording {
        Recording { stage: Stage::ComingIn(inner) }
    }

    fn coming_in(&mut self) -> Result<&mut classifier::Recording, JsValue> {
        match &mut self.stage {
            Stage::ComingIn(recording) => Ok(recording),
            _ => Err(error(
                "recording-finished",
                "this recording was finished; begin another with classifier.recording()",
            )),
        }
    }
}

#[wasm_bindgen]
impl Recording {
    /// Says how many seconds long the recording will be, as far as is known: it takes half the memory then.
    pub fn expect(&mut self, seconds: f64) -> Result<(), JsValue> {
        self.coming_in()?.expect(seconds);
        Ok(())
    }

    /// Takes mono samples, or an array with the samples of each channel, best some seconds at a time; gives the windows that they
    /// complete, in order. The last windows come with `finish`.
    #[wasm_bindgen(unchecked_return_type = "Window[]")]
    pub fn push(&mut self, samples: &JsSamples) -> Result<JsValue, JsValue> {
        let recording = self.coming_in()?;
        recording.push(&mono(samples)?).map_err(|source| from_classifier(&source))?;
        let windows: Vec<Window> = recording.judge();
        plain(&windows)
    }

    /// Takes samples as `push` does, and hands out the windows that they complete, for a classifier of the same models in another worker:
    /// `classifier.judgeHandout(frames, starts)`. `undefined` where they complete none.
    #[wasm_bindgen(js_name = handOut, unchecked_return_type = "Handout | undefined")]
    pub fn hand_out(&mut self, samples: &JsSamples) -> Result<JsValue, JsValue> {
        let recording = self.coming_in()?;
        recording.push(&mono(samples)?).map_err(|source| from_classifier(&source))?;
        let Some(Handout { id, frames, starts }) = recording.hand_out() else {
            return Ok(JsValue::UNDEFINED);
        };
        let handout = Object::new();
        let set = |key: &str, value: &JsValue| Reflect::set(&handout, &key.into(), value);
        set("id", &id.into())?;
        set("frames", &Float32Array::from(frames.as_slice()))?;
        let starts: Vec<u32> = starts.into_iter().map(|start| start as u32).collect();
        set("starts", &Uint32Array::from(starts.as_slice()))?;
        Ok(handout.into())
    }

    /// Takes what `judgeHandout` gave for the handout with this `id`, and gives its windows as `push` does. Without opinions it judges them
    /// itself; what has not come back by `finish` is judged then.
    #[wasm_bindgen(js_name = takeBack, unchecked_return_type = "Window[]")]
    pub fn take_back(&mut self, id: u32, opinions: Option<Vec<f32>>) -> Result<JsValue, JsValue> {
        let recording = self.coming_in()?;
        let models = recording.models();
        let read =
            |numbers: Vec<f32>| HandoutOpinions::from_numbers(&numbers, models).ok_or(classifier::Error::Handout);
        let opinions = opinions.map(read).transpose().map_err(|source| from_classifier(&source))?;
        plain(&recording.take_back(id, opinions).map_err(|source| from_classifier(&source))?)
    }

    /// The recording is complete: judges what is left of it.
    #[wasm_bindgen(unchecked_return_type = "Analysis")]
    pub fn finish(&mut self, options: Option<JsClassifyOptions>) -> Result<JsAnalysis, JsValue> {
        let progress = progress_of(options)?;
        self.coming_in()?;
        let Stage::ComingIn(recording) = std::mem::replace(&mut self.stage, Stage::Empty) else {
            return Err(error("internal", "a recording was lost"));
        };
        // What the callback throws must not cost the recording.
        let mut heard = None;
        let analysis = reporting(progress, |report| {
            let (analysis, recording) = recording.complete(report)?;
            heard = Some(recording);
            Ok(analysis)
        });
        if let Some(heard) = heard {
            self.stage = Stage::Heard(heard);
        }
        Ok(plain(&analysis?)?.unchecked_into())
    }

    /// Judges the part from `startS` to `endS` seconds alone, after `finish`. `durationS` is the part's length; windows keep
    /// their times in the recording.
    #[wasm_bindgen(unchecked_return_type = "Analysis")]
    pub fn excerpt(
        &self,
        #[wasm_bindgen(js_name = startS)] start_s: f64,
        #[wasm_bindgen(js_name = endS)] end_s: f64,
    ) -> Result<JsAnalysis, JsValue> {
        let Stage::Heard(heard) = &self.stage else {
            return Err(error("recording-unfinished", "call finish() before parts of the recording are judged"));
        };
        let analysis = heard.excerpt(start_s, end_s).map_err(|source| from_classifier(&source))?;
        Ok(plain(&analysis)?.unchecked_into())
    }
}
