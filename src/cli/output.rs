//! Standard output that may be closed early, as `songmood classify … | head` closes it.

use std::fmt;
use std::io::{ErrorKind, Write};

/// Prints a line. When nobody reads any more, the program ends quietly; when the output cannot be written
/// (a full disk, say), it says so and ends with status 1.
pub fn line(text: impl fmt::Display) {
    if let Err(error) = writeln!(std::io::stdout().lock(), "{text}") {
        if error.kind() == ErrorKind::BrokenPipe {
            std::process::exit(0);
        }
        eprintln!("songmood: cannot write to standard output: {error}");
        std::process::exit(1);
    }
}
