//! Named tensors between a safetensors file and a burn module.
//!
//! Names, shapes and layout in files are PyTorch's (`blocks.0.conv.weight`, linear weights `[out, in]`,
//! batch norm `weight`/`bias`), so that a `state_dict` can be written and read without translation.
//! burn keeps matrices as `[in, out]` and calls batch norm's scale and shift `gamma` and `beta`; both
//! differences are bridged here and nowhere else. Every rank-2 parameter of our modules is a matrix of
//! this kind.

use std::collections::{BTreeMap, HashMap};

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData};
use safetensors::tensor::{Dtype, SafeTensors};

use super::Error;

/// One tensor in the layout of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredTensor {
    /// Extent of each axis.
    pub shape: Vec<usize>,
    /// Values, last axis fastest.
    pub values: Vec<f32>,
}

/// All tensors of a file by name.
pub type Tensors = BTreeMap<String, StoredTensor>;

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// Four bytes, exact: checkpoints.
    F32,
    /// What is shipped: one byte for a weight of a matrix or a filter, as a multiple of its row's scale, and two for the rest. The last bits
    /// of a weight are noise that no verdict turns on and no compression makes smaller.
    I8,
}

/// Follows a tensor's name in that of its rows' scales.
const SCALE: &str = ".scale";
/// Bits of a scale that are 0.
const SCALE_BITS: u32 = 0xFFFF;
/// The largest multiple of a scale.
const LARGEST: f32 = 127.0;

/// Reads all tensors of a safetensors file and its metadata map.
///
/// # Errors
/// [`Error::Unreadable`] for anything but a whole file, [`Error::ElementType`] for integers and the like,
/// [`Error::NotFinite`] when a value is NaN or infinite.
pub fn read(bytes: &[u8]) -> Result<(Tensors, HashMap<String, String>), Error> {
    let unreadable = |error: safetensors::SafeTensorError| Error::Unreadable { reason: error.to_string() };
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(unreadable)?;
    let file = SafeTensors::deserialize(bytes).map_err(unreadable)?;
    let mut tensors = Tensors::new();
    let mut multiples = Vec::new();
    for (name, view) in file.iter() {
        let values: Vec<f32> = match view.dtype() {
            Dtype::F32 => view.data().as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
            Dtype::F16 => view.data().as_chunks().0.iter().map(|b| half::f16::from_le_bytes(*b).to_f32()).collect(),
            Dtype::I8 => {
                multiples.push(name.to_owned());
                view.data().iter().map(|byte| f32::from(byte.cast_signed())).collect()
            }
            other => return Err(Error::ElementType { name: name.to_owned(), got: format!("{other:?}") }),
        };
        if values.iter().any(|value| !value.is_finite()) {
            return Err(Error::NotFinite { name: name.to_owned() });
        }
        tensors.insert(name.to_owned(), StoredTensor { shape: view.shape().to_vec(), values });
    }
    for name in multiples {
        scale_rows(&name, &mut tensors)?;
    }
    Ok((tensors, header.metadata().clone().unwrap_or_default()))
}

/// Multiplies each row of a tensor by its scale, which is taken out.
fn scale_rows(name: &str, tensors: &mut Tensors) -> Result<(), Error> {
    let of_scales = format!("{name}{SCALE}");
    let Some(scales) = tensors.remove(&of_scales) else {
        return Err(Error::MissingTensor { name: of_scales });
    };
    let Some(tensor) = tensors.get_mut(name) else {
        return Err(Error::MissingTensor { name: name.to_owned() });
    };
    let expected = vec![tensor.shape.first().copied().unwrap_or(1)];
    if scales.shape != expected {
        return Err(Error::Shape { name: of_scales, expected, got: scales.shape });
    }
    let of_row = tensor.values.len() / scales.values.len().max(1);
    for (row, scale) in tensor.values.chunks_exact_mut(of_row.max(1)).zip(&scales.values) {
        row.iter_mut().for_each(|value| *value *= scale);
    }
    match tensor.values.iter().all(|value| value.is_finite()) {
        true => Ok(()),
        false => Err(Error::NotFinite { name: name.to_owned() }),
    }
}

