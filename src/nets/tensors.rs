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
    /// Two bytes, seven significant bits: what is shipped. The last bits of a weight are noise that no verdict turns on and no
    /// compression makes smaller; with them left 0, a quarter less has to be loaded.
    F16,
}

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
    for (name, view) in file.iter() {
        let values: Vec<f32> = match view.dtype() {
            Dtype::F32 => view.data().as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
            Dtype::F16 => view.data().as_chunks().0.iter().map(|b| half::f16::from_le_bytes(*b).to_f32()).collect(),
            other => return Err(Error::ElementType { name: name.to_owned(), got: format!("{other:?}") }),
        };
        if values.iter().any(|value| !value.is_finite()) {
            return Err(Error::NotFinite { name: name.to_owned() });
        }
        tensors.insert(name.to_owned(), StoredTensor { shape: view.shape().to_vec(), values });
    }
    Ok((tensors, header.metadata().clone().unwrap_or_default()))
}

/// Writes a safetensors file: `tensors` and the metadata map. The same content gives the same bytes, which
/// the crate's own writer does not promise: it takes metadata in the random order of a hash map.
///
/// # Errors
/// [`Error::NotFinite`] when a value cannot be written (NaN, or beyond the range of [`Precision::F16`]).
pub fn write(tensors: &Tensors, metadata: HashMap<String, String>, precision: Precision) -> Result<Vec<u8>, Error> {
    let metadata: BTreeMap<String, String> = metadata.into_iter().collect();
    let mut header = serde_json::Map::from_iter([("__metadata__".to_owned(), serde_json::json!(metadata))]);
    let mut data: Vec<u8> = Vec::new();
    for (name, tensor) in tensors {
        let start = data.len();
        for value in &tensor.values {
            let half = seven_bits(*value);
            if !value.is_finite() || (precision == Precision::F16 && !half.is_finite()) {
                return Err(Error::NotFinite { name: name.clone() });
            }
            match precision {
                Precision::F32 => data.extend(value.to_le_bytes()),
                Precision::F16 => data.extend(half.to_le_bytes()),
            }
        }
        let dtype = match precision {
            Precision::F32 => "F32",
            Precision::F16 => "F16",
        };
        let entry = serde_json::json!({ "dtype": dtype, "shape": tensor.shape, "data_offsets": [start, data.len()] });
        header.insert(name.clone(), entry);
    }
    let mut header = serde_json::Value::Object(header).to_string().into_bytes();
    // Spaces until the data begins at a multiple of eight bytes, as the format recommends.
    header.resize(header.len().next_multiple_of(8), b' ');
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header);
    file.extend(data);
    Ok(file)
}

/// The nearest half-precision number of seven significant bits, of two equally near ones the even.
fn seven_bits(value: f32) -> half::f16 {
    const DROPPED: u32 = 4;
    let bits = u32::from(half::f16::from_f32(value).to_bits());
    let odd = bits >> DROPPED & 1;
    let rounded = bits + (1 << (DROPPED - 1)) - 1 + odd;
    half::f16::from_bits((rounded >> DROPPED << DROPPED) as u16)
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
