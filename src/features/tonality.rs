//! Key and pulse: what a stretch of music has in common over seconds.

use super::chroma::N_CHROMA;

/// How often each degree of the scale was felt to fit after a major and a minor context (Krumhansl & Kessler 1982, *Tracing the
/// dynamic changes in perceived tonal organization*, table 1), the tonic first.
const MAJOR: [f32; N_CHROMA] = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88];
const MINOR: [f32; N_CHROMA] = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17];

/// How well pitch classes fit a key.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct KeyClarity {
    /// Correlation with the best of the twelve major keys, −1 … 1.
    pub major: f32,
    /// Correlation with the best of the twelve minor keys, −1 … 1.
    pub minor: f32,
    /// Pitch class of the tonic of the better of the two, C at 0.
    pub tonic: usize,
}

/// Key clarity of a mean chroma, C first (Krumhansl 1990, *Cognitive foundations of musical pitch*, chapter 4). Where all pitch
/// classes are alike there is no key: both are 0.
pub fn key_clarity(chroma: &[f32; N_CHROMA]) -> KeyClarity {
    let chroma = standardised(chroma);
    let best = |profile: &[f32; N_CHROMA]| {
        let profile = standardised(profile);
        let correlation = |tonic: usize| {
            let from_tonic = chroma.iter().cycle().skip(tonic);
            from_tonic.zip(&profile).map(|(sounds, expected)| sounds * expected).sum::<f32>() / N_CHROMA as f32
        };
        let keys = (0..N_CHROMA).map(|tonic| (correlation(tonic), tonic));
        // The first of equals.
        keys.fold((f32::NEG_INFINITY, 0), |best, key| if key.0 > best.0 { key } else { best })
    };
    let ((major, major_tonic), (minor, minor_tonic)) = (best(&MAJOR), best(&MINOR));
    KeyClarity { major, minor, tonic: if major >= minor { major_tonic } else { minor_tonic } }
}

/// Mean 0, standard deviation 1; zeros where nothing varies.
fn standardised(values: &[f32; N_CHROMA]) -> [f32; N_CHROMA] {
    let mean = values.iter().sum::<f32>() / N_CHROMA as f32;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / N_CHROMA as f32;
    let scale = if variance > 1e-10 { 1.0 / variance.sqrt() } else { 0.0 };
    values.map(|value| (value - mean) * scale)
}

/// A regular beat in onset strengths.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Pulse {
    /// Autocorrelation of the onset strengths at the best lag, −1 … 1: how regular the beat is.
    pub clarity: f32,
    /// Mean of the ten highest autocorrelations.
    pub spread: f32,
    /// Frames from one beat to the next.
    pub period: f32,
}

/// Shortest and longest period looked for, in frames: 0.28 to 2.5 s at 43 frames a second.
const PERIODS: std::ops::Range<usize> = 12..110;

/// The pulse of onset strengths, one a frame (autocorrelation after Percival & Tzanetakis 2014). All zero without onsets.
pub fn pulse(onsets: &[f32]) -> Pulse {
    if onsets.len() <= PERIODS.end {
        return Pulse::default();
    }
    let correlations = autocorrelation(onsets, PERIODS);
    if correlations.is_empty() {
        return Pulse::default();
    }
    let mut by_lag: Vec<(f32, usize)> = correlations.into_iter().zip(PERIODS).collect();
    by_lag.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (clarity, period) = by_lag.first().copied().unwrap_or_default();
    let spread = by_lag.iter().take(10).map(|(value, _)| value).sum::<f32>() / 10.0;
    Pulse { clarity, spread, period: period as f32 }
}

/// Autocorrelation of a sequence about its mean at each of the lags, 1 at a lag of 0. Empty where nothing varies.
pub fn autocorrelation(values: &[f32], lags: std::ops::Range<usize>) -> Vec<f32> {
    let mean = values.iter().sum::<f32>() / values.len().max(1) as f32;
    let centred: Vec<f32> = values.iter().map(|value| value - mean).collect();
    let power: f32 = centred.iter().map(|value| value * value).sum();
    if power < 1e-6 {
        return Vec::new();
    }
    let at = |lag: usize| centred.iter().zip(centred.iter().skip(lag)).map(|(a, b)| a * b).sum::<f32>() / power;
    lags.map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_is_clearer_in_its_own_mode_and_transposition_changes_nothing() {
        let major = [1.0, 0.0, 0.6, 0.0, 0.8, 0.6, 0.0, 0.9, 0.0, 0.6, 0.0, 0.4];
        let clarity = key_clarity(&major);
        assert!(clarity.major > 0.85 && clarity.major > clarity.minor, "{clarity:?}");
        let mut transposed = major;
        transposed.rotate_right(5);
        let other = key_clarity(&transposed);
        assert!((other.major - clarity.major).abs() < 1e-5 && (other.minor - clarity.minor).abs() < 1e-5);
        let minor = key_clarity(&MINOR);
        assert!((minor.minor - 1.0).abs() < 1e-5 && minor.minor > minor.major);
        assert_eq!(key_clarity(&[0.5; N_CHROMA]), KeyClarity::default());
    }

    #[test]
    fn a_regular_beat_is_found_and_silence_has_none() {
        let beat: Vec<f32> = (0..516).map(|t| if t % 22 == 0 { 1.0 } else { 0.0 }).collect();
        let found = pulse(&beat);
        assert_eq!(found.period, 22.0);
        assert!(found.clarity > 0.9, "{found:?}");
        assert_eq!(pulse(&[0.0; 516]), Pulse::default());
        assert_eq!(pulse(&[]), Pulse::default());
    }
}
