//! Bytes in, [`Tables`] out: knows the file format and nothing of heaps.
//!
//! Everything is checked here (every number, index, count and escape), so that nothing
//! behind this room can fail.

mod digits;
mod edges;
mod locations;
mod meta;
mod nodes;
mod numbers;
mod sections;
mod sizes;
mod strings;

pub use edges::Edges;
pub use locations::{Location, Locations};
pub use meta::{EdgeKind, NodeKind};
pub use nodes::Nodes;
#[doc(hidden)]
pub use numbers::numbers;
pub use sizes::Sizes;
pub use strings::Strings;

use crate::error::{Error, ErrorKind, Result};
use crate::ids::{EdgeIdx, NodeIdx, ROOT};
use crate::input::Input;
use crate::phase::phase;
use meta::Layout;
use sections::Sections;
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
    /// Native memory that belongs to no node, in bytes; `None` before V8 13.
    pub extra_native_bytes: Option<u64>,
    /// Size of the file, in bytes.
    pub file_bytes: u64,
}

impl Tables {
    /// The edges of a node, in file order.
    #[inline]
    pub fn edges_of(&self, node: NodeIdx) -> impl DoubleEndedIterator<Item = EdgeIdx> + use<> {
        let edges = self.nodes.edges(node);
        (edges.start as u32..edges.end as u32).map(EdgeIdx)
    }

    /// Reads a snapshot.
    ///
    /// # Errors
    /// `NotASnapshot` if the bytes are something else, `Damaged` with the byte offset if
    /// anything in them is inconsistent.
    pub fn read(input: &Arc<Input>) -> Result<Self> {
        let bytes = input.bytes();
        recognise(bytes)?;
        let sections =
            phase!("sections", Sections::find(input).map_err(|e| name_the_format(e, bytes)))?;
        let layout = Layout::read(&bytes[sections.snapshot.clone()], sections.snapshot.start)
            .map_err(|e| name_the_format(e, bytes))?;
        let strings = phase!("strings", Strings::read(input, sections.strings.clone()))?;
        let nodes = phase!("nodes", Nodes::read(input, &sections.nodes, &layout, strings.len()))?;
        if nodes.kind(ROOT) != NodeKind::Synthetic {
            let start = sections.nodes.range.start;
            return Err(Error::damaged(start, "the first node is not the root"));
        }
        let edges = phase!("edges", Edges::read(input, &sections.edges, &layout, strings.len()))?;
        let locations = match &sections.locations {
            Some(array) => phase!("locations", Locations::read(input, array, &layout))?,
            None => Locations::default(),
        };
        input.release(sections.strings);
        Ok(Self {
            nodes,
            edges,
            strings,
            locations,
            extra_native_bytes: layout.extra_native_bytes,
            file_bytes: input.file_bytes(),
        })
    }
}

/// What a file may be instead, by its first bytes.
const STRANGERS: &[(&[u8], &str)] = &[
    (b"\xff\xfe", "this is UTF-16 text; V8 writes UTF-8"),
    (b"\xfe\xff", "this is UTF-16 text; V8 writes UTF-8"),
    (b"{\0", "this is UTF-16 text; V8 writes UTF-8"),
    (b"\0{", "this is UTF-16 text; V8 writes UTF-8"),
    (b"PK\x03\x04", "this is a zip archive; unpack it first"),
    (b"JAVA PROFILE", "this is a Java heap dump (HPROF)"),
    (b"<", "this is HTML or XML, perhaps an error page saved under this name"),
    (b"BZh", "this is a bzip2 file; unpack it first"),
    (b"\xfd7zXZ\0", "this is an xz file; unpack it first"),
    (b"\x7fELF", "this is a program or a core dump"),
    (&[0; 16], "the file begins with zero bytes; it was allocated but never written"),
];

fn recognise(bytes: &[u8]) -> Result<()> {
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = body.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(body.len());
    let body = &body[start..];
    let known = STRANGERS.iter().find(|(head, _)| body.starts_with(head));
    if body.starts_with(b"{") && known.is_none() {
        return Ok(());
    }
    let what = known.map_or("this is not JSON", |(_, what)| what);
    Err(stranger(if body.is_empty() { "the file holds nothing but white space" } else { what }))
}

fn stranger(what: &str) -> Error {
    Error::new(ErrorKind::NotASnapshot, format!("not a V8 heap snapshot: {what}")).hint(
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
    if error.byte().is_some() && error.what_now().is_some() {
        return error;
    }
    stranger("this JSON has no snapshot header")
}
