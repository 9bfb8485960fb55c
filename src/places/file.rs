//! The name of a file and a folder in, its bytes out, if it is a regular file in that folder and the
//! budget allows it.

use crate::units::size;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Bytes of one file.
const LARGEST: u64 = 64_000_000;
/// And of all of one run.
const ALL: u64 = 256_000_000;
/// Bytes of memory that reading a byte takes, rounded up: what a map becomes, and the text beside it. A map
/// of 43 MB took 3.5 times as much (November 2026).
const MEMORY: u64 = 8;

/// Reads files within limits.
#[derive(Debug)]
pub(super) struct Reader {
    all: u64,
    largest: u64,
    left: u64,
    /// Folders outside of which nothing is there, with all links followed.
    confined_to: Option<Vec<PathBuf>>,
}

impl Default for Reader {
    fn default() -> Self {
        Self::of(LARGEST)
    }
}

impl Reader {
    /// One of files that may take so many bytes of memory, if that is limited.
    pub(super) fn within(room: Option<u64>) -> Self {
        let all = room.map_or(ALL, |room| ALL.min(room / MEMORY));
        Self { all, left: all, ..Self::of(LARGEST) }
    }

    /// One of files with so many bytes at most.
    pub(super) const fn of(largest: u64) -> Self {
        Self { all: ALL, largest, left: ALL, confined_to: None }
    }

    /// Has files outside of some folders, or beside some files, count as not there.
    pub(super) fn confine(&mut self, to: &[PathBuf]) {
        self.confined_to = Some(to.iter().filter_map(|path| path.canonicalize().ok()).collect());
    }

    /// The bytes of a file in one of these folders, or below; `None` if there is none.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn read(
        &mut self,
        path: &Path,
        folders: &[PathBuf],
    ) -> Result<Option<Vec<u8>>, String> {
        let Ok(real) = path.canonicalize() else { return Ok(None) };
        if self.confined_to.as_ref().is_some_and(|to| !to.iter().any(|to| real.starts_with(to))) {
            return Ok(None);
        }
        let is_above =
            |folder: &PathBuf| folder.canonicalize().is_ok_and(|folder| real.starts_with(folder));
        if !folders.iter().any(is_above) {
            return Err(
                "it lies outside of the script's folder, and none that it lies in is given"
                    .to_owned(),
            );
        }
        // Nothing is waited for: a pipe is not opened.
        let metadata = real.metadata().map_err(|e| e.to_string())?;
        if !metadata.is_file() {
            return Err("it is no file".to_owned());
        }
        let most = self.largest.min(self.left);
        let mut bytes = Vec::new();
        if metadata.len() <= most {
            let file = File::open(&real).map_err(|e| e.to_string())?;
            file.take(most + 1).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
        }
        if metadata.len() > most || bytes.len() as u64 > most {
            let is_last = most < self.largest;
            let what = if is_last { "all maps together" } else { "a map" };
            let limit = size(if is_last { self.all } else { self.largest });
            return Err(format!("{what} may have {limit}"));
        }
        self.left -= bytes.len() as u64;
        Ok(Some(bytes))
    }
}
