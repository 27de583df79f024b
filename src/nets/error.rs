//! Why a model file was refused.

/// A model file cannot be used. Every message says what was found and what to do about it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Not safetensors, or cut short.
    #[error(
        "this is not a whole safetensors file ({reason}); load a file that `songmood train` wrote, or copy it again"
    )]
    Unreadable { reason: String },
    /// A safetensors file, but without our metadata.
    #[error("the file lacks the metadata field “{field}”; only files that `songmood train` wrote can be loaded")]
    MissingMetadata { field: &'static str },
    /// A metadata field cannot be understood.
    #[error("the metadata field “{field}” cannot be read: {reason}")]
    BadMetadata { field: &'static str, reason: String },
    /// Written by another version of the format.
    #[error(
        "the file has format version {got}, this songmood reads versions {oldest} to {newest}; use a songmood of the same age, or train again"
    )]
    Version { oldest: u32, newest: u32, got: String },
    /// A network that is not built in, or not of the kind that is asked for.
    #[error("the file holds the architecture “{got}”, expected {expected}")]
    Architecture { expected: &'static str, got: String },
    /// Labels differ in name or order.
    #[error("the file's labels are {got:?}, expected {expected:?} in this order")]
    Labels { expected: Vec<String>, got: Vec<String> },
    /// Trained on other features than this build computes for mood windows.
    #[error("the file was trained on other features: {field} is {got}, this songmood computes {expected}")]
    Features { field: &'static str, expected: String, got: String },
    /// A tensor that the architecture needs is not in the file.
    #[error("the tensor “{name}” is missing from the file")]
    MissingTensor { name: String },
    /// A tensor that the architecture has no place for.
    #[error("the file holds a tensor “{name}” that this architecture does not have")]
    UnexpectedTensor { name: String },
    /// A tensor of the wrong shape.
    #[error("the tensor “{name}” has shape {got:?}, expected {expected:?}")]
    Shape { name: String, expected: Vec<usize>, got: Vec<usize> },
    /// A tensor of an element type other than F32, F16 and I8.
    #[error("the tensor “{name}” holds {got}; only F32, F16 and I8 can be read")]
    ElementType { name: String, got: String },
    /// NaN or infinity among the weights or the normalisation.
    #[error("“{name}” holds a value that is not a number; the file is damaged or its training diverged")]
    NotFinite { name: String },
    /// A number in the metadata lies outside what makes sense.
    #[error("“{name}” is {got}, expected {expected}")]
    OutOfRange { name: &'static str, expected: &'static str, got: String },
}
