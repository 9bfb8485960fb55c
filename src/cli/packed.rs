//! The name of a file to write in, how its bytes are packed out.
//!
//! Gzip, and not Zstandard: at its third level flate2 makes snapshots 4.4 times smaller at 165 MB/s, and
//! what ruzstd can write is 3.0 times smaller at 87 MB/s (November 2026, the corpus' snapshots).

use crate::error::{Error, ErrorKind, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Bytes that are written at once.
const BUFFER: usize = 1 << 20;
const LEVEL: Compression = Compression::new(3);
/// Endings of what is not written.
const OTHERS: [&str; 5] = ["zst", "br", "zip", "xz", "bz2"];

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packed {
    Not,
    Gzip,
}

impl Packed {
    /// As the name says.
    ///
    /// # Errors
    /// `Usage` if it says what cannot be written.
    pub(super) fn of(file: &Path) -> Result<Self> {
        let ending = file.extension().unwrap_or_default();
        match OTHERS.iter().find(|other| ending.eq_ignore_ascii_case(other)) {
            Some(other) => {
                let what = format!("snapshots are not written as .{other}");
                Err(Error::new(ErrorKind::Usage, what).in_file(file).with_hint("call it .gz"))
            }
            None if ending.eq_ignore_ascii_case("gz") => Ok(Self::Gzip),
            None => Ok(Self::Not),
        }
    }

    /// Writes into a file.
    pub(super) fn into_file(self, file: &mut File) -> Packing<'_> {
        let out = BufWriter::with_capacity(BUFFER, file);
        match self {
            Self::Not => Packing::Not(out),
            Self::Gzip => Packing::Gzip(Box::new(GzEncoder::new(out, LEVEL))),
        }
    }
}

/// A file that is packed while it is written.
pub(super) enum Packing<'a> {
    Not(BufWriter<&'a mut File>),
    Gzip(Box<GzEncoder<BufWriter<&'a mut File>>>),
}

impl Packing<'_> {
    /// Writes what is left.
    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            Self::Not(mut out) => out.flush(),
            Self::Gzip(out) => out.finish()?.flush(),
        }
    }
}

impl Write for Packing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Not(out) => out.write(bytes),
            Self::Gzip(out) => out.write(bytes),
        }
    }

    /// What is packed is flushed at its end alone: it packs better.
    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Not(out) => out.flush(),
            Self::Gzip(_) => Ok(()),
        }
    }
}