/// Writes a safetensors file: `tensors` and the metadata map. The same content gives the same bytes, which
/// the crate's own writer does not promise: it takes metadata in the random order of a hash map.
///
/// # Errors
/// [`Error::NotFinite`] when a value cannot be written (NaN, or beyond what two bytes hold).
pub fn write(tensors: &Tensors, metadata: HashMap<String, String>, precision: Precision) -> Result<Vec<u8>, Error> {
    let metadata: BTreeMap<String, String> = metadata.into_iter().collect();
    let mut header = serde_json::Map::from_iter([("__metadata__".to_owned(), serde_json::json!(metadata))]);
    let mut all: Vec<(String, Dtype, Vec<usize>, Vec<u8>)> = Vec::new();
    for (name, StoredTensor { shape, values }) in tensors {
        let halves = || values.iter().map(|value| half::f16::from_f32(*value));
        let rows = shape.first().copied().filter(|_| shape.len() > 1 && !values.is_empty());
        let in_bytes = rows.filter(|_| precision == Precision::I8);
        let too_large = precision == Precision::I8 && in_bytes.is_none() && halves().any(|half| !half.is_finite());
        if too_large || values.iter().any(|value| !value.is_finite()) {
            return Err(Error::NotFinite { name: name.clone() });
        }
        match (precision, in_bytes) {
            (Precision::F32, _) => {
                all.push((
                    name.clone(),
                    Dtype::F32,
                    shape.clone(),
                    values.iter().flat_map(|v| v.to_le_bytes()).collect(),
                ));
            }
            (Precision::I8, None) => {
                all.push((
                    name.clone(),
                    Dtype::F16,
                    shape.clone(),
                    halves().flat_map(half::f16::to_le_bytes).collect(),
                ));
            }
            (Precision::I8, Some(rows)) => {
                let (scales, bytes) = multiples(values, values.len() / rows);
                let scales = scales.iter().flat_map(|scale| scale.to_le_bytes()).collect();
                all.push((format!("{name}{SCALE}"), Dtype::F32, vec![rows], scales));
                all.push((
                    name.clone(),
                    Dtype::I8,
                    shape.clone(),
                    bytes.iter().map(|byte| byte.cast_unsigned()).collect(),
                ));
            }
        }
    }
    // The widest numbers first, as the format's own writers have it: then each lies at a multiple of its width.
    all.sort_by_key(|(_, dtype, ..)| std::cmp::Reverse(dtype.bitsize()));
    let mut data: Vec<u8> = Vec::new();
    for (name, dtype, shape, bytes) in all {
        let start = data.len();
        data.extend(bytes);
        let entry = serde_json::json!({ "dtype": dtype, "shape": shape, "data_offsets": [start, data.len()] });
        header.insert(name, entry);
    }
    let mut header = serde_json::Value::Object(header).to_string().into_bytes();
    // Spaces until the data begins at a multiple of eight bytes, as the format recommends.
    header.resize(header.len().next_multiple_of(8), b' ');
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header);
    file.extend(data);
    Ok(file)
}

/// Each row's scale, and its values as multiples of it. The last bits of a scale are 0, too: it is rounded up to eight significant bits.
fn multiples(values: &[f32], of_row: usize) -> (Vec<f32>, Vec<i8>) {
    let rows = values.chunks_exact(of_row.max(1));
    let scale = |row: &[f32]| {
        let exact = row.iter().fold(0.0f32, |most, value| most.max(value.abs())) / LARGEST;
        f32::from_bits((exact.to_bits() + SCALE_BITS) & !SCALE_BITS)
    };
    let scales: Vec<f32> = rows.clone().map(scale).collect();
    let multiple = |value: &f32, scale: f32| if scale > 0.0 { (value / scale).round() as i8 } else { 0 };
    let bytes = rows.zip(&scales).flat_map(|(row, scale)| row.iter().map(|value| multiple(value, *scale))).collect();
    (scales, bytes)
}

