//! An open file in, whether it has changed since out.

use crate::error::{Error, ErrorKind, Result};
use std::fs::{File, Metadata};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A file as it was when it was opened.
#[derive(Debug)]
pub(super) struct Watch {
    file: File,
    path: PathBuf,
    then: State,
}

/// What changes when a file does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct State {
    size: u64,
    modified: Option<SystemTime>,
    /// Device and inode: another file under the same name has others.
    identity: (u64, u64),
}

impl State {
    fn of(meta: &Metadata) -> Self {
        Self { size: meta.len(), modified: meta.modified().ok(), identity: identity(meta) }
    }

    /// What a file is now.
    ///
    /// # Errors
    /// `Io` if it cannot be reached.
    #[cfg(feature = "mcp")]
    pub(crate) fn now(path: &Path) -> Result<Self> {
        let meta = std::fs::metadata(path);
        meta.map(|meta| Self::of(&meta)).map_err(|e| super::cannot_open(e, path).in_file(path))
    }

    /// Refuses a file that is not what it was then.
    ///
    /// # Errors
    /// `Io` if it is another, or none any more.
    #[cfg(feature = "mcp")]
    pub(crate) fn check(&self, path: &Path) -> Result<()> {
        if Self::now(path)? == *self { Ok(()) } else { Err(changed(path)) }
    }
}

#[cfg(unix)]
fn identity(meta: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (meta.dev(), meta.ino())
}

#[cfg(not(unix))]
const fn identity(_: &Metadata) -> (u64, u64) {
    (0, 0)
}

impl Watch {
    /// Remembers the file's state.
    pub(super) fn new(file: File, path: &Path) -> std::io::Result<Self> {
        let then = State::of(&file.metadata()?);
        Ok(Self { file, path: path.to_owned(), then })
    }

    pub(super) const fn file(&self) -> &File {
        &self.file
    }

    pub(super) const fn size(&self) -> u64 {
        self.then.size
    }

    /// Refuses a file that was written to, cut or replaced. One that was deleted is still whole
    /// behind its open handle.
    pub(super) fn check(&self) -> Result<()> {
        let same =
            |meta: std::io::Result<Metadata>| meta.map_or(true, |m| State::of(&m) == self.then);
        if same(self.file.metadata()) && same(std::fs::metadata(&self.path)) {
            return Ok(());
        }
        Err(changed(&self.path))
    }
}

fn changed(path: &Path) -> Error {
    Error::new(ErrorKind::Io, "the file changed while it was read").with_hint(ADVICE).in_file(path)
}

/// What to do about a file that changes.
pub(super) const ADVICE: &str =
    "wait until the snapshot is written to its end, or copy the file and compare the copy";
