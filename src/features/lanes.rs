//! Four frames side by side.
//!
//! Every step from the window to the cosine transform does the same arithmetic to every frame, so four
//! frames travel together, one in each lane of a 128-bit register. No step moves a value from one lane to
//! another, which has two consequences: each operation is one SIMD instruction without any shuffling, and a frame's
//! numbers do not depend on its neighbours. That is why the stream, which has one frame at a time, gives the
//! very numbers of the whole clip.

use std::ops::{Add, Sub};

/// One value of each of four frames: a register of wasm's `simd128`, SSE2 or NEON.
pub(crate) type Lanes = wide::f32x4;

/// Number of frames computed together.
pub(crate) const LANES: usize = 4;

/// The value of frame `index` of the four.
#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "callers count frames up to `LANES`")]
pub(crate) fn lane(values: &Lanes, index: usize) -> f32 {
    values.as_array()[index]
}

/// A complex value of each of four frames.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Complex {
    pub re: Lanes,
    pub im: Lanes,
}

impl Complex {
    pub const ZERO: Complex = Complex { re: Lanes::ZERO, im: Lanes::ZERO };

    /// The value times `re + i·im`, the same factor in every lane.
    #[inline(always)]
    pub fn times(self, re: f32, im: f32) -> Complex {
        let (re, im) = (Lanes::splat(re), Lanes::splat(im));
        Complex { re: self.re * re - self.im * im, im: self.re * im + self.im * re }
    }

    /// The value times −i.
    #[inline(always)]
    pub fn times_minus_i(self) -> Complex {
        Complex { re: self.im, im: -self.re }
    }

    #[inline(always)]
    pub fn scaled(self, factor: f32) -> Complex {
        let factor = Lanes::splat(factor);
        Complex { re: self.re * factor, im: self.im * factor }
    }

    #[inline(always)]
    pub fn conj(self) -> Complex {
        Complex { re: self.re, im: -self.im }
    }

    /// |z|².
    #[inline(always)]
    pub fn power(self) -> Lanes {
        self.re * self.re + self.im * self.im
    }
}

impl Add for Complex {
    type Output = Complex;
    #[inline(always)]
    fn add(self, other: Complex) -> Complex {
        Complex { re: self.re + other.re, im: self.im + other.im }
    }
}

impl Sub for Complex {
    type Output = Complex;
    #[inline(always)]
    fn sub(self, other: Complex) -> Complex {
        Complex { re: self.re - other.re, im: self.im - other.im }
    }
}
