//! Bytes in, [`Tables`] out: knows the file format and nothing of heaps.
//!
//! Everything is checked here (every number, index, count and escape), so that nothing
//! behind this room can fail. A file that is as V8 writes it is read in one walk (`straight.rs`),
//! any other member by member (`sections.rs`), which also tells what is wrong.

mod around;
mod bond;
mod digits;
mod edge_rows;
mod edges;
mod ephemeron;
mod literal;
mod locations;
mod meta;
mod misread;
mod nodes;
mod numbers;
mod pages;
mod salvage;
mod scopes;
mod sections;
mod sizes;
mod straight;
mod stream;
mod strings;
mod tokens;
mod vector;

pub use around::Around;
pub(crate) use bond::{BONDS, Bond};
pub(crate) use edge_rows::Hop;
pub use edges::Edges;
pub(crate) use ephemeron::{Ephemerons, KEY, TABLE, VALUE, may_name_entry};
pub use locations::{Location, Locations};
pub use meta::{EdgeKind, NodeKind};
#[cfg(any(feature = "cli", feature = "internals"))]
pub(crate) use meta::{SCRUBBED, UNNAMED};
pub use nodes::Nodes;
#[doc(hidden)]
#[cfg(feature = "internals")]
pub use numbers::numbers;
pub use salvage::{LOST, Truncated};
pub(crate) use scopes::Scopes;
pub use sizes::Sizes;
#[doc(hidden)]
#[cfg(feature = "internals")]
pub use stream::streamed;
pub use strings::Strings;

use crate::error::{Error, ErrorKind, Result};
use crate::ids::{EdgeIdx, NodeIdx};
use crate::input::Input;
use crate::phase::phase;
use bond::NameBonds;
use meta::Layout;
use salvage::{Loss, salvage};
use sections::Sections;
use std::ops::Range;
use std::sync::Arc;

/// One snapshot's tables, checked.
#[derive(Debug)]
pub struct Tables {
    /// The node table.
    pub nodes: Nodes,
    /// The edge table, grouped by source.
    pub edges: Edges,
    /// The string table.
    pub strings: Strings,
    /// Places in the source.
    pub locations: Locations,
    /// Which names are a WeakMap entry's.
    pub(crate) ephemerons: Ephemerons,
    /// Native memory that belongs to no node, in bytes; `None` before V8 13.
    pub extra_native_bytes: Option<u64>,
    /// The mark of the run of `scrub` that wrote the file; `None` if none did.
    pub scrubbed: Option<String>,
    /// What the file holds beside the snapshot.
    pub around: Around,
    /// Where the header lies.
    pub(crate) header: Range<usize>,
    /// Size of the file, in bytes.
    pub file_bytes: u64,
    /// What is missing, if the file is cut off and that was allowed.
    pub truncated: Option<Truncated>,
}

impl Tables {
    /// The edges of a node, in file order.
    #[inline]
    pub fn edges_of(&self, node: NodeIdx) -> impl DoubleEndedIterator<Item = EdgeIdx> + use<> {
        let edges = self.nodes.edges(node);
        (edges.start as u32..edges.end as u32).map(EdgeIdx)
    }

    /// Nodes whose edges are fetched together, where many wait.
    pub(crate) const AHEAD: usize = 64;

    /// Has the first edges of some nodes fetched that will be looked at soon: they lie anywhere, and to
    /// wait for many of them at once takes hardly longer than for one.
    #[inline(always)]
    pub(crate) fn fetch(&self, nodes: &[NodeIdx]) {
        let hops = self.edges.hops();
        nodes.iter().for_each(|node| vector::prefetch(hops, self.nodes.edges(*node).start));
    }

    /// Whether every edge and every name is there.
    #[must_use]
    pub fn has_whole_graph(&self) -> bool {
        self.truncated.as_ref().is_none_or(Truncated::is_harmless)
    }

    /// Gives the columns of the edges back, if they can be read again as they were.
    pub(crate) fn give_back_edges(&mut self) {
        if self.truncated.is_none() {
            self.edges.give_back();
        }
    }

    /// The same of their labels alone.
    pub(crate) fn give_back_labels(&mut self) {
        if self.truncated.is_none() {
            self.edges.give_back_labels();
        }
    }

