//! Two nodes that hold things without names in, which of these are the same out.
//!
//! ```text
//!   before    a  b  c  d  v  w           elements, or keys and values of a table, in their order
//!   after     a  c  d' v  w  x  y
//!
//!   looks the same, and nothing else does      a a   c c   v v   w w
//!   stands beside such                         d d'
//!   looks the same: the first with the first, and so on
//!   of one class:   the same                   b x         churned; y is new
//! ```

use super::looks::{Depth, Side, Spoke};
use super::matches::Matches;
use super::names::is_place;
use crate::ids::{EdgeIdx, NodeIdx};
use crate::objects::{is_part, slot};
use crate::pair::Pair;
use crate::parse::{Bond, NodeKind};

/// Of so many positions one at most is taken where they are keys.
const SPARSE: usize = 4;

/// The lists at hand, and what sorts them.
pub(super) struct Lists {
    items: Pair<Vec<Item>>,
    keys: Pair<Vec<Key>>,
    /// By node of the newer heap: where it stands in the list.
    place: Vec<u32>,
}

fn is_text(side: &Side<'_>, node: NodeIdx) -> bool {
    let kind = side.heap.tables.nodes.kind(node);
    matches!(kind, NodeKind::String | NodeKind::ConsString | NodeKind::SlicedString)
}

/// The position of an element.
fn index(side: &Side<'_>, item: &Item) -> Option<u32> {
    (item.spoke.bond == Bond::Element).then(|| side.heap.tables.edges.label(item.edge))
}

#[derive(Clone, Copy)]
struct Item {
    spoke: Spoke,
    edge: EdgeIdx,
}

/// What an item is sorted by, and where it stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    label: u32,
    look: u32,
    at: u32,
}

impl Key {
    const fn called(&self) -> (u32, u32) {
        (self.label, self.look)
    }
}

impl Lists {
    /// `count` is the number of nodes in the newer heap.
    pub(super) fn new(count: usize) -> Self {
        Self { items: Pair::default(), keys: Pair::default(), place: vec![0; count] }
    }

    /// Matches what looks the same. Tells whether something is left on both sides.
    pub(super) fn alike(&mut self, matches: &mut Matches<'_>, nodes: Pair<NodeIdx>) -> bool {
        self.open(matches.sides, nodes);
        if self.are_keyed(matches.sides) {
            self.match_by_index(matches);
            return false;
        }
        self.sort(matches, Depth::Far);
        self.match_alone(matches);
        self.neighbours(matches);
        self.without_new_rows(matches, nodes);
        self.sort(matches, Depth::Far);
        self.match_in_order(matches);
        let twins = matches.twins();
        let free = |items: &[Item], twins: &[NodeIdx]| {
            items.iter().any(|item| twins[item.spoke.node.at()].is_none())
        };
        free(&self.items.before, &twins.before) && free(&self.items.after, &twins.after)
    }

    /// Matches what is left.
    pub(super) fn rest(&mut self, matches: &mut Matches<'_>, nodes: Pair<NodeIdx>) {
        self.open(matches.sides, nodes);
        self.neighbours(matches);
        self.without_new_rows(matches, nodes);
        for depth in [Depth::Near, Depth::Own] {
            self.sort(matches, depth);
            self.match_in_order(matches);
        }
    }

