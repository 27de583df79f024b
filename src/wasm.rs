//! The thin JavaScript surface: conversions and nothing else. Compiled for wasm only.

mod overview;
mod recording;
mod samples;
mod study;

use js_sys::{Array, Error as JsError, Float32Array, Function, Object, Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use web_sys::Performance;

use crate::audio::{self, Pcm, SAMPLE_RATE};
use crate::classifier::{self, Window};
use crate::features::{self, MelScale, MfccOptions, Padding};
use crate::mood::Mood;
use crate::nets;
use recording::Recording;

/// The parts of the surface that TypeScript cannot read off the functions.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("wasm/types.d.ts");

/// Samples copied from JavaScript at a time: an hour of music need not lie in memory twice.
const PIECE: u32 = 1 << 16;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "Mfcc")]
    pub type JsMfcc;
    #[wasm_bindgen(typescript_type = "MfccOptions")]
    pub type JsMfccOptions;
    #[wasm_bindgen(typescript_type = "Analysis")]
    pub type JsAnalysis;
    #[wasm_bindgen(typescript_type = "Window")]
    pub type JsWindow;
    #[wasm_bindgen(typescript_type = "ModelInfo[]")]
    pub type JsModels;
    #[wasm_bindgen(typescript_type = "Uint8Array[]")]
    pub type JsFiles;
    #[wasm_bindgen(typescript_type = "ClassifyOptions")]
    pub type JsClassifyOptions;
    #[wasm_bindgen(typescript_type = "WindowSettings")]
    pub type JsWindowSettings;
    #[wasm_bindgen(typescript_type = "VoiceProfile | undefined")]
    pub type JsVoiceProfile;
    #[wasm_bindgen(typescript_type = "Circumplex")]
    pub type JsCircumplex;
}

/// Milliseconds on a clock that never goes back; 0 in an engine without `performance`.
pub(crate) fn now_ms() -> f64 {
    // Page, worker and Node all have it, but each on a global object of its own kind.
    let performance = Reflect::get(&js_sys::global(), &"performance".into());
    performance.ok().and_then(|object| object.dyn_into::<Performance>().ok()).map_or(0.0, |clock| clock.now())
}

#[wasm_bindgen(start, skip_typescript)]
fn start() {
    console_error_panic_hook::set_once();
}

/// A JavaScript `Error` with a stable `code`.
fn error(code: &str, message: &str) -> JsValue {
    let error = JsError::new(message);
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}

fn from_audio(source: &audio::Error) -> JsValue {
    let code = match source {
        audio::Error::Empty => "empty-audio",
        audio::Error::NotFinite { .. } => "invalid-samples",
        audio::Error::SampleRate { .. } => "unsupported-sample-rate",
        _ => "invalid-audio",
    };
    error(code, &source.to_string())
}

fn from_features(source: &features::Error) -> JsValue {
    error("invalid-options", &source.to_string())
}

fn from_classifier(source: &classifier::Error) -> JsValue {
    let code = match source {
        classifier::Error::Audio(source) => return from_audio(source),
        classifier::Error::Features(source) => return from_features(source),
        classifier::Error::NoModels => "no-models",
        classifier::Error::MixedDomains { .. } | classifier::Error::MixedFrames => "mixed-models",
        classifier::Error::NoVoice => "no-voice",
        classifier::Error::Voice { .. } => "invalid-voice",
        classifier::Error::Excerpt { .. } => "invalid-excerpt",
        classifier::Error::Handout => "invalid-handout",
        classifier::Error::Model { source, .. } => code_of_model(source),
    };
    error(code, &source.to_string())
}

/// What is wrong with a model file.
fn code_of_model(source: &nets::Error) -> &'static str {
    match source {
        nets::Error::Unreadable { .. } => "model-unreadable",
        nets::Error::Version { .. } => "model-version",
        nets::Error::Architecture { .. } => "model-architecture",
        nets::Error::Labels { .. } => "model-labels",
        nets::Error::Features { .. } => "model-features",
        _ => "model-invalid",
    }
}

/// A plain JavaScript value; maps become objects, as people write them.
fn plain(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map_err(|source| error("internal", &source.to_string()))
}

/// Options of [`mfcc`], in JavaScript's spelling; what is absent is librosa's default (and 40 coefficients).
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    sample_rate: u32,
    n_mfcc: usize,
    n_fft: usize,
    hop_length: usize,
    n_mels: usize,
    fmin: f32,
    fmax: Option<f32>,
    top_db: Option<f32>,
    padding: Padding,
    mel_scale: MelScale,
}

