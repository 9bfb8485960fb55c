//! An object in, what a program sees in it out: fields, elements, entries, variables. What the engine
//! needs to make them is counted and left out.
//!
//! ```text
//!   Session -name-> "ann"          .name
//!   Map -table-> (array) -8-> "b", -9-> Object            entry "b" => Object
//!   closure -context-> Context -inner-> V                 variable inner
//!                      Context -previous-> Context -x->   variable x, one function further out
//! ```

use super::entries::{Shape, hash_table, internal, is_hole, slot};
use super::hermes::{FIRST_ENTRY, KEY, NEXT_ENTRY, VALUE, is_of_map, is_plumbing};
use super::is_part;
use super::v8::{
    CONTEXT, PROTO, is_accessor_pair, is_oddball, is_scope, leads_to_table, names_context,
};
use crate::graph::Heap;
use crate::ids::{EdgeIdx, NodeIdx, StrIdx};
use crate::parse::{EdgeKind, NodeKind};
use std::collections::HashSet;

/// How an object has another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Has {
    /// A property, by name.
    Field(StrIdx),
    /// An element of an array, or a property with a number for a name.
    Element(u32),
    /// A variable by name, and how many functions further out it is declared.
    Variable(StrIdx, u32),
    /// A value that a call works with which waits, of an async function say.
    Local,
    /// An entry of a Map.
    Entry,
    /// An entry of a Set.
    Item,
    /// Any other reference, by the engine's name for it.
    Internal(StrIdx),
}

/// What an object has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member {
    pub how: Has,
    /// Of an entry. Small integers leave no trace in most files.
    pub key: Option<NodeIdx>,
    pub value: Option<NodeIdx>,
    /// Whether it is none of the references that keep their targets alive.
    pub weak: bool,
}

/// What an object has, and how many references are the engine's own.
#[derive(Debug, Default)]
pub(crate) struct Members {
    pub list: Vec<Member>,
    pub engine: u64,
}

/// What leads from the variables of a function to those of the one that it lies in.
const PREVIOUS: &str = "previous";
/// What leads from a call that waits to what it works with.
const REGISTERS: &str = "parameters_and_registers";
/// What a program sees in an object.
pub(crate) fn members(heap: &Heap, node: NodeIdx) -> Members {
    let mut found = Members::default();
    for edge in heap.tables.edges_of(node) {
        found.take(heap, node, edge);
    }
    found
}

impl Members {
    fn take(&mut self, heap: &Heap, node: NodeIdx, edge: EdgeIdx) {
        let edges = &heap.tables.edges;
        let target = edges.target(edge);
        match (edges.kind(edge), edges.name(edge)) {
            (EdgeKind::Property, Some(name)) => match is_field(heap, node, name, target) {
                true => self.add(Has::Field(name), target),
                false => self.engine += 1,
            },
            (EdgeKind::Element, _) => self.add(Has::Element(edges.label(edge)), target),
            (EdgeKind::Context, Some(name)) => self.add(Has::Variable(name, 0), target),
            (EdgeKind::Weak, Some(name)) if is_seen(heap, target) && !is_nameless(heap, name) => {
                let (key, value) = (None, Some(target));
                self.list.push(Member { how: Has::Internal(name), key, value, weak: true });
            }
            (EdgeKind::Internal | EdgeKind::Shortcut | EdgeKind::Other, Some(name)) => {
                self.take_internal(heap, node, edge, name);
            }
            _ => self.engine += 1,
        }
    }

    /// An internal reference: what implements the object leads on to what it has.
    fn take_internal(&mut self, heap: &Heap, node: NodeIdx, edge: EdgeIdx, name: StrIdx) {
        let target = heap.tables.edges.target(edge);
        match () {
            () if leads_to_table(heap, edge) => self.take_table(heap, node, target),
            () if is_of_map(heap, target) => self.take_chain(heap, node, target),
            () if names_context(heap, name) => self.take_scopes(heap, target, 0),
            () if is_scope(heap, node) && is_scope(heap, target) => {
                self.take_scopes(heap, target, 1);
            }
            () if holds_registers(heap, name) => self.take_locals(heap, node, target),
            () if is_seen(heap, target) && !is_nameless(heap, name) && !is_value(heap, node) => {
                self.add(Has::Internal(name), target);
            }
            () => self.engine += 1,
        }
    }

    fn add(&mut self, how: Has, value: NodeIdx) {
        self.list.push(Member { how, key: None, value: Some(value), weak: false });
    }

    /// Variables of a function, and of those that it lies in.
    fn take_scopes(&mut self, heap: &Heap, scope: NodeIdx, out: u32) {
        let (mut scope, mut out) = (Some(scope), out);
        let mut seen = HashSet::new();
        while let Some(at) = scope.filter(|at| is_scope(heap, *at) && seen.insert(*at)) {
            for edge in heap.tables.edges_of(at) {
                match (heap.tables.edges.kind(edge), heap.tables.edges.name(edge)) {
                    (EdgeKind::Context, Some(name)) => {
                        self.add(Has::Variable(name, out), heap.tables.edges.target(edge));
                    }
                    (EdgeKind::Internal, Some(name))
                        if is_seen(heap, heap.tables.edges.target(edge))
                            && !heap.tables.strings.is(name, PREVIOUS) =>
                    {
                        self.add(Has::Internal(name), heap.tables.edges.target(edge));
                    }
                    _ => self.engine += 1,
                }
            }
            scope = internal(heap, at, PREVIOUS);
            out += 1;
        }
    }

