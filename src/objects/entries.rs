//! A container in, the number of its entries out, by what the graph shows.

use super::is_part;
use super::label::Label;
use super::v8::{HOLES, PROTO, SCOPE, TABLE};
use crate::graph::Heap;
use crate::ids::{EdgeIdx, NodeIdx, StrIdx};
use crate::parse::{EdgeKind, NodeKind};
use std::collections::HashMap;

/// By hash table: what kind of container has it.
pub(crate) type TableShapes = HashMap<NodeIdx, Shape>;

/// What kind of container an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A Map, or a WeakMap.
    Map,
    /// A Set, or a WeakSet.
    Set,
    /// Elements in order.
    Array,
    /// A plain object or class instance with ever more properties.
    Object,
    /// Entries that hold each other.
    List,
    /// Strings joined to one that was never flattened.
    Rope,
    /// A function's variables.
    Context,
    /// Anything else that holds: a promise, an embedder object.
    Other,
}

impl Shape {
    /// Of an object, by its kind and name.
    #[must_use]
    pub fn of(heap: &Heap, node: NodeIdx) -> Self {
        Self::learn(heap, node, &mut HashMap::new())
    }

    /// The same of one among many. Several may have one table, which is looked at once.
    pub(crate) fn learn(heap: &Heap, node: NodeIdx, known: &mut TableShapes) -> Self {
        match heap.tables.nodes.kind(node) {
            NodeKind::ConsString => return Self::Rope,
            NodeKind::Object => {}
            // Another producer's own kind of array.
            NodeKind::Other if Self::has_elements(heap, node) => return Self::Array,
            _ => return Self::Other,
        }
        let name = heap.raw_name(node);
        let is = |word: &str| name == *word;
        match () {
            () if is("Array") => Self::Array,
            () if is("Map") || is("WeakMap") => Self::Map,
            () if is("Set") || is("WeakSet") => Self::Set,
            () if is("Promise") => Self::Other,
            () if name.starts_with(SCOPE) => Self::Context,
            () => Self::of_subclass(heap, node, known),
        }
    }

    /// A class of the program may extend Map, Set or Array; the layout tells. In a Map's table
    /// key and value are neighbours, or with numbers for keys three apart; in a Set's keys are
    /// two apart.
    fn of_subclass(heap: &Heap, node: NodeIdx, known: &mut TableShapes) -> Self {
        if let Some(table) = hash_table(heap, node) {
            return *known.entry(table).or_insert_with(|| Self::of_table(heap, table));
        }
        if Self::has_elements(heap, node) { Self::Array } else { Self::Object }
    }

    /// Whether it has more elements than properties.
    fn has_elements(heap: &Heap, node: NodeIdx) -> bool {
        let kinds = || heap.tables.edges_of(node).map(|edge| heap.tables.edges.kind(edge));
        let elements = kinds().filter(|kind| *kind == EdgeKind::Element).count();
        let properties = kinds().filter(|kind| *kind == EdgeKind::Property).count();
        elements > properties
    }

    pub(super) fn of_table(heap: &Heap, table: NodeIdx) -> Self {
        let mut slots: Vec<u64> =
            heap.tables.edges_of(table).filter_map(|edge| slot(heap, edge)).collect();
        slots.sort_unstable();
        let nearest = slots.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > 0).min();
        if nearest == Some(2) { Self::Set } else { Self::Map }
    }

    /// The word people know it by.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Map => "Map",
            Self::Set => "Set",
            Self::Array => "Array",
            Self::Object => "Object",
            Self::List => "list",
            Self::Rope => "rope",
            Self::Context => "context",
            Self::Other => "holder",
        }
    }
}

/// The target of the first internal edge of a name.
pub(crate) fn internal(heap: &Heap, node: NodeIdx, name: &str) -> Option<NodeIdx> {
    Label::of(heap, name).internal(heap, node)
}

/// The value of a property.
pub(crate) fn property(heap: &Heap, node: NodeIdx, name: &str) -> Option<NodeIdx> {
    Label::of(heap, name).property(heap, node)
}

/// A container's hash table.
pub(crate) fn hash_table(heap: &Heap, node: NodeIdx) -> Option<NodeIdx> {
    internal(heap, node, TABLE).filter(|t| heap.tables.nodes.kind(*t) == NodeKind::Array)
}

