//! One snapshot in, every number computed from it out, for three files that can be held
//! against DevTools' own (see `fixtures/README.md`).
//!
//! | file | content |
//! |---|---|
//! | `snapshot.classes.tsv` | key, name, count, distance, self, maxRet; key and name as JSON strings |
//! | `snapshot.nodes.json` | number of nodes, node kinds, class keys, and where each column lies |
//! | `snapshot.nodes.bin` | the columns, little endian, each starting at a multiple of 8 bytes |
//!
//! Of ids of more than 32 bits the columns have the last 32, as DevTools has. Where names stand in a file
//! far more often than it has bytes, class names are cut in the middle.

use crate::classes::{Census, ClassKey, DisplayNames, Interfaces};
use crate::error::{Error, Result};
use crate::graph::Heap;
use crate::ids::{NodeIdx, StrIdx};
use crate::input::Source;
use crate::memory;
use crate::parse::{NodeKind, Nodes, Tables, UNNAMED};
use crate::report::{self, masked_text};
use crate::text::{Text, json_without_commands};
use serde::Serialize;
use std::collections::HashMap;
use std::fmt::Write as _;

#[derive(Serialize)]
struct Header<'a> {
    magic: &'static str,
    n: usize,
    types: Vec<String>,
    columns: Vec<Column>,
    #[serde(rename = "classKeys")]
    class_keys: &'a [ClassKey],
}

#[derive(Serialize)]
struct Column {
    name: &'static str,
    dtype: &'static str,
    offset: usize,
}

/// What the files are called, in the order in which [`dump`] gives them.
pub const FILES: [&str; 3] = ["snapshot.classes.tsv", "snapshot.nodes.json", "snapshot.nodes.bin"];

/// Reads `file` and gives what belongs into the three files. `limit` is the memory that it may take,
/// in bytes. What looks like a secret in a name is masked, unless it is to be shown.
///
/// # Errors
/// If the snapshot cannot be read, or if it takes more than the limit.
pub fn dump(file: &Source, limit: Option<u64>, show_secrets: bool) -> Result<[Vec<u8>; 3]> {
    let input = file.open()?;
    memory::dump(&input, limit).map_err(|e| e.in_file(file.path()))?;
    let heap = Heap::new(Tables::of_file(&input)?);
    let interfaces = Interfaces::of(&heap);
    let census = Census::take(&heap, &interfaces, &interfaces.own);
    let longest = longest(&heap, &census);
    let shown = |name: &Text| {
        let name = name.shortened(longest);
        if show_secrets { name.into_owned() } else { masked_text(&name) }
    };
    let keys = keys(&census, &shown);
    let classes = classes(&census, &keys);
    let (header, columns) = nodes(&heap, &census, &keys);
    let header =
        serde_json::to_string(&header).map_err(|e| Error::io("cannot encode", e.into()))?;
    // All names are strings of JSON.
    let texts = [classes, header].map(|text| json_without_commands(text).into_bytes());
    let [classes, header] = texts;
    Ok([classes, header, columns])
}

/// Code units of a name. Where all of them together are much longer than the file, which is where
/// many classes have one long name, as many as in a report.
fn longest(heap: &Heap, census: &Census) -> usize {
    let (bytes, classes) = (heap.tables.file_bytes, &census.naming.classes);
    let all: usize = classes.iter().map(|class| class.name.len()).sum();
    if all as u64 / 2 <= bytes { usize::MAX } else { report::longest(bytes, classes.len()) }
}

/// By class, as it is shown; classes may share one long name.
fn keys(census: &Census, shown: &impl Fn(&Text) -> Text) -> Vec<ClassKey> {
    let mut known: HashMap<*const u16, Text> = HashMap::new();
    let mut shown =
        |name: &Text| known.entry(name.units().as_ptr()).or_insert_with(|| shown(name)).clone();
    let classes = &census.naming.classes;
    classes.iter().map(|key| ClassKey { name: shown(&key.name), ..*key }).collect()
}

/// The kinds that the header lists, and those behind its list that a node is of.
fn kinds(nodes: &Nodes) -> Vec<String> {
    let used = nodes.raw_kind.iter().max().map_or(0, |kind| usize::from(*kind) + 1);
    let listed = nodes.kind_names.iter().rposition(|name| name != UNNAMED).map_or(0, |at| at + 1);
    nodes.kind_names[..used.max(listed)].to_vec()
}

fn classes(census: &Census, keys: &[ClassKey]) -> String {
    let mut out = "key\tname\tcount\tdistance\tself\tmaxRet\n".to_owned();
    for (key, figures) in keys.iter().zip(census.figures()) {
        if figures.count > 0 {
            let _ = writeln!(
                out,
                "{}\t{}\t{}\t{}\t{}\t{}",
                key.text().to_json(),
                key.name.to_json(),
                figures.count,
                figures.distance.unwrap_or(0),
                figures.shallow,
                figures.retained.unwrap_or(0)
            );
        }
    }
    out
}

fn nodes<'a>(heap: &Heap, census: &Census, keys: &'a [ClassKey]) -> (Header<'a>, Vec<u8>) {
    let nodes = &heap.tables.nodes;
    let mut columns = Vec::new();
    let mut bytes: Vec<u8> = Vec::new();
    let mut add = |name, dtype, column: &mut dyn Iterator<Item = Vec<u8>>| {
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        columns.push(Column { name, dtype, offset: bytes.len() });
        column.for_each(|value| bytes.extend(value));
    };
    let le = |n: u32| n.to_le_bytes().to_vec();
    add("id", "<u4", &mut nodes.ids().iter().map(|id| le(*id)));
    add("self", "<u8", &mut heap.shallow().iter().map(|n| n.to_le_bytes().to_vec()));
    add("retained", "<f8", &mut heap.retained().iter().map(|n| (n as f64).to_le_bytes().to_vec()));
    add("distance", "<i4", &mut heap.shortest().distance.iter().map(|d| d.to_le_bytes().to_vec()));
    add("dominator", "<u4", &mut heap.dominators().idom.iter().map(|n| le(n.0)));
    add("classId", "<u4", &mut census.naming.class_of.iter().map(|c| le(c.0)));
    let mut names = NameHashes { heap, names: DisplayNames::new(heap), known: HashMap::new() };
    add("nameHash", "<u4", &mut nodes.indices().map(|node| le(names.of(node))));
    add("type", "|u1", &mut nodes.raw_kind.iter().map(|kind| vec![*kind]));
    add("detachedness", "|u1", &mut heap.dom_state.iter().map(|state| vec![*state]));
    let header = Header {
        magic: "HDORACLE1",
        n: nodes.len(),
        types: kinds(nodes),
        columns,
        class_keys: keys,
    };
    (header, bytes)
}

/// The hashes of displayed names.
struct NameHashes<'a> {
    heap: &'a Heap,
    names: DisplayNames<'a>,
    /// By a node's own name, and whether it is shown under another one.
    known: HashMap<(StrIdx, bool), u32>,
}

impl NameHashes<'_> {
    /// A long name that many nodes have is looked at once.
    fn of(&mut self, node: NodeIdx) -> u32 {
        let nodes = &self.heap.tables.nodes;
        let own = nodes.kind(node) != NodeKind::ConsString && !self.heap.is_plain_object(node);
        let name = own.then(|| (nodes.name(node), self.heap.is_renamed(node)));
        if let Some(known) = name.and_then(|name| self.known.get(&name)) {
            return *known;
        }
        let hash = self.names.of(node).fnv1a();
        if let Some(name) = name {
            self.known.insert(name, hash);
        }
        hash
    }
}
