//! An object in, the events that it has listeners for out, and how many of each.
//!
//! ```text
//!   emitter -_events-> Object -data-> closure, or Array of closures
//!   target -kEvents-> Map -table-> (array): "abort" => Object -next-> Listener -next-> Listener
//! ```

use super::label::Label;
use super::members::{Has, members};
use super::node::{EMITTER_TABLE, TARGET_TABLE};
use super::v8::{PROTO, SYMBOL, TABLE};
use crate::graph::{Bits, Heap};
use crate::ids::{EdgeIdx, NodeIdx, StrIdx};
use crate::parse::{EdgeKind, NodeKind};

/// Listeners of one emitter for one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Listened {
    /// The event's name.
    pub event: StrIdx,
    pub listeners: u64,
}

/// Counts the listeners of one heap; what two emitters share is told of the first.
pub(crate) struct Listeners<'a> {
    heap: &'a Heap,
    events: Label,
    targets: Label,
    next: Label,
    proto: Label,
    table: Label,
    seen: Bits,
}

impl<'a> Listeners<'a> {
    pub(crate) fn of(heap: &'a Heap) -> Self {
        let label = |name: &str| Label::of(heap, name);
        let seen = Bits::new(heap.tables.nodes.len());
        let targets = label(&format!("{SYMBOL}{TARGET_TABLE}>"));
        let (events, next) = (label(EMITTER_TABLE), label("next"));
        let (proto, table) = (label(PROTO), label(TABLE));
        Self { heap, events, targets, next, proto, table, seen }
    }

    /// What an object listens to.
    pub(crate) fn take(&mut self, emitter: NodeIdx, found: &mut Vec<Listened>) {
        let tables = &self.heap.tables;
        if tables.nodes.kind(emitter) != NodeKind::Object {
            return;
        }
        for edge in tables.edges_of(emitter) {
            if tables.edges.kind(edge) != EdgeKind::Property {
                continue;
            }
            let target = tables.edges.target(edge);
            if tables.nodes.kind(target) != NodeKind::Object {
                continue;
            }
            if self.events.names(self.heap, edge) && self.seen.add(target.at()) {
                self.take_events(target, found);
            } else if self.targets.names(self.heap, edge) && self.seen.add(target.at()) {
                self.take_map(target, found);
            }
        }
    }

    fn take_events(&mut self, events: NodeIdx, found: &mut Vec<Listened>) {
        let tables = &self.heap.tables;
        for edge in tables.edges_of(events) {
            let property = tables.edges.kind(edge) == EdgeKind::Property;
            if !property || self.proto.names(self.heap, edge) {
                continue;
            }
            let listeners = match tables.nodes.kind(tables.edges.target(edge)) {
                NodeKind::Closure => 1,
                NodeKind::Object => self.functions(tables.edges.target(edge)),
                _ => 0,
            };
            if listeners > 0 {
                let event = tables.strings.canonical(StrIdx(tables.edges.label(edge)));
                found.push(Listened { event, listeners });
            }
        }
    }

    /// Functions in an array.
    fn functions(&mut self, list: NodeIdx) -> u64 {
        let tables = &self.heap.tables;
        let is_function = |edge: &EdgeIdx| {
            tables.edges.kind(*edge) == EdgeKind::Element
                && tables.nodes.kind(tables.edges.target(*edge)) == NodeKind::Closure
        };
        let count = || tables.edges_of(list).filter(is_function).count() as u64;
        if self.seen.add(list.at()) { count() } else { 0 }
    }

    fn take_map(&mut self, map: NodeIdx, found: &mut Vec<Listened>) {
        let tables = &self.heap.tables;
        // Two maps may have one table.
        let table = self.table.internal(self.heap, map);
        if !table.is_some_and(|table| self.seen.add(table.at())) {
            return;
        }
        for entry in members(self.heap, map).list.iter().filter(|entry| entry.how == Has::Entry) {
            let (Some(key), Some(first)) = (entry.key, entry.value) else { continue };
            let mut listeners = 0;
            let mut next = self.next.property(self.heap, first);
            while let Some(listener) = next.filter(|node| {
                tables.nodes.kind(*node) == NodeKind::Object && self.seen.add(node.at())
            }) {
                listeners += 1;
                next = self.next.property(self.heap, listener);
            }
            if listeners > 0 && tables.nodes.kind(key) == NodeKind::String {
                let event = tables.strings.canonical(tables.nodes.name(key));
                found.push(Listened { event, listeners });
            }
        }
    }
}
