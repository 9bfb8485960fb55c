//! A path in, the bytes of a snapshot out: mapped when the file is plain, unpacked into memory
//! when it is packed, read when it is a pipe, found when it lies in an archive.
//!
//! What a file is, its first bytes tell and not its name (but for brotli, which has no sign).

mod archive;
mod change;
mod gzip;
mod map;
mod missing;
mod series;
mod sidecar;
mod source;
mod stamp;
mod text;
mod unpack;
mod zstd;

#[cfg(feature = "mcp")]
pub(crate) use change::State;
pub use map::exit_when_a_file_is_cut_short;
pub use series::{Series, series};
pub(crate) use sidecar::Sidecar;
#[cfg(feature = "capture")]
pub(crate) use sidecar::{Memory, written};
pub use source::Source;
pub use stamp::Stamp;
pub(crate) use text::text;

use crate::error::{Error, ErrorKind, Remedy, Result};
use archive::{Archive, Member};
use change::Watch;
use missing::cannot_open;
use std::fs::File;
use std::io::{ErrorKind as Io, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use unpack::{Base, Budget, Content, Format};

/// How files are read. The default maps plain files, refuses those that are cut off, and has no limit of
/// memory.
#[derive(Debug, Clone)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Reading {
    /// Whether plain files are mapped; read into memory otherwise. A mapped file that another process
    /// cuts short while it is read ends this process by a signal (`SIGBUS`); programs can call
    /// [`exit_when_a_file_is_cut_short`].
    pub map: bool,
    /// Whether a file that is cut off is read as far as it goes.
    pub truncated: bool,
    /// What may come out of one file.
    pub limits: Limits,
}

impl Default for Reading {
    fn default() -> Self {
        Self { map: true, truncated: false, limits: Limits::default() }
    }
}

/// What may be read into memory.
#[derive(Debug, Clone)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Limits {
    /// Bytes that are kept, unpacked, of all files together that are read within these limits and
    /// clones of them.
    pub bytes: u64,
    /// How many times its packed size data may have unpacked, beyond 16 MiB. Real snapshots have
    /// shrunk to a 30th at most; traps reach a thousandth.
    pub ratio: u64,
    /// Bytes that are kept by now.
    held: Arc<AtomicU64>,
}

impl Limits {
    /// The usual ones, and no more than so many bytes of memory (`None` for any number).
    #[must_use]
    pub fn within(memory: Option<u64>) -> Self {
        Self { bytes: memory.unwrap_or(u64::MAX), ..Self::default() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: u64::MAX, ratio: 200, held: Arc::default() }
    }
}

/// The content of one snapshot file.
#[derive(Debug)]
pub struct Input {
    bytes: Bytes,
    path: PathBuf,
    file_bytes: u64,
    truncated: bool,
}

#[derive(Debug)]
enum Bytes {
    Mapped(map::Mapped, Watch),
    Owned(Vec<u8>),
}

/// What a path leads to.
enum Opened {
    Snapshot(Input),
    Archive(Archive),
}

impl Input {
    /// Opens a snapshot with the usual [`Reading`].
    ///
    /// # Errors
    /// `Io` if it cannot be opened or read, `Damaged` if it cannot be unpacked, `NotASnapshot` if
    /// it is empty or an archive without a snapshot, `Usage` if it is one with several.
    pub fn open(path: &Path) -> Result<Self> {
        Self::read(path, &Reading::default())
    }

    fn read(path: &Path, reading: &Reading) -> Result<Self> {
        match open(path, reading)? {
            Opened::Snapshot(input) => Ok(input),
            Opened::Archive(archive) => {
                let member = archive.only().map_err(|e| e.inside(path))?;
                Self::member(path, member, reading)
            }
        }
    }

    /// Takes content that is in memory already (not unpacked further).
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        let file_bytes = bytes.len() as u64;
        Self { bytes: Bytes::Owned(bytes), path: PathBuf::new(), file_bytes, truncated: false }
    }

    /// A file of an archive. Its path is the archive's and its own: whatever that is, it is only
    /// shown.
    fn member(archive: &Path, member: Member, reading: &Reading) -> Result<Self> {
        let path = crate::error::inside(archive, &member.name);
        Self::owned(path, member.bytes, member.size, reading)
    }

    fn owned(path: PathBuf, bytes: Vec<u8>, file_bytes: u64, reading: &Reading) -> Result<Self> {
        if bytes.is_empty() {
            return Err(empty().in_file(&path));
        }
        Ok(Self { bytes: Bytes::Owned(bytes), path, file_bytes, truncated: reading.truncated })
    }

    /// The same file with other content.
    pub(crate) fn repaired(&self, bytes: Vec<u8>) -> Self {
        let (path, file_bytes) = (self.path.clone(), self.file_bytes);
        Self { bytes: Bytes::Owned(bytes), path, file_bytes, truncated: false }
    }

    /// The uncompressed content.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Mapped(mapped, _) => mapped.bytes(),
            Bytes::Owned(owned) => owned,
        }
    }

    /// Says that a part of the content has been read and is not needed soon.
    pub(crate) fn release(&self, part: std::ops::Range<usize>) {
        if let Bytes::Mapped(mapped, _) = &self.bytes {
            mapped.release(part);
        }
    }

    /// Bytes of memory that the content takes: none if it lies in a file, which the system can
    /// fetch again.
    pub(crate) fn held_bytes(&self) -> u64 {
        match &self.bytes {
            Bytes::Mapped(..) => 0,
            Bytes::Owned(owned) => owned.len() as u64,
        }
    }

    /// The path as given; of a file in an archive the archive's path and the file's behind it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Size of the file itself, in bytes; of a file in an archive its size there.
    #[must_use]
    pub const fn file_bytes(&self) -> u64 {
        self.file_bytes
    }

    /// Whether it may be read as far as it goes if it is cut off.
    pub(crate) const fn may_be_truncated(&self) -> bool {
        self.truncated
    }

    /// Looks whether a mapped file is still what it was.
    ///
    /// # Errors
    /// `Io` if it was written to, cut or replaced since it was opened.
    pub fn check_unchanged(&self) -> Result<()> {
        match &self.bytes {
            Bytes::Mapped(_, watch) => watch.check(),
            Bytes::Owned(_) => Ok(()),
        }
    }
}

