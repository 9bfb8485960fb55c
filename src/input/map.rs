//! A regular file in, its bytes as a read-only memory map out. The only `unsafe` of the crate.

use memmap2::Mmap;
use std::fs::File;

/// A mapped file.
#[derive(Debug)]
pub(super) struct Mapped(Mmap);

impl Mapped {
    /// Maps the whole file.
    #[allow(unsafe_code)]
    pub(super) fn new(file: &File) -> std::io::Result<Self> {
        // SAFETY: the map is private to this process and read-only. Another process could still
        // write to or truncate the file meanwhile; nothing behind the parser reads the map for
        // anything but string text, every text read is bounds-checked against this fixed length,
        // and no value read twice is assumed to be the same. Truncation raises SIGBUS, which
        // ends the process without corrupting anything.
        unsafe { Mmap::map(file) }.map(Self)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}
