//! What can go wrong with a file: what, where (file and byte), what now.

use std::fmt;
use std::path::{Path, PathBuf};

/// Which kind of failure; the command line picks its exit code by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The file cannot be opened, read or written.
    Io,
    /// The file is not a V8 heap snapshot at all.
    NotASnapshot,
    /// The file is a snapshot but cut off, damaged or inconsistent.
    Damaged,
    /// There is not enough memory for it.
    Memory,
    /// The caller asked for something that cannot be (a bad option value, say).
    Usage,
}

/// One failure. Each level adds the one thing only it knows: the parser the byte, the
/// caller the file.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    what: String,
    file: Option<PathBuf>,
    byte: Option<u64>,
    hint: Option<String>,
    source: Option<std::io::Error>,
    cut_off: bool,
}

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A failure of `kind`; `what` is lower case, without a full stop.
    pub fn new(kind: ErrorKind, what: impl Into<String>) -> Self {
        let what = what.into();
        Self { kind, what, file: None, byte: None, hint: None, source: None, cut_off: false }
    }

    /// A damaged snapshot, noticed at `byte` of the uncompressed content.
    pub fn damaged(byte: usize, what: impl Into<String>) -> Self {
        Self { byte: Some(byte as u64), ..Self::new(ErrorKind::Damaged, what) }
    }

    /// An operating system error while doing `what`.
    pub fn io(what: impl Into<String>, source: std::io::Error) -> Self {
        Self { source: Some(source), ..Self::new(ErrorKind::Io, what) }
    }

    /// Adds the file's name, unless one is known already.
    #[must_use]
    pub fn in_file(mut self, file: &Path) -> Self {
        self.file.get_or_insert_with(|| file.to_path_buf());
        self
    }

    /// Adds the archive or file that the failure lies in. A name that is known already is one
    /// inside the archive, unless it is this one.
    #[must_use]
    pub(crate) fn inside(mut self, outer: &Path) -> Self {
        self.file = Some(match self.file.take() {
            Some(file) if !file.starts_with(outer) => inside(outer, &file),
            Some(file) => file,
            None => outer.to_path_buf(),
        });
        self
    }

    /// Says that nothing is wrong but that the data ends too early.
    #[must_use]
    pub(crate) fn cut_off(mut self) -> Self {
        self.cut_off = true;
        self
    }

    pub(crate) const fn is_cut_off(&self) -> bool {
        self.cut_off
    }

    /// Adds what the reader can do now.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint.get_or_insert_with(|| hint.into());
        self
    }

    /// The kind of failure.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The byte in the uncompressed content at which the failure was noticed.
    #[must_use]
    pub const fn byte(&self) -> Option<u64> {
        self.byte
    }

    /// What the reader can do now.
    #[must_use]
    pub fn what_now(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

/// The path of a file in an archive: the archive's, and the file's own behind it, whatever that
/// is. It is only shown.
pub(crate) fn inside(archive: &Path, file: &Path) -> PathBuf {
    let mut path = archive.as_os_str().to_owned();
    path.push("/");
    path.push(file.strip_prefix(".").unwrap_or(file));
    path.into()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}: ", crate::text::visible(&file.to_string_lossy()))?;
        }
        // Parsers of JSON quote what they stumble over.
        f.write_str(&crate::text::visible(&self.what))?;
        if let Some(source) = &self.source {
            write!(f, ": {}", crate::text::visible(&source.to_string()))?;
        }
        if let Some(byte) = self.byte {
            write!(f, " (at byte {byte})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|e| e as _)
    }
}
