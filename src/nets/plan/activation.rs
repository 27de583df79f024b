//! Hyperbolic tangent and logistic function, four values at a time.

use std::ops::{Add, Mul};

use wide::f32x4;

/// Beyond this, tanh is 1 in f32.
const TANH_BOUND: f32 = 7.905_311;

/// Odd numerator and even denominator of the rational approximation of tanh on ±[`TANH_BOUND`], highest power first. It is the
/// one in Eigen (`generic_fast_tanh_float`) and in XLA.
const NUMERATOR: [f32; 7] =
    [-2.760_768_5e-16, 2.000_188e-13, -8.604_672e-11, 5.122_297e-8, 1.485_722_4e-5, 6.372_619_3e-4, 4.893_524_6e-3];
const DENOMINATOR: [f32; 4] = [1.198_258_4e-6, 1.185_347_1e-4, 2.268_434_6e-3, 4.893_525e-3];

#[inline(always)]
fn polynomial<T: Copy + From<f32> + Add<Output = T> + Mul<Output = T>>(coefficients: &[f32], x: T) -> T {
    let (first, rest) = coefficients.split_at(1);
    rest.iter().fold(T::from(first[0]), |sum, &next| sum * x + T::from(next))
}

/// tanh x, within 5e-7.
#[inline(always)]
pub fn tanh(x: f32x4) -> f32x4 {
    let x = x.fast_max(f32x4::splat(-TANH_BOUND)).fast_min(f32x4::splat(TANH_BOUND));
    let square = x * x;
    x * polynomial(&NUMERATOR, square) / polynomial(&DENOMINATOR, square)
}

/// 1 / (1 + e^(−x)), within 3e-7.
#[inline(always)]
pub fn sigmoid(x: f32x4) -> f32x4 {
    let half = f32x4::splat(0.5);
    tanh(x * half) * half + half
}

/// The same for one value.
#[cfg(feature = "train")]
pub mod one {
    use super::{DENOMINATOR, NUMERATOR, TANH_BOUND, polynomial};

    /// See [`super::tanh`].
    #[inline(always)]
    pub fn tanh(x: f32) -> f32 {
        let x = x.clamp(-TANH_BOUND, TANH_BOUND);
        let square = x * x;
        x * polynomial(&NUMERATOR, square) / polynomial(&DENOMINATOR, square)
    }

    /// See [`super::sigmoid`].
    #[inline(always)]
    pub fn sigmoid(x: f32) -> f32 {
        tanh(x * 0.5) * 0.5 + 0.5
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_are_as_near_as_they_say() {
        for i in -40_000..=40_000 {
            let x = i as f32 * 3e-4;
            let [y, ..] = tanh(f32x4::splat(x)).to_array();
            assert!((f64::from(y) - f64::from(x).tanh()).abs() < 5e-7, "tanh {x}: {y}");
            let [y, ..] = sigmoid(f32x4::splat(x)).to_array();
            assert!((f64::from(y) - 1.0 / (1.0 + f64::from(-x).exp())).abs() < 3e-7, "sigmoid {x}: {y}");
        }
        assert_eq!(tanh(f32x4::splat(1e30)).to_array()[0], tanh(f32x4::splat(8.0)).to_array()[0]);
    }
}
