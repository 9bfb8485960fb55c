//! The name of a file as a client gives it in, its path out, if it lies below a root.

use crate::error::{Error, ErrorKind, Result};
use crate::input::is_snapshot_name;
use crate::text::quoted;
use std::cmp::Reverse;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Snapshots that are named where one is not found, and entries of a folder that are looked at.
const NAMED: usize = 20;
const LOOKED_AT: usize = 10_000;

/// Folders below which files are opened, with all links followed.
#[derive(Debug)]
pub(super) struct Roots(Vec<PathBuf>);

impl Roots {
    /// # Errors
    /// `Io` if one cannot be entered, `Usage` if it is no folder.
    pub(super) fn new(folders: &[PathBuf]) -> Result<Self> {
        let real = |folder: &PathBuf| {
            let path = fs::canonicalize(folder)
                .map_err(|e| Error::io("cannot enter this folder", e).in_file(folder))?;
            match path.is_dir() {
                true => Ok(path),
                false => Err(Error::new(ErrorKind::Usage, "a root is a folder").in_file(folder)),
            }
        };
        folders.iter().map(real).collect::<Result<_>>().map(Self)
    }

    /// Their real paths.
    pub(super) fn folders(&self) -> &[PathBuf] {
        &self.0
    }

    /// The real path of a file: of a relative name the one below the first root that has it.
    ///
    /// # Errors
    /// `Io` if no root has such a file, or it is none that can be read twice. What lies elsewhere looks as
    /// if it did not exist.
    pub(super) fn file(&self, name: &str) -> Result<PathBuf> {
        let mut found = self.0.iter().filter_map(|root| fs::canonicalize(root.join(name)).ok());
        let within = |path: &PathBuf| self.0.iter().any(|root| path.starts_with(root));
        let path = found.find(within).ok_or_else(|| self.missing(name))?;
        if path.is_dir() {
            let what = "this is a folder, and not a snapshot";
            let error = Error::new(ErrorKind::Io, what).in_file(Path::new(name));
            return Err(error.with_hint(there(&list(&path))));
        }
        match path.is_file() {
            true => Ok(shown(&path)),
            false => Err(Error::new(ErrorKind::Io, "this is a pipe or a device, not a file")
                .in_file(Path::new(name))),
        }
    }

    fn missing(&self, name: &str) -> Error {
        let folders: Vec<String> =
            self.0.iter().map(|root| quoted(&root.display().to_string())).collect();
        let what = format!("there is no such file below {}", folders.join(", "));
        let found: Vec<Found> = self.0.iter().flat_map(|root| list(root)).collect();
        Error::new(ErrorKind::Io, what).in_file(Path::new(name)).with_hint(there(&found))
    }
}

/// A snapshot, and when it was written.
type Found = (SystemTime, PathBuf);

/// Which snapshots there are, the newest ones.
fn there(found: &[Found]) -> String {
    let mut found: Vec<&Found> = found.iter().collect();
    found.sort_by_key(|(time, path)| (Reverse(*time), path));
    let names: Vec<String> = found
        .iter()
        .take(NAMED)
        .map(|(_, path)| quoted(&shown(path).display().to_string()))
        .collect();
    match (names.is_empty(), found.len().saturating_sub(NAMED)) {
        (true, _) => "there are no snapshots in it, or in the folders in it".to_owned(),
        (false, 0) => format!("snapshots there, newest first: {}", names.join(", ")),
        (false, more) => {
            format!("snapshots there, newest first: {}, and {more} more", names.join(", "))
        }
    }
}

/// The same file by a shorter name, if it lies below the working directory.
fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(fs::canonicalize).ok();
    let below = here.and_then(|here| path.strip_prefix(here).ok());
    below.filter(|below| !below.as_os_str().is_empty()).unwrap_or(path).to_owned()
}

/// The snapshots in a folder and the folders in it.
fn list(root: &Path) -> Vec<Found> {
    let entries =
        |folder: &Path| fs::read_dir(folder).into_iter().flatten().take(LOOKED_AT).flatten();
    let here: Vec<fs::DirEntry> = entries(root).collect();
    let is_folder = |entry: &&fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    let below = here.iter().filter(is_folder).flat_map(|folder| entries(&folder.path()));
    let below: Vec<fs::DirEntry> = below.take(LOOKED_AT).collect();
    let snapshot = |entry: &fs::DirEntry| {
        let meta = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        let path = entry.path();
        is_snapshot_name(&path).then(|| Some((meta.modified().ok()?, path))).flatten()
    };
    here.iter().chain(&below).filter_map(snapshot).collect()
}
