//! Containers of the newer heap in, how many entries they had in an older one out: in the one that they
//! were found against, or in one that was taken between.

use super::links::{Link, Sort, same_edge};
use super::{Growth, How, Matched, replaced};
use crate::ids::{EdgeIdx, NodeIdx};
use crate::objects::{entries, is_part};
use crate::pair::Pair;
use std::collections::HashSet;

/// How many entries each had; `None` where that cannot be told. The containers may have been found
/// against another older heap.
#[must_use]
pub fn entries_then(matched: &Matched<'_>, growths: &[Growth]) -> Vec<Option<u64>> {
    growths.iter().map(|growth| then(matched, growth)).collect()
}

fn then(matched: &Matched<'_>, growth: &Growth) -> Option<u64> {
    let sum = |of: &dyn Fn(NodeIdx) -> u64| growth.together.iter().map(|holder| of(*holder)).sum();
    match growth.how {
        How::Entries | How::Replaced => Some(sum(&|holder| {
            let before = matched.before(holder).or_else(|| replaced::stood(matched, holder));
            before.map_or(0, |before| entries(matched.heaps.before, before))
        })),
        How::List { incoming: Some(incoming) } => {
            let linked = growth.linked.as_ref()?;
            Some(sum(&|holder| linked.before(matched, holder, incoming)))
        }
        How::List { incoming: None } => {
            let linked = growth.linked.as_ref().filter(|_| growth.together.len() == 1)?;
            let way = linked.way(matched, growth.holder);
            Some(linked.stood(matched, growth.holder, &way, growth.entries_after))
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
    pub(super) fn before(&self, matched: &Matched<'_>, holder: NodeIdx, incoming: EdgeIdx) -> u64 {
        let edge = matched.before(holder).and_then(|old| same_edge(matched, old, incoming));
        edge.map_or(0, |edge| self.from(matched, matched.heaps.before.tables.edges.target(edge)))
    }

    /// The same of a list that only something new leads to: timers of one duration get a new head when
    /// the last one of them has gone. What stood at its place is found over the same names from what was
    /// there before. The slots of a table say nothing; then the list has grown by no more than its class
    /// has.
    pub(super) fn stood(
        &self,
        matched: &Matched<'_>,
        holder: NodeIdx,
        way: &[EdgeIdx],
        entries: u64,
    ) -> u64 {
        let Pair { before: old, after: heap } = matched.heaps;
        let Some(mut at) = matched.before(holder) else { return 0 };
        for &edge in way {
            let in_table = is_part(heap, heap.tables.nodes.source(edge));
            match same_edge(matched, at, edge) {
                Some(edge) => at = old.tables.edges.target(edge),
                None if in_table && heap.tables.edges.kind(edge).is_indexed() => {
                    return entries.saturating_sub(self.more(matched));
                }
                None => return 0,
            }
        }
        self.from(matched, at)
    }

    /// The preferred way from what was there before to the first entry.
    pub(super) fn way(&self, matched: &Matched<'_>, holder: NodeIdx) -> Vec<EdgeIdx> {
        let mut way = Vec::new();
        let mut at = self.first;
        while at != holder
            && let Some(edge) = matched.tree.via(at)
        {
            way.push(edge);
            at = matched.heaps.after.tables.nodes.source(edge);
        }
        way.reverse();
        way
    }

    /// The length of the list in the older heap that begins with a node.
    fn from(&self, matched: &Matched<'_>, first: NodeIdx) -> u64 {
        let old = matched.heaps.before;
        let is_entry = |node: NodeIdx| self.sort.has(matched, node);
        let Some(link) = self.link.before(matched) else { return 0 };
        let mut at = Some(first).filter(|first| is_entry(*first));
        let mut seen = HashSet::new();
        while let Some(entry) = at.filter(|entry| seen.insert(*entry)) {
            at = link.next(old, is_entry, entry);
        }
        seen.len() as u64
    }

    /// How many more objects of the sort there are.
    fn more(&self, matched: &Matched<'_>) -> u64 {
        let Pair { before, after } = matched.heaps;
        let sort = self.sort;
        let is_one =
            |node: &NodeIdx| matched.class(*node) == sort.class && Sort::of(matched, *node) == sort;
        let now = after.tables.nodes.indices().filter(is_one);
        let then = before.tables.nodes.indices().filter(|node| sort.has(matched, *node));
        (now.count() as u64).saturating_sub(then.count() as u64)
    }
}