impl Default for Options {
    fn default() -> Self {
        let MfccOptions { n_mfcc, n_fft, hop_length, n_mels, fmin, fmax, top_db, padding, mel_scale, .. } =
            MfccOptions::default();
        let sample_rate = SAMPLE_RATE;
        Options { sample_rate, n_mfcc, n_fft, hop_length, n_mels, fmin, fmax, top_db, padding, mel_scale }
    }
}

impl Options {
    fn read(options: Option<JsMfccOptions>) -> Result<MfccOptions, JsValue> {
        let Some(options) = options.map(JsValue::from).filter(|value| !value.is_undefined() && !value.is_null()) else {
            return Ok(MfccOptions::default());
        };
        // serde-wasm-bindgen looks up the fields it knows and never sees the others.
        let known = serde_json::to_value(Options::default()).unwrap_or_default();
        for key in options.dyn_ref::<Object>().map(Object::keys).iter().flat_map(Array::iter) {
            let key = key.as_string().unwrap_or_default();
            if known.get(&key).is_none() {
                return Err(error("invalid-options", &format!("there is no option “{key}”; see MfccOptions")));
            }
        }
        let Options { sample_rate, n_mfcc, n_fft, hop_length, n_mels, fmin, fmax, top_db, padding, mel_scale } =
            serde_wasm_bindgen::from_value(options).map_err(|source| error("invalid-options", &source.to_string()))?;
        Ok(MfccOptions { sample_rate, n_mfcc, n_fft, hop_length, n_mels, fmin, fmax, top_db, padding, mel_scale })
    }
}

/// MFCCs as librosa computes them, of mono PCM in the nominal range −1 … 1.
///
/// PCM at another rate than `options.sampleRate` (22 050 Hz) is resampled to it first.
#[wasm_bindgen(js_name = mfcc, unchecked_return_type = "Mfcc")]
pub fn mfcc(
    pcm: Vec<f32>,
    #[wasm_bindgen(js_name = sampleRate)] sample_rate: f64,
    options: Option<JsMfccOptions>,
) -> Result<JsMfcc, JsValue> {
    let options = Options::read(options)?;
    let mut plan = features::Mfcc::new(&options).map_err(|source| from_features(&source))?;
    let pcm = Pcm::new(pcm, rate(sample_rate)?)
        .and_then(|pcm| pcm.resampled(options.sample_rate))
        .map_err(|source| from_audio(&source))?;
    let frames = plan.mfcc(pcm.samples());
    let result = Object::new();
    let set = |key: &str, value: &JsValue| Reflect::set(&result, &key.into(), value);
    set("frames", &(frames.n_frames() as f64).into())?;
    set("coefficients", &(frames.n_coefficients() as f64).into())?;
    set("data", &Float32Array::from(frames.data()))?;
    Ok(JsValue::from(result).unchecked_into())
}

/// JavaScript's numbers are doubles; a rate that is not a whole number of Hz is not rounded silently.
fn rate(sample_rate: f64) -> Result<u32, JsValue> {
    if sample_rate.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&sample_rate) {
        return Ok(sample_rate as u32);
    }
    Err(error("unsupported-sample-rate", &format!("{sample_rate} is not a sample rate; pass whole Hz, such as 44100")))
}

/// The sample rate that an audio file states in its own header, in Hz; `undefined` where it cannot be told.
///
/// Open the `AudioContext` at this rate: then the browser does not resample, and songmood's own filter does.
#[wasm_bindgen(js_name = sampleRateOf)]
pub fn sample_rate_of(bytes: &[u8]) -> Option<u32> {
    audio::probe::sample_rate(bytes)
}

/// Where the words for the moods lie on the plane of valence and arousal (Russell, 1980).
#[wasm_bindgen(unchecked_return_type = "Circumplex")]
pub fn circumplex() -> Result<JsCircumplex, JsValue> {
    let place = |mood: Mood| {
        let (valence, arousal) = mood.circumplex();
        (mood.name(), serde_json::json!({ "valence": valence, "arousal": arousal }))
    };
    Ok(plain(&Mood::ALL.into_iter().map(place).collect::<std::collections::BTreeMap<_, _>>())?.unchecked_into())
}

/// Judges recordings and live sound with one or more networks.
#[wasm_bindgen]
pub struct Classifier {
    inner: classifier::Classifier,
}

