//! How far a run is: a bar on a terminal, and nothing where nobody looks.

use std::io::{self, IsTerminal};
use std::thread;

use indicatif::{ProgressBar, ProgressStyle};

use super::files::Files;

/// A bar that counts files, hidden unless standard error is a terminal and results go there too or to a file. (Behind a
/// pipe sits a program such as `less`, which the bar would disturb.)
pub fn bar(files: &Files, to_file: bool) -> ProgressBar {
    if !io::stderr().is_terminal() || !(to_file || io::stdout().is_terminal() || stdout_is_file()) {
        return ProgressBar::hidden();
    }
    // The templates are constants; the default bar is drawn where one is wrong.
    let style = |template| ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::no_length().with_style(style("{spinner} {pos} files, {per_sec}  {elapsed}"));
    // Counting goes through the folders once more, which is quick beside listening, and need not be waited for.
    let (bar_of_counter, files) = (bar.clone(), files.clone());
    thread::spawn(move || {
        if let Some(count) = files.count() {
            bar_of_counter.set_length(count);
            bar_of_counter.set_style(style("{bar:32} {pos}/{len} files, {per_sec}  {elapsed}, {eta} left"));
        }
    });
    bar
}

#[cfg(unix)]
fn stdout_is_file() -> bool {
    use std::os::fd::AsFd;
    let file = io::stdout().as_fd().try_clone_to_owned().map(std::fs::File::from);
    file.and_then(|file| file.metadata()).is_ok_and(|metadata| metadata.is_file())
}

#[cfg(not(unix))]
fn stdout_is_file() -> bool {
    false
}