    /// What a call works with that waits.
    fn take_locals(&mut self, heap: &Heap, call: NodeIdx, registers: NodeIdx) {
        for edge in heap.tables.edges_of(registers) {
            let target = heap.tables.edges.target(edge);
            match is_seen(heap, target) && target != call {
                true => self.add(Has::Local, target),
                false => self.engine += 1,
            }
        }
    }

    fn take_table(&mut self, heap: &Heap, node: NodeIdx, table: NodeIdx) {
        let is_set = Shape::of(heap, node) == Shape::Set;
        self.list.extend(table_entries(heap, table, is_set));
    }

    /// Entries that hold each other, as Hermes has them.
    fn take_chain(&mut self, heap: &Heap, node: NodeIdx, storage: NodeIdx) {
        let is_set = super::hermes::shape_above(heap, storage, node) == Some(Shape::Set);
        let how = if is_set { Has::Item } else { Has::Entry };
        let mut next = internal(heap, storage, FIRST_ENTRY);
        let mut left = heap.tables.nodes.len();
        while let Some(entry) = next.filter(|_| left > 0) {
            left -= 1;
            let value = internal(heap, entry, VALUE).filter(|_| !is_set);
            let key = internal(heap, entry, KEY);
            self.list.push(Member { how, key, value, weak: false });
            next = internal(heap, entry, NEXT_ENTRY);
        }
    }
}

/// The parts of an object over which it has most of what it has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts {
    node: NodeIdx,
    table: Option<NodeIdx>,
    registers: Option<NodeIdx>,
}

impl Parts {
    pub(crate) fn of(heap: &Heap, node: NodeIdx) -> Self {
        let (table, registers) = (hash_table(heap, node), internal(heap, node, REGISTERS));
        Self { node, table, registers }
    }

    /// What an object has over one of its parts, each once: what several objects share is for the caller
    /// to ask once.
    pub(crate) fn members(self, heap: &Heap, part: NodeIdx) -> Vec<Member> {
        if self.table == Some(part) {
            let is_set = Shape::of(heap, self.node) == Shape::Set;
            return table_entries(heap, part, is_set);
        }
        let mut found = Members::default();
        if self.registers == Some(part) {
            found.take_locals(heap, self.node, part);
        } else if is_of_map(heap, part) {
            let [key, value] = [KEY, VALUE].map(|name| internal(heap, part, name));
            found.list.push(Member { how: Has::Entry, key, value, weak: false });
        } else if is_scope(heap, part) {
            found.list = own(heap, part).collect();
        }
        found.list
    }
}

/// What an object has itself, not over its parts.
pub(crate) fn own(heap: &Heap, node: NodeIdx) -> impl Iterator<Item = Member> + '_ {
    heap.tables.edges_of(node).filter_map(move |edge| {
        let edges = &heap.tables.edges;
        let target = edges.target(edge);
        let how = match (edges.kind(edge), edges.name(edge)) {
            (EdgeKind::Property, Some(name)) => {
                is_field(heap, node, name, target).then_some(Has::Field(name))?
            }
            (EdgeKind::Element, _) => Has::Element(edges.label(edge)),
            (EdgeKind::Context, Some(name)) => Has::Variable(name, 0),
            (EdgeKind::Internal | EdgeKind::Shortcut | EdgeKind::Other, Some(name))
                if is_seen(heap, target) && !is_nameless(heap, name) && !is_value(heap, node) =>
            {
                Has::Internal(name)
            }
            _ => return None,
        };
        Some(Member { how, key: None, value: Some(target), weak: false })
    })
}

/// The entries of a hash table, in its order.
fn table_entries(heap: &Heap, table: NodeIdx, is_set: bool) -> Vec<Member> {
    let edges = &heap.tables.edges;
    // In a WeakMap's table both stand as weak references; a third one keeps the value.
    let mut slots: Vec<(u64, NodeIdx, bool)> = heap
        .tables
        .edges_of(table)
        .filter(|edge| !edges.name(*edge).is_some_and(|name| heap.tables.ephemerons.has(name)))
        .filter_map(|edge| {
            let target = edges.target(edge);
            let weak = edges.kind(edge) == EdgeKind::Weak;
            Some((slot(heap, edge)?, target, weak)).filter(|_| !is_empty(heap, target))
        })
        .collect();
    slots.sort_unstable();
    let weak = slots.first().is_some_and(|(.., weak)| *weak);
    if is_set {
        let item = |(_, node, weak): (u64, NodeIdx, bool)| Member {
            how: Has::Item,
            key: Some(node),
            value: None,
            weak,
        };
        return slots.into_iter().map(item).collect();
    }
    let stride = if weak { 2 } else { 3 };
    let keys = key_column(&slots, stride);
    let mut entries: Vec<Member> = Vec::new();
    let mut last = None;
    for (slot, node, weak) in slots {
        let is_key = slot % stride == keys;
        let entry = if is_key { slot } else { slot.saturating_sub(1) };
        if last != Some(entry) {
            last = Some(entry);
            entries.push(Member { how: Has::Entry, key: None, value: None, weak });
        }
        if let Some(entry) = entries.last_mut() {
            *(if is_key { &mut entry.key } else { &mut entry.value }) = Some(node);
        }
    }
    entries
}

