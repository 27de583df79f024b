//! Standard output that may be closed early, as `songmood classify … | head` closes it.

use std::fmt;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// A path for people to read: control characters in a file's name do nothing to their terminal.
pub fn shown(path: &Path) -> String {
    path.to_string_lossy().replace(char::is_control, "\u{fffd}")
}

/// Prints a line. When nobody reads any more, the program ends quietly; when the output cannot be written
/// (a full disk, say), it says so and ends with status 1.
pub fn line(line: impl fmt::Display) {
    text(format!("{line}\n").as_bytes());
}

/// Prints text as it is, with the same two ways out.
pub fn text(text: &[u8]) {
    if let Err(error) = std::io::stdout().lock().write_all(text) {
        if error.kind() == ErrorKind::BrokenPipe {
            std::process::exit(0);
        }
        complain(format_args!("songmood: cannot write to standard output: {error}"));
        std::process::exit(1);
    }
}

/// Says a line on standard error. Where nobody can be told (it is closed, or on a full disk), nothing more can be done:
/// the work goes on, and the exit status says the rest.
pub fn complain(line: impl fmt::Display) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
