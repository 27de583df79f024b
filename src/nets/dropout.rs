//! Dropout whose masks come from a generator of the calling thread.
//!
//! burn's own layer draws from one generator for the whole process. Two runs on two threads would then
//! take numbers from each other, and neither could be repeated from its seed.

use burn::module::Module;
use burn::tensor::Tensor;

/// Sets each value to zero with probability [`p`](Self::p) in training and scales the rest by `1/(1 − p)`.
///
/// In training means: the tensor lives on a device with autodiff. On any other, and in a build without
/// the feature `train`, the input comes back as it is.
#[derive(Module, Debug)]
pub struct Dropout {
    /// Probability, 0 ≤ p < 1.
    pub p: f64,
}

impl Dropout {
    /// A layer that drops with probability `p`; values outside 0 … 0.99 are clamped to it.
    pub fn new(p: f64) -> Self {
        Self { p: if p.is_finite() { p.clamp(0.0, 0.99) } else { 0.0 } }
    }

    /// Drops values of a tensor of any shape.
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        #[cfg(feature = "train")]
        if self.p > 0.0 && input.device().is_autodiff() {
            let mask = generator::mask(input.dims(), self.p, &input.device().inner());
            return input * Tensor::from_inner(mask);
        }
        input
    }
}

#[cfg(feature = "train")]
pub use generator::seed_thread;

#[cfg(feature = "train")]
mod generator {
    use std::cell::RefCell;

    use burn::tensor::{Device, Tensor, TensorData};
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    thread_local! {
        static GENERATOR: RefCell<ChaCha8Rng> = RefCell::new(ChaCha8Rng::seed_from_u64(0));
    }

    /// Starts this thread's masks anew: the same seed gives the same masks from here on.
    pub fn seed_thread(seed: u64) {
        GENERATOR.with_borrow_mut(|generator| *generator = ChaCha8Rng::seed_from_u64(seed));
    }

    /// 0 with probability `p`, else `1/(1 − p)`.
    pub(super) fn mask<const D: usize>(shape: [usize; D], p: f64, device: &Device) -> Tensor<D> {
        let keep = (1.0 / (1.0 - p)) as f32;
        // 16 bits for each decision are plenty: p is off by less than 1e-5, at a quarter of the draws.
        let threshold = (p * 65536.0).round() as u16;
        let mut bits = vec![0u8; 2 * shape.iter().product::<usize>()];
        GENERATOR.with_borrow_mut(|generator| generator.fill_bytes(&mut bits));
        let values: Vec<f32> =
            bits.as_chunks().0.iter().map(|b| if u16::from_le_bytes(*b) < threshold { 0.0 } else { keep }).collect();
        Tensor::from_data(TensorData::new(values, shape), device)
    }
}

#[cfg(all(test, feature = "train"))]
mod tests {
    use super::*;
    use burn::tensor::Device;

    fn dropped(seed: u64, device: &Device) -> Vec<f32> {
        seed_thread(seed);
        Dropout::new(0.3).forward(Tensor::<2>::ones([100, 100], device)).into_data().iter().collect()
    }

    #[test]
    fn drops_the_share_asked_for_and_keeps_the_mean() {
        let values = dropped(1, &Device::default().autodiff());
        let zeros = values.iter().filter(|v| **v == 0.0).count();
        // Binomial(10 000, 0.3): standard deviation 46.
        assert!((2800..3200).contains(&zeros), "{zeros}");
        assert!(values.iter().all(|v| *v == 0.0 || (*v - 1.0 / 0.7).abs() < 1e-6));
    }

    #[test]
    fn a_seed_gives_the_same_masks_and_another_seed_others() {
        let device = Device::default().autodiff();
        assert_eq!(dropped(1, &device), dropped(1, &device));
        assert_ne!(dropped(1, &device), dropped(2, &device));
    }

    #[test]
    fn outside_training_nothing_is_dropped() {
        assert!(dropped(1, &Device::default()).iter().all(|v| *v == 1.0));
    }
}
