//! A path in, its text as a stream out: unpacked while it is read, and never held.

use super::missing::cannot_open;
use super::unpack::{Base, Budget, Format, HEAD, Layer, ours};
use super::{Limits, Reading, gzip, is_brotli, is_pipe, zstd};
use crate::error::{Error, ErrorKind, Result};
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, IsTerminal, Read};
use std::path::Path;

const BUFFER: usize = 256 << 10;
/// A packed file that was packed again is common; more is a mistake or a trap.
const MOST_LAYERS: usize = 2;

/// Reads a text file, packed or not, or standard input (`-`). What is done with it says by an error of
/// [`std::io::Error::other`] if it gives up; all errors name the file.
pub(crate) fn text<T>(
    path: &Path,
    read: impl FnOnce(&mut dyn BufRead) -> std::io::Result<T>,
) -> Result<T> {
    let told = |e: Error| e.in_file(path);
    if path == Path::new("-") {
        let stdin = std::io::stdin().lock();
        if stdin.is_terminal() {
            let error = Error::new(ErrorKind::Usage, "standard input is a terminal, not a log");
            return Err(error.with_hint("pipe a log into it").in_file(path));
        }
        return stream(stdin, false, read).map_err(told);
    }
    let meta = std::fs::metadata(path).map_err(|e| told(cannot_open(e, path)))?;
    if meta.is_dir() {
        let error = Error::new(ErrorKind::Io, "this is a directory, not a file");
        return Err(told(error.with_hint("name the logs inside it")));
    }
    if !meta.is_file() && !is_pipe(&meta) {
        return Err(told(Error::new(ErrorKind::Io, "this is a device, not a file")));
    }
    let file = File::open(path).map_err(|e| told(cannot_open(e, path)))?;
    stream(file, is_brotli(path), read).map_err(told)
}

fn stream<T>(
    from: impl Read,
    brotli: bool,
    read: impl FnOnce(&mut dyn BufRead) -> std::io::Result<T>,
) -> Result<T> {
    // Nothing is kept, so that nothing need be limited: logs shrink more than snapshots do.
    let limits = Limits { ratio: u64::MAX, ..Limits::default() };
    let budget = Budget::new(&Reading { limits, ..Reading::default() });
    let mut whole: Box<dyn BufRead + '_> = Box::new(BufReader::new(Base::new(from, &budget)));
    let mut last = Format::Gzip;
    for layer in 0..=MOST_LAYERS {
        let mut head = Vec::with_capacity(HEAD);
        (&mut whole).take(HEAD as u64).read_to_end(&mut head).map_err(|e| failed(e, last))?;
        let format = if brotli && layer == 0 { Some(Format::Brotli) } else { Format::of(&head) };
        let again = BufReader::with_capacity(BUFFER, Cursor::new(head).chain(whole));
        let decoder: Box<dyn Read + '_> = match format {
            None => {
                let mut again = again;
                return read(&mut again).map_err(|e| failed(e, last));
            }
            Some(Format::Tar | Format::Zip) => {
                let error = Error::new(ErrorKind::Io, "this is an archive, not a log");
                return Err(error.with_hint("unpack it first"));
            }
            Some(Format::Gzip) => Box::new(gzip::Members::new(again)),
            Some(Format::Zstd) => Box::new(zstd::Frames::new(again, &budget)),
            Some(Format::Brotli) => Box::new(brotli_decompressor::Decompressor::new(again, BUFFER)),
        };
        last = format.unwrap_or(last);
        whole = Box::new(BufReader::with_capacity(BUFFER, Layer::new(decoder, last, &budget)));
    }
    let error = Error::new(ErrorKind::Damaged, "the file is packed more than twice");
    Err(error.with_hint("unpack it first"))
}

/// What went wrong, without advice that is for snapshots.
fn failed(error: std::io::Error, format: Format) -> Error {
    let error = ours(error, format);
    Error::new(error.kind(), error.to_string()).with_hint("was it changed, or cut, on the way?")
}
