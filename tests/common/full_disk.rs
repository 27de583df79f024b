//! A disk that is full, without one: no file may grow.

use std::process::Command;

/// The same command where no file may grow beyond `blocks` of 512 bytes.
pub fn on_full_disk(program: &Command, blocks: u32) -> Command {
    let mut shell = Command::new("sh");
    // Without the trap, the limit would end the process instead of failing its write.
    shell.args(["-c", "trap '' XFSZ; ulimit -f \"$0\"; exec \"$@\"", &blocks.to_string()]);
    shell.arg(program.get_program()).args(program.get_args());
    if let Some(folder) = program.get_current_dir() {
        shell.current_dir(folder);
    }
    shell
}
