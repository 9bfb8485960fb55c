//! Containers of the newer heap in, how many entries they had in an older one out: in the one that they
//! were found against, or in one that was taken between.

use super::links::{Link, Sort, same_edge};
use super::{Ground, Growth, How, replaced};
use crate::ids::{EdgeIdx, NodeIdx};
use crate::objects::{entries, is_part};
use crate::pair::Pair;
use std::collections::HashSet;

/// How many entries each had; `None` where that cannot be told. The containers may have been found
/// against another older heap.
#[must_use]
pub fn entries_then(ground: &Ground<'_>, growths: &[Growth]) -> Vec<Option<u64>> {
    growths.iter().map(|growth| then(ground, growth)).collect()
}

fn then(ground: &Ground<'_>, growth: &Growth) -> Option<u64> {
    let sum = |of: &dyn Fn(NodeIdx) -> u64| growth.together.iter().map(|holder| of(*holder)).sum();
    match growth.how {
        How::Entries | How::Replaced => Some(sum(&|holder| {
            let before = ground.before(holder).or_else(|| replaced::stood(ground, holder));
            before.map_or(0, |before| entries(ground.heaps.before, before))
        })),
        How::List { door: Some(door) } => {
            let linked = growth.linked.as_ref()?;
            Some(sum(&|holder| linked.before(ground, holder, door)))
        }
        How::List { door: None } => {
            let linked = growth.linked.as_ref().filter(|_| growth.together.len() == 1)?;
            let way = linked.way(ground, growth.holder);
            Some(linked.stood(ground, growth.holder, &way, growth.entries_after))
        }
        How::InPlace | How::Root => None,
    }
}

/// What a list is known by.
#[derive(Debug)]
pub(crate) struct Linked {
    pub(super) sort: Sort,
    pub(super) link: Link,
    /// Its first entry, in the newer heap.
    pub(super) first: NodeIdx,
}

impl Linked {
    /// How many entries the list had that an edge of its holder leads to.
    pub(super) fn before(&self, ground: &Ground<'_>, holder: NodeIdx, door: EdgeIdx) -> u64 {
        let edge = ground.before(holder).and_then(|old| same_edge(ground, old, door));
        edge.map_or(0, |edge| self.from(ground, ground.heaps.before.tables.edges.target(edge)))
    }

    /// The same of a list that only something new leads to: timers of one duration get a new head when
    /// the last one of them has gone. What stood at its place is found over the same names from what was
    /// there before. The slots of a table say nothing; then the list has grown by no more than its class
    /// has.
    pub(super) fn stood(
        &self,
        ground: &Ground<'_>,
        holder: NodeIdx,
        way: &[EdgeIdx],
        entries: u64,
    ) -> u64 {
        let Pair { before: old, after: heap } = ground.heaps;
        let Some(mut at) = ground.before(holder) else { return 0 };
        for &edge in way {
            let in_table = is_part(heap, heap.tables.nodes.source(edge));
            match same_edge(ground, at, edge) {
                Some(edge) => at = old.tables.edges.target(edge),
                None if in_table && heap.tables.edges.kind(edge).is_indexed() => {
                    return entries.saturating_sub(self.more(ground));
                }
                None => return 0,
            }
        }
        self.from(ground, at)
    }

    /// The preferred way from what was there before to the first entry.
    pub(super) fn way(&self, ground: &Ground<'_>, holder: NodeIdx) -> Vec<EdgeIdx> {
        let mut way = Vec::new();
        let mut at = self.first;
        while at != holder
            && let Some(edge) = ground.tree.via(at)
        {
            way.push(edge);
            at = ground.heaps.after.tables.nodes.source(edge);
        }
        way.reverse();
        way
    }

    /// The length of the list in the older heap that begins with a node.
    fn from(&self, ground: &Ground<'_>, first: NodeIdx) -> u64 {
        let old = ground.heaps.before;
        let is_entry = |node: NodeIdx| self.sort.has(ground, node);
        let Some(link) = self.link.before(ground) else { return 0 };
        let mut at = Some(first).filter(|first| is_entry(*first));
        let mut seen = HashSet::new();
        while let Some(entry) = at.filter(|entry| seen.insert(*entry)) {
            at = link.next(old, is_entry, entry);
        }
        seen.len() as u64
    }

    /// How many more objects of the sort there are.
    fn more(&self, ground: &Ground<'_>) -> u64 {
        let Pair { before, after } = ground.heaps;
        let sort = self.sort;
        let is_one =
            |node: &NodeIdx| ground.class(*node) == sort.class && Sort::of(ground, *node) == sort;
        let now = after.tables.nodes.indices().filter(is_one);
        let then = before.tables.nodes.indices().filter(|node| sort.has(ground, *node));
        (now.count() as u64).saturating_sub(then.count() as u64)
    }
}
