//! The bytes of a snapshot that is cut off in, those of a whole one out: as many rows and strings
//! as are there. V8 writes the nodes first, then the edges (two thirds of a file), then where
//! objects come from, then the strings, so there is something to save in most cut files.
//!
//! ```text
//!   {"snapshot":{..},"nodes":[..],"edges":[0,1,5,0,2,10,0,3      as it arrived
//!   {"snapshot":{..},"nodes":[..],"edges":[0,1,5,0,2,10],"strings":["(lost)"]}
//! ```

use super::around::first;
use super::meta::Layout;
use super::sections::{Cursor, KNOWN, NUMBERS};
use crate::error::{Error, Result};
use crate::input::Input;
use std::ops::Range;

/// How much of a snapshot is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truncated {
    /// Where the file ends, in bytes of its uncompressed content.
    pub byte: u64,
    /// What was being written there, in words.
    pub place: &'static str,
    /// Edges that the header counts and the file lacks.
    pub edges_lost: u64,
    /// Nodes whose name is lost.
    pub names_lost: u64,
    /// Edges that are there and whose name is lost.
    pub edge_names_lost: u64,
}

impl Truncated {
    /// Whether every edge and every name is there: then no more than the file's end is missing,
    /// and perhaps places in the source.
    #[must_use]
    pub const fn is_harmless(&self) -> bool {
        self.edges_lost == 0 && self.names_lost == 0 && self.edge_names_lost == 0
    }
}

/// The name of what has lost its name.
pub const LOST: &str = "(lost)";

/// A file made whole.
pub(super) struct Salvaged {
    pub input: Input,
    pub loss: Loss,
}

/// What it has lost, as far as the bytes tell.
pub(super) struct Loss {
    byte: u64,
    place: &'static str,
    /// How many edges are left, if not all.
    pub edges_left: Option<usize>,
    /// Whether the last string stands for all that are missing.
    pub names: bool,
}

impl Loss {
    /// The whole account.
    pub(super) const fn told(
        &self,
        edges_lost: u64,
        names_lost: u64,
        edge_names_lost: u64,
    ) -> Truncated {
        let Self { byte, place, .. } = *self;
        Truncated { byte, place, edges_lost, names_lost, edge_names_lost }
    }
}

/// What the scan of a cut file finds.
#[derive(Default)]
struct Scan<'a> {
    /// The members that are whole, with their place.
    whole: Vec<(&'a [u8], Range<usize>)>,
    /// Where the last of them ends.
    end: usize,
    /// The member that is not, and where its value begins.
    cut: Option<(&'a [u8], usize)>,
}

/// Makes a whole snapshot of a cut one. `error` is what is wrong with it.
pub(super) fn salvage(input: &Input, error: Error) -> Result<Salvaged> {
    let bytes = input.bytes();
    // A file that was given its size before it was written has zeros at its end.
    let zeros = bytes.iter().rev().take_while(|b| **b == 0).count();
    let bytes = &bytes[..bytes.len() - zeros];
    let scan = scan(bytes, input)?;
    let find = |name: &[u8]| scan.whole.iter().find(|(n, _)| *n == name).map(|(_, at)| at.clone());
    let (Some(header), Some(_)) = (find(b"snapshot"), find(b"nodes")) else {
        return Err(error.with_hint("too little is left: not even its nodes are complete"));
    };
    let layout = Layout::read(&bytes[header.clone()], header.start)?;
    let mut out = bytes[..scan.end].to_vec();
    let (mut edges, mut strings) = (None, None);
    match scan.cut {
        Some((b"edges", start)) => {
            let (text, rows) = rows(&bytes[start..], layout.edge.width);
            out.extend([b",\"edges\":", text, b"]"].concat());
            edges = Some(rows);
        }
        Some((b"locations", start)) => {
            let width = layout.location.map_or(1, |fields| fields.width);
            out.extend([b",\"locations\":", rows(&bytes[start..], width).0, b"]"].concat());
        }
        Some((b"strings", start)) => strings = Some(literals(&bytes[start..])),
        _ => {}
    }
    if find(b"edges").is_none() && edges.is_none() {
        out.extend(b",\"edges\":[]");
        edges = Some(0);
    }
    let names = find(b"strings").is_none();
    if names {
        let text = strings.unwrap_or(b"[");
        let comma: &[u8] = if text.len() > 1 { b"," } else { b"" };
        let lost = format!("\"{LOST}\"]");
        out.extend([b",\"strings\":", text, comma, lost.as_bytes()].concat());
    }
    out.push(b'}');
    let place = place(scan.cut.map(|(name, _)| name));
    let loss = Loss { byte: bytes.len() as u64, place, edges_left: edges, names };
    Ok(Salvaged { input: input.repaired(out), loss })
}

fn place(name: Option<&[u8]>) -> &'static str {
    match name {
        Some(b"edges") => "the edge table",
        Some(b"locations") => "the locations",
        Some(b"strings") => "the string table",
        _ => "what follows the node table",
    }
}

/// Walks over the members up to the cut.
fn scan<'a>(bytes: &'a [u8], input: &Input) -> Result<Scan<'a>> {
    let mut at = Cursor { bytes, at: first(bytes) };
    let mut scan = Scan::default();
    let mut next = at.expect(b'{', "a snapshot is one JSON object").is_ok();
    while next {
        let Ok(key) = at.string("the name of a member") else { break };
        let Ok(()) = at.expect(b':', "a colon belongs after a member's name") else { break };
        let name = &bytes[key.start + 1..key.end - 1];
        at.skip_space();
        let start = at.at;
        match at.value(NUMBERS.contains(&name).then_some(input)) {
            Ok(value) => {
                scan.end = at.at;
                if KNOWN.contains(&name) {
                    scan.whole.push((name, value.range));
                }
            }
            Err(e) if e.is_cut_off() => {
                scan.cut = Some((name, start));
                break;
            }
            Err(e) => return Err(e),
        }
        next = at.accept(b',');
    }
    Ok(scan)
}

/// The whole rows of an array that begins here, and how many.
fn rows(array: &[u8], width: usize) -> (&[u8], usize) {
    // A number with a comma behind it is whole; the one at the cut may be half of a longer one.
    let rows = memchr::memchr_iter(b',', array).count() / width;
    let last = rows.checked_mul(width).and_then(|commas| commas.checked_sub(1));
    let end = last.and_then(|comma| memchr::memchr_iter(b',', array).nth(comma));
    match end {
        Some(end) => (&array[..end], rows),
        None => (b"[", 0),
    }
}

/// The whole literals of an array that begins here, with its bracket.
fn literals(array: &[u8]) -> &[u8] {
    let mut at = Cursor { bytes: array, at: 0 };
    let mut end = 1;
    let mut next = at.accept(b'[');
    while next && at.string("a string").is_ok() {
        end = at.at;
        next = at.accept(b',');
    }
    if array.is_empty() { b"[" } else { &array[..end] }
}
