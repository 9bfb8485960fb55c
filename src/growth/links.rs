//! New objects of one sort in, how one of them leads to the next out.
//!
//! ```text
//!   timer -_idleNext-> timer                                     over one edge
//!   onclose() -context-> context -previous-> onclose()           over something between them
//!   thing -method-> method() -context-> context -before-> thing
//! ```

use super::fields::name;
use super::{Matched, PILE};
use crate::graph::Heap;
use crate::ids::{ClassIdx, EdgeIdx, NodeIdx, StrIdx};
use crate::objects::{holds, is_part};
use crate::pair::Pair;
use crate::parse::{Bond, EdgeKind, NodeKind};
use std::cmp::Reverse;
use std::collections::HashMap;

/// What entries of one list have in common: their class, and where that is the same for all parts of
/// the engine, or all functions, their name (NONE for others).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Sort {
    pub class: ClassIdx,
    pub name: StrIdx,
}

/// One edge of a link: its kind, and its name (the canonical one) or index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Step {
    kind: EdgeKind,
    label: u32,
}

/// How an entry of a list leads to the next one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Link(Vec<Step>);

/// So many steps lead from one entry of a list to the next at most.
const STEPS: usize = 3;
/// What stands between two entries has so many edges at most: a context, a cell, a node of the list's own.
const BETWEEN: usize = 16;
/// So many things are looked at around an object to find the next entry.
const LOOKED_AT: usize = 128;
/// And so many links of one sort are tried: to the next entry, to the one before.
const LINKS: usize = 4;

impl Sort {
    pub(super) fn of(matched: &Matched<'_>, node: NodeIdx) -> Self {
        Self::in_heap(matched.heaps.after, matched.class(node), node)
    }

    fn in_heap(heap: &Heap, class: ClassIdx, node: NodeIdx) -> Self {
        let nodes = &heap.tables.nodes;
        let name = match nodes.kind(node) {
            NodeKind::Hidden | NodeKind::Closure => heap.tables.strings.canonical(nodes.name(node)),
            _ => StrIdx::NONE,
        };
        Self { class, name }
    }

    /// Whether a node of the older heap is of the same sort.
    pub(super) fn has(self, matched: &Matched<'_>, old: NodeIdx) -> bool {
        let Pair { before, after } = matched.heaps;
        let classes = &matched.naming.after.classes;
        *matched.naming.before.of(old) == classes[self.class.at()]
            && (self.name.is_none()
                || before.tables.strings.get(before.tables.nodes.name(old))
                    == after.tables.strings.get(self.name))
    }
}

impl Step {
    fn of(heap: &Heap, edge: EdgeIdx) -> Self {
        let (kind, label) = name(heap, edge);
        Self { kind, label }
    }

    /// The same in the older heap, if that has its name.
    fn before(self, matched: &Matched<'_>) -> Option<Self> {
        if self.kind.is_indexed() {
            return Some(self);
        }
        matched.same_name(self.label).map(|label| Self { label, ..self })
    }

    /// The first edge like this one.
    fn from(self, heap: &Heap, node: NodeIdx) -> Option<EdgeIdx> {
        let (edges, strings) = (&heap.tables.edges, &heap.tables.strings);
        let named = !self.kind.is_indexed();
        let like = |edge: &EdgeIdx| {
            edges.kind(*edge) == self.kind && {
                let label = edges.label(*edge);
                label == self.label || (named && strings.canonical(StrIdx(label)).0 == self.label)
            }
        };
        heap.tables.edges_of(node).find(like)
    }
}

