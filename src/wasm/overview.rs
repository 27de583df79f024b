//! Pictures of a recording of any length.

use js_sys::{Float32Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::samples::{JsSamples, mono};
use super::{from_audio, from_features, rate};
use crate::audio::{Resampler, check_samples};
use crate::features::{self, MfccOptions, Picture};

/// Columns where nobody says how many.
const COLUMNS: usize = 2048;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "Picture")]
    pub type JsPicture;
}

/// Gathers a recording that is handed over in pieces, however long, in a bounded number of columns: waveform, mel spectrogram and
/// MFCC for drawing. Features are `mfcc`'s with librosa's defaults, but for `topDb`: the dB floor is absolute, at −100 dB.
#[wasm_bindgen]
pub struct Overview {
    resampler: Resampler,
    inner: features::Overview,
    resampled: Vec<f32>,
}

#[wasm_bindgen]
impl Overview {
    /// An overview of mono samples at a sample rate, in at most `columns` columns: an even number up to 16 384, by default 2048.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(js_name = sampleRate)] sample_rate: f64,
        columns: Option<f64>,
    ) -> Result<Overview, JsValue> {
        let options = MfccOptions { top_db: None, ..MfccOptions::default() };
        // A fraction or a negative number becomes one that is refused.
        let columns = columns.map_or(COLUMNS, |columns| if columns.fract() == 0.0 { columns as usize } else { 0 });
        let inner = features::Overview::new(&options, columns).map_err(|source| from_features(&source))?;
        let resampler =
            Resampler::new(rate(sample_rate)?, options.sample_rate).map_err(|source| from_audio(&source))?;
        Ok(Overview { resampler, inner, resampled: Vec::new() })
    }

    /// Takes mono samples, or an array with the samples of each channel, nominal range −1 … 1.
    pub fn push(&mut self, samples: &JsSamples) -> Result<(), JsValue> {
        let samples = mono(samples)?;
        check_samples(&samples).map_err(|source| from_audio(&source))?;
        self.advance(|resampler, out| resampler.push(&samples, out));
        Ok(())
    }

    /// The recording ends here: adds what waited for more. Push nothing afterwards.
    pub fn finish(&mut self) {
        self.advance(Resampler::finish);
        self.inner.finish();
    }

    /// Mel bands in dB re 1, 128 from low to high; each column is the mean over its frames.
    #[wasm_bindgen(js_name = melSpectrogram, unchecked_return_type = "Picture")]
    pub fn mel_spectrogram(&self) -> Result<JsPicture, JsValue> {
        picture(&self.inner.mel_db())
    }

    /// Centre of each mel band in Hz.
    #[wasm_bindgen(getter, js_name = melFrequencies)]
    pub fn mel_frequencies(&self) -> Vec<f32> {
        self.inner.mel_hz()
    }

    /// 40 MFCCs; each column is the mean over its frames.
    #[wasm_bindgen(unchecked_return_type = "Picture")]
    pub fn mfcc(&self) -> Result<JsPicture, JsValue> {
        picture(&self.inner.mfcc())
    }

    /// Smallest sample, largest sample and root mean square of each column, at 22 050 Hz.
    #[wasm_bindgen(unchecked_return_type = "Picture")]
    pub fn waveform(&self) -> Result<JsPicture, JsValue> {
        picture(&self.inner.waveform())
    }
}

impl Overview {
    fn advance(&mut self, resample: impl FnOnce(&mut Resampler, &mut Vec<f32>)) {
        self.resampled.clear();
        resample(&mut self.resampler, &mut self.resampled);
        self.inner.push(&self.resampled);
    }
}

fn picture(picture: &Picture) -> Result<JsPicture, JsValue> {
    let result = Object::new();
    let set = |key: &str, value: &JsValue| Reflect::set(&result, &key.into(), value);
    set("columns", &((picture.data.len() / picture.n_rows) as f64).into())?;
    set("rows", &(picture.n_rows as f64).into())?;
    set("columnS", &picture.column_s.into())?;
    set("data", &Float32Array::from(picture.data.as_slice()))?;
    Ok(JsValue::from(result).unchecked_into())
}
