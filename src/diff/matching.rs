//! Two heaps in, the nodes that are in both out.

use super::Link;
use super::identity::{ById, ids_repeat};
use crate::classes::Census;
use crate::graph::{Bits, Heap};
use crate::ids::{ClassIdx, NodeId, NodeIdx};
use crate::pair::Pair;

/// The nodes of each heap that the other one has too: equal id, equal class, size not 0. And
/// whether ids repeat among these. `older` has all nodes of the older heap.
pub(super) fn match_nodes(
    heaps: Pair<&Heap>,
    census: Pair<&Census>,
    link: &Link,
    older: &ById,
) -> (Pair<Bits>, Pair<bool>) {
    let side = heaps.zip(census).map(|(heap, census)| Side { heap, census });
    // Where no ids repeat at all, none do among the nodes that count.
    let after_repeats = || ids_repeat(heaps.after) && side.after.by_id().repeat;
    let matched = || {
        let repeat = older.repeat.then(|| side.before.by_id());
        let by_table = match_by_table(&side, link, repeat.as_ref().unwrap_or(older));
        (repeat.is_some_and(|by_id| by_id.repeat), by_table)
    };
    let (after_repeats, (before_repeats, by_table)) = rayon::join(after_repeats, matched);
    let repeat = Pair::new(before_repeats, after_repeats);
    let kept = if repeat.before || repeat.after { match_by_merging(&side, link) } else { by_table };
    (kept, repeat)
}

#[derive(Clone, Copy)]
struct Side<'a> {
    heap: &'a Heap,
    census: &'a Census,
}

impl Side<'_> {
    fn counted(&self) -> impl Iterator<Item = NodeIdx> + '_ {
        self.heap.tables.nodes.indices().filter(|n| !self.heap.shallow().is_zero(*n))
    }

    /// The nodes that count.
    fn by_id(&self) -> ById {
        ById::new(self.heap, self.counted())
    }

    fn class(&self, node: NodeIdx) -> ClassIdx {
        self.census.naming.class_of[node.at()]
    }

    fn id(&self, node: NodeIdx) -> NodeId {
        self.heap.tables.nodes.id(node)
    }
}

fn match_by_table(side: &Pair<Side<'_>>, link: &Link, older: &ById) -> Pair<Bits> {
    let mut kept = side.map(|s| Bits::new(s.heap.tables.nodes.len()));
    for node in side.after.counted() {
        let old = older.get(side.after.id(node));
        let Some(old) = old.filter(|old| !side.before.heap.shallow().is_zero(*old)) else {
            continue;
        };
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
