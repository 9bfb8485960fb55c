//! A way through the graph in, an access path out: the steps a programmer would write.
//!
//! ```text
//!   (root) -> global -sessions-> SessionManager -sessions-> Map -table-> (array) -17-> Session
//!             global   .sessions                .sessions        value of a key
//! ```
//!
//! Plumbing (hash tables, elements, contexts, cells) becomes the step that it implements.

use super::preferred::Ends;
use crate::graph::{Heap, parse_int};
use crate::ids::{EdgeIdx, NodeIdx, ROOT, StrIdx};
use crate::objects::{
    Shape, TableShapes, is_cell, is_commonjs, is_global, is_module_record, is_of_map, is_part,
    is_scope, leads_to_elements, leads_to_global, leads_to_key, leads_to_table, names_context,
    names_exports, slot,
};
use crate::parse::may_name_entry;
use crate::parse::{EdgeKind, NodeKind};

/// How one object holds the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Label {
    /// One of the engine's roots, by its own name.
    Root,
    /// The global object.
    Global,
    /// An ES module.
    Module,
    /// Something a module exports, by name.
    Export(StrIdx),
    /// A variable that closures share, by name.
    Variable(StrIdx),
    /// A property, by name.
    Property(StrIdx),
    /// An element of an array.
    Element,
    /// The value of a Map's entry.
    Value,
    /// The key of a Map's entry, or an entry of a Set.
    Key,
    /// The value of a WeakMap's entry, held by the key before it.
    WeakValue,
    /// Any other reference, by the name V8 gives it.
    Internal(StrIdx),
    /// A reference without a name.
    Nameless,
}

/// One step of an access path.
#[derive(Debug, Clone, Copy)]
pub struct Access {
    /// How it is held by the step before.
    pub label: Label,
    /// The last edge of the way into it.
    pub edge: EdgeIdx,
    /// The object.
    pub node: NodeIdx,
    /// How many like steps follow each other here: the length of a list.
    pub times: u32,
    /// How many steps (of a way that is known by its ends, nodes) are left out before this one.
    pub left_out: u32,
}

/// Folds a way from the root into an access path.
#[must_use]
pub fn access(heap: &Heap, way: &[(EdgeIdx, NodeIdx)]) -> Vec<Access> {
    fold(heap, way, 0, &mut TableShapes::new())
}

/// The same of a way of which only the ends are known.
#[must_use]
pub fn access_to_ends(heap: &Heap, ends: &Ends) -> Vec<Access> {
    fold(heap, &ends.way, ends.left_out, &mut TableShapes::new())
}

/// The same of one of many ways, which may lead over the same tables.
pub(crate) fn access_to_many(heap: &Heap, ends: &Ends, shapes: &mut TableShapes) -> Vec<Access> {
    fold(heap, &ends.way, ends.left_out, shapes)
}

/// `missing` is the number of nodes that are left out where an edge does not lead on.
fn fold(
    heap: &Heap,
    way: &[(EdgeIdx, NodeIdx)],
    missing: u32,
    shapes: &mut TableShapes,
) -> Vec<Access> {
    let mut path: Vec<Access> = Vec::new();
    let mut from = 0; // where the last step that is shown stands in the way
    let mut left_out = 0;
    for (at, &(edge, node)) in way.iter().enumerate() {
        if at > 0 && !edge.is_none() && heap.tables.nodes.source(edge) != way[at - 1].1 {
            (from, left_out) = (at - 1, missing);
        }
        if node == ROOT || edge.is_none() || (is_plumbing(heap, node) && at + 1 < way.len()) {
            continue;
        }
        let label = label(heap, &way[from..=at], shapes);
        from = at;
        if heap.tables.nodes.kind(node) == NodeKind::Synthetic {
            path.clear(); // of several roots in a row the last one says most
        }
        let left_out = std::mem::take(&mut left_out);
        path.push(Access { label, edge, node, times: 1, left_out });
    }
    path
}

