//! Containers in, what kind each is and the number of its entries out. Every edge is looked at once or
//! twice, however many containers have one table.

use super::entries::{Shape, table_entries};
use super::label::Label;
use super::v8::{ELEMENTS, PROTO, TABLE};
use crate::graph::Heap;
use crate::ids::{NodeIdx, StrIdx};
use crate::parse::{EdgeKind, NodeKind};
use std::collections::HashMap;

/// An object with so many properties is a table that happens to be one.
const MANY: u64 = 50;
/// A table of so few edges is counted again rather than noted.
const FEW: usize = 64;

/// Counts the entries of many containers of one heap.
pub(crate) struct Holdings<'a> {
    heap: &'a Heap,
    table: Label,
    proto: Label,
    /// Names of classes that say what they are.
    named: Vec<(StrIdx, Shape)>,
    /// By table.
    known: HashMap<NodeIdx, (Shape, u64)>,
}

impl<'a> Holdings<'a> {
    pub(crate) fn of(heap: &'a Heap) -> Self {
        const NAMED: [(&str, Shape); 5] = [
            ("Array", Shape::Array),
            ("Map", Shape::Map),
            ("WeakMap", Shape::Map),
            ("Set", Shape::Set),
            ("WeakSet", Shape::Set),
        ];
        let find = |(name, shape): &(&str, Shape)| {
            Some((heap.tables.strings.find(&(*name).into())?, *shape))
        };
        let named = NAMED.iter().filter_map(find).collect();
        let (table, proto) = (Label::of(heap, TABLE), Label::of(heap, PROTO));
        Self { heap, table, proto, named, known: HashMap::new() }
    }

    /// What a container is and how many entries it has; `None` for what is none, or is empty. Objects are
    /// containers if they have very many properties.
    pub(crate) fn count(&mut self, node: NodeIdx) -> Option<(Shape, u64)> {
        let tables = &self.heap.tables;
        let is_object = match tables.nodes.kind(node) {
            NodeKind::Object => true,
            NodeKind::Other => false,
            _ => return None,
        };
        let (mut elements, mut properties, mut table) = (0, 0, None);
        for edge in tables.edges_of(node) {
            match tables.edges.kind(edge) {
                EdgeKind::Element => elements += 1,
                EdgeKind::Property if !self.proto.names(self.heap, edge) => properties += 1,
                EdgeKind::Internal if table.is_none() && self.table.names(self.heap, edge) => {
                    let target = tables.edges.target(edge);
                    table = Some(target).filter(|t| tables.nodes.kind(*t) == NodeKind::Array);
                }
                _ => {}
            }
        }
        let called = tables.strings.canonical(tables.nodes.name(node));
        let named = self.named.iter().find(|(name, _)| is_object && *name == called);
        let named = named.map(|(_, shape)| *shape);
        let found = match (named, table) {
            (Some(Shape::Array), _) => (Shape::Array, elements),
            (shape, Some(table)) if is_object => self.table(table, shape),
            (Some(_), _) => return None,
            _ if elements > properties => (Shape::Array, elements),
            _ if is_object && properties >= MANY => (Shape::Object, properties),
            _ => return None,
        };
        (found.1 > 0).then_some(found)
    }

    fn table(&mut self, table: NodeIdx, named: Option<Shape>) -> (Shape, u64) {
        let heap = self.heap;
        let count = || {
            let shape = named.unwrap_or_else(|| Shape::of_table(heap, table));
            (shape, table_entries(heap, table, shape, &|_| true))
        };
        if heap.tables.nodes.edges(table).len() <= FEW {
            return count();
        }
        *self.known.entry(table).or_insert_with(count)
    }
}

/// What holds the elements of an array.
pub(crate) fn elements(heap: &Heap, array: NodeIdx) -> Option<NodeIdx> {
    Label::of(heap, ELEMENTS).internal(heap, array)
}
