//! A path and how to read it in, an [`Input`] out when it is wanted.

use super::{Input, Reading};
use crate::error::Result;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where a snapshot comes from: a file of V8's, plain or packed (gzip, zstd, brotli), or the one snapshot
/// in an archive (tar, zip). What it is, its first bytes tell.
#[derive(Debug, Clone)]
pub struct Source {
    path: PathBuf,
    reading: Reading,
    /// Read already, where several came in one stream.
    held: Option<Arc<Input>>,
}

impl Source {
    /// A file to be read in some way; `-` is standard input.
    pub fn new(path: impl Into<PathBuf>, reading: Reading) -> Self {
        Self { path: path.into(), reading, held: None }
    }

    pub(super) fn held(input: Input, reading: Reading) -> Self {
        Self { path: input.path().to_owned(), reading, held: Some(Arc::new(input)) }
    }

    /// The path as given, or in an archive.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens it. Standard input and pipes can be opened once.
    ///
    /// # Errors
    /// As [`Input::open`].
    #[doc(hidden)]
    pub fn open(&self) -> Result<Arc<Input>> {
        match &self.held {
            Some(input) => Ok(Arc::clone(input)),
            None => Input::read(&self.path, &self.reading).map(Arc::new),
        }
    }
}

impl From<&str> for Source {
    /// A file, to be read in the usual way.
    fn from(path: &str) -> Self {
        Self::new(path, Reading::default())
    }
}

impl From<&Path> for Source {
    /// A file, to be read in the usual way.
    fn from(path: &Path) -> Self {
        Self::new(path, Reading::default())
    }
}

impl From<&Self> for Source {
    fn from(source: &Self) -> Self {
        source.clone()
    }
}