#[wasm_bindgen]
impl Classifier {
    /// Loads model files, each a `Uint8Array` with the bytes of a `.safetensors` that songmood wrote.
    #[wasm_bindgen(constructor)]
    pub fn new(models: JsFiles) -> Result<Classifier, JsValue> {
        let wrong = || error("no-models", "pass an array of Uint8Array, one for each model file");
        let models: &Array = models.dyn_ref().ok_or_else(wrong)?;
        let bytes = |file: JsValue| Some(file.dyn_ref::<Uint8Array>()?.to_vec());
        let files: Vec<Vec<u8>> = models.iter().map(bytes).collect::<Option<_>>().ok_or_else(wrong)?;
        let inner = classifier::Classifier::new(&files).map_err(|source| from_classifier(&source))?;
        Ok(Classifier { inner })
    }

    /// What the loaded files say of themselves.
    #[wasm_bindgen(getter, unchecked_return_type = "ModelInfo[]")]
    pub fn models(&self) -> Result<JsModels, JsValue> {
        let info = |model: &nets::Model| {
            let card = model.card();
            serde_json::json!({
                "name": card.name,
                "kind": card.kind.name(),
                "domain": card.domain().name(),
                "labels": nets::card::labels(),
                "parameters": model.parameters(),
                "trainedOn": card.trained_on,
                "licence": card.licence,
                "scores": card.scores,
            })
        };
        Ok(plain(&self.inner.models().iter().map(info).collect::<Vec<_>>())?.unchecked_into())
    }

    /// How windows are cut and what is made of what they say.
    #[wasm_bindgen(getter, unchecked_return_type = "WindowSettings")]
    pub fn settings(&self) -> Result<JsWindowSettings, JsValue> {
        let settings = self.inner.settings();
        let value = serde_json::json!({
            "windowS": settings.window_s(), "hopS": settings.hop_s(), "frameS": settings.frame_s(),
            "sureAbove": self.inner.sure_above(), "tension": self.inner.tension(),
        });
        Ok(plain(&value)?.unchecked_into())
    }

    /// What is known of the voice that recordings are judged relative to; `undefined` when they are judged as any voice.
    #[wasm_bindgen(getter, unchecked_return_type = "VoiceProfile | undefined")]
    pub fn voice(&self) -> Result<JsVoiceProfile, JsValue> {
        voice_to_js(self.inner.voice())
    }

    /// Judges from now on relative to a voice that was learnt live, or as any voice again with `undefined`.
    #[wasm_bindgen(js_name = setVoice)]
    pub fn set_voice(&mut self, voice: JsVoiceProfile) -> Result<(), JsValue> {
        self.inner.set_voice(voice_from_js(voice)?).map_err(|source| from_classifier(&source))
    }

    /// Judges a whole recording: mono PCM, nominal range −1 … 1, at 8 to 192 kHz.
    #[wasm_bindgen(unchecked_return_type = "Analysis")]
    pub fn classify(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Float32Array")] pcm: &JsValue,
        #[wasm_bindgen(js_name = sampleRate)] sample_rate: f64,
        options: Option<JsClassifyOptions>,
    ) -> Result<JsAnalysis, JsValue> {
        let pcm: &Float32Array =
            pcm.dyn_ref().ok_or_else(|| error("invalid-samples", "pass the samples as a Float32Array"))?;
        let progress = progress_of(options)?;
        let mut recording = self.inner.recording(rate(sample_rate)?).map_err(|source| from_classifier(&source))?;
        let mut piece = vec![0.0; PIECE.min(pcm.length()) as usize];
        let mut start = 0;
        while start < pcm.length() {
            let end = pcm.length().min(start.saturating_add(PIECE));
            let piece = &mut piece[..(end - start) as usize];
            pcm.subarray(start, end).copy_to(piece);
            recording.push(piece).map_err(|source| from_classifier(&source))?;
            start = end;
        }
        let (analysis, _) = reporting(progress, |report| recording.complete(report))?;
        Ok(plain(&analysis)?.unchecked_into())
    }

    /// Begins to judge a recording that is handed over in pieces, at a sample rate.
    pub fn recording(&self, #[wasm_bindgen(js_name = sampleRate)] sample_rate: f64) -> Result<Recording, JsValue> {
        let inner = self.inner.recording(rate(sample_rate)?).map_err(|source| from_classifier(&source))?;
        Ok(Recording::new(inner))
    }

