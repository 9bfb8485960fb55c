//! A file that cannot be opened in, why, and what to do about it, out.

use crate::error::Error;
use crate::glob::nearest;
use std::io::ErrorKind as Io;
use std::path::{Path, PathBuf};

/// Names of a folder that are looked at.
const MOST: usize = 10_000;

pub(super) fn cannot_open(e: std::io::Error, path: &Path) -> Error {
    let hint = match e.kind() {
        Io::NotFound => Some(not_found(path)),
        Io::PermissionDenied => Some(
            "V8 writes snapshots for their owner only (mode 0600), and after docker cp that is \
             often root: sudo chown \"$USER\" FILE, or docker run --user \"$(id -u)\""
                .to_owned(),
        ),
        _ => None,
    };
    let error = Error::io("cannot open the file", e);
    match hint {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

/// The file that was probably meant, or else where it was looked for.
fn not_found(path: &Path) -> String {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    let Ok(entries) = std::fs::read_dir(&folder) else {
        return format!("there is no folder {}", whole(&folder));
    };
    let mut names: Vec<String> =
        entries.take(MOST).filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    match nearest(&name.unwrap_or_default(), names.iter().map(String::as_str)) {
        Some(like) => format!("did you mean {}?", path.with_file_name(like).display()),
        None => format!("it was looked for in {}", whole(&folder)),
    }
}

/// A folder from the root, as far as it is there.
fn whole(folder: &Path) -> String {
    std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf()).display().to_string()
}
