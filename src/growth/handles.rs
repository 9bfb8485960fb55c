//! Two heaps in, what only the runtime itself holds more of out: sockets, watchers and
//! requests that were never closed hang from the engine's roots, and no container of the
//! program knows them.

use super::{Ground, Growth, PILE};
use crate::graph::Heap;
use crate::ids::{ClassIdx, EdgeIdx, NodeIdx, ROOT, StrIdx};
use crate::objects::{Shape, holds, is_part};
use crate::parse::NodeKind;
use crate::text::Text;
use std::cmp::Reverse;
use std::collections::HashMap;

/// By root and class: more objects than before, heaviest first.
#[must_use]
pub fn handles(ground: &Ground<'_>) -> Vec<Growth> {
    let (old, young) = (ground.heaps.before, ground.heaps.after);
    let roots_before: HashMap<StrIdx, NodeIdx> = roots(old).map(|n| (name(old, n), n)).collect();
    // By name: several young roots may have the one of an old root with many children.
    let mut known: HashMap<StrIdx, Option<HashMap<&Text, u64>>> = HashMap::new();
    let mut found = Vec::new();
    for root in roots(young) {
        let counts = known.entry(name(young, root)).or_insert_with(|| {
            let same = old.tables.strings.find(&young.raw_name(root))?;
            roots_before.get(&same).map(|root| count(ground, *root))
        });
        let Some(counts) = counts else { continue };
        let mut by_class: HashMap<ClassIdx, Vec<(EdgeIdx, NodeIdx)>> = HashMap::new();
        for (edge, child) in children(young, root) {
            by_class.entry(ground.class(child)).or_default().push((edge, child));
        }
        for (class, held) in by_class {
            let key = &ground.naming.after.classes[class.at()].key;
            let entries_before = counts.get(key).copied().unwrap_or(0);
            let entries_after = held.len() as u64;
            let new: Vec<_> = held.into_iter().filter(|(_, n)| ground.is_fresh(*n)).collect();
            if entries_after < entries_before + PILE || new.is_empty() {
                continue;
            }
            let new_entries: Vec<NodeIdx> = new.iter().map(|(_, n)| *n).collect();
            // Embedder objects get new ids in every snapshot and all look new.
            let weight = ground.weight(new_entries.iter().copied());
            let more = entries_after - entries_before;
            found.push(Growth {
                holder: root,
                shape: Shape::Other,
                entries_before,
                entries_after,
                approximate: false,
                retained_new: (weight / (new_entries.len() as u64).max(more)).saturating_mul(more),
                new_entries,
                edges: new.into_iter().map(|(edge, _)| edge).collect(),
                together: vec![root],
                direct: false,
            });
        }
    }
    found.sort_by_key(|g| (Reverse(g.retained_new), g.holder, g.new_entries[0]));
    found
}

/// By class: the objects that a root of the older heap holds.
fn count<'a>(ground: &Ground<'a>, root: NodeIdx) -> HashMap<&'a Text, u64> {
    let mut counts = HashMap::new();
    for (_, child) in children(ground.heaps.before, root) {
        *counts.entry(&ground.naming.before.of(child).key).or_default() += 1;
    }
    counts
}

/// Equal names of one heap are equal.
fn name(heap: &Heap, root: NodeIdx) -> StrIdx {
    heap.tables.strings.canonical(heap.tables.nodes.name(root))
}

fn roots(heap: &Heap) -> impl Iterator<Item = NodeIdx> + '_ {
    let nodes = &heap.tables.nodes;
    let root = |n: &NodeIdx| *n != ROOT && nodes.kind(*n) == NodeKind::Synthetic;
    nodes.indices().filter(root).filter(|n| heap.tables.strings.starts_with(nodes.name(*n), "("))
}

fn children(heap: &Heap, root: NodeIdx) -> impl Iterator<Item = (EdgeIdx, NodeIdx)> + '_ {
    let edges = heap.tables.edges_of(root).map(|e| (e, heap.tables.edges.target(e)));
    edges.filter(move |(e, n)| {
        holds(heap, root, *e)
            && !is_part(heap, *n)
            && matches!(heap.tables.nodes.kind(*n), NodeKind::Object | NodeKind::Native)
    })
}
