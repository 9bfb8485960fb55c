//! Bytes as they arrive in, what they hold out: unpacked, and archives searched for snapshots. A
//! format is told by the first bytes; only brotli has none and goes by the name.

use super::archive::{self, Archive};
use super::{Limits, Reading, gzip, zstd};
use crate::error::{Error, ErrorKind, Remedy, Result};
use std::cell::Cell;
use std::io::{self, BufReader, Cursor, Read};
use std::sync::atomic::Ordering::Relaxed;

/// What a stream holds.
pub(super) enum Content {
    Plain(Vec<u8>),
    Archive(Archive),
}

/// Ways to pack bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Gzip,
    Zstd,
    Brotli,
    Zip,
    Tar,
}

/// As much of a file as is looked at to see what it is.
pub(super) const HEAD: usize = 4096;
/// A compressed file in a compressed archive is common; more is a mistake or a trap.
const MOST_LAYERS: usize = 2;
/// Below this size the ratio does not matter.
const SMALL: u64 = 16 << 20;
const STEP: u64 = 4 << 20;
const BUFFER: usize = 256 << 10;

impl Format {
    /// Tells it from the first bytes.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            // Frames that a decoder skips; parallel programs write them in front.
            [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Self::Zip),
            _ => archive::is_tar(head).then_some(Self::Tar),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Brotli => "brotli",
            Self::Zip => "zip",
            Self::Tar => "tar",
        }
    }
}

/// What has come in and what is kept of it, against what may be.
pub(super) struct Budget {
    limits: Limits,
    /// Whether to keep what there is of data that is cut off.
    cut_is_fine: bool,
    /// Bytes that came in, still packed.
    pub packed: Cell<u64>,
    /// Bytes that are to come out, as the packed ones say, who may be wrong; 0 if they do not say.
    pub length: Cell<u64>,
    kept: Cell<u64>,
}

impl Budget {
    pub(super) fn new(reading: &Reading) -> Self {
        let (limits, cut_is_fine) = (reading.limits.clone(), reading.truncated);
        let (packed, length, kept) = Default::default();
        Self { limits, cut_is_fine, packed, length, kept }
    }

    /// Bytes that may be kept of all files together.
    pub(super) const fn most(&self) -> u64 {
        self.limits.bytes
    }

    /// Counts what is kept, and refuses it where that is too much.
    fn keep(&self, bytes: usize) -> Result<()> {
        let bytes = bytes as u64;
        self.kept.set(self.kept.get() + bytes);
        let most = self.most();
        if self.limits.held.fetch_add(bytes, Relaxed).saturating_add(bytes) > most {
            let limit = crate::units::size(most);
            let packed = self.kept.get() > self.packed.get();
            let (word, hint, remedies): (_, _, &[Remedy]) = if packed {
                let hint = "unpack it to the disk, where it is mapped, or allow more with {}";
                ("unpacked, ", hint, &[Remedy::MoreMemory])
            } else {
                let hint =
                    "write it to a file, where it is mapped, without {}, or allow more with {}";
                ("", hint, &[Remedy::Map, Remedy::MoreMemory])
            };
            let what = format!("{word}it takes more than is left of the limit of memory, {limit}");
            return Err(Error::new(ErrorKind::Memory, what).with_remedies(hint, remedies));
        }
        // Files of a zip archive may lie over each other, and be harmless one by one.
        self.check_ratio(self.kept.get(), Format::Zip)
    }

    /// Refuses what no snapshot unpacks to.
    fn check_ratio(&self, unpacked: u64, format: Format) -> Result<()> {
        let ratio = self.limits.ratio;
        if unpacked <= SMALL || unpacked / ratio <= self.packed.get() {
            return Ok(());
        }
        let format = format.name();
        let what = format!("the {format} data unpacks to more than {ratio} times its size");
        Err(Error::new(ErrorKind::Damaged, what)
            .with_hint("no snapshot compresses that well; the file is broken or a trap"))
    }

    /// Whether an error only means that the data ends too early, and that is fine.
    pub(super) const fn forgives(&self, error: &Error) -> bool {
        self.cut_is_fine && error.is_cut_off()
    }
}

/// Where bytes come from. Counts them.
pub(super) struct Base<'b, R> {
    from: R,
    budget: &'b Budget,
}

