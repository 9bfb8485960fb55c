//! Bytes in, the same bytes packed out: as programs do that send snapshots around.

use std::io::{Cursor, Write};
use std::process::{Output, Stdio};

pub fn gzip(content: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(content).unwrap();
    gzip.finish().unwrap()
}

pub fn zstd(content: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(content, ruzstd::encoding::CompressionLevel::Fastest)
}

/// A brotli stream of blocks that are not compressed (RFC 7932, section 9.2).
pub fn brotli(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, block) in content.chunks(1 << 16).enumerate() {
        // From the lowest bit: the window (only at first), not the last block, a length of four
        // nibbles, the length less one, not compressed.
        let bits = (block.len() as u32 - 1) << 3 | 1 << 19;
        let bits = if at == 0 { bits << 1 } else { bits };
        out.extend(&bits.to_le_bytes()[..3]);
        out.extend(block);
    }
    out.push(3);
    out
}

/// A regular file of an archive and when it was written, in seconds.
pub type Entry<'a> = (&'a str, u64, &'a [u8]);

/// A header for a name that a well-behaved program would not write.
pub fn header(name: &str, kind: tar::EntryType, time: u64, size: usize) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_size(size as u64);
    header.set_mtime(time);
    header.set_mode(0o600);
    header.set_cksum();
    header
}

pub fn tar(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, time, content) in entries {
        let header = header(name, tar::EntryType::Regular, *time, content.len());
        tar.append(&header, *content).unwrap();
    }
    tar.into_inner().unwrap()
}

pub fn zip(entries: &[Entry<'_>], method: zip::CompressionMethod) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, time, content) in entries {
        let time = zip::DateTime::from_date_and_time(2026, 11, 21, *time as u8, 0, 0).unwrap();
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(*name, options.compression_method(method).last_modified_time(time)).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A run of the program with something on its standard input.
pub fn fed(args: &[&str], input: &[u8]) -> Output {
    let mut child = crate::cli::program()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        // A program that refuses its input does not read it to the end.
        scope.spawn(move || stdin.write_all(input).is_ok());
        child.wait_with_output().unwrap()
    })
}

/// A named pipe into which something is written once somebody reads it.
#[cfg(unix)]
pub fn pipe(path: &std::path::Path, content: Vec<u8>) -> std::thread::JoinHandle<()> {
    make_pipe(path);
    let path = path.to_owned();
    std::thread::spawn(move || drop(std::fs::write(path, content)))
}

#[cfg(unix)]
pub fn make_pipe(path: &std::path::Path) {
    assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
}
