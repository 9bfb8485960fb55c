//! What is new in, the longest things that hang below what was there before out: chains of promises,
//! and whatever else goes on from one to the next without one link that repeats itself.
//!
//! ```text
//!   tail -> promise -> reaction -> job() -> context -> promise*-> reaction*-> job()*-> ...
//! ```
//!
//! In the dominator tree each of them is below the one before. What stands there again and again is
//! an entry.

use super::links::Sort;
use super::{Growth, How, Matched, PILE};
use crate::graph::{Bits, Heap};
use crate::ids::{EdgeIdx, NodeIdx, ROOT};
use crate::objects::Shape;
use crate::pair::Pair;
use std::collections::HashMap;

/// New objects one below the other, of which fewer are no chain.
const LONG: u32 = 40;
/// So many chains are looked at, the deepest ones.
const MOST: usize = 16;

/// The longest chains, one for each object that was there before.
pub(super) fn grown(matched: &Matched<'_>) -> Vec<Growth> {
    let mut deepest: Vec<(u32, NodeIdx)> = deepest(matched).into_iter().collect();
    deepest.sort_unstable_by(|a, b| b.cmp(a));
    deepest.truncate(MOST);
    if deepest.is_empty() {
        return Vec::new();
    }
    let kept = kept(matched);
    deepest.into_iter().filter_map(|(_, node)| growth(matched, node, &kept)).collect()
}

/// For each survivor with a long chain of new objects below: how long it is, and its last one.
fn deepest(matched: &Matched<'_>) -> Vec<(u32, NodeIdx)> {
    let tree = matched.heaps.after.dominators();
    // What is above the node in hand: where each ends, whose the new ones are, how many they are.
    let mut above: Vec<(u32, NodeIdx, u32)> = Vec::new();
    let mut found: HashMap<NodeIdx, (u32, NodeIdx)> = HashMap::new();
    for ((at, node), end) in (0_u32..).zip(&tree.order).zip(&tree.end) {
        while above.last().is_some_and(|(end, ..)| *end <= at) {
            above.pop();
        }
        let (owner, depth) = match above.last() {
            Some((_, owner, depth)) if matched.is_fresh(*node) => (*owner, depth + 1),
            _ => (*node, 0),
        };
        if depth >= LONG {
            let longest = found.entry(owner).or_insert((0, *node));
            *longest = (*longest).max((depth, *node));
        }
        above.push((*end, owner, depth));
    }
    found.into_values().collect()
}

fn growth(matched: &Matched<'_>, last: NodeIdx, kept: &Bits) -> Option<Growth> {
    let heap = matched.heaps.after;
    let mut way = Vec::new();
    let mut at = last;
    while at != ROOT {
        way.push(at);
        at = heap.dominators().idom[at.at()];
    }
    way.reverse();
    let sort = entry(matched, &way)?;
    let is_entry = |node: &&NodeIdx| Sort::of(matched, **node) == sort;
    let first = way.iter().position(|node| is_entry(&node))?;
    let holder = way[..first].iter().rev().find_map(|node| matched.holder(*node))?;
    if matched.is_fresh(holder) || !matched.can_pile_up(holder) {
        return None;
    }
    let new: Vec<NodeIdx> =
        way.iter().filter(is_entry).filter(|node| matched.is_fresh(**node)).copied().collect();
    let top = *way.iter().find(|node| matched.is_fresh(**node))?;
    // Those that were there before stand above the new ones, or below them.
    let is_old = |node: NodeIdx| !matched.is_fresh(node) && Sort::of(matched, node) == sort;
    let old = way.iter().filter(|node| is_old(**node)).count() as u64 + longest(heap, last, is_old);
    let entries_after = old + new.len() as u64;
    let entries_before = old + gone(matched, sort, holder, kept);
    if entries_after < entries_before + PILE {
        return None;
    }
    Some(Growth {
        holder,
        shape: Shape::List,
        how: How::List { incoming: None },
        entries_before,
        entries_after,
        retained_new: matched.weight(std::iter::once(top)),
        edges: into(matched, top),
        new_entries: new,
        together: vec![holder],
        keyed: false,
        linked: None,
    })
}

/// Nodes of the older heap that the newer one has too.
fn kept(matched: &Matched<'_>) -> Bits {
    let Pair { before, after } = matched.heaps;
    let mut kept = Bits::new(before.tables.nodes.len());
    let old = after.tables.nodes.indices().filter_map(|node| matched.before(node));
    old.for_each(|node| kept.set(node.at()));
    kept
}

/// How many entries the longest chain below the holder had that has gone since: one that drops as
/// many as it gets has not grown.
fn gone(matched: &Matched<'_>, sort: Sort, holder: NodeIdx, kept: &Bits) -> u64 {
    let naming = matched.naming;
    let key = &naming.after.classes[sort.class.at()];
    let class = naming.before.classes.iter().position(|class| class == key);
    let Some((class, holder)) = class.zip(matched.before(holder)) else { return 0 };
    longest(matched.heaps.before, holder, |node| {
        naming.before.class_of[node.at()].at() == class
            && !kept.has(node.at())
            && sort.has(matched, node)
    })
}

/// The most entries that stand one below the other, from a node on.
fn longest(heap: &Heap, top: NodeIdx, is_entry: impl Fn(NodeIdx) -> bool) -> u64 {
    let tree = heap.dominators();
    let Some(first) = tree.order.iter().position(|node| *node == top) else { return 0 };
    // Where each entry above the node in hand ends.
    let mut above: Vec<u32> = Vec::new();
    let mut most = 0;
    for at in first..tree.end[first] as usize {
        while above.last().is_some_and(|end| *end as usize <= at) {
            above.pop();
        }
        if is_entry(tree.order[at]) {
            above.push(tree.end[at]);
            most = most.max(above.len());
        }
    }
    most as u64
}

/// What stands on a chain at least this part as often as what does so most often may be its entries.
const AS_OFTEN: u64 = 8;

/// What stands on the way again and again: of all that do, what does so least often, once for each
/// time.
fn entry(matched: &Matched<'_>, way: &[NodeIdx]) -> Option<Sort> {
    let mut counts: HashMap<Sort, u64> = HashMap::new();
    for node in way.iter().filter(|node| matched.is_fresh(**node)) {
        *counts.entry(Sort::of(matched, *node)).or_default() += 1;
    }
    let most = counts.values().copied().max()?;
    let often = counts.into_iter().filter(|(_, n)| *n >= PILE && n * AS_OFTEN >= most);
    often.min_by_key(|(sort, count)| (*count, *sort)).map(|(sort, _)| sort)
}

/// The edges from what was there before to the first new one of a chain, or to what it has.
fn into(matched: &Matched<'_>, top: NodeIdx) -> Vec<EdgeIdx> {
    let mut below = matched.dominated(top).to_vec();
    below.sort_unstable();
    let crossings = matched.frontier().iter();
    let entered = crossings.filter(|crossing| below.binary_search(&crossing.entry).is_ok());
    entered.map(|crossing| crossing.edge).collect()
}