    /// Judges windows that a recording of another worker handed out: gives what its `takeBack` takes.
    #[wasm_bindgen(js_name = judgeHandout, unchecked_return_type = "Float32Array<ArrayBuffer>")]
    pub fn judge_handout(&self, frames: &[f32], starts: &[u32]) -> Result<Vec<f32>, JsValue> {
        let starts: Vec<usize> = starts.iter().map(|start| *start as usize).collect();
        let opinions = self.inner.judge_handout(frames, &starts).map_err(|source| from_classifier(&source))?;
        Ok(opinions.to_numbers())
    }

    /// Begins to judge live sound at a sample rate.
    pub fn live(&self, #[wasm_bindgen(js_name = sampleRate)] sample_rate: f64) -> Result<LiveClassifier, JsValue> {
        let inner = self.inner.live(rate(sample_rate)?).map_err(|source| from_classifier(&source))?;
        Ok(LiveClassifier { inner })
    }
}

fn voice_to_js(voice: Option<&nets::VoiceProfile>) -> Result<JsVoiceProfile, JsValue> {
    Ok(voice.map_or(Ok(JsValue::UNDEFINED), plain)?.unchecked_into())
}

fn voice_from_js(voice: JsVoiceProfile) -> Result<Option<nets::VoiceProfile>, JsValue> {
    let voice = JsValue::from(voice);
    if voice.is_undefined() || voice.is_null() {
        return Ok(None);
    }
    let wrong = |source: serde_wasm_bindgen::Error| {
        error("invalid-voice", &format!("this is not what `voice` gave: {source}; forget it and learn the voice again"))
    };
    serde_wasm_bindgen::from_value(voice).map(Some).map_err(wrong)
}

fn progress_of(options: Option<JsClassifyOptions>) -> Result<Option<Function>, JsValue> {
    let Some(options) = options.map(JsValue::from).filter(JsValue::is_object) else {
        return Ok(None);
    };
    let progress = Reflect::get(&options, &"onProgress".into())?;
    if progress.is_undefined() || progress.is_null() {
        return Ok(None);
    }
    progress.dyn_into().map(Some).map_err(|_| error("invalid-options", "onProgress must be a function"))
}

/// Runs `work` with a report that calls `progress`. An exception in the callback ends up with the caller, after the work.
fn reporting<T>(
    progress: Option<Function>,
    work: impl FnOnce(&mut dyn FnMut(usize, usize)) -> Result<T, classifier::Error>,
) -> Result<T, JsValue> {
    let mut thrown = None;
    let mut report = |done: usize, total: usize| {
        if let (Some(progress), None) = (&progress, &thrown) {
            let called = progress.call2(&JsValue::NULL, &(done as f64).into(), &(total as f64).into());
            thrown = called.err();
        }
    };
    let result = work(&mut report).map_err(|source| from_classifier(&source))?;
    thrown.map_or(Ok(result), Err)
}

/// Judges sound as it comes.
#[wasm_bindgen]
pub struct LiveClassifier {
    inner: classifier::LiveClassifier,
}

#[wasm_bindgen]
impl LiveClassifier {
    /// Takes mono samples; gives the newest window that they complete, or `undefined`.
    #[wasm_bindgen(unchecked_return_type = "Window | undefined")]
    pub fn push(&mut self, samples: &[f32]) -> Result<JsValue, JsValue> {
        let window: Option<Window> = self.inner.push(samples).map_err(|source| from_classifier(&source))?;
        window.map_or(Ok(JsValue::UNDEFINED), |window| plain(&window))
    }

    /// Begins or ends learning the voice from all that is heard; what is heard is judged relative to what is known so far.
    #[wasm_bindgen(js_name = setLearning)]
    pub fn set_learning(&mut self, learning: bool) -> Result<(), JsValue> {
        self.inner.set_learning(learning).map_err(|source| from_classifier(&source))
    }

    /// What is known of the voice; `undefined` when nothing was learnt.
    #[wasm_bindgen(getter, unchecked_return_type = "VoiceProfile | undefined")]
    pub fn voice(&self) -> Result<JsVoiceProfile, JsValue> {
        voice_to_js(self.inner.voice())
    }

    /// Judges from now on relative to a voice, or as any voice again with `undefined`. Learning ends.
    #[wasm_bindgen(js_name = setVoice)]
    pub fn set_voice(&mut self, voice: JsVoiceProfile) -> Result<(), JsValue> {
        self.inner.set_voice(voice_from_js(voice)?).map_err(|source| from_classifier(&source))
    }

    /// Forgets all that was heard, but for what is known of the voice.
    pub fn reset(&mut self) -> Result<(), JsValue> {
        self.inner.reset().map_err(|source| from_classifier(&source))
    }
}
