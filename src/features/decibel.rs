//! Power in decibels.

use super::lanes::Lanes;

/// Power below this counts as this (librosa's `amin`): a floor of −100 dB.
pub(super) const AMIN: f32 = 1e-10;
/// The same where there is a [floor of its own](super::stft::Stft::within), which is to be the higher one in quiet recordings, too: −160 dB.
const AMIN_WITHIN: f32 = 1e-16;
/// 10 / ln(10).
const DB_PER_NEPER: f32 = 4.342_945;

/// What power counts as at least, within a range below what is loudest lately, or all the way down.
pub(super) fn least_power(dynamic_range_db: Option<f32>) -> f32 {
    if dynamic_range_db.is_some() { AMIN_WITHIN } else { AMIN }
}

/// 10 · log10(max(power, amin)), in dB relative to 1, as `librosa.power_to_db` without `top_db`; always finite.
#[inline(always)]
pub(super) fn power_to_db(power: Lanes, amin: f32) -> Lanes {
    // `max` takes the floor for NaN too.
    let power = power.max(Lanes::splat(amin)).min(Lanes::splat(f32::MAX));
    power.ln() * Lanes::splat(DB_PER_NEPER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_logarithm_over_the_whole_range() {
        let mut power = 0.9e-16f32;
        let (mut worst, mut worst_beyond) = (0f64, 0f64);
        while power < 1e12 {
            for amin in [AMIN, AMIN_WITHIN] {
                let [db, ..] = power_to_db(Lanes::splat(power), amin).to_array();
                let exact = 10.0 * f64::from(power).max(f64::from(amin)).log10();
                let worst = if exact < -128.0 { &mut worst_beyond } else { &mut worst };
                *worst = worst.max((f64::from(db) - exact).abs());
            }
            power *= 1.003;
        }
        assert!(worst < 2e-5, "{worst} dB off");
        // From there on the last place of an f32 is twice as wide.
        assert!(worst_beyond < 3.1e-5, "{worst_beyond} dB off");
    }

    #[test]
    fn what_is_no_power_is_the_floor() {
        for power in [0.0, -1.0, f32::NAN] {
            let [db, ..] = power_to_db(Lanes::splat(power), AMIN).to_array();
            assert!((db + 100.0).abs() < 1e-4, "{power} gives {db} dB");
        }
        let [db, ..] = power_to_db(Lanes::splat(f32::INFINITY), AMIN).to_array();
        assert!(db.is_finite());
    }
}