/// Leaves out what stands in the middle of a path that is too long to be read.
#[must_use]
pub fn cut(mut path: Vec<Access>) -> Vec<Access> {
    const EACH: usize = 128; // steps at each end
    if path.len() > 2 * EACH {
        let tail = path.len() - EACH;
        let out = path.drain(EACH..tail).fold(0_u32, |sum, step| sum.saturating_add(step.times));
        path[EACH].left_out = path[EACH].left_out.saturating_add(out);
    }
    path
}

/// Folds runs of one repeated cycle of steps (`.next`, or `.run`, `undo` in turn), as lists
/// make them; `class` tells objects apart.
#[must_use]
pub fn fold_cycles(path: Vec<Access>, class: impl Fn(NodeIdx) -> u32) -> Vec<Access> {
    const LONGEST_CYCLE: usize = 4;
    let alike = |a: &Access, b: &Access| a.label == b.label && class(a.node) == class(b.node);
    let mut out: Vec<Access> = Vec::with_capacity(path.len());
    let mut at = 0;
    'next: while at < path.len() {
        for cycle in 1..=LONGEST_CYCLE {
            let same = |k: usize| {
                path.get(at + k).zip(path.get(at + k + cycle)).is_some_and(|(a, b)| alike(a, b))
            };
            let matching = (0..).take_while(|k| same(*k)).count();
            let times = matching / cycle + 1;
            if times > 2 {
                let last = at + (times - 1) * cycle;
                out.extend(
                    path[last..last + cycle]
                        .iter()
                        .map(|step| Access { times: times as u32, ..*step }),
                );
                at += times * cycle;
                continue 'next;
            }
        }
        out.push(path[at]);
        at += 1;
    }
    out
}

/// Implements the object before it, and is not shown by itself.
fn is_plumbing(heap: &Heap, node: NodeIdx) -> bool {
    match heap.tables.nodes.kind(node) {
        NodeKind::Hidden => !is_module_record(heap, node),
        NodeKind::Object => is_scope(heap, node) || is_of_map(heap, node),
        _ => is_part(heap, node),
    }
}

/// The label of the last step; the first of `steps` is the last one shown before it.
fn label(heap: &Heap, steps: &[(EdgeIdx, NodeIdx)], shapes: &mut TableShapes) -> Label {
    let tables = &heap.tables;
    let Some(&(edge, node)) = steps.last() else { return Label::Nameless };
    let name = tables.edges.name(edge).filter(|n| !tables.strings.is(*n, ""));
    let through =
        |leads: fn(&Heap, EdgeIdx) -> bool| steps[1..].iter().find(|(edge, _)| leads(heap, *edge));
    match tables.nodes.kind(node) {
        NodeKind::Synthetic => return Label::Root,
        NodeKind::Hidden => return Label::Module,
        _ => {}
    }
    if is_global(heap, node, steps[0].1) || leads_to_global(heap, edge) {
        return Label::Global;
    }
    if let [.., (_, entry), _] = steps
        && is_of_map(heap, *entry)
    {
        return if leads_to_key(heap, edge) { Label::Key } else { Label::Value };
    }
    match (tables.edges.kind(edge), name) {
        (EdgeKind::Element, _) => Label::Element,
        (EdgeKind::Context, Some(name)) => Label::Variable(name),
        (EdgeKind::Property, Some(name)) => Label::Property(name),
        (EdgeKind::Shortcut, _) => Label::Global,
        (_, name) => {
            if let Some(export) = export_name(heap, steps) {
                Label::Export(export)
            } else if let Some((_, table)) = through(leads_to_table) {
                let is_set = Shape::learn(heap, steps[0].1, shapes) == Shape::Set;
                if is_set { Label::Key } else { entry_label(heap, *table, edge) }
            } else if through(leads_to_elements).is_some() {
                Label::Element
            } else if name.is_some_and(|n| may_name_entry(&tables.strings.beginning(n, KEYED))) {
                Label::WeakValue
            } else {
                first_name(heap, steps).map_or(Label::Nameless, Label::Internal)
            }
        }
    }
}

/// What tells a number from a word, and an ephemeron's name from others, stands in so many code units
/// at its beginning.
const DIGITS: usize = 20;
const KEYED: usize = 64;

