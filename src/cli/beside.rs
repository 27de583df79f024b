//! Files that are whole or not there: written beside their final name, then renamed.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Where output is kept that another run may go on with, or that is of no use before it is whole.
pub fn kept_beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(".part");
    PathBuf::from(name)
}

/// Lets `fill` write a new file beside `path` (it is given the file and the name it has for the time being), brings it
/// to the disk and gives it the name `path`. Nobody ever finds half a file there, and when anything fails, what stood at
/// `path` before still stands.
///
/// # Errors
/// Those of `fill`, and when the file cannot be created, brought to the disk or renamed.
pub fn write_beside<E: From<io::Error>>(
    path: &Path,
    fill: impl FnOnce(&mut File, &Path) -> Result<(), E>,
) -> Result<(), E> {
    // Neither another process nor another thread of this one writes to the same name.
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}-{}.part", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
    let beside = path.with_file_name(name);
    let mut file = OpenOptions::new().read(true).write(true).create_new(true).open(&beside)?;
    // Tells `sweep` that somebody is at work. Where the file system knows no locks, nothing is swept either.
    let _ = file.try_lock();
    let result = fill(&mut file, &beside).and_then(|()| {
        file.sync_all()?;
        fs::rename(&beside, path)?;
        sync_folder(path)?;
        Ok(())
    });
    if result.is_err() {
        // Nothing more can be done if this fails too; the first error is the one to tell.
        let _ = fs::remove_file(&beside);
    }
    result
}

/// Removes what [`write_beside`] left in a folder when its process was killed. Files that somebody is writing stay, and
/// so does what cannot be removed: it does no harm.
pub fn sweep(folder: &Path) {
    let is_left = |name: &OsStr| {
        let name = name.to_string_lossy();
        let number =
            name.strip_prefix('.').and_then(|name| name.strip_suffix(".part")).and_then(|name| name.rsplit('.').next());
        number.and_then(|number| number.split_once('-')).is_some_and(|(process, count)| {
            [process, count].iter().all(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        })
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten().filter(|entry| is_left(&entry.file_name())) {
        let unlocked = |file: &File| file.try_lock().is_ok();
        if OpenOptions::new().write(true).open(entry.path()).as_ref().is_ok_and(unlocked) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Brings the new name to the disk too.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Only on Unix can a folder be opened for that.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
