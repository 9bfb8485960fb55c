//! What can go wrong with a file: what, where (file and byte), what now.

use std::fmt;
use std::path::{Path, PathBuf};

/// Which kind of failure; the command line picks its exit code by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
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
    /// The caller no longer waits for it ([`Cancel`](crate::Cancel)).
    Cancelled,
}

/// What a caller can set otherwise to get further. It is displayed by its name in this library;
/// [`Hint::with`] calls it by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remedy {
    /// Allow more memory: a larger `memory` in the options of a comparison, and larger limits of
    /// what is read.
    MoreMemory,
    /// Read a file that is cut off as far as it goes: `truncated` in how it is read.
    Truncated,
    /// Read a file into memory, or do not: `map` in how it is read.
    Map,
    /// Compare two snapshots: give two sources.
    Two,
    /// Make a new baseline of what has grown.
    Accept,
    /// Give what follows as a condition of its own.
    Another,
    /// Take a snapshot although there may be no room for it.
    Force,
    /// Name the field of a log that says how much memory is taken.
    Field,
}

impl Remedy {
    const fn name(self) -> &'static str {
        match self {
            Self::MoreMemory => "Options::memory and Limits::bytes",
            Self::Truncated => "Reading::truncated",
            Self::Map => "Reading::map = false",
            Self::Two => "compare() takes two sources",
            Self::Accept => "Gates::accept()",
            Self::Another => "parse another Condition",
            Self::Force => "no preflight",
            Self::Field => "TrendOptions::fields",
        }
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What the reader of an error can do now, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// With a pair of braces for each remedy.
    text: String,
    remedies: &'static [Remedy],
}

impl Hint {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), remedies: &[] }
    }

    /// A hint that has `{}` for each of the remedies, in their order.
    pub(crate) fn of(text: impl Into<String>, remedies: &'static [Remedy]) -> Self {
        Self { text: text.into(), remedies }
    }

    /// What to set otherwise, of what can be set.
    #[must_use]
    pub const fn remedies(&self) -> &[Remedy] {
        self.remedies
    }

    /// The words, where remedies are called by other names than the library's: a program's options,
    /// say.
    pub fn with<N: fmt::Display>(&self, mut name: impl FnMut(Remedy) -> N) -> String {
        let mut text = self.text.clone();
        for remedy in self.remedies {
            text = text.replacen("{}", &name(*remedy).to_string(), 1);
        }
        text
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.with(|remedy| remedy))
    }
}

/// One failure: its [kind](Self::kind), the [file](Self::file), the [byte](Self::byte) and a
/// [hint](Self::hint). Displayed, it is one line that says all but the hint, with the operating
/// system's own words at the end. It has no
/// [source](std::error::Error::source), so that who prints errors with their sources prints those
/// words once; [`io_error`](Self::io_error) gives them.
// Each level adds the one thing only it knows: the parser the byte, the caller the file.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    what: String,
    file: Option<PathBuf>,
    byte: Option<u64>,
    hint: Option<Hint>,
    source: Option<std::io::Error>,
    cut_off: bool,
}

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A failure of `kind`; `what` is lower case, without a full stop.
    pub(crate) fn new(kind: ErrorKind, what: impl Into<String>) -> Self {
        let what = what.into();
        Self { kind, what, file: None, byte: None, hint: None, source: None, cut_off: false }
    }

    /// A damaged snapshot, noticed at `byte` of the uncompressed content.
    pub(crate) fn damaged(byte: usize, what: impl Into<String>) -> Self {
        Self { byte: Some(byte as u64), ..Self::new(ErrorKind::Damaged, what) }
    }

    /// An operating system error while doing `what`.
    pub(crate) fn io(what: impl Into<String>, source: std::io::Error) -> Self {
        Self { source: Some(source), ..Self::new(ErrorKind::Io, what) }
    }

    /// Adds the file's name, unless one is known already.
    #[must_use]
    pub(crate) fn in_file(mut self, file: &Path) -> Self {
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

    /// Adds what the reader can do now, unless something is known already.
    #[must_use]
    pub(crate) fn with_hint(self, hint: impl Into<String>) -> Self {
        self.with(Hint::new(hint))
    }

    /// The same with remedies, each in place of a `{}`.
    #[must_use]
    pub(crate) fn with_remedies(
        self,
        hint: impl Into<String>,
        remedies: &'static [Remedy],
    ) -> Self {
        self.with(Hint::of(hint, remedies))
    }

    fn with(mut self, hint: Hint) -> Self {
        self.hint.get_or_insert(hint);
        self
    }

    /// What went wrong, without the file.
    #[cfg(feature = "capture")]
    pub(crate) fn what(&self) -> &str {
        &self.what
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

    /// The file, if it is one file's failure: its path as given; of a file in an archive the archive's
    /// path and the file's behind it.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// What the reader can do now.
    #[must_use]
    pub const fn hint(&self) -> Option<&Hint> {
        self.hint.as_ref()
    }

    /// The operating system's error, if there was one.
    #[must_use]
    pub const fn io_error(&self) -> Option<&std::io::Error> {
        self.source.as_ref()
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

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error as _;

    #[test]
    fn remedies_go_by_the_names_of_who_shows_them() {
        let error = Error::damaged(7, "it ends")
            .with_remedies("without {}, or allow more with {}", &[Remedy::Map, Remedy::MoreMemory]);
        let hint = error.hint().unwrap();
        let more = "without Reading::map = false, or allow more with \
                    Options::memory and Limits::bytes";
        assert_eq!(hint.to_string(), more);
        let short = |remedy: Remedy| if remedy == Remedy::Map { "a" } else { "{}" };
        assert_eq!(hint.with(short), "without a, or allow more with {}");
        assert_eq!(hint.remedies(), [Remedy::Map, Remedy::MoreMemory]);
        let plain = Error::new(ErrorKind::Io, "no").with_hint("braces: {}").with_hint("later");
        assert_eq!(plain.hint().unwrap().to_string(), "braces: {}");
        assert_eq!((error.byte(), plain.file()), (Some(7), None));
    }

    #[test]
    fn an_error_printed_with_its_sources_says_everything_once() {
        let why = std::io::Error::from(std::io::ErrorKind::NotFound);
        let told = why.to_string();
        let error = Error::io("cannot open the file", why).in_file(Path::new("a"));
        assert_eq!(error.to_string(), format!("a: cannot open the file: {told}"));
        assert!(error.source().is_none());
        assert_eq!(error.io_error().unwrap().kind(), std::io::ErrorKind::NotFound);
        assert_eq!(error.file(), Some(Path::new("a")));
    }
}
