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

    /// Gives the pages of a part back to the system; reading them again fetches them again.
    #[cfg(unix)]
    #[allow(unsafe_code)]
    pub(super) fn release(&self, part: std::ops::Range<usize>) {
        // SAFETY: `MADV_DONTNEED` may change what is read later only where pages hold changes of
        // their own. This map is read-only and of a file, so the same bytes come back. Failure
        // only means that the memory stays in use.
        let _ = unsafe {
            self.0.unchecked_advise_range(
                memmap2::UncheckedAdvice::DontNeed,
                part.start,
                part.len(),
            )
        };
    }

    #[cfg(not(unix))]
    pub(super) fn release(&self, _: std::ops::Range<usize>) {}

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}
