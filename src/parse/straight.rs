//! The bytes of a file that is as V8 writes it in, its [`Tables`] out, in one walk.
//!
//! ```text
//!   {"snapshot":{..},"nodes":[..],"edges":[..],..,"locations":[..],"strings":[..]}
//!    1. header        3. nodes     4. edges         5. locations    2. strings, from the end
//! ```
//!
//! The strings come first, because names in the other tables are numbers of strings. They are found
//! from the end: no text in a literal looks like their key, whose quotes would be escaped there, and
//! if something else does, the walk over the members does not end up at it.
//!
//! Whatever is odd is left to the patient way (`Tables::patiently`), which looks for all members
//! first and tells what is wrong. With `HEAPDIFF_READ=patient` in the environment every file is,
//! for tests and measurements.

use super::around::Around;
use super::bond::NameBonds;
use super::meta::Layout;
use super::sections::{Cursor, KNOWN, Sections};
use super::{Edges, Ephemerons, Locations, NodeKind, Nodes, Strings, Tables};
use crate::ids::ROOT;
use crate::input::Input;
use crate::phase::phase;
use memchr::{memrchr, memrchr_iter};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Looks, once, whether it is wanted.
pub(super) fn wanted() -> bool {
    static WANTED: OnceLock<bool> = OnceLock::new();
    *WANTED.get_or_init(|| std::env::var_os("HEAPDIFF_READ").is_none_or(|value| value != "patient"))
}

impl Tables {
    /// Reads a file that is as V8 writes it; `None` if anything in it is not.
    #[doc(hidden)]
    #[must_use]
    pub fn straight(input: &Arc<Input>) -> Option<Self> {
        let bytes = input.bytes();
        let (header, texts) = phase!("sections", ends(bytes))?;
        let layout = Layout::read(&bytes[header.clone()], header.start).ok()?;
        let mut at = Cursor { bytes, at: header.end };
        if member(&mut at)? != b"nodes" || !has_room(&layout, texts.start.checked_sub(at.at)?) {
            return None;
        }
        let strings = phase!("strings", Strings::read(input, texts.clone())).ok()?;
        let names = strings.len();
        let (nodes, end) = phase!("nodes", Nodes::stream(input, at.at, &layout, names))?;
        at.at = end;
        if nodes.kind(ROOT) != NodeKind::Synthetic || member(&mut at)? != b"edges" {
            return None;
        }
        let ephemerons = phase!("ephemerons", Ephemerons::find(&strings));
        let bonds = NameBonds::of(&strings, &ephemerons);
        let (edges, end) = phase!("edges", Edges::stream(input, at.at, (&layout, names), bonds))?;
        at.at = end;
        let locations = rest(input, &mut at, texts.start, &layout)?;
        if at.at != texts.start {
            return None;
        }
        at.at = texts.end;
        at.expect(b'}', "").ok()?;
        at.skip_space();
        (at.at == bytes.len()).then(|| Self {
            nodes,
            edges,
            strings,
            locations,
            ephemerons,
            extra_native_bytes: layout.extra_native_bytes,
            scrubbed: layout.scrubbed,
            around: Around::default(),
            header,
            file_bytes: input.file_bytes(),
            truncated: None,
        })
    }
}

/// Where the header is, and where the strings are.
fn ends(bytes: &[u8]) -> Option<(Range<usize>, Range<usize>)> {
    let last = memrchr(b']', bytes)? + 1;
    // A file that is cut off ends otherwise.
    if bytes[last..].trim_ascii() != b"}" {
        return None;
    }
    let is_key = |at: &usize| bytes[..*at].ends_with(b"\"strings\":");
    let first = memrchr_iter(b'[', &bytes[..last]).find(is_key)?;
    Some((Sections::header(bytes)?, first..last))
}

/// Whether so many bytes can hold what the header counts: a number has a digit and a comma.
fn has_room(layout: &Layout, bytes: usize) -> bool {
    let nodes = layout.node_count.checked_mul(2 * layout.node.width);
    let edges = layout.edge_count.checked_mul(2 * layout.edge.width);
    let both = nodes.zip(edges).and_then(|(nodes, edges)| nodes.checked_add(edges));
    both.is_some_and(|both| both <= bytes)
}

/// Passes over the name of the next member.
fn member<'a>(at: &mut Cursor<'a>) -> Option<&'a [u8]> {
    at.expect(b',', "").ok()?;
    let key = at.string("").ok()?;
    at.expect(b':', "").ok()?;
    at.skip_space();
    Some(&at.bytes[key.start + 1..key.end - 1])
}

/// Passes over what lies between the edges and the strings, which are at `texts`.
fn rest(input: &Input, at: &mut Cursor<'_>, texts: usize, layout: &Layout) -> Option<Locations> {
    let mut locations = None;
    loop {
        match member(at)? {
            b"strings" => return Some(locations.unwrap_or_default()),
            b"locations" if locations.is_none() && layout.location.is_some() => {
                let stretch = at.at..texts.max(at.at);
                let (found, end) = phase!("locations", Locations::stream(input, stretch, layout))?;
                at.at = end;
                locations = Some(found);
            }
            name if KNOWN.contains(&name) => return None,
            _ => drop(at.value(None).ok()?),
        }
    }
}