/// Whether a container is one of those whose keys are objects and may go.
pub(crate) fn is_weak(heap: &Heap, node: NodeIdx) -> bool {
    heap.raw_name(node).starts_with("Weak")
}

/// Number of entries: elements, properties, entries of the hash table.
#[must_use]
pub fn entries(heap: &Heap, node: NodeIdx) -> u64 {
    fresh_entries(heap, node, |_| true)
}

/// Number of entries that are new, as `is_fresh` says. An entry of a Map is where its key is; where
/// keys are numbers, where its value is.
pub(crate) fn fresh_entries(heap: &Heap, node: NodeIdx, is_fresh: impl Fn(NodeIdx) -> bool) -> u64 {
    let tables = &heap.tables;
    if tables.nodes.kind(node) == NodeKind::Native {
        return backed(heap, node, 3);
    }
    let shape = Shape::of(heap, node);
    if let Some(table) = hash_table(heap, node) {
        // The fields of a class that extends Map are no entries.
        return table_entries(heap, table, shape, &is_fresh);
    }
    let proto = tables.strings.find(&PROTO.into());
    let direct = tables.edges_of(node).filter(|edge| match tables.edges.kind(*edge) {
        EdgeKind::Element | EdgeKind::Context => true,
        EdgeKind::Property => {
            Some(tables.strings.canonical(StrIdx(tables.edges.label(*edge)))) != proto
        }
        _ => false,
    });
    direct.filter(|edge| is_fresh(tables.edges.target(*edge))).count() as u64
}

/// What an embedder object holds, its vectors' and tables' holdings for these themselves.
fn backed(heap: &Heap, node: NodeIdx, levels: u32) -> u64 {
    let targets = heap.tables.edges_of(node).map(|edge| heap.tables.edges.target(edge));
    let count = |target| match levels.checked_sub(1) {
        Some(levels) if is_part(heap, target) => backed(heap, target, levels),
        _ => 1,
    };
    targets.map(count).sum()
}

/// V8's ordered hash tables hold (key, value, chain) for a Map and (key, chain) for a Set; the
/// fullest column tells the number of entries, as numbers have no edge. A weak table names
/// its entries.
pub(super) fn table_entries(
    heap: &Heap,
    table: NodeIdx,
    shape: Shape,
    is_fresh: &dyn Fn(NodeIdx) -> bool,
) -> u64 {
    let tables = &heap.tables;
    let (mut columns, mut fresh) = ([0_u64; 3], [0_u64; 3]);
    let stride = if shape == Shape::Set { 2 } else { 3 };
    let (mut weak, mut fresh_weak) = (0, 0);
    for edge in tables.edges_of(table) {
        let target = tables.edges.target(edge);
        if is_hole(heap, target) {
            continue;
        }
        let new = u64::from(is_fresh(target));
        if tables.edges.name(edge).is_some_and(|name| tables.ephemerons.has(name)) {
            weak += 1;
            fresh_weak += new;
        } else if let Some(slot) = slot(heap, edge) {
            columns[(slot % stride) as usize] += 1;
            fresh[(slot % stride) as usize] += new;
        }
    }
    // Of columns that are as full the one with the fewest new ones has the keys: a value may be
    // replaced under its key.
    let full = columns.into_iter().max().unwrap_or(0);
    let fullest = columns.iter().zip(fresh).filter(|(count, _)| **count == full);
    let fresh = fullest.map(|(_, fresh)| fresh).min().unwrap_or(0);
    if weak > full { fresh_weak } else { fresh }
}

/// A table's positions have no more digits.
const DIGITS: usize = 20;

/// The position in a table that an edge is named after.
pub(crate) fn slot(heap: &Heap, edge: EdgeIdx) -> Option<u64> {
    match heap.tables.edges.name(edge) {
        None => Some(u64::from(heap.tables.edges.label(edge))),
        Some(name) => {
            let text = heap.tables.strings.beginning(name, DIGITS);
            crate::graph::parse_int(&text).map(|number| number as u64)
        }
    }
}

/// What stands in empty slots, and in those of entries that are gone.
pub(super) fn is_hole(heap: &Heap, node: NodeIdx) -> bool {
    let name = heap.tables.nodes.name(node);
    heap.tables.nodes.kind(node) == NodeKind::Hidden
        && HOLES.iter().any(|hole| heap.tables.strings.starts_with(name, hole))
}
