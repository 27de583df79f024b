//! Folders that one may not write to. Whoever runs the tests may be root, who may write everywhere: then the program runs as nobody.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Whom systems call “nobody”.
const NOBODY: u32 = 65_534;

/// Takes the right to write away from a folder and all in it; gives it back in the end, so that it can be removed.
pub struct ReadOnly(PathBuf);

impl ReadOnly {
    pub fn new(folder: &Path) -> ReadOnly {
        set(folder, 0o555, 0o444);
        ReadOnly(folder.to_owned())
    }
}

impl Drop for ReadOnly {
    fn drop(&mut self) {
        set(&self.0, 0o755, 0o644);
    }
}

fn set(path: &Path, folders: u32, files: u32) {
    let is_folder = path.is_dir();
    // A folder's own last: without it what lies in it is not reached.
    if is_folder {
        fs::read_dir(path).unwrap().for_each(|entry| set(&entry.unwrap().path(), folders, files));
    }
    fs::set_permissions(path, fs::Permissions::from_mode(if is_folder { folders } else { files })).unwrap();
}

/// The same command by someone for whom these rights count. `place` is a folder of the test's own, in which a copy of the program
/// is put: nobody need not be able to reach where it was built.
pub fn without_privileges(program: &Command, place: &Path) -> Command {
    let root = fs::metadata(place).unwrap().uid() == 0;
    let copy = place.join("songmood");
    if root && !copy.exists() {
        // Copied by another process: a file that this one has open for writing could be inherited by a program that another
        // test starts just then, and could not be run as long as that lives.
        assert!(Command::new("cp").arg(program.get_program()).arg(&copy).status().unwrap().success());
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(place, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut command = if root { Command::new(&copy) } else { Command::new(program.get_program()) };
    command.args(program.get_args());
    if let Some(folder) = program.get_current_dir() {
        command.current_dir(folder);
    }
    if root {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}