/// Of several internal edges the first one that has a name and not a number says most.
fn first_name(heap: &Heap, steps: &[(EdgeIdx, NodeIdx)]) -> Option<StrIdx> {
    let tables = &heap.tables;
    let mut names = steps[1..].iter().filter_map(|(edge, _)| tables.edges.name(*edge));
    let mut worded = names.clone().filter(|name| {
        let is_number = || parse_int(&tables.strings.beginning(*name, DIGITS)).is_some();
        !tables.strings.is(*name, "") && !is_number() && !names_context(heap, *name)
    });
    worded.next().or_else(|| names.next_back()).filter(|n| !tables.strings.is(*n, ""))
}

/// A table of so few references is looked at as a whole.
const FEW: usize = 256;

/// Keys and values stand side by side in a Map's table, followed by a number.
fn entry_label(heap: &Heap, table: NodeIdx, edge: EdgeIdx) -> Label {
    let Some(own) = slot(heap, edge) else { return Label::Value };
    let is_next = |edge: EdgeIdx| slot(heap, edge) == Some(own.saturating_add(1));
    // V8 writes them in the order of their slots: of a large table, over which many ways may lead, not
    // all of them are looked at for each.
    let followed = match heap.tables.nodes.edges(table).len() {
        ..=FEW => heap.tables.edges_of(table).any(is_next),
        _ => {
            let next = EdgeIdx(edge.0 + 1);
            next.at() < heap.tables.nodes.edges(table).end && is_next(next)
        }
    };
    if followed { Label::Key } else { Label::Value }
}

/// A module's exports are a hash table of name and cell: the name stands before the cell.
fn export_name(heap: &Heap, steps: &[(EdgeIdx, NodeIdx)]) -> Option<StrIdx> {
    let tables = &heap.tables;
    let at = steps.iter().rposition(|(_, node)| is_cell(heap, *node))?;
    let (edge, _) = steps[at];
    let (_, table) = *steps.get(at.checked_sub(1)?)?;
    let name = slot(heap, edge)?.checked_sub(1)?;
    let before = tables.edges_of(table).find(|e| slot(heap, *e) == Some(name))?;
    let key = tables.edges.target(before);
    (tables.nodes.kind(key) == NodeKind::String).then(|| tables.nodes.name(key))
}

/// Whether a step leads to what a CommonJS module exports.
#[must_use]
pub fn is_exports(heap: &Heap, path: &[Access], at: usize) -> bool {
    let Label::Property(name) = path[at].label else { return false };
    names_exports(heap, name)
        && at.checked_sub(1).is_some_and(|before| is_commonjs(heap, path[before].node))
}

/// Whether a step leads to a static field of a class, or another property of a function, that has
/// a name by itself.
#[must_use]
pub fn is_static(heap: &Heap, path: &[Access], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| &path[before]) else { return false };
    matches!(path[at].label, Label::Property(_))
        && !matches!(before.label, Label::Variable(_) | Label::Export(_) | Label::Property(_))
        && heap.tables.nodes.kind(before.node) == NodeKind::Closure
        && has_name(heap, before.node)
}

fn has_name(heap: &Heap, node: NodeIdx) -> bool {
    !heap.tables.strings.is(heap.tables.nodes.name(node), "")
}

/// Where a readable path begins: before this position everything is engine or far away. A
/// variable, an export (of a CommonJS module, its `exports`) or a property of the global object is a
/// name that code can use.
#[must_use]
pub fn anchor(heap: &Heap, path: &[Access]) -> usize {
    let named = |at: &usize| match path[*at].label {
        Label::Variable(_) | Label::Export(_) => true,
        Label::Property(_) => is_exports(heap, path, *at) || is_static(heap, path, *at),
        _ => false,
    };
    if let Some(at) = (0..path.len()).rfind(named) {
        return at;
    }
    let global = path.iter().position(|step| step.label == Label::Global);
    if let Some(at) = global {
        return (at + 1).min(path.len().saturating_sub(1));
    }
    let function = path.iter().rposition(|step| {
        heap.tables.nodes.kind(step.node) == NodeKind::Closure && has_name(heap, step.node)
    });
    function.unwrap_or(0)
}
