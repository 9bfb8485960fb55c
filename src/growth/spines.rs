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
use super::{Ground, Growth, How, PILE};
use crate::ids::{EdgeIdx, NodeIdx, ROOT};
use crate::objects::Shape;
use std::collections::HashMap;

/// New objects one below the other, fewer than which are no chain.
const LONG: u32 = 40;
/// So many chains are walked over.
const MOST: usize = 16;

/// The longest chains, one for each object that was there before.
pub(super) fn grown(ground: &Ground<'_>) -> Vec<Growth> {
    let mut deepest: Vec<(u32, NodeIdx)> = deepest(ground).into_iter().collect();
    deepest.sort_unstable_by(|a, b| b.cmp(a));
    deepest.truncate(MOST);
    deepest.into_iter().filter_map(|(_, node)| growth(ground, node)).collect()
}

/// For each survivor with a long chain of new objects below: how long it is, and its last one.
fn deepest(ground: &Ground<'_>) -> Vec<(u32, NodeIdx)> {
    let tree = ground.heaps.after.dominators();
    // What is above the node in hand: where each ends, whose the new ones are, how many they are.
    let mut above: Vec<(u32, NodeIdx, u32)> = Vec::new();
    let mut found: HashMap<NodeIdx, (u32, NodeIdx)> = HashMap::new();
    for ((at, node), end) in (0_u32..).zip(&tree.order).zip(&tree.end) {
        while above.last().is_some_and(|(end, ..)| *end <= at) {
            above.pop();
        }
        let (owner, depth) = match above.last() {
            Some((_, owner, depth)) if ground.is_fresh(*node) => (*owner, depth + 1),
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

fn growth(ground: &Ground<'_>, last: NodeIdx) -> Option<Growth> {
    let heap = ground.heaps.after;
    let mut way = Vec::new();
    let mut at = last;
    while at != ROOT {
        way.push(at);
        at = heap.dominators().idom[at.at()];
    }
    way.reverse();
    let sort = entry(ground, &way)?;
    let is_entry = |node: &&NodeIdx| Sort::of(ground, **node) == sort;
    let first = way.iter().position(|node| is_entry(&node))?;
    let holder = way[..first].iter().rev().find_map(|node| ground.holder(*node))?;
    if ground.is_fresh(holder) || !ground.can_pile_up(holder) {
        return None;
    }
    let (new, old): (Vec<NodeIdx>, Vec<NodeIdx>) =
        way.iter().filter(is_entry).partition(|node| ground.is_fresh(**node));
    let top = *way.iter().find(|node| ground.is_fresh(**node))?;
    Some(Growth {
        holder,
        shape: Shape::List,
        how: How::List { door: None },
        entries_before: old.len() as u64,
        entries_after: (old.len() + new.len()) as u64,
        retained_new: ground.weight(std::iter::once(top)),
        edges: into(ground, top),
        new_entries: new,
        together: vec![holder],
    })
}

/// What stands on the way again and again: of all that do, what does so least often, once for each
/// time.
fn entry(ground: &Ground<'_>, way: &[NodeIdx]) -> Option<Sort> {
    const AS_OFTEN: u64 = 8;
    let mut counts: HashMap<Sort, u64> = HashMap::new();
    for node in way.iter().filter(|node| ground.is_fresh(**node)) {
        *counts.entry(Sort::of(ground, *node)).or_default() += 1;
    }
    let most = counts.values().copied().max()?;
    let often = counts.into_iter().filter(|(_, n)| *n >= PILE && n * AS_OFTEN >= most);
    often.min_by_key(|(sort, count)| (*count, *sort)).map(|(sort, _)| sort)
}

/// The edges from what was there before to the first new one of a chain, or to what it has.
fn into(ground: &Ground<'_>, top: NodeIdx) -> Vec<EdgeIdx> {
    let mut below = ground.dominated(top).to_vec();
    below.sort_unstable();
    let crossings = ground.frontier().iter();
    let entered = crossings.filter(|crossing| below.binary_search(&crossing.entry).is_ok());
    entered.map(|crossing| crossing.edge).collect()
}