impl Link {
    /// The links that many of some new objects of one sort have; so many of them are asked.
    pub(super) fn of_sort(matched: &Matched<'_>, fresh: &[NodeIdx], samples: usize) -> Vec<Self> {
        let Some(sort) = fresh.first().map(|node| Sort::of(matched, *node)) else {
            return Vec::new();
        };
        let every = fresh.len().div_ceil(samples).max(1);
        let mut votes: HashMap<Self, usize> = HashMap::new();
        let mut asked = 0;
        for node in fresh.iter().step_by(every) {
            asked += 1;
            for link in Self::around(matched, sort, *node) {
                *votes.entry(link).or_default() += 1;
            }
        }
        let enough = votes.into_iter().filter(|(_, votes)| votes * 8 >= asked);
        let mut found: Vec<(usize, Self)> = enough.map(|(link, votes)| (votes, link)).collect();
        found.sort_unstable_by(|(a, x), (b, y)| {
            (x.0.len(), Reverse(a), x).cmp(&(y.0.len(), Reverse(b), y))
        });
        found.truncate(LINKS);
        // The first half of each list has as many behind it.
        let asked = || fresh.iter().step_by(every);
        let leads_on = |link: &Self| {
            asked().filter(|node| link.leads_on(matched, sort, **node)).count() * 16
                >= asked().len()
        };
        found.into_iter().map(|(_, link)| link).filter(leads_on).collect()
    }

    /// Whether half a pile of new entries stands behind this one.
    fn leads_on(&self, matched: &Matched<'_>, sort: Sort, entry: NodeIdx) -> bool {
        let is_entry = |node: NodeIdx| matched.is_fresh(node) && matched.class(node) == sort.class;
        let mut at = entry;
        (0..PILE / 2).all(|_| match self.next(matched.heaps.after, is_entry, at) {
            Some(next) if next != entry => {
                at = next;
                true
            }
            _ => false,
        })
    }

    /// All links from one entry to another.
    fn around(matched: &Matched<'_>, sort: Sort, first: NodeIdx) -> Vec<Self> {
        let heap = matched.heaps.after;
        let mut seen = vec![first];
        let mut layer = vec![(first, Vec::new())];
        let mut found = Vec::new();
        for _ in 0..STEPS {
            let mut next = Vec::new();
            for (node, way) in layer {
                for edge in links(heap, node) {
                    let target = heap.tables.edges.target(edge);
                    if seen.contains(&target) || seen.len() >= LOOKED_AT {
                        continue;
                    }
                    seen.push(target);
                    let mut way: Vec<Step> = Vec::clone(&way);
                    way.push(Step::of(heap, edge));
                    if matched.class(target) == sort.class && Sort::of(matched, target) == sort {
                        found.push(Self(way));
                    } else if heap.tables.nodes.edges(target).len() <= BETWEEN {
                        next.push((target, way));
                    }
                }
            }
            layer = next;
        }
        found
    }

    /// The entry behind this one.
    pub(super) fn next(
        &self,
        heap: &Heap,
        is_entry: impl Fn(NodeIdx) -> bool,
        entry: NodeIdx,
    ) -> Option<NodeIdx> {
        let mut at = entry;
        for (number, step) in self.0.iter().enumerate() {
            if number > 0 && heap.tables.nodes.edges(at).len() > BETWEEN {
                return None;
            }
            at = heap.tables.edges.target(step.from(heap, at)?);
        }
        (at != entry && is_entry(at)).then_some(at)
    }

    /// The same link in the older heap, if that has its names.
    pub(super) fn before(&self, matched: &Matched<'_>) -> Option<Self> {
        self.0.iter().map(|step| step.before(matched)).collect::<Option<_>>().map(Self)
    }
}

/// The edges that may link: what keeps alive, and is not the hidden class or the code of many.
fn links(heap: &Heap, node: NodeIdx) -> impl Iterator<Item = EdgeIdx> + '_ {
    heap.tables.edges_of(node).filter(move |edge| {
        let target = heap.tables.nodes.kind(heap.tables.edges.target(*edge));
        !matches!(heap.tables.edges.bond(*edge), Bond::Prototype | Bond::Common)
            && !matches!(target, NodeKind::Code | NodeKind::ObjectShape | NodeKind::Synthetic)
            && holds(heap, node, *edge)
    })
}

/// The edge of the older heap that leads where one leads in the newer heap: from the same object,
/// or from one of its parts.
pub(super) fn same_edge(matched: &Matched<'_>, before: NodeIdx, edge: EdgeIdx) -> Option<EdgeIdx> {
    let old = matched.heaps.before;
    let targets = old.tables.edges_of(before).map(|edge| old.tables.edges.target(edge));
    let parts = || targets.filter(|part| is_part(old, *part)).take(BETWEEN);
    matched
        .same_edge(before, edge)
        .or_else(|| parts().find_map(|part| matched.same_edge(part, edge)))
}