/// Which column of a table has the keys. A key is followed by its value. Where all keys, or all values,
/// are numbers without a trace, the place of the first entry tells: behind three numbers and the
/// buckets, of which there is a power of two.
fn key_column(slots: &[(u64, NodeIdx, bool)], stride: u64) -> u64 {
    let pair = slots.windows(2).find(|two| two[0].0 + 1 == two[1].0);
    if let Some(pair) = pair {
        return pair[0].0 % stride;
    }
    let Some((first, ..)) = slots.first() else { return 0 };
    let begins = |at: u64| at.checked_sub(3).is_some_and(|n| n > 1 && n.is_power_of_two());
    let value_first = stride == 3 && !begins(*first) && begins(first.wrapping_sub(1));
    let keys = if value_first { first - 1 } else { *first };
    keys % stride
}

/// Whether a node says that nothing stands here. Up to V8 12 the hole is of one kind with what a program
/// can put there.
fn is_empty(heap: &Heap, node: NodeIdx) -> bool {
    const VALUES: [&str; 4] = ["true", "false", "null", "undefined"];
    let is_value = |text: StrIdx| VALUES.iter().any(|value| heap.tables.strings.is(text, value));
    is_hole(heap, node) && !literal(heap, node).is_some_and(is_value)
}

/// Whether a property is the program's: what all objects of a class share is not, nor is what an
/// accessor is made of, whose functions have names of their own.
fn is_field(heap: &Heap, node: NodeIdx, name: StrIdx, target: NodeIdx) -> bool {
    const PROTOTYPE: &str = "prototype";
    let is = |word: &str| heap.tables.strings.is(name, word);
    let of_class = heap.tables.nodes.kind(node) == NodeKind::Closure && is(PROTOTYPE);
    !is(PROTO) && !of_class && !is("<symbol>") && !is_accessor_pair(heap, target)
}

/// Whether a program can have a node in hand.
fn is_seen(heap: &Heap, node: NodeIdx) -> bool {
    !is_part(heap, node) && !is_scope(heap, node)
}

/// Numbers and the like, whose references say what they are worth.
fn is_value(heap: &Heap, node: NodeIdx) -> bool {
    matches!(
        heap.tables.nodes.kind(node),
        NodeKind::Number | NodeKind::Symbol | NodeKind::BigInt | NodeKind::RegExp
    )
}

/// Whether a reference has no name that says anything to a reader.
fn is_nameless(heap: &Heap, name: StrIdx) -> bool {
    const LONGEST: usize = 32;
    let strings = &heap.tables.strings;
    strings.is_number(name) || is_plumbing(&strings.beginning(name, LONGEST).to_string_lossy())
}

fn holds_registers(heap: &Heap, name: StrIdx) -> bool {
    heap.tables.strings.is(name, REGISTERS)
}

/// What the variables of a function lie in.
pub(crate) fn scope_of(heap: &Heap, closure: NodeIdx) -> Option<NodeIdx> {
    let is_closure = heap.tables.nodes.kind(closure) == NodeKind::Closure;
    internal(heap, closure, CONTEXT).filter(|scope| is_closure && is_scope(heap, *scope))
}

/// What the variables of the function lie in that a function lies in.
pub(crate) fn scope_above(heap: &Heap, scope: NodeIdx) -> Option<NodeIdx> {
    internal(heap, scope, PREVIOUS).filter(|above| is_scope(heap, *above))
}

/// What a number, a boolean, a symbol or a regular expression is, as far as the file has it. Files have
/// numbers if the snapshot was asked for them.
pub(crate) fn literal(heap: &Heap, node: NodeIdx) -> Option<StrIdx> {
    let nodes = &heap.tables.nodes;
    let text =
        |node: NodeIdx| Some(nodes.name(node)).filter(|_| nodes.kind(node) == NodeKind::String);
    match nodes.kind(node) {
        NodeKind::Number => text(internal(heap, node, "value")?),
        NodeKind::Symbol => text(internal(heap, node, "name")?),
        NodeKind::RegExp => Some(nodes.name(node)),
        NodeKind::Hidden if is_oddball(heap, node) => {
            // Its own name, before that of its type.
            let first = heap.tables.edges_of(node).find(|edge| {
                let edges = &heap.tables.edges;
                edges.kind(*edge) == EdgeKind::Hidden && edges.label(*edge) == 0
            });
            text(heap.tables.edges.target(first?))
        }
        _ => None,
    }
}