    /// How many nodes and edges a snapshot claims to have; `None` if there is no sound header.
    pub(crate) fn counts(input: &Input) -> Option<(u64, u64)> {
        // V8 writes it first; else it takes a walk through the file.
        let bytes = input.bytes();
        let first = Sections::header(bytes).and_then(|header| Layout::read(&bytes[header], 0).ok());
        let layout = match first.filter(|layout| layout.node_count > 0) {
            Some(layout) => layout,
            None => {
                let sections = Sections::find(input).ok()?;
                let mut layout = Layout::read(&bytes[sections.snapshot], 0).ok()?;
                layout.count_rows(&sections.nodes, &sections.edges);
                layout
            }
        };
        Some((layout.node_count as u64, layout.edge_count as u64))
    }

    /// Whether a snapshot seems to have ids of more than 32 bits: its first rows have numbers so large.
    pub(crate) fn may_have_wide_ids(input: &Input) -> bool {
        const LOOKED_AT: usize = 64 << 10;
        const DIGITS: usize = u32::MAX.ilog10() as usize + 1;
        let bytes = input.bytes();
        let from = Sections::header(bytes).map_or(0, |header| header.end);
        let rows = &bytes[from..][..LOOKED_AT.min(bytes.len() - from)];
        let numbers = rows.split(|byte| !byte.is_ascii_digit());
        numbers.map(<[u8]>::len).any(|digits| digits > DIGITS)
    }

    /// Reads the snapshot in a file.
    ///
    /// # Errors
    /// As [`Self::read`], with the file's name, and `Io` if it has changed.
    pub fn of_file(input: &Arc<Input>) -> Result<Self> {
        let tables = Self::read(input).map_err(|e| e.in_file(input.path()));
        // What looks damaged may be half of something new.
        input.check_unchanged()?;
        tables
    }

    /// Looks whether a file is a snapshot with all its sections, and not what stands in them.
    ///
    /// # Errors
    /// As of [`Self::read`].
    #[cfg(feature = "capture")]
    pub(crate) fn look(input: &Input) -> Result<()> {
        recognise(input.bytes())?;
        Sections::find(input).map(|_| ())
    }

    /// Reads a snapshot.
    ///
    /// # Errors
    /// `NotASnapshot` if the bytes are something else, `Damaged` with the byte offset if
    /// anything in them is inconsistent.
    pub fn read(input: &Arc<Input>) -> Result<Self> {
        recognise(input.bytes())?;
        let tables = straight::wanted().then(|| Self::straight(input)).flatten();
        tables.map_or_else(|| Self::patiently(input), Ok)
    }

    /// Reads a snapshot whose members come in any order, and says what is wrong with it.
    ///
    /// # Errors
    /// As [`Self::read`].
    #[doc(hidden)]
    pub fn patiently(input: &Arc<Input>) -> Result<Self> {
        let found = phase!("sections", Sections::find(input));
        match found {
            Ok(sections) => Self::assemble(input, sections, None),
            Err(e) if e.is_cut_off() && input.may_be_truncated() => {
                let salvaged = salvage(input, name_the_format(e, input.bytes()))?;
                let whole = Arc::new(salvaged.input);
                let sections = Sections::find(&whole)?;
                Self::assemble(&whole, sections, Some(&salvaged.loss))
            }
            Err(e) => Err(name_the_format(e, input.bytes())),
        }
    }

    fn assemble(input: &Arc<Input>, sections: Sections, loss: Option<&Loss>) -> Result<Self> {
        let bytes = input.bytes();
        let mut layout = Layout::read(&bytes[sections.snapshot.clone()], sections.snapshot.start)
            .map_err(|e| name_the_format(e, bytes))?;
        layout.count_rows(&sections.nodes, &sections.edges);
        let strings = phase!("strings", Strings::read(input, sections.strings.clone()))?;
        let lost = loss.filter(|loss| loss.names).map(|_| strings.len() as u32 - 1);
        let names = if lost.is_some() { u32::MAX as usize } else { strings.len() };
        let mut nodes = phase!("nodes", Nodes::read(input, &sections.nodes, &layout, names))?;
        let kept = loss.and_then(|loss| loss.edges_left);
        let edges_lost = kept.map_or(0, |kept| layout.edge_count.saturating_sub(kept));
        layout.edge_count -= edges_lost;
        let ephemerons = phase!("ephemerons", Ephemerons::find(&strings));
        let bonds = NameBonds::of(&strings, &ephemerons);
        let mut edges =
            phase!("edges", Edges::read(input, &sections.edges, &layout, names, bonds))?;
        let names_lost = nodes.give_up(kept, lost);
        let edge_names_lost = lost.map_or(0, |lost| edges.give_up(lost));
        let locations = match &sections.locations {
            Some(array) => phase!("locations", Locations::read(input, array, &layout))?,
            None => Locations::default(),
        };
        Ok(Self {
            nodes,
            edges,
            strings,
            locations,
            ephemerons,
            extra_native_bytes: layout.extra_native_bytes,
            scrubbed: layout.scrubbed,
            around: sections.around,
            header: sections.snapshot,
            file_bytes: input.file_bytes(),
            truncated: loss.map(|loss| loss.told(edges_lost as u64, names_lost, edge_names_lost)),
        })
    }
}

