//! A tar stream or a zip file in, the snapshots inside it out. Nothing is written to the disk,
//! and a name is only something to show: links, devices and folders are passed over.

use super::unpack::{self, Budget, Content, Format, Layer};
use super::{is_brotli, is_snapshot_name, unpacked};
use crate::error::{Error, ErrorKind, Result};
use std::cell::Cell;
use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use zip::result::ZipError;

/// What an archive holds.
#[derive(Default)]
pub(super) struct Archive {
    /// The snapshots, in the order in which they lie there: what is named like one, or else what
    /// begins like one.
    pub snapshots: Vec<Member>,
    /// What begins like a snapshot and is not named like one.
    unnamed: Vec<Member>,
    others: Others,
}

/// Names of what is no snapshot: the first ones, and how many more there are.
#[derive(Default)]
struct Others {
    names: Vec<String>,
    more: usize,
}

/// One file of an archive.
pub(super) struct Member {
    pub name: PathBuf,
    /// When it was written; larger is later, comparable within one archive only.
    pub modified: u64,
    /// Its size in the archive.
    pub size: u64,
    pub bytes: Vec<u8>,
}

/// Names that an error lists.
const LISTED: usize = 8;
/// Characters of a name that a list shows.
const SHOWN: usize = 120;
/// Snapshots that an archive may hold.
const MOST: usize = 1000;
/// Bytes between two files of a tar archive: headers, names and attributes.
const HEADERS: u64 = 1 << 20;
/// Bytes of a name that are kept; no system has longer ones.
const LONGEST: usize = 4096;

impl Archive {
    /// Takes one of its files.
    fn add(&mut self, found: Found, modified: u64, size: u64) -> Result<()> {
        let (list, name, bytes) = match found {
            Found::Named(name, bytes) => (&mut self.snapshots, name, bytes),
            Found::Unnamed(name, bytes) => (&mut self.unnamed, name, bytes),
            Found::Other(name) => {
                self.others.add(shown(&name));
                return Ok(());
            }
        };
        if list.len() == MOST {
            let what = format!("more than {MOST} snapshots are in the archive");
            return Err(Error::new(ErrorKind::Usage, what).with_hint("take out those to compare"));
        }
        list.push(Member { name, modified, size, bytes });
        Ok(())
    }

    /// Makes the choice between what is named like a snapshot and what begins like one.
    fn finish(mut self) -> Self {
        let unnamed = std::mem::take(&mut self.unnamed);
        if self.snapshots.is_empty() {
            self.snapshots = unnamed;
        } else {
            unnamed.iter().for_each(|member| self.others.add(shown(&member.name)));
        }
        self.drop_copies();
        self
    }

    /// Of a file and its packed copy only the file stays, and of one that was added again the newer.
    fn drop_copies(&mut self) {
        let mut places = HashMap::new();
        let mut left: Vec<Member> = Vec::new();
        for member in self.snapshots.drain(..) {
            let length = |member: &Member| member.name.as_os_str().len();
            let at = *places.entry(unpacked(&member.name)).or_insert(left.len());
            match left.get_mut(at) {
                Some(known) if length(&member) <= length(known) => *known = member,
                Some(_) => {}
                None => left.push(member),
            }
        }
        self.snapshots = left;
    }

    /// The only snapshot.
    pub(super) fn only(mut self) -> Result<Member> {
        match (self.snapshots.pop(), self.snapshots.is_empty()) {
            (None, _) => Err(self.none()),
            (Some(member), true) => Ok(member),
            (Some(last), false) => {
                self.snapshots.push(last);
                let names: Vec<String> = self.snapshots.iter().map(|m| shown(&m.name)).collect();
                let what = format!("{} snapshots are in it: {}", names.len(), list(&names, 0));
                Err(Error::new(ErrorKind::Usage, what)
                    .with_hint("one is wanted here: take it out, or name the archive alone to compare what is in it"))
            }
        }
    }

