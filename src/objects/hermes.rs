//! What Hermes (React Native) calls its own.
//!
//! ```text
//!   JSMap -storage-> OrderedHashMap -firstIterationEntry-> HashMapEntry -nextIterationEntry-> ...
//! ```

use super::Shape;
use crate::graph::Heap;
use crate::ids::{EdgeIdx, NodeIdx};
use crate::parse::{NodeKind, Tables};

/// Maps and Sets, by class.
const CONTAINERS: [(&str, Shape); 2] = [("JSMap", Shape::Map), ("JSSet", Shape::Set)];
/// What they are made of, entries last.
const INSIDES: [&str; 2] = ["OrderedHashMap", "HashMapEntry"];

/// The global object, which is the first of the registers.
const GLOBAL: &str = "GlobalObject";
/// What leads from an entry to its key.
const KEY: &str = "key";

/// Whether a node is the global object.
pub(super) fn is_global(heap: &Heap, node: NodeIdx) -> bool {
    heap.tables.strings.is(heap.tables.nodes.name(node), GLOBAL)
}

/// Whether an edge leads from a Map's entry to its key.
pub(crate) fn leads_to_key(heap: &Heap, edge: EdgeIdx) -> bool {
    let Tables { edges, strings, .. } = &heap.tables;
    edges.name(edge).is_some_and(|name| strings.is(name, KEY))
}

/// Whether an object is of the kind that a Map is made of.
pub(crate) fn is_inside(class: &str) -> bool {
    INSIDES.contains(&class)
}

/// Whether a node is an object of that kind.
pub(crate) fn is_of_map(heap: &Heap, node: NodeIdx) -> bool {
    INSIDES.iter().any(|name| heap.tables.strings.is(heap.tables.nodes.name(node), name))
}

/// The shape of the Map or Set that has some storage, if that is one.
pub(crate) fn shape_above(heap: &Heap, storage: NodeIdx, above: NodeIdx) -> Option<Shape> {
    let is_object = heap.tables.nodes.kind(storage) == NodeKind::Object;
    let Tables { nodes, strings, .. } = &heap.tables;
    if !is_object || !strings.is(nodes.name(storage), INSIDES[0]) {
        return None;
    }
    let is_called = |name: &str| strings.is(nodes.name(above), name);
    CONTAINERS.iter().find(|(name, _)| is_called(name)).map(|(_, shape)| *shape)
}
