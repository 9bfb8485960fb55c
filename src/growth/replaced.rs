//! Things that took another's place: a field that was assigned anew holds a bigger copy
//! (`items = [...items, item]`).

use super::frontier::Crossing;
use super::{Growth, How, Matched, PILE};
use crate::graph::Heap;
use crate::ids::{EdgeIdx, NodeIdx};
use crate::objects::{Shape, entries, holds, is_part};
use crate::pair::Pair;
use crate::parse::{Bond, EdgeKind, NodeKind};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// So many fields deep a bigger copy is looked for (`store.state.items`).
const DEEP: usize = 6;

/// What new objects hold, by object. Many fields may lead to the same ones.
#[derive(Default)]
pub(super) struct Insides(HashMap<NodeIdx, Inside>);

/// What a new object holds, its parts' holdings included.
#[derive(Clone, Copy)]
struct Inside {
    entries: u64,
    /// New objects among them, each as often as it is held.
    fresh: u64,
    /// The heaviest of these, and how it is held.
    heaviest: Option<(EdgeIdx, NodeIdx)>,
}

impl Insides {
    fn of(&mut self, matched: &Matched<'_>, node: NodeIdx) -> Inside {
        *self.0.entry(node).or_insert_with(|| {
            let mut fresh = 0;
            let mut heaviest = None;
            held(matched.heaps.after, node, |edge, child| {
                if matched.is_fresh(child) {
                    fresh += 1;
                    heaviest = heaviest.max(Some((matched.brought(child), Reverse((child, edge)))));
                }
            });
            let heaviest = heaviest.map(|(_, Reverse((child, edge)))| (edge, child));
            Inside { entries: entries(matched.heaps.after, node), fresh, heaviest }
        })
    }
}

/// The container that now stands where a smaller one stood, at or below the crossing.
pub(super) fn grown(
    matched: &Matched<'_>,
    before: Option<NodeIdx>,
    crossing: Crossing,
    below: &mut Insides,
) -> Option<Growth> {
    let weight = matched.brought(crossing.entry);
    let (mut place, mut edge, mut node) = (before, crossing.edge, crossing.entry);
    for _ in 0..DEEP {
        place = place.and_then(|p| counterpart(matched, p, edge));
        let entries_before = place.map_or(0, |p| entries(matched.heaps.before, p));
        let inside = below.of(matched, node);
        let more = inside.entries.saturating_sub(entries_before);
        if place.is_some() && more >= PILE && inside.fresh >= more / 2 {
            return Some(growth(matched, node, entries_before, inside.entries));
        }
        let (next_edge, next) = inside.heaviest?;
        if matched.brought(next) < weight / 2 || next == node {
            return None;
        }
        (edge, node) = (next_edge, next);
    }
    None
}

fn growth(matched: &Matched<'_>, node: NodeIdx, entries_before: u64, entries_after: u64) -> Growth {
    let heap = matched.heaps.after;
    let (mut edges, mut new_entries) = (Vec::new(), Vec::new());
    held(heap, node, |edge, child| {
        if matched.is_fresh(child) {
            edges.push(edge);
            new_entries.push(child);
        }
    });
    new_entries.sort_unstable();
    new_entries.dedup();
    Growth {
        holder: node,
        shape: Shape::of(heap, node),
        how: How::Replaced,
        entries_before,
        entries_after,
        retained_new: matched.weight(new_entries.iter().copied()),
        new_entries,
        edges,
        together: vec![node],
        keyed: false,
        linked: None,
    }
}

/// So deep are parts in parts: an object's table, its elements, what backs them.
const LEVELS: u32 = 3;

/// Tells what an object holds, its parts' holdings included: tables, elements, their backing.
fn held(heap: &Heap, node: NodeIdx, mut tell: impl FnMut(EdgeIdx, NodeIdx)) {
    let mut parts = vec![(node, LEVELS)];
    let mut seen = HashSet::new();
    while let Some((part, levels)) = parts.pop() {
        for edge in heap.tables.edges_of(part) {
            let target = heap.tables.edges.target(edge);
            if !holds(heap, part, edge) {
                continue;
            }
            if !is_part(heap, target) {
                tell(edge, target);
            } else if levels > 0 && is_made_of(heap, edge, target) && seen.insert(target) {
                parts.push((target, levels - 1));
            }
        }
    }
}

/// V8 calls some of an object's stores arrays, and others by the edge that leads to them alone.
fn is_made_of(heap: &Heap, edge: EdgeIdx, part: NodeIdx) -> bool {
    heap.tables.nodes.kind(part) == NodeKind::Array || heap.tables.edges.bond(edge) == Bond::Made
}

/// What stood in the older heap where an object stands now, by the last step of its preferred way.
pub(crate) fn stood(matched: &Matched<'_>, node: NodeIdx) -> Option<NodeIdx> {
    let edge = matched.tree.via(node)?;
    let above = matched.before(matched.heaps.after.tables.nodes.source(edge))?;
    counterpart(matched, above, edge)
}

/// What stood in the older heap where the edge leads in the newer one.
fn counterpart(matched: &Matched<'_>, before: NodeIdx, edge: EdgeIdx) -> Option<NodeIdx> {
    let Pair { before: old, after } = matched.heaps;
    match after.tables.edges.kind(edge) {
        EdgeKind::Property | EdgeKind::Context | EdgeKind::Internal => {
            matched.same_edge(before, edge).map(|edge| old.tables.edges.target(edge))
        }
        _ => None,
    }
}