    /// There is no snapshot in it.
    pub(super) fn none(&self) -> Error {
        let Others { names, more } = &self.others;
        let what = if names.is_empty() {
            "the archive is empty".to_owned()
        } else {
            format!("no heap snapshot is in the archive, only {}", list(names, *more))
        };
        Error::new(ErrorKind::NotASnapshot, what).with_hint(
            "a snapshot in an archive is a regular file, best named *.heapsnapshot; \
                 docker cp -L and tar -h pack what a link leads to",
        )
    }
}

impl Others {
    fn add(&mut self, name: String) {
        if self.names.len() < LISTED {
            self.names.push(name);
        } else {
            self.more += 1;
        }
    }
}

/// Some names, the first of them if there are many; `more` is how many are not among them.
pub(super) fn list(names: &[String], more: usize) -> String {
    let first = names.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(LISTED) + more {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// A name for a list: the end of a long one, where it tells the most.
pub(super) fn shown(name: &Path) -> String {
    let name = name.to_string_lossy();
    match name.char_indices().rev().nth(SHOWN) {
        Some((at, c)) => format!("…{}", &name[at + c.len_utf8()..]),
        None => name.into_owned(),
    }
}

/// Whether a block is a tar header: its checksum says so, whatever program wrote it.
pub(super) fn is_tar(head: &[u8]) -> bool {
    let Some(block) = head.first_chunk::<512>() else { return false };
    let sum = (0..512).map(|at| if (148..156).contains(&at) { b' ' } else { block[at] });
    let sum: u32 = sum.map(u32::from).sum();
    tar::Header::from_byte_slice(block).cksum().is_ok_and(|written| written == sum)
}

/// Reads a tar stream to its end.
pub(super) fn tar(from: &mut dyn Read, budget: &Budget) -> Result<Archive> {
    let mut found = Archive::default();
    let left = Cell::new(HEADERS);
    let mut archive = tar::Archive::new(Fenced { from, left: &left });
    for entry in archive.entries().map_err(|e| unpack::ours(e, Format::Tar))? {
        let mut entry = match entry.map_err(tar_error) {
            Ok(entry) => entry,
            Err(e) if budget.forgives(&e) => break,
            Err(e) => return Err(e),
        };
        let name = path(&entry.path_bytes());
        let kind = entry.header().entry_type();
        // A sparse file is longer than what lies here of it.
        let here =
            if kind.is_gnu_sparse() { entry.header().entry_size() } else { Ok(entry.size()) };
        left.set(here.unwrap_or(0).saturating_add(HEADERS));
        if !(kind.is_file() || kind.is_contiguous()) || is_sparse(&mut entry) {
            if !kind.is_dir() {
                found.others.add(format!("{} ({})", shown(&name), what(kind)));
            }
            continue;
        }
        let modified = entry.header().mtime().unwrap_or(0);
        let size = entry.size();
        budget.length.set(size);
        let from = FullLength { left: size, from: entry };
        found.add(member(name, Box::new(from), budget)?, modified, size)?;
    }
    Ok(found.finish())
}

/// A stream that the library may read no further from than to the next file's name: it keeps
/// headers and names in memory, however long they are.
struct Fenced<'l, R> {
    from: R,
    left: &'l Cell<u64>,
}

impl<R: Read> Read for Fenced<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.from.read(buffer)?;
        let Some(left) = self.left.get().checked_sub(n as u64) else {
            return Err(std::io::Error::other(
                Error::new(
                    ErrorKind::Damaged,
                    "a name in the tar archive is longer than a megabyte",
                )
                .with_hint("no name is; the archive is broken or a trap"),
            ));
        };
        self.left.set(left);
        Ok(n)
    }
}

/// The library has words for data that ends too early, and no kind.
fn tar_error(error: std::io::Error) -> Error {
    let words = error.to_string();
    if error.get_ref().is_some_and(|e| !e.is::<Error>())
        && (words.contains("EOF") || words.contains("entire block"))
    {
        return unpack::cut_off("tar");
    }
    unpack::ours(error, Format::Tar)
}

