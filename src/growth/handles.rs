//! Two heaps in, what only the runtime itself holds more of out: sockets, watchers and
//! requests that were never closed hang from the engine's roots, and no container of the
//! program knows them.

use super::{Growth, How, Matched, PILE};
use crate::classes::ClassKey;
use crate::graph::{Bits, Heap, sweep};
use crate::ids::{ClassIdx, EdgeIdx, NodeIdx, ROOT, StrIdx};
use crate::objects::{Shape, holds, is_engine_root, is_part};
use crate::parse::{Hop, NodeKind};
use std::cmp::Reverse;
use std::collections::HashMap;

/// By root and class: more objects than before, heaviest first. What they weigh is what they
/// dominate; they may be in several tables of the root's, and all edges from these are told.
#[must_use]
pub fn handles(matched: &Matched<'_>) -> Vec<Growth> {
    let young = matched.heaps.after;
    let mut found = Vec::new();
    by_class(matched, |root, before, held| found.extend(growth(matched, root, before, held)));
    lead_in(young, &mut found);
    found.sort_by_key(|g| (Reverse(g.retained_new), g.holder, g.new_entries[0]));
    // What two roots hold is told of the one that holds more of it.
    let mut told = Bits::new(young.tables.nodes.len());
    found.retain(|g| {
        g.new_entries.iter().filter(|n| told.add(n.at())).count() * 2 >= g.new_entries.len()
    });
    found
}

/// By root and what it holds: how many of that class the root of that name held in the older heap.
#[must_use]
pub fn held_then(matched: &Matched<'_>) -> HashMap<(NodeIdx, NodeIdx), u64> {
    let mut then = HashMap::new();
    by_class(matched, |root, before, held| {
        then.extend(held.into_iter().map(|node| ((root, node), before)));
    });
    then
}

/// Tells of each root of the newer heap that the older one has too, by class: how many objects it held
/// then, and those that it holds now.
fn by_class(matched: &Matched<'_>, mut tell: impl FnMut(NodeIdx, u64, Vec<NodeIdx>)) {
    let (old, young) = (matched.heaps.before, matched.heaps.after);
    let roots_before: HashMap<StrIdx, NodeIdx> = roots(old).map(|n| (name(old, n), n)).collect();
    let [mut asked_before, mut asked] = [old, young].map(|heap| Bits::new(heap.tables.nodes.len()));
    // By name: several young roots may have the one of an old root with many children.
    let mut known: HashMap<StrIdx, Option<HashMap<&ClassKey, u64>>> = HashMap::new();
    for root in roots(young) {
        let counts = known.entry(name(young, root)).or_insert_with(|| {
            let same = old.tables.strings.find(&young.raw_name(root))?;
            roots_before.get(&same).map(|root| count(matched, *root, &mut asked_before))
        });
        let Some(counts) = counts else { continue };
        let mut by_class: HashMap<ClassIdx, Vec<NodeIdx>> = HashMap::new();
        for child in children(young, root, &mut asked) {
            by_class.entry(matched.class(child)).or_default().push(child);
        }
        for (class, held) in by_class {
            let key = &matched.naming.after.classes[class.at()];
            tell(root, counts.get(key).copied().unwrap_or(0), held);
        }
    }
}

fn growth(
    matched: &Matched<'_>,
    root: NodeIdx,
    entries_before: u64,
    mut held: Vec<NodeIdx>,
) -> Option<Growth> {
    let entries_after = held.len() as u64;
    held.retain(|node| matched.is_fresh(*node));
    if entries_after < entries_before + PILE || held.is_empty() {
        return None;
    }
    let mut growth = Growth {
        holder: root,
        shape: Shape::Other,
        how: How::Root,
        entries_before,
        entries_after,
        retained_new: 0,
        new_entries: held,
        edges: Vec::new(),
        together: vec![root],
        keyed: false,
        linked: None,
    };
    growth.weighs(matched.weight(growth.new_entries.iter().copied()));
    Some(growth)
}

