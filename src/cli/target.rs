//! What a file to be written is called in, where it really lies and whether it may be put there out.

use crate::error::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// Links that are followed, as many as the system would.
const LINKS: usize = 40;

/// The folder that a file lies in.
pub(super) fn folder(file: &Path) -> &Path {
    file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

/// The file behind all links, whether it is there yet or not: what is written goes there, so that
/// a link stays one.
pub(super) fn real(file: &Path) -> PathBuf {
    let mut file = file.to_owned();
    for _ in 0..LINKS {
        if let Ok(real) = file.canonicalize() {
            return real;
        }
        let Ok(to) = file.read_link() else { break };
        file = folder(&file).join(to);
    }
    match (folder(&file).canonicalize(), file.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => file,
    }
}

/// Whether a file is one of these, by whatever name.
pub(super) fn is_one_of(file: &Path, others: &[&Path]) -> bool {
    let (place, number) = (real(file), number(file));
    let same = |other: &Path| number.is_some() && number == self::number(other);
    others.iter().any(|other| real(other) == place || same(other))
}

/// By which the system knows a file that has several names.
#[cfg(unix)]
fn number(file: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let is = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
    Some((is.dev(), is.ino()))
}

#[cfg(not(unix))]
const fn number(_: &Path) -> Option<(u64, u64)> {
    None
}

/// What is wrong with the place of a file that is to be written, if there is no such folder.
pub(super) fn missing_folder(file: &Path) -> Option<Error> {
    let error = || {
        Error::new(ErrorKind::Io, "there is no folder of this name")
            .in_file(file)
            .with_hint("make the folder first; heapdiff makes files only")
    };
    (!folder(file).is_dir()).then(error)
}

/// Refuses to put a new file in the place of what is there, if that is a device, a pipe or a
/// directory, or may not be written to.
pub(super) fn replaceable(target: &Path) -> Result<(), Error> {
    let what = match target.metadata() {
        Ok(is) if !is.is_file() => "this is a directory, a pipe or a device, not a file",
        Ok(is) if is.permissions().readonly() => "the file is read-only",
        _ => return Ok(()),
    };
    Err(Error::new(ErrorKind::Io, what).in_file(target))
}
