//! What training spends its time on, each in one piece with a gradient written by hand: a convolution over time, what follows it in a
//! block, and the steps of an LSTM.
//!
//! burn builds each from many small operations, every one of which writes a tensor for the next to read, forward and backward; networks
//! as small as these spend more time on that than on sums. The functions here work on plain arrays and are hung into burn's graph one
//! node each, so the modules stay burn's. Tests hold results and gradients against burn's own operations, which the modules go on
//! using where nothing is learnt.

#![expect(
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "shapes are the modules' own; checks in these loops would cost their speed"
)]

mod convolution;
mod scan;
mod settle;
#[cfg(test)]
mod tests;

use std::fmt::Debug;
use std::sync::Arc;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, DispatchTensor, TensorMetadata};
use burn::tensor::{Device, Tensor, TensorData};
use ndarray::{Array, ArrayD, Dimension};

pub use convolution::convolve;
pub use scan::scan;
pub use settle::{Settled, settle};

/// The backend of [`default_device`](super::default_device).
#[cfg(feature = "flex")]
type Here = burn::backend::Flex;
#[cfg(not(feature = "flex"))]
#[allow(deprecated, reason = "people may choose the older of the two backends")]
type Here = burn::backend::NdArray;

/// Whether tensors on this device may be given to these functions: they learn, on the backend that networks run on by default.
pub fn serves(device: &Device) -> bool {
    // Devices count as equal whether they learn or not.
    device.is_autodiff() && device.clone().inner() == super::default_device()
}

/// A function of `N` arrays that knows its gradient.
trait Function<const N: usize>: Debug + Send + Sync + 'static {
    /// What the gradient needs of the way forward.
    type Kept: Debug + Send + Sync + 'static;

    /// The output, and what is to be kept.
    fn forward(&self, inputs: [ArrayD<f32>; N]) -> (ArrayD<f32>, Self::Kept);

    /// Of some number, given its gradient with respect to the output: the gradients with respect to those inputs that are `wanted`.
    fn backward(&self, kept: &Self::Kept, output: ArrayD<f32>, wanted: [bool; N]) -> [Option<ArrayD<f32>>; N];
}

/// The function's output as a node of burn's graph, and what was kept on the way.
fn apply<F: Function<N>, const N: usize, const D: usize>(
    function: F,
    inputs: [DispatchTensor; N],
) -> (Tensor<D>, Arc<F::Kept>) {
    let inputs = inputs.map(|input| {
        let tensor = Tensor::<1>::from_dispatch(input);
        tensor.try_into_primitive::<Autodiff<Here>>().expect("a device that is served").into_parts()
    });
    let device = inputs[0].0.device();
    let mut guards = Vec::with_capacity(N);
    let arrays = inputs.map(|(values, guard)| {
        guards.push(guard);
        read(values)
    });
    let (output, kept) = function.forward(arrays);
    let output = Here::float_from_data(data(output), &device);
    let kept = Arc::new(kept);
    let guards = guards.try_into().expect("one for each input");
    let output = match Node(function).prepare::<NoCheckpointing>(guards).compute_bound().stateful() {
        OpsKind::Tracked(node) => node.finish(kept.clone(), output),
        OpsKind::UnTracked(node) => node.finish(output),
    };
    (Tensor::from_primitive::<Autodiff<Here>>(output), kept)
}

/// Copies nothing where nobody else holds the tensor.
fn read(tensor: FloatTensor<Here>) -> ArrayD<f32> {
    let dims = tensor.shape().to_vec();
    let values = Tensor::<1>::from_primitive::<Here>(tensor).into_data().try_into_vec().expect("f32, as all of ours");
    ArrayD::from_shape_vec(dims, values).expect("as many values as the shape says")
}

/// The numbers of a tensor that nothing is learnt of.
fn constant<const D: usize>(tensor: Tensor<D>) -> ArrayD<f32> {
    read(tensor.inner().try_into_primitive::<Here>().expect("a device that is served"))
}

fn data(array: ArrayD<f32>) -> TensorData {
    let dims = array.shape().to_vec();
    TensorData::new(array.into_raw_vec_and_offset().0, dims)
}

/// An array whose number of axes is known.
fn ranked<D: Dimension>(array: ArrayD<f32>) -> Array<f32, D> {
    array.into_dimensionality().expect("a module's own shape")
}

/// A function in burn's graph.
#[derive(Debug)]
struct Node<F>(F);

impl<F: Function<N>, const N: usize> Backward<Here, N> for Node<F> {
    type State = Arc<F::Kept>;

    fn backward(self, ops: Ops<Self::State, N>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let output = gradients.consume::<Here>(&ops.node);
        let device = output.device();
        let wanted = ops.parents.each_ref().map(Option::is_some);
        let inputs = self.0.backward(&ops.state, read(output), wanted);
        for (parent, gradient) in ops.parents.into_iter().zip(inputs) {
            if let (Some(parent), Some(gradient)) = (parent, gradient) {
                gradients.register::<Here>(parent.id, Here::float_from_data(data(gradient), &device));
            }
        }
    }
}