impl Growth {
    /// Notes what the new entries weigh, in bytes. Embedder objects get new ids in every snapshot and
    /// all look new: then only as much counts as there are more.
    pub(crate) fn weighs(&mut self, bytes: u64) {
        let (new, more) = (self.new_entries.len() as u64, self.more());
        self.retained_new = (bytes / new.max(more).max(1)).saturating_mul(more);
    }
}

/// Finds the edges from the root's own tables to what is held: from roots, and from objects of the
/// runtime that have many of them.
fn lead_in(heap: &Heap, found: &mut [Growth]) {
    if found.is_empty() {
        return;
    }
    let nodes = &heap.tables.nodes;
    let mut wanted = Bits::new(nodes.len());
    let mut owners: HashMap<NodeIdx, Vec<usize>> = HashMap::new();
    for (at, growth) in found.iter().enumerate() {
        for entry in &growth.new_entries {
            wanted.set(entry.at());
            owners.entry(*entry).or_default().push(at);
        }
    }
    let mut edges: Vec<(NodeIdx, EdgeIdx)> = Vec::new();
    let wants = |_: &_, hop: Hop| wanted.has(hop.target().at());
    sweep(&heap.tables, &mut edges, wants, |edges, source, edge| {
        let own = matches!(nodes.kind(source), NodeKind::Synthetic | NodeKind::Native);
        if (own || source == ROOT || is_table(heap, source)) && holds(heap, source, edge) {
            edges.push((source, edge));
        }
    });
    for table in edges.chunk_by(|a, b| a.0 == b.0) {
        let root = nodes.kind(table[0].0) == NodeKind::Synthetic || table[0].0 == ROOT;
        if !root && (table.len() as u64) < PILE {
            continue;
        }
        for (_, edge) in table {
            for at in &owners[&heap.tables.edges.target(*edge)] {
                found[*at].edges.push(*edge);
            }
        }
    }
}

/// By class: the objects that a root of the older heap holds.
fn count<'a>(matched: &Matched<'a>, root: NodeIdx, asked: &mut Bits) -> HashMap<&'a ClassKey, u64> {
    let mut counts = HashMap::new();
    for child in children(matched.heaps.before, root, asked) {
        *counts.entry(matched.naming.before.of(child)).or_default() += 1;
    }
    counts
}

/// Equal names of one heap are equal.
fn name(heap: &Heap, root: NodeIdx) -> StrIdx {
    heap.tables.strings.canonical(heap.tables.nodes.name(root))
}

/// The roots of the engine, and the root of them all: Bun has its handles there.
fn roots(heap: &Heap) -> impl Iterator<Item = NodeIdx> + '_ {
    let nodes = heap.tables.nodes.indices();
    nodes.filter(move |node| *node == ROOT || is_engine_root(heap, *node))
}

/// The objects that a root holds, in ascending order: itself, or in tables that no other root has been
/// asked for.
fn children(heap: &Heap, root: NodeIdx, asked: &mut Bits) -> Vec<NodeIdx> {
    let by = |node| {
        let edges = heap.tables.edges_of(node).filter(move |edge| holds(heap, node, *edge));
        edges.map(|edge| heap.tables.edges.target(edge))
    };
    let mut held: Vec<NodeIdx> = by(root).collect();
    let tables = held.iter().filter(|node| is_table(heap, **node) && asked.add(node.at()));
    let in_tables: Vec<NodeIdx> = tables.flat_map(|table| by(*table)).collect();
    held.extend(in_tables);
    held.retain(|node| {
        let kind = heap.tables.nodes.kind(*node);
        !is_part(heap, *node) && matches!(kind, NodeKind::Object | NodeKind::Native)
    });
    held.sort_unstable();
    held.dedup();
    held
}

/// Whether a node is a table of the runtime's: Bun has its timers and sockets in one, below the roots.
fn is_table(heap: &Heap, node: NodeIdx) -> bool {
    let nodes = &heap.tables.nodes;
    nodes.kind(node) == NodeKind::Hidden && nodes.edges(node).len() as u64 >= PILE
}
