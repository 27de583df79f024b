//! Reads the .npy arrays of the tests.

use std::path::{Path, PathBuf};

#[allow(dead_code)] // Not every test crate that includes this file needs all of it.
/// A two-dimensional (or flat) array of little-endian f32 in C order.
pub struct Array {
    pub shape: Vec<usize>,
    pub data: Vec<f32>,
}

#[allow(dead_code)]
impl Array {
    /// Element of a two-dimensional array.
    pub fn at(&self, row: usize, column: usize) -> f32 {
        self.data[row * self.shape[1] + column]
    }
}

/// Parses the bytes of a version 1 .npy file.
#[allow(dead_code)] // Not every test crate that includes this file needs all of it.
pub fn parse(file: &[u8]) -> Array {
    assert_eq!(&file[..8], b"\x93NUMPY\x01\x00", "a version 1 .npy file");
    let end = 10 + usize::from(u16::from_le_bytes([file[8], file[9]]));
    let header = std::str::from_utf8(&file[10..end]).expect("a text header");
    assert!(header.contains("'<f4'") && header.contains("'fortran_order': False"), "{header}");
    let shape = header.split('(').nth(1).and_then(|rest| rest.split(')').next()).expect("a shape");
    let shape: Vec<usize> = shape.split(',').filter_map(|n| n.trim().parse().ok()).collect();
    let data: Vec<f32> = file[end..].as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    assert_eq!(shape.iter().product::<usize>(), data.len(), "the shape fits the data");
    Array { shape, data }
}

#[allow(dead_code)]
pub fn read(path: impl AsRef<Path>) -> Array {
    let path = path.as_ref();
    parse(&std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// A file of `tests/golden`.
#[allow(dead_code)] // Not every test crate that includes this file needs all of it.
pub fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// A file of the shared reference data, or `None`, with a notice, where they are not on this machine.
#[allow(dead_code)]
pub fn reference(name: &str) -> Option<PathBuf> {
    let shared = match std::env::var_os("SONGMOOD_DATA") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"),
    };
    let path = shared.join("reference").join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: there is no {} (set SONGMOOD_DATA to the folder with the reference data)", path.display());
    None
}
