//! The program `songmood`; see `songmood::cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    songmood::cli::main()
}
