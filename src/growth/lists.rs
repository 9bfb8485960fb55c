//! A holder in, the list below it that has grown out: timers, listeners that know the next
//! one, undo steps, promise reactions, ropes.
//!
//! ```text
//!   head -> a -> b -> c -> d*-> e*        new ones (*) hang behind a survivor, or
//!   head -> e*-> d*-> c -> b -> a         before it; either way the head is the container
//! ```
//!
//! No edge of the head tells how long the list is. The dominator tree does: all entries are
//! below the head, and have one class.

use super::frontier::Crossing;
use super::{Ground, Growth, PILE};
use crate::ids::{ClassIdx, EdgeIdx, NodeIdx, ROOT};
use crate::objects::{Shape, holds, is_part};
use crate::parse::NodeKind;
use std::collections::{HashMap, HashSet};

/// The list below `holder`, if there is one and it has grown.
pub(super) fn grown(ground: &Ground<'_>, holder: NodeIdx, group: &[Crossing]) -> Option<Growth> {
    let heap = ground.heaps.after;
    let class = heaviest_class(ground, holder)?;
    let head = head(ground, holder, class)?;
    let below = ground.dominated(head);
    let members = below.iter().copied().filter(|n| ground.class(*n) == class && *n != head);
    let (new_entries, old): (Vec<NodeIdx>, Vec<NodeIdx>) =
        members.partition(|n| ground.is_fresh(*n));
    let entries_after = (new_entries.len() + old.len()) as u64;
    // Parts may link what does not link itself: a promise's reactions, a registry's cells.
    let linked = super::distinct(group).count() as u64 >= PILE || linked(ground, &new_entries);
    let edges = into(ground, head, group);
    if (new_entries.len() as u64) < PILE || !linked || is_web(ground, head, class, &edges) {
        return None;
    }
    // Last, and so only of what is a list by all other signs: it takes the dominators of the older
    // heap, which nothing else asks for.
    let entries_before = before(ground, head, class).max(old.len() as u64);
    if entries_after < entries_before + PILE {
        return None;
    }
    Some(Growth {
        holder: head,
        shape: match heap.tables.nodes.kind(new_entries[0]) {
            NodeKind::ConsString => Shape::Rope,
            _ => Shape::List,
        },
        entries_before,
        entries_after,
        approximate: false,
        retained_new: ground.weight(new_entries.iter().copied()),
        edges,
        new_entries,
        together: vec![head],
        direct: false,
    })
}

/// The class of new objects that retain most, all in all, of those that the holder keeps
/// itself: what is below another survivor is that one's.
fn heaviest_class(ground: &Ground<'_>, holder: NodeIdx) -> Option<ClassIdx> {
    let mut weights: HashMap<ClassIdx, (u128, u64)> = HashMap::new();
    for node in ground.owned(holder) {
        let sum = weights.entry(ground.class(node)).or_default();
        sum.0 += u128::from(ground.brought(node));
        sum.1 += 1;
    }
    let piles = weights.iter().filter(|(_, (_, count))| *count >= PILE);
    piles.max_by_key(|(class, weight)| (**weight, **class)).map(|(class, _)| *class)
}

/// The edges that add to the list: from the head, from older entries and from the parts of
/// these, into anything new.
fn into(ground: &Ground<'_>, head: NodeIdx, group: &[Crossing]) -> Vec<EdgeIdx> {
    let heap = ground.heaps.after;
    let adds = |source: NodeIdx| {
        if is_part(heap, source) {
            ground.holder(source).is_some_and(|h| h == head || !ground.is_fresh(h))
        } else {
            !ground.is_fresh(source)
        }
    };
    let mut edges: Vec<EdgeIdx> = group.iter().map(|c| c.edge).collect();
    for source in ground.dominated(head).iter().filter(|n| adds(**n)) {
        edges.extend(heap.tables.edges_of(*source).filter(|edge| {
            let target = heap.tables.edges.target(*edge);
            ground.is_fresh(target) && !is_part(heap, target) && holds(heap, *source, *edge)
        }));
    }
    edges.sort_unstable();
    edges.dedup();
    edges
}

/// A list is entered at its ends. What many survivors hold, each a piece of it, is the business
/// of those: the arrays and maps below a server are no list of the server's.
fn is_web(ground: &Ground<'_>, head: NodeIdx, class: ClassIdx, edges: &[EdgeIdx]) -> bool {
    const ENDS: usize = 8;
    let heap = ground.heaps.after;
    let strange = edges.iter().filter(|edge| {
        let holder = ground.holder(heap.tables.nodes.source(**edge));
        ground.class(heap.tables.edges.target(**edge)) == class
            && holder.is_some_and(|h| h != head && ground.class(h) != class)
    });
    strange.count() > ENDS
}

/// The first object above that is not itself an entry.
fn head(ground: &Ground<'_>, holder: NodeIdx, class: ClassIdx) -> Option<NodeIdx> {
    let heap = ground.heaps.after;
    let mut at = holder;
    while ground.class(at) == class {
        at = ground.holder(ground.tree.parent(heap, at)?)?;
    }
    (at != ROOT && ground.can_pile_up(at)).then_some(at)
}

/// How many members of the class the head dominated in the older heap.
fn before(ground: &Ground<'_>, head: NodeIdx, class: ClassIdx) -> u64 {
    let Some(old) = ground.before(head) else { return 0 };
    let key = &ground.naming.after.classes[class.at()].key;
    let Some(class) = ground.naming.before.classes.iter().position(|c| c.key == *key) else {
        return 0;
    };
    let below = ground.dominated_before(old).iter();
    below.filter(|n| ground.naming.before.class_of[n.at()].at() == class).count() as u64
}

/// Whether entries lead to entries: following from some of them, by whatever lies between,
/// others of the class are met. A tree of mixed things is no list.
fn linked(ground: &Ground<'_>, entries: &[NodeIdx]) -> bool {
    const SAMPLES: usize = 16;
    let step = entries.len().div_ceil(SAMPLES).max(1);
    let samples: Vec<NodeIdx> = entries.iter().copied().step_by(step).collect();
    let meet = samples.iter().filter(|entry| meets_another(ground, **entry)).count();
    // The leaves of a rope lead nowhere.
    meet * 4 >= samples.len()
}

fn meets_another(ground: &Ground<'_>, first: NodeIdx) -> bool {
    const NEAR: usize = 8;
    const MOST: usize = 4096;
    let heap = ground.heaps.after;
    let class = ground.class(first);
    let mut seen = HashSet::from([first]);
    let mut layer = vec![first];
    for _ in 0..NEAR {
        let mut next = Vec::new();
        for node in layer {
            for edge in heap.tables.edges_of(node) {
                let target = heap.tables.edges.target(edge);
                if !ground.is_fresh(target) || !holds(heap, node, edge) {
                    continue;
                }
                if target != first && ground.class(target) == class {
                    return true;
                }
                if seen.len() < MOST && seen.insert(target) {
                    next.push(target);
                }
            }
        }
        layer = next;
    }
    false
}
