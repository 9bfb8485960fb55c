//! The files of a command line in; whether one of them, which can be read only once, is there twice.

use super::exit::Failure;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// # Errors
///
/// Wrong usage if standard input or a pipe is named twice: the second reader would wait for ever.
pub(super) fn check(files: &[PathBuf]) -> Result<(), Failure> {
    if files.iter().filter(|file| is_standard_input(file)).count() > 1 {
        return Err(Failure::usage("standard input (-) can be read only once"));
    }
    let mut known = HashSet::new();
    match files.iter().find(|file| pipe(file).is_some_and(|pipe| !known.insert(pipe))) {
        Some(twice) => {
            Err(Failure::usage(format!("{}: a pipe can be read only once", twice.display())))
        }
        None => Ok(()),
    }
}

fn is_standard_input(file: &Path) -> bool {
    ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].iter().any(|name| file == Path::new(name))
}

/// Device and inode if it is a pipe.
#[cfg(unix)]
fn pipe(file: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let meta = std::fs::metadata(file).ok()?;
    crate::input::is_pipe(&meta).then(|| (meta.dev(), meta.ino()))
}

#[cfg(not(unix))]
const fn pipe(_: &Path) -> Option<(u64, u64)> {
    None
}
