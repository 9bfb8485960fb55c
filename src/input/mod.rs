//! A path in, its bytes out: mapped when the file is plain, unpacked into memory when it is
//! gzip or zstd (told by its first bytes, not by its name).

mod map;
mod unpack;

use crate::error::{Error, ErrorKind, Result};
use std::fs::File;
use std::io::ErrorKind as Io;
use std::path::Path;

/// The content of one snapshot file.
#[derive(Debug)]
pub struct Input {
    bytes: Bytes,
    file_bytes: u64,
}

#[derive(Debug)]
enum Bytes {
    Mapped(map::Mapped),
    Owned(Vec<u8>),
}

impl Input {
    /// Opens a regular file.
    ///
    /// # Errors
    /// `Io` if it cannot be opened, mapped or unpacked; `NotASnapshot` if it is empty.
    pub fn open(path: &Path) -> Result<Self> {
        Self::open_file(path).map_err(|e| e.in_file(path))
    }

    fn open_file(path: &Path) -> Result<Self> {
        // Asked before opening: opening a named pipe would wait for a writer.
        let meta = std::fs::metadata(path).map_err(cannot_open)?;
        if meta.is_dir() {
            return Err(Error::new(ErrorKind::Io, "this is a directory, not a file")
                .hint("name the .heapsnapshot file inside it"));
        }
        if !meta.is_file() {
            return Err(Error::new(ErrorKind::Io, "this is not a regular file")
                .hint("write it to a file first"));
        }
        if meta.len() == 0 {
            return Err(Error::new(ErrorKind::NotASnapshot, "the file is empty").hint(
                "did the process run out of memory or disk while it was writing the snapshot?",
            ));
        }
        let file = File::open(path).map_err(cannot_open)?;
        let mapped = map::Mapped::new(&file).map_err(|e| Error::io("cannot map the file", e))?;
        let bytes = match unpack::unpack(mapped.bytes())? {
            Some(unpacked) => Bytes::Owned(unpacked),
            None => Bytes::Mapped(mapped),
        };
        Ok(Self { bytes, file_bytes: meta.len() })
    }

    /// Takes content that is in memory already (not unpacked further).
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self { file_bytes: bytes.len() as u64, bytes: Bytes::Owned(bytes) }
    }

    /// The uncompressed content.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Mapped(mapped) => mapped.bytes(),
            Bytes::Owned(owned) => owned,
        }
    }

    /// Says that a part of the content has been read and is not needed soon.
    pub(crate) fn release(&self, part: std::ops::Range<usize>) {
        if let Bytes::Mapped(mapped) = &self.bytes {
            mapped.release(part);
        }
    }

    /// Bytes of memory that the content takes: none if it lies in a file, which the system can
    /// fetch again.
    pub(crate) fn held_bytes(&self) -> u64 {
        match &self.bytes {
            Bytes::Mapped(_) => 0,
            Bytes::Owned(owned) => owned.len() as u64,
        }
    }

    /// Size of the file itself, in bytes.
    #[must_use]
    pub const fn file_bytes(&self) -> u64 {
        self.file_bytes
    }
}

fn cannot_open(e: std::io::Error) -> Error {
    let hint = match e.kind() {
        Io::NotFound => Some("check the path"),
        Io::PermissionDenied => Some(
            "V8 writes snapshots readable by their owner only: \
             chown or chmod it, or run as the user that wrote it",
        ),
        _ => None,
    };
    let error = Error::io("cannot open the file", e);
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}