const UTF_16: &str =
    "this is UTF-16 text, and V8 writes UTF-8; iconv -f UTF-16 -t UTF-8 converts it";

/// What a file may be instead, by its first bytes.
const STRANGERS: &[(&[u8], &str)] = &[
    (b"\xff\xfe", UTF_16),
    (b"\xfe\xff", UTF_16),
    (b"{\0", UTF_16),
    (b"\0{", UTF_16),
    (b"JAVA PROFILE", "this is a Java heap dump (HPROF)"),
    (b"<", "this is HTML or XML, perhaps an error page saved under this name"),
    (b"version https://git-lfs", "this is a Git LFS pointer; git lfs pull fetches the file itself"),
    (b"[", "this is a JSON array, perhaps a performance trace"),
    (b"BZh", "this is a bzip2 file; unpack it first"),
    (b"\xfd7zXZ\0", "this is an xz file; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "this is a 7z archive; unpack it first"),
    (b"\x04\x22\x4d\x18", "this is an lz4 file; unpack it first"),
    (b"\x7fELF", "this is a program or a core dump, which holds the heap but not as a snapshot"),
    (&[0; 16], "the file begins with zero bytes; it was allocated but never written"),
];

fn recognise(bytes: &[u8]) -> Result<()> {
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = body.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(body.len());
    let body = &body[start..];
    let known = STRANGERS.iter().find(|(head, _)| body.starts_with(head));
    if body.starts_with(b"{") && known.is_none() || around::further_on(bytes).is_some() {
        return Ok(());
    }
    let what = known.map_or("this is not JSON", |(_, what)| what);
    Err(stranger(if body.is_empty() { "the file holds nothing but white space" } else { what }))
}

fn stranger(what: &str) -> Error {
    Error::new(ErrorKind::NotASnapshot, format!("not a V8 heap snapshot: {what}")).with_hint(
        "snapshots come from v8.writeHeapSnapshot(), --heapsnapshot-signal or DevTools' Memory panel",
    )
}

/// JSON that is no snapshot: says whose it is where it can tell.
fn name_the_format(error: Error, bytes: &[u8]) -> Error {
    let head = &bytes[..bytes.len().min(4096)];
    let tail = &bytes[bytes.len().saturating_sub(4096)..];
    let has = |word: &str| {
        let word = word.as_bytes();
        memchr::memmem::find(head, word).or_else(|| memchr::memmem::find(tail, word)).is_some()
    };
    if has("\"snapshot\"") && has("\"node_fields\"") {
        return error;
    }
    if has("HeapProfiler.addHeapSnapshotChunk") {
        return Error::new(ErrorKind::NotASnapshot, "not a V8 heap snapshot: this is a log of an inspector's messages, with a snapshot in pieces")
            .with_hint("join the pieces: jq -rj 'select(.method==\"HeapProfiler.addHeapSnapshotChunk\").params.chunk' LOG > x.heapsnapshot");
    }
    if has("\"nodeClassNames\"") {
        return stranger(
            "this is JavaScriptCore's format; Bun.generateHeapSnapshot(\"v8\") writes V8's",
        );
    }
    if has("\"startTime\"") && has("\"nodes\"") {
        return stranger("this is a CPU profile");
    }
    if has("\"selfSize\"") && has("\"callFrame\"") {
        return stranger("this is a sampling heap profile; take a heap snapshot instead");
    }
    if has("\"traceEvents\"") {
        return stranger("this is a performance trace");
    }
    if error.byte().is_some() && error.hint().is_some() {
        return error;
    }
    stranger("this JSON has no snapshot header")
}