fn is_sparse(entry: &mut tar::Entry<'_, impl Read>) -> bool {
    let Ok(Some(extensions)) = entry.pax_extensions() else { return false };
    extensions.flatten().any(|e| e.key().is_ok_and(|key| key.starts_with("GNU.sparse")))
}

fn what(kind: tar::EntryType) -> &'static str {
    match kind {
        tar::EntryType::Link | tar::EntryType::Symlink => "a link",
        tar::EntryType::Char | tar::EntryType::Block => "a device",
        tar::EntryType::Fifo => "a pipe",
        tar::EntryType::Regular | tar::EntryType::GNUSparse => "a sparse file",
        _ => "no file",
    }
}

/// A name; the end of one that is too long, where it says what the file is.
fn path(bytes: &[u8]) -> PathBuf {
    let bytes = &bytes[bytes.len().saturating_sub(LONGEST)..];
    #[cfg(unix)]
    let name = <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes);
    #[cfg(not(unix))]
    let name = String::from_utf8_lossy(bytes).into_owned();
    PathBuf::from(name)
}

/// A file of an archive, which may not end before its size.
struct FullLength<R> {
    from: R,
    left: u64,
}

impl<R: Read> Read for FullLength<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.from.read(buffer)?;
        self.left = self.left.saturating_sub(n as u64);
        if n == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(std::io::Error::other(unpack::cut_off("tar")));
        }
        Ok(n)
    }
}

/// Reads the snapshots of a zip file.
pub(super) fn zip(bytes: &[u8], budget: &Budget) -> Result<Archive> {
    let broken = |e: ZipError| match e {
        ZipError::InvalidArchive(_) | ZipError::Io(_) => {
            Error::new(ErrorKind::Damaged, "the zip archive is damaged or cut off")
                .with_hint("was the copy interrupted? else unpack it first, with another program")
        }
        other => unpack::unknown(Format::Zip, &other),
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut found = Archive::default();
    for at in 0..archive.len() {
        let raw = archive.name_for_index(at).and_then(std::result::Result::ok);
        let name = path(raw.unwrap_or_default().as_bytes());
        let file = match archive.by_index(at) {
            Ok(file) => file,
            Err(e) if is_snapshot_name(&name) => return Err(broken(e).in_file(&name)),
            Err(_) => {
                found.others.add(shown(&name));
                continue;
            }
        };
        if !file.is_file() {
            if !file.is_dir() {
                found.others.add(format!("{} (a link)", shown(&name)));
            }
            continue;
        }
        let modified = file.last_modified();
        let modified =
            modified.map_or(0, |t| u64::from(t.datepart()) << 16 | u64::from(t.timepart()));
        // The archive may claim anything.
        let size = file.compressed_size().min(bytes.len() as u64);
        budget.length.set(file.size());
        let layer = Layer::new(file, Format::Zip, budget);
        found.add(member(name, Box::new(layer), budget)?, modified, size)?;
    }
    Ok(found.finish())
}

/// What one file of an archive is.
enum Found {
    Named(PathBuf, Vec<u8>),
    /// Called otherwise, and begins like a snapshot.
    Unnamed(PathBuf, Vec<u8>),
    Other(PathBuf),
}

fn member(name: PathBuf, mut from: Box<dyn Read + '_>, budget: &Budget) -> Result<Found> {
    if is_snapshot_name(&name) {
        return match unpack::unpack(from, budget, is_brotli(&name)).map_err(|e| e.in_file(&name))? {
            Content::Plain(bytes) => Ok(Found::Named(name, bytes)),
            Content::Archive(_) => {
                Err(Error::new(ErrorKind::NotASnapshot, "this is an archive inside an archive")
                    .with_hint("take it out first")
                    .in_file(&name))
            }
        };
    }
    let head = unpack::read_head(&mut from, budget)?;
    let begins =
        unpack::could_be_json(&head) && memchr::memmem::find(&head, b"\"snapshot\"").is_some();
    if !begins {
        return Ok(Found::Other(name));
    }
    let bytes = unpack::read_all(&mut Cursor::new(head).chain(from), budget)?;
    Ok(Found::Unnamed(name, bytes))
}