    fn open(&mut self, sides: &Pair<Side<'_>>, nodes: Pair<NodeIdx>) {
        let open = |side: &Side<'_>, node: NodeIdx, items: &mut Vec<Item>| {
            items.clear();
            let mut edge = side.heap.tables.nodes.edges(node).start;
            side.each(node, |spoke| {
                if is_place(spoke.label) {
                    items.push(Item { spoke, edge: EdgeIdx::from_at(edge) });
                }
                edge += 1;
            });
        };
        open(&sides.before, nodes.before, &mut self.items.before);
        open(&sides.after, nodes.after, &mut self.items.after);
    }

    /// Whether positions are so far apart that they are rather keys, such as the ids of orders.
    fn are_keyed(&self, sides: &Pair<Side<'_>>) -> bool {
        let is_keyed = |side: &Side<'_>, items: &[Item]| {
            let last = items.iter().filter_map(|item| index(side, item)).max();
            last.is_some_and(|last| last as usize >= SPARSE * (items.len() + SPARSE))
        };
        is_keyed(&sides.before, &self.items.before) || is_keyed(&sides.after, &self.items.after)
    }

    /// Matches what stands at the same position.
    fn match_by_index(&self, matches: &mut Matches<'_>) {
        let sides = matches.sides;
        let sorted = |side: &Side<'_>, items: &[Item]| {
            let mut sorted: Vec<(u32, NodeIdx)> =
                items.iter().filter_map(|i| Some((index(side, i)?, i.spoke.node))).collect();
            sorted.sort_unstable();
            sorted
        };
        let old = sorted(&sides.before, &self.items.before);
        let mut new = sorted(&sides.after, &self.items.after).into_iter().peekable();
        for (index, old) in old {
            while new.next_if(|(other, _)| *other < index).is_some() {}
            if let Some((_, new)) = new.next_if(|(other, _)| *other == index) {
                matches.pair(old, new);
            }
        }
    }

    /// Leaves out values of tables whose keys are texts that the other table does not have: whatever
    /// they look like, a cache dropped the one, and the other came.
    fn without_new_rows(&mut self, matches: &Matches<'_>, nodes: Pair<NodeIdx>) {
        let without = |side: &Side<'_>, node, twins: &[NodeIdx], items: &mut Vec<Item>| {
            let mut key: Option<Item> = None;
            items.retain(|item| {
                let is_value = key.replace(*item).is_some_and(|key| {
                    twins[key.spoke.node.at()].is_none()
                        && is_text(side, key.spoke.node)
                        && slot(side.heap, key.edge).map(|slot| slot + 1)
                            == slot(side.heap, item.edge)
                });
                !is_value || !is_part(side.heap, node)
            });
        };
        let (sides, twins) = (matches.sides, matches.twins());
        without(&sides.before, nodes.before, &twins.before, &mut self.items.before);
        without(&sides.after, nodes.after, &twins.after, &mut self.items.after);
    }

    /// Sorts what has no match by a look.
    fn sort(&mut self, matches: &Matches<'_>, depth: Depth) {
        let Self { items, keys, .. } = self;
        let sort = |side: &Side<'_>, items: &[Item], twins: &[NodeIdx], keys: &mut Vec<Key>| {
            keys.clear();
            let free = (0..).zip(items).filter(|(_, item)| twins[item.spoke.node.at()].is_none());
            keys.extend(free.map(|(at, item)| {
                let Spoke { label, node, .. } = item.spoke;
                Key { label, look: side.look(depth, node), at }
            }));
            keys.sort_unstable();
        };
        let (sides, twins) = (matches.sides, matches.twins());
        sort(&sides.before, &items.before, &twins.before, &mut keys.before);
        sort(&sides.after, &items.after, &twins.after, &mut keys.after);
    }

    /// Each group of the older list with that of the newer one, which may be empty.
    fn groups(&self) -> impl Iterator<Item = (&[Key], &[Key])> {
        let mut others = self.keys.after.chunk_by(|a, b| a.called() == b.called()).peekable();
        self.keys.before.chunk_by(|a, b| a.called() == b.called()).map(move |group| {
            let called = group[0].called();
            while others.next_if(|other| other[0].called() < called).is_some() {}
            (group, others.next_if(|other| other[0].called() == called).unwrap_or(&[]))
        })
    }

    fn nodes(&self, old: &Key, new: &Key) -> (NodeIdx, NodeIdx) {
        let (old, new) = (self.items.before[old.at as usize], self.items.after[new.at as usize]);
        (old.spoke.node, new.spoke.node)
    }

    fn match_alone(&self, matches: &mut Matches<'_>) {
        for (old, new) in self.groups() {
            if let ([old], [new]) = (old, new) {
                let (old, new) = self.nodes(old, new);
                matches.pair(old, new);
            }
        }
    }

    fn match_in_order(&self, matches: &mut Matches<'_>) {
        for (old, new) in self.groups() {
            for (old, new) in old.iter().zip(new) {
                let (old, new) = self.nodes(old, new);
                matches.pair(old, new);
            }
        }
    }

    /// Matches what stands beside a match: a value beside its key, a key beside its value.
    fn neighbours(&mut self, matches: &mut Matches<'_>) {
        for (at, item) in (0..).zip(&self.items.after) {
            self.place[item.spoke.node.at()] = at;
        }
        let count = self.items.before.len();
        for at in 1..count {
            self.beside(matches, at - 1, 1);
        }
        for at in (1..count).rev() {
            self.beside(matches, at, -1);
        }
    }

    fn beside(&self, matches: &mut Matches<'_>, at: usize, step: isize) {
        let Pair { before, after } = &self.items;
        let Some(next) = at.checked_add_signed(step).map(|next| before[next]) else { return };
        let (here, twins) = (before[at], matches.twins());
        let twin = twins.before[here.spoke.node.at()];
        if twin.is_none() || !twins.before[next.spoke.node.at()].is_none() {
            return;
        }
        let there = self.place[twin.at()] as usize;
        let Some(other) = after.get(there).filter(|other| other.spoke.node == twin) else { return };
        let beside = there.checked_add_signed(step).and_then(|beside| after.get(beside));
        let Some(beside) = beside else { return };
        let apart = |side: &Side<'_>, a: &Item, b: &Item| {
            let slots = slot(side.heap, a.edge).zip(slot(side.heap, b.edge));
            slots.map(|(a, b)| b.wrapping_sub(a))
        };
        let sides = matches.sides;
        if here.spoke.label == other.spoke.label
            && next.spoke.label == beside.spoke.label
            && apart(&sides.before, &here, &next) == apart(&sides.after, other, beside)
        {
            matches.pair(next.spoke.node, beside.spoke.node);
        }
    }
}
