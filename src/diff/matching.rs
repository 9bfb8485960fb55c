//! Two heaps in, the nodes that are in both out.

use super::Link;
use super::identity::ById;
use crate::classes::Census;
use crate::graph::{Bits, Heap};
use crate::ids::{ClassIdx, NodeId, NodeIdx};
use crate::pair::Pair;

/// The nodes of each heap that the other one has too: equal id, equal class, size not 0. And
/// whether ids repeat within a heap.
pub(super) fn match_nodes(
    heaps: Pair<&Heap>,
    census: Pair<&Census>,
    link: &Link,
) -> (Pair<Bits>, Pair<bool>) {
    let side = heaps.zip(census).map(|(heap, census)| Side { heap, census });
    let by_id = side.as_ref().map(|s| ById::new(s.heap, s.counted()));
    let repeat = side.zip(by_id.as_ref()).map(|(side, by_id)| !unique(side, by_id));
    let kept = if repeat.before || repeat.after {
        match_by_merging(&side, link)
    } else {
        match_by_table(&side, link, &by_id.before)
    };
    (kept, repeat)
}

#[derive(Clone, Copy)]
struct Side<'a> {
    heap: &'a Heap,
    census: &'a Census,
}

impl Side<'_> {
    fn counted(&self) -> impl Iterator<Item = NodeIdx> + '_ {
        self.heap.tables.nodes.indices().filter(|n| !self.heap.shallow.is_zero(*n))
    }

    fn class(&self, node: NodeIdx) -> ClassIdx {
        self.census.naming.class_of[node.at()]
    }

    fn id(&self, node: NodeIdx) -> NodeId {
        self.heap.tables.nodes.id(node)
    }
}

/// Whether no two counted nodes share an id.
fn unique(side: Side<'_>, by_id: &ById) -> bool {
    side.counted().all(|node| by_id.get(side.id(node)) == Some(node))
}

fn match_by_table(side: &Pair<Side<'_>>, link: &Link, before_by_id: &ById) -> Pair<Bits> {
    let mut kept = side.map(|s| Bits::new(s.heap.tables.nodes.len()));
    for node in side.after.counted() {
        let Some(old) = before_by_id.get(side.after.id(node)) else { continue };
        if link.to_after(side.before.class(old)) == side.after.class(node) {
            kept.before.set(old.at());
            kept.after.set(node.at());
        }
    }
    kept
}

/// DevTools' own way, for repeated ids: per class both lists sorted by id
/// (stable), then two pointers.
fn match_by_merging(side: &Pair<Side<'_>>, link: &Link) -> Pair<Bits> {
    let sorted = |s: &Side<'_>, class: &dyn Fn(NodeIdx) -> ClassIdx| {
        let mut list: Vec<_> = s.counted().map(|n| (class(n), s.id(n), n)).collect();
        list.sort_unstable();
        list
    };
    let old = sorted(&side.before, &|n| link.to_after(side.before.class(n)));
    let young = sorted(&side.after, &|n| side.after.class(n));
    let mut kept = side.map(|s| Bits::new(s.heap.tables.nodes.len()));
    let (mut i, mut j) = (0, 0);
    while let (Some(a), Some(b)) = (old.get(i), young.get(j)) {
        match (a.0, a.1).cmp(&(b.0, b.1)) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                kept.before.set(a.2.at());
                kept.after.set(b.2.at());
                i += 1;
                j += 1;
            }
        }
    }
    kept
}
