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

/// Reads files within limits.
#[derive(Debug)]
pub(super) struct Reader {
    largest: u64,
    left: u64,
}

impl Default for Reader {
    fn default() -> Self {
        Self::of(LARGEST)
    }
}

impl Reader {
    /// One of files with so many bytes at most.
    pub(super) const fn of(largest: u64) -> Self {
        Self { largest, left: ALL }
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
            let limit = size(if is_last { ALL } else { self.largest });
            return Err(format!("{what} may have {limit}"));
        }
        self.left -= bytes.len() as u64;
        Ok(Some(bytes))
    }
}
