//! What Hermes (React Native) calls its own.
//!
//! ```text
//!   (Registers) -> the global object -> JSMap -storage-> OrderedHashMap
//!   OrderedHashMap -firstIterationEntry-> HashMapEntry -nextIterationEntry-> HashMapEntry -> ...
//! ```
//!
//! In 0.8.1 a Map is called `Map`, as its prototype is, and later `JSMap`. Both have the same parts.

use super::{Shape, internal};
use crate::graph::Heap;
use crate::ids::{EdgeIdx, NodeIdx};
use crate::parse::{EdgeKind, NodeKind, Tables};

/// Maps and Sets, by class.
const CONTAINERS: [(&str, Shape); 4] =
    [("JSMap", Shape::Map), ("JSSet", Shape::Set), ("Map", Shape::Map), ("Set", Shape::Set)];
/// What they are made of, entries last.
const INSIDES: [&str; 2] = ["OrderedHashMap", "HashMapEntry"];

/// The root of what calls in progress have in hand, and of the global object, which they all have.
const REGISTERS: &str = "(Registers)";
/// How the global object may be called. Mostly it is called after its properties, of which one leads
/// to itself.
const GLOBAL: &str = "GlobalObject";
const GLOBAL_THIS: &str = "globalThis";
/// What leads from a Map to its first entry.
pub(super) const FIRST_ENTRY: &str = "firstIterationEntry";
/// What leads from an entry to its key, and to its value.
pub(super) const KEY: &str = "key";
pub(super) const VALUE: &str = "value";
/// What leads from an entry to the next one.
pub(super) const NEXT_ENTRY: &str = "nextIterationEntry";

/// Classes of the language, whose names say what objects are and not what they are for.
pub(super) const CLASSES: &[&str] = &[
    "JSObject",
    "JSArray",
    "JSMap",
    "JSSet",
    "JSWeakMap",
    "JSWeakSet",
    "JSFunction",
    "JSDate",
    "JSRegExp",
    "JSError",
    "JSArrayBuffer",
];

/// How the classes of object literals begin, before their fields: `JSObject(id, name)`.
const LITERALS: [&str; 2] = ["JSObject(", "Object("];

/// Whether a class is that of object literals.
pub(super) fn is_literal(class: &str) -> bool {
    LITERALS.iter().any(|beginning| class.starts_with(beginning))
}

/// Whether a node is the global object, as what holds it tells.
pub(super) fn is_global(heap: &Heap, node: NodeIdx, holder: NodeIdx) -> bool {
    heap.tables.strings.is(heap.tables.nodes.name(node), GLOBAL)
        || has_registers(heap, holder) && has_itself(heap, node)
}

/// Whether a node is the root of what calls in progress have in hand.
pub(crate) fn has_registers(heap: &Heap, root: NodeIdx) -> bool {
    heap.tables.nodes.kind(root) == NodeKind::Synthetic
        && heap.tables.strings.is(heap.tables.nodes.name(root), REGISTERS)
}

/// Whether an object has itself as the global object. That property is one of the first: the engine
/// makes it, before the program makes any.
fn has_itself(heap: &Heap, node: NodeIdx) -> bool {
    const LOOKED_AT: usize = 1024;
    let Tables { edges, strings, .. } = &heap.tables;
    let mut first = heap.tables.edges_of(node).take(LOOKED_AT);
    first.any(|edge| {
        edges.target(edge) == node
            && edges.kind(edge) == EdgeKind::Property
            && edges.name(edge).is_some_and(|name| strings.is(name, GLOBAL_THIS))
    })
}

/// Whether an edge leads from a Map's entry to its key.
pub(crate) fn leads_to_key(heap: &Heap, edge: EdgeIdx) -> bool {
    let Tables { edges, strings, .. } = &heap.tables;
    edges.name(edge).is_some_and(|name| strings.is(name, KEY))
}

/// Whether a name is that of what an object is made of: its properties have names of their own.
pub(super) fn is_plumbing(name: &str) -> bool {
    const PARTS: [&str; 4] = ["parent", "class", "propStorage", "elementStorage"];
    const SLOTS: [&str; 2] = ["directProp", "indirectProp"];
    let number = |slot: &str| {
        name.strip_prefix(slot).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    PARTS.contains(&name) || SLOTS.iter().any(|slot| number(slot))
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
    if nodes.kind(above) != NodeKind::Object {
        return None;
    }
    let is_called = |name: &str| strings.is(nodes.name(above), name);
    let known = CONTAINERS.iter().find(|(name, _)| is_called(name));
    Some(known.map_or_else(|| shape_inside(heap, storage), |(_, shape)| *shape))
}

/// A class of the program may extend Map or Set, and is called by its own name. A Set has what it
/// holds for key and value.
fn shape_inside(heap: &Heap, storage: NodeIdx) -> Shape {
    let of_first = |name| internal(heap, internal(heap, storage, FIRST_ENTRY)?, name);
    let key = of_first(KEY);
    if key.is_some() && key == of_first(VALUE) { Shape::Set } else { Shape::Map }
}
