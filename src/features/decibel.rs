//! Power in decibels.

use super::lanes::Lanes;

/// Power below this counts as this (librosa's `amin`): a floor of −100 dB.
const AMIN: f32 = 1e-10;
/// 10 / ln(10).
const DB_PER_NEPER: f32 = 4.342_945;

/// 10 · log10(max(power, 1e-10)), in dB relative to 1, as `librosa.power_to_db` without `top_db`; always finite.
#[inline(always)]
pub(super) fn power_to_db(power: Lanes) -> Lanes {
    // `max` takes the floor for NaN too.
    let power = power.max(Lanes::splat(AMIN)).min(Lanes::splat(f32::MAX));
    power.ln() * Lanes::splat(DB_PER_NEPER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_logarithm_over_the_whole_range() {
        let mut power = 0.9e-10f32;
        let mut worst = 0f64;
        while power < 1e12 {
            let [db, ..] = power_to_db(Lanes::splat(power)).to_array();
            let exact = 10.0 * f64::from(power).max(f64::from(AMIN)).log10();
            worst = worst.max((f64::from(db) - exact).abs());
            power *= 1.003;
        }
        assert!(worst < 2e-5, "{worst} dB off");
    }

    #[test]
    fn what_is_no_power_is_the_floor() {
        for power in [0.0, -1.0, f32::NAN] {
            let [db, ..] = power_to_db(Lanes::splat(power)).to_array();
            assert!((db + 100.0).abs() < 1e-4, "{power} gives {db} dB");
        }
        let [db, ..] = power_to_db(Lanes::splat(f32::INFINITY)).to_array();
        assert!(db.is_finite());
    }
}