/// Opens whatever the path is; errors name it.
fn open(path: &Path, reading: &Reading) -> Result<Opened> {
    let opened =
        if path == Path::new("-") { standard_input(reading) } else { open_file(path, reading) };
    opened.map_err(|e| e.inside(path))
}

fn standard_input(reading: &Reading) -> Result<Opened> {
    let stdin = std::io::stdin().lock();
    if stdin.is_terminal() {
        return Err(Error::new(ErrorKind::Usage, "standard input is a terminal, not a snapshot")
            .with_hint("pipe a snapshot or a tar stream into it"));
    }
    stream(stdin, &Budget::new(reading), Path::new("-"), reading)
}

fn open_file(path: &Path, reading: &Reading) -> Result<Opened> {
    // Asked before opening, which has effects on some devices.
    let meta = std::fs::metadata(path).map_err(|e| match e.kind() {
        Io::PermissionDenied => Error::io("cannot reach the file", e)
            .with_hint("a folder on the way may not be entered: namei -l FILE shows which"),
        _ => cannot_open(e, path),
    })?;
    if meta.is_dir() {
        return Err(Error::new(ErrorKind::Io, "this is a directory, not a file").with_hint(
            "name the .heapsnapshot file inside it, or the directory alone to compare what is in it",
        ));
    }
    if is_pipe(&meta) {
        let pipe = File::open(path).map_err(|e| cannot_open(e, path))?;
        return stream(pipe, &Budget::new(reading), path, reading);
    }
    if !meta.is_file() {
        return Err(Error::new(ErrorKind::Io, "this is a device, not a file")
            .with_hint("write the snapshot to a file first"));
    }
    let watch = File::open(path)
        .and_then(|file| Watch::new(file, path))
        .map_err(|e| cannot_open(e, path))?;
    if watch.size() == 0 {
        return Err(empty());
    }
    if !reading.map {
        let opened = stream(watch.file(), &Budget::new(reading), path, reading);
        return watch.check().and(opened);
    }
    let mapped = map::Mapped::new(watch.file(), path).map_err(|e| {
        Error::io("cannot map the file", e).with_remedies("{} reads it instead", &[Remedy::Map])
    })?;
    let head = &mapped.bytes()[..mapped.bytes().len().min(unpack::HEAD)];
    let budget = Budget::new(reading);
    let opened = match Format::of(head) {
        _ if is_brotli(path) => stream(mapped.bytes(), &budget, path, reading),
        Some(Format::Zip) => {
            // It is read from its end, and so from the map.
            budget.packed.set(watch.size());
            archive::zip(mapped.bytes(), &budget).map(Opened::Archive)
        }
        Some(format) => {
            if format == Format::Gzip {
                budget.length.set(gzip::length(mapped.bytes()));
            }
            stream(mapped.bytes(), &budget, path, reading)
        }
        None => {
            return Ok(Opened::Snapshot(Input {
                file_bytes: watch.size(),
                bytes: Bytes::Mapped(mapped, watch),
                path: path.to_owned(),
                truncated: reading.truncated,
            }));
        }
    };
    watch.check().and(opened)
}

/// Reads and unpacks a stream.
fn stream(from: impl Read, budget: &Budget, path: &Path, reading: &Reading) -> Result<Opened> {
    let base = Box::new(Base::new(from, budget));
    match unpack::unpack(base, budget, is_brotli(path))? {
        Content::Archive(archive) => Ok(Opened::Archive(archive)),
        Content::Plain(_) if budget.packed.get() == 0 => {
            Err(Error::new(ErrorKind::NotASnapshot, "nothing came in")
                .with_hint("did the command that should write the snapshot fail?"))
        }
        Content::Plain(bytes) => {
            let packed = budget.packed.get();
            Input::owned(path.to_owned(), bytes, packed, reading).map(Opened::Snapshot)
        }
    }
}

fn is_brotli(path: &Path) -> bool {
    has_extension(path, &["br"])
}

#[cfg(unix)]
pub(crate) fn is_pipe(meta: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    meta.file_type().is_fifo()
}

#[cfg(not(unix))]
const fn is_pipe(_: &std::fs::Metadata) -> bool {
    false
}

/// Whether a file is named like a snapshot, packed or not. `._name` is what macOS puts beside
/// `name` in archives: attributes, no content.
pub(crate) fn is_snapshot_name(path: &Path) -> bool {
    let name = unpacked(path);
    let hidden = name.file_name().is_some_and(|n| n.as_encoded_bytes().starts_with(b"._"));
    has_extension(&name, &["heapsnapshot"]) && !hidden
}

/// A path without what tells how the file is packed.
fn unpacked(path: &Path) -> PathBuf {
    if has_extension(path, &["gz", "zst", "br"]) { path.with_extension("") } else { path.into() }
}

fn has_extension(path: &Path, any: &[&str]) -> bool {
    path.extension().is_some_and(|e| any.iter().any(|known| e.eq_ignore_ascii_case(known)))
}

fn empty() -> Error {
    Error::new(ErrorKind::NotASnapshot, "the file is empty")
        .with_hint("did the process run out of memory or disk while it was writing the snapshot?")
}