/// Copies `tensors` into a module of the same structure.
///
/// # Errors
/// [`Error::MissingTensor`], [`Error::UnexpectedTensor`] or [`Error::Shape`] where file and module differ.
pub fn load_state<M: Module>(module: M, tensors: &Tensors) -> Result<M, Error> {
    let mut loader = Loader { path: Path::default(), tensors, used: 0, error: None };
    let module = module.map(&mut loader);
    if let Some(error) = loader.error {
        return Err(error);
    }
    if loader.used < tensors.len() {
        let known = state(&module);
        if let Some(name) = tensors.keys().find(|name| !known.contains_key(*name)) {
            return Err(Error::UnexpectedTensor { name: name.clone() });
        }
    }
    Ok(module)
}

/// All parameters and running statistics of a module.
pub fn state<M: Module>(module: &M) -> Tensors {
    let mut collector = Collector { path: Path::default(), tensors: Tensors::new() };
    module.visit(&mut collector);
    collector.tensors
}

/// Where a traversal stands, as the file names it.
#[derive(Default)]
struct Path(Vec<String>);

impl Path {
    fn enter(&mut self, name: &str) {
        let name = match name {
            "gamma" => "weight",
            "beta" => "bias",
            other => other,
        };
        self.0.push(name.to_owned());
    }

    fn exit(&mut self) {
        self.0.pop();
    }

    fn name(&self) -> String {
        self.0.join(".")
    }
}

/// The layout of a matrix in files is the transpose of its layout in memory.
fn transposed<const D: usize>(tensor: Tensor<D>) -> Tensor<D> {
    if D == 2 { tensor.swap_dims(0, 1) } else { tensor }
}

struct Loader<'a> {
    path: Path,
    tensors: &'a Tensors,
    used: usize,
    error: Option<Error>,
}

impl ModuleMapper for Loader<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.enter(name);
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.exit();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if self.error.is_some() {
            return param;
        }
        let name = self.path.name();
        let mut expected: Vec<usize> = param.lazy_shape().to_vec();
        if D == 2 {
            expected.reverse();
        }
        let Some(stored) = self.tensors.get(&name) else {
            self.error = Some(Error::MissingTensor { name });
            return param;
        };
        if stored.shape != expected {
            self.error = Some(Error::Shape { name, expected, got: stored.shape.clone() });
            return param;
        }
        self.used += 1;
        let data = TensorData::new(stored.values.clone(), stored.shape.clone());
        let tensor = transposed(Tensor::<D>::from_data(data, &param.lazy_device().inner()));
        let id = param.id;
        param.transform_for_load(tensor, id)
    }
}

struct Collector {
    path: Path,
    tensors: Tensors,
}

impl ModuleVisitor for Collector {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.enter(name);
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.exit();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let data = transposed(param.val()).into_data();
        let shape = data.shape().to_vec();
        let values = data.iter::<f32>().collect();
        self.tensors.insert(self.path.name(), StoredTensor { shape, values });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_s_scale_has_eight_significant_bits_and_reaches_its_largest_value() {
        let of_row = 16;
        let values: Vec<f32> = (0..64).map(|n: i32| (n * n) as f32).map(f32::sin).collect();
        let loud = |(n, value): (usize, &f32)| value * 10f32.powi((n / of_row) as i32 - 2);
        let values: Vec<f32> = values.iter().enumerate().map(loud).collect();
        let (scales, bytes) = multiples(&values, of_row);
        assert_eq!((scales.len(), bytes.len()), (4, values.len()));
        for ((row, multiples), scale) in values.chunks(of_row).zip(bytes.chunks(of_row)).zip(scales) {
            assert_eq!(scale.to_bits() << 16, 0, "{scale} has more than eight significant bits");
            // Rounded up, and by 1/128 at most: the largest value is 126 or 127 times the scale.
            assert!(multiples.iter().any(|multiple| multiple.unsigned_abs() >= 126), "{multiples:?}");
            for (value, multiple) in row.iter().zip(multiples) {
                let apart = (value - scale * f32::from(*multiple)).abs();
                assert!(apart <= 0.5001 * scale, "{value} is written as {multiple} times {scale}");
            }
        }
    }

    #[test]
    fn a_row_of_zeros_is_written_as_it_is() {
        assert_eq!(multiples(&[0.0; 3], 3), (vec![0.0], vec![0; 3]));
    }
}
