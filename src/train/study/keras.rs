//! Keras' initial weights, which the study's networks started from.
//!
//! Matrices and kernels: Glorot & Bengio (2010), uniform within ±√(6 / (fan_in + fan_out)). Recurrent
//! matrix of an LSTM: orthonormal (Saxe et al. 2013). Biases: zero, but one for the forget gate
//! (Jozefowicz et al. 2015).

use burn::module::Module;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::nets::Error;
use crate::nets::tensors::{self, StoredTensor};

/// The same module, on a device without autodiff, with Keras' initial weights; the same seed gives the
/// same weights.
///
/// # Errors
/// None in practice: the tensors' names and shapes are the module's own.
pub fn initialise<M: Module>(module: M, seed: u64) -> Result<M, Error> {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    let mut state = tensors::state(&module);
    for (name, tensor) in &mut state {
        tensor.values = values(name, tensor, &mut generator);
    }
    // Loaded on a device without autodiff, parameters come back as not to be trained.
    Ok(tensors::load_state(module, &state)?.unfreeze())
}

fn values(name: &str, tensor: &StoredTensor, generator: &mut ChaCha8Rng) -> Vec<f32> {
    let count = tensor.values.len();
    match tensor.shape[..] {
        [rows, columns] if name.ends_with("weight_hh_l0") => orthonormal_columns(rows, columns, generator),
        [outputs, inputs] => glorot(count, inputs, outputs, generator),
        [outputs, inputs, kernel] => glorot(count, inputs * kernel, outputs * kernel, generator),
        // Keras has one bias where PyTorch has two; the other stays zero.
        [width] if name.ends_with("bias_ih_l0") => {
            (0..width).map(|i| if (width / 4..width / 2).contains(&i) { 1.0 } else { 0.0 }).collect()
        }
        _ => vec![0.0; count],
    }
}

fn glorot(count: usize, fan_in: usize, fan_out: usize, generator: &mut ChaCha8Rng) -> Vec<f32> {
    let bound = (6.0 / (fan_in + fan_out) as f32).sqrt();
    (0..count).map(|_| generator.random_range(-bound..bound)).collect()
}

/// A `[rows, columns]` matrix with orthonormal columns, `rows ≥ columns`: Gram–Schmidt on normal noise.
fn orthonormal_columns(rows: usize, columns: usize, generator: &mut ChaCha8Rng) -> Vec<f32> {
    let mut basis: Vec<Vec<f64>> = Vec::with_capacity(columns);
    while basis.len() < columns {
        let mut vector: Vec<f64> = (0..rows).map(|_| normal(generator)).collect();
        // Twice, because one pass leaves rounding errors of the first.
        for _ in 0..2 {
            for other in &basis {
                let overlap = dot(&vector, other);
                vector.iter_mut().zip(other).for_each(|(v, o)| *v -= overlap * o);
            }
        }
        let length = dot(&vector, &vector).sqrt();
        if length > 1e-6 {
            basis.push(vector.iter().map(|v| v / length).collect());
        }
    }
    (0..rows).flat_map(|row| basis.iter().map(move |column| column[row] as f32)).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Box & Muller (1958).
fn normal(generator: &mut ChaCha8Rng) -> f64 {
    let radius = (-2.0 * (1.0 - generator.random::<f64>()).ln()).sqrt();
    radius * (std::f64::consts::TAU * generator.random::<f64>()).cos()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nets::study::{StudyCnn, StudyRnn};
    use burn::tensor::Device;

    #[test]
    fn weights_follow_keras_rules() {
        let cnn = tensors::state(&initialise(StudyCnn::new(&Device::default()), 1).unwrap());
        assert!(cnn["conv2.bias"].values.iter().all(|b| *b == 0.0));
        let bound = (6.0f32 / (5.0 * 256.0)).sqrt();
        let largest = cnn["conv2.weight"].values.iter().fold(0.0f32, |m, v| m.max(v.abs()));
        assert!(largest <= bound && largest > 0.99 * bound, "{largest} of {bound}");

        let rnn = tensors::state(&initialise(StudyRnn::new(130, &Device::default()), 1).unwrap());
        let bias = &rnn["lstm.bias_ih_l0"].values;
        assert_eq!(bias.iter().sum::<f32>(), 40.0);
        assert!(bias[40..80].iter().all(|b| *b == 1.0));
        let recurrent = &rnn["lstm.weight_hh_l0"];
        assert_eq!(recurrent.shape, [160, 40]);
        for i in 0..40 {
            for j in 0..40 {
                let product: f32 = (0..160).map(|r| recurrent.values[r * 40 + i] * recurrent.values[r * 40 + j]).sum();
                assert!((product - if i == j { 1.0 } else { 0.0 }).abs() < 1e-5);
            }
        }
    }

    #[test]
    fn a_seed_gives_the_same_weights() {
        let weights = |seed| tensors::state(&initialise(StudyCnn::new(&Device::default()), seed).unwrap());
        assert_eq!(weights(3), weights(3));
        assert_ne!(weights(3), weights(4));
    }
}