impl<'b, R: Read> Base<'b, R> {
    pub(super) const fn new(from: R, budget: &'b Budget) -> Self {
        Self { from, budget }
    }
}

impl<R: Read> Read for Base<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.from.read(buffer) {
            Ok(n) => {
                self.budget.packed.set(self.budget.packed.get() + n as u64);
                Ok(n)
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => Err(e),
            Err(e) => Err(io::Error::other(Error::io("cannot read the file", e))),
        }
    }
}

/// A decoder whose errors are ours, and which stops at what no snapshot unpacks to.
pub(super) struct Layer<'b, D> {
    decoder: D,
    format: Format,
    budget: &'b Budget,
    out: u64,
}

impl<'b, D: Read> Layer<'b, D> {
    pub(super) const fn new(decoder: D, format: Format, budget: &'b Budget) -> Self {
        Self { decoder, format, budget, out: 0 }
    }
}

impl<D: Read> Read for Layer<'_, D> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = match self.decoder.read(buffer) {
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => return Err(e),
            Err(e) => return Err(io::Error::other(ours(e, self.format))),
        };
        self.out += n as u64;
        self.budget.check_ratio(self.out, self.format).map_err(io::Error::other)?;
        Ok(n)
    }
}

/// What went wrong while reading some format: one of our errors if it is one already.
pub(super) fn ours(error: io::Error, of: Format) -> Error {
    let error = match error.downcast::<Error>() {
        Ok(ours) => return ours,
        Err(other) => other,
    };
    let format = of.name();
    let cause = || error.get_ref().map(|e| e as &(dyn std::error::Error + 'static));
    if let Some(window) = cause().and_then(zstd::window) {
        let what = format!("the zstd data needs {window} bytes of memory to be unpacked");
        return if window > zstd::WIDEST {
            Error::new(ErrorKind::Damaged, what).with_hint(
                "pack it again with a window of 128 MiB or less (zstd without --long or --ultra)",
            )
        } else {
            Error::new(ErrorKind::Memory, what).with_remedies(MORE, &[Remedy::MoreMemory])
        };
    }
    if error.kind() == io::ErrorKind::Unsupported {
        return unknown(of, &error);
    }
    if cause().is_some_and(zstd::needs_dictionary) {
        return Error::new(ErrorKind::Damaged, "the zstd data was packed with a dictionary")
            .with_hint("unpack it first, with the dictionary: zstd -d -D DICTIONARY");
    }
    let ends = |e: &io::Error| e.kind() == io::ErrorKind::UnexpectedEof;
    let mut cut = ends(&error);
    let mut at = cause();
    while let Some(cause) = at {
        cut |= cause.downcast_ref().is_some_and(ends);
        at = cause.source();
    }
    if cut {
        return cut_off(format);
    }
    // The brotli decoder does not tell one from the other.
    let or_cut = if format == Format::Brotli.name() { " or cut off" } else { "" };
    Error::new(ErrorKind::Damaged, format!("the {format} data is damaged{or_cut}"))
        .with_hint("was it changed on the way? copy the file again")
}

/// Sound data in a way to pack that is not known here.
pub(super) fn unknown(format: Format, why: &dyn std::fmt::Display) -> Error {
    let what = format!("the {} data cannot be unpacked: {why}", format.name());
    Error::new(ErrorKind::Damaged, what).with_hint("unpack it first, with another program")
}

const MORE: &str = "that is more than the limit; allow more with {}";

pub(super) fn cut_off(format: &str) -> Error {
    Error::new(ErrorKind::Damaged, format!("the {format} data is cut off"))
        .with_remedies(
            "was the copy interrupted? comparing with {} reads what is there",
            &[Remedy::Truncated],
        )
        .cut_off()
}

/// Reads everything. Into one block as far as it was said how long it is; what goes beyond that piece
/// by piece, which are put together when all are there and given back one by one: a buffer that grows
/// would be there twice each time it moves.
pub(super) fn read_all(from: &mut dyn Read, budget: &Budget) -> Result<Vec<u8>> {
    let mut pieces = Vec::new();
    let mut piece = block(budget);
    loop {
        if piece.len() == piece.capacity() {
            pieces.push(std::mem::replace(&mut piece, Vec::with_capacity(STEP as usize)));
        }
        let (held, room) = (piece.len(), piece.capacity() - piece.len());
        let read = Read::take(&mut *from, STEP.min(room as u64)).read_to_end(&mut piece);
        let came = piece.len() - held;
        budget.keep(came)?;
        match read.map_err(|e| ours(e, Format::Tar)) {
            Ok(_) if came > 0 => {}
            Ok(_) => break,
            Err(e) if budget.forgives(&e) && !(pieces.is_empty() && piece.is_empty()) => break,
            Err(e) => return Err(e),
        }
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    if pieces.len() == 1 {
        let mut whole = pieces.swap_remove(0);
        whole.shrink_to_fit();
        return Ok(whole);
    }
    let mut whole = Vec::with_capacity(pieces.iter().map(Vec::len).sum());
    pieces.into_iter().for_each(|piece| whole.extend_from_slice(&piece));
    Ok(whole)
}

/// Room for what is to come out, as far as it may. It takes no memory before there is something in it;
/// where the system sees that differently, a small piece has to do.
fn block(budget: &Budget) -> Vec<u8> {
    let length = budget.length.take().min(budget.most());
    let mut block = Vec::new();
    match block.try_reserve_exact(usize::try_from(length).unwrap_or(0).max(HEAD)) {
        Ok(()) => block,
        Err(_) => Vec::with_capacity(HEAD),
    }
}

/// Reads the first bytes, as many as there are.
pub(super) fn read_head(from: &mut dyn Read, budget: &Budget) -> Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD);
    match from.take(HEAD as u64).read_to_end(&mut head).map_err(|e| ours(e, Format::Tar)) {
        Err(e) if head.is_empty() || !budget.forgives(&e) => Err(e),
        _ => Ok(head),
    }
}

/// Unpacks a stream, layer by layer. `brotli` tells that its outermost layer is that.
pub(super) fn unpack(from: Box<dyn Read + '_>, budget: &Budget, brotli: bool) -> Result<Content> {
    peel(from, budget, brotli, 0)
}

fn peel(
    mut from: Box<dyn Read + '_>,
    budget: &Budget,
    brotli: bool,
    layers: usize,
) -> Result<Content> {
    let head = read_head(&mut from, budget)?;
    let format = if brotli { Some(Format::Brotli) } else { Format::of(&head) };
    let plain = could_be_json(&head);
    let mut whole = BufReader::with_capacity(BUFFER, Cursor::new(head).chain(from));
    let packed = matches!(format, Some(Format::Gzip | Format::Zstd | Format::Brotli));
    if packed && layers == MOST_LAYERS {
        return Err(Error::new(ErrorKind::Damaged, "the file is packed more than twice")
            .with_hint("unpack it first"));
    }
    let decoder: Box<dyn Read + '_> = match format {
        Some(Format::Gzip) => Box::new(gzip::Members::new(whole)),
        Some(Format::Zstd) => Box::new(zstd::Frames::new(whole, budget)),
        Some(Format::Brotli) => Box::new(brotli_decompressor::Decompressor::new(whole, BUFFER)),
        Some(Format::Tar) => return archive::tar(&mut whole, budget).map(Content::Archive),
        Some(Format::Zip) => {
            let bytes = read_all(&mut whole, budget)?;
            return archive::zip(&bytes, budget).map(Content::Archive);
        }
        // What does not begin like JSON need not be read to its end, which it may not have
        // (/dev/zero in a pipe): its first bytes tell what it is.
        None if !plain => {
            let mut head = Vec::new();
            let read = whole.take(HEAD as u64).read_to_end(&mut head);
            return read.map_err(|e| ours(e, Format::Tar)).map(|_| Content::Plain(head));
        }
        None => return read_all(&mut whole, budget).map(Content::Plain),
    };
    let format = format.unwrap_or(Format::Gzip);
    peel(Box::new(Layer::new(decoder, format, budget)), budget, false, layers + 1)
}

/// Whether some first bytes may be those of a JSON object.
pub(super) fn could_be_json(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    head.iter().find(|b| !b.is_ascii_whitespace()).is_none_or(|b| *b == b'{')
}
