//! Writes numpy's .npy files (format 1.0, `numpy.lib.format`).

use std::io::{self, Write};

/// The preamble and the header together fill a multiple of this many bytes.
const ALIGNMENT: usize = 64;

/// Writes a matrix of little-endian f32 in C order; `rows` are all as long as the first.
pub fn write_matrix<'a>(
    mut out: impl Write,
    shape: [usize; 2],
    rows: impl Iterator<Item = &'a [f32]>,
) -> io::Result<()> {
    let [n_rows, n_columns] = shape;
    let mut header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({n_rows}, {n_columns}), }}");
    // Magic, version and length take ten bytes, the closing line break one.
    let padding = (10 + header.len() + 1).next_multiple_of(ALIGNMENT) - (10 + header.len() + 1);
    header.extend(std::iter::repeat_n(' ', padding));
    header.push('\n');
    out.write_all(b"\x93NUMPY\x01\x00")?;
    out.write_all(&(header.len() as u16).to_le_bytes())?;
    out.write_all(header.as_bytes())?;
    for row in rows {
        for value in row {
            out.write_all(&value.to_le_bytes())?;
        }
    }
    out.flush()
}
