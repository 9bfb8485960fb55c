//! A comparison and the newer heap's ways in, two heaps whose objects are matched out.

use super::fields::Fields;
use super::frontier::{Crossing, frontier};
use crate::classes::Naming;
use crate::diff::{Comparison, Identity, Survivors, by_structure};
use crate::graph::{Bits, Heap};
use crate::ids::{ClassIdx, EdgeIdx, NodeIdx, ROOT};
use crate::objects::is_part;
use crate::pair::Pair;
use crate::parse::{NodeKind, Sizes};
use crate::phase::phase;
use crate::ways::{Holders, Preferred};
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

/// Two heaps whose objects are matched: which of the newer one the older one has too, and which are
/// new.
#[derive(Debug)]
pub struct Matched<'a> {
    /// The heaps.
    pub heaps: Pair<&'a Heap>,
    /// Their classes.
    pub naming: Pair<&'a Naming>,
    /// How far ids can be trusted.
    pub identity: Identity,
    /// Whether survivors are told by ids, or else by structure.
    pub by_id: bool,
    /// Whether both heaps are of one process, as far as one can see: then what is not there any
    /// more has been dropped.
    pub in_order: bool,
    /// The preferred ways in the newer heap.
    pub tree: Preferred,
    /// Nodes of the newer heap that the older one did not have.
    pub(crate) fresh: Bits,
    /// Those that go by ids.
    survivors: &'a Survivors,
    /// Those that go by structure, where ids mean nothing.
    placed: Option<Survivors>,
    // What follows is found when it is first asked for.
    /// Every edge from a survivor to a new object, in the newer heap.
    frontier: OnceLock<Vec<Crossing>>,
    /// By node: its place in the dominator tree's order.
    places: OnceLock<Vec<u32>>,
    /// By node of the newer heap: the bytes of new objects that it retains, not through
    /// survivors. A new promise that happens to dominate the whole program retains all of it.
    fresh_bytes: OnceLock<Sizes>,
    holders: Mutex<Holders>,
    fields: Mutex<Fields>,
}

impl<'a> Matched<'a> {
    /// Prepares; `tree` belongs to the newer heap. Where ids mean nothing, objects count
    /// as the same that look the same and hang at the same place.
    #[must_use]
    pub fn new(comparison: &'a Comparison, tree: Preferred, by_id: Option<bool>) -> Self {
        let heaps = comparison.heaps();
        let naming = comparison.census.as_ref().map(|c| &c.naming);
        let (identity, survivors) = (comparison.identity, &comparison.survivors);
        let by_id = identity.goes_by_id(by_id);
        let found = (!by_id).then(|| by_structure(comparison));
        let in_order = found.as_ref().is_none_or(|found| found.in_order);
        let placed = found.map(|found| found.survivors);
        let known = placed.as_ref().unwrap_or(survivors);
        let fresh = Bits::collect(known.0.len(), |range, fresh| {
            fresh.fill(range, |at| known.0[at].is_none());
        });
        let holders = Mutex::new(Holders::new(heaps.after.tables.nodes.len()));
        Self {
            holders,
            fields: Mutex::default(),
            heaps,
            naming,
            identity,
            by_id,
            in_order,
            tree,
            fresh,
            survivors,
            placed,
            frontier: OnceLock::new(),
            places: OnceLock::new(),
            fresh_bytes: OnceLock::new(),
        }
    }

    /// Finds in parallel what will be asked for.
    pub(crate) fn prepare(&self) {
        let sizes = || phase!("survivors", rayon::join(|| self.places(), || self.fresh_bytes()));
        rayon::join(|| self.frontier(), sizes);
    }

    /// Every edge from a survivor to a new object, in the newer heap.
    pub(super) fn frontier(&self) -> &[Crossing] {
        self.frontier.get_or_init(|| phase!("frontier", frontier(self)))
    }

    fn places(&self) -> &[u32] {
        self.places.get_or_init(|| places(self.heaps.after))
    }

    fn fresh_bytes(&self) -> &Sizes {
        self.fresh_bytes.get_or_init(|| fresh_bytes(self.heaps.after, &self.fresh))
    }

    /// The object in the older heap.
    #[must_use]
    pub fn before(&self, after: NodeIdx) -> Option<NodeIdx> {
        self.placed.as_ref().unwrap_or(self.survivors).before(after)
    }

    /// The first edge of an object of the older heap that is called as one of the newer heap is.
    pub(super) fn same_edge(&self, before: NodeIdx, edge: EdgeIdx) -> Option<EdgeIdx> {
        let mut fields = self.fields.lock().unwrap_or_else(PoisonError::into_inner);
        fields.same(self.heaps, before, edge)
    }

    /// What a name of the newer heap is in the older one, both the canonical ones.
    pub(super) fn same_name(&self, name: u32) -> Option<u32> {
        let mut fields = self.fields.lock().unwrap_or_else(PoisonError::into_inner);
        fields.before(self.heaps, name)
    }

    /// Whether the older heap lacks it.
    #[must_use]
    pub fn is_fresh(&self, after: NodeIdx) -> bool {
        self.fresh.has(after.at())
    }

    /// The class of a node of the newer heap.
    #[must_use]
    pub fn class(&self, node: NodeIdx) -> ClassIdx {
        self.naming.after.class_of[node.at()]
    }

    /// Bytes that a new object brought with it: what it retains, but for what is older than itself.
    #[must_use]
    pub fn brought(&self, node: NodeIdx) -> u64 {
        self.fresh_bytes().of(node)
    }

    /// Sum of what some new objects brought, in bytes; what lies below another counts once.
    pub fn weight(&self, nodes: impl Iterator<Item = NodeIdx>) -> u64 {
        let tree = self.heaps.after.dominators();
        let mut places: Vec<u32> = nodes.map(|n| self.places()[n.at()]).collect();
        places.sort_unstable();
        let (mut sum, mut covered) = (0_u64, 0);
        for place in places {
            if place >= covered {
                covered = tree.end[place as usize];
                sum = sum.saturating_add(self.brought(tree.order[place as usize]));
            }
        }
        sum
    }

    /// The nodes that one dominates, itself first.
    #[must_use]
    pub fn dominated(&self, node: NodeIdx) -> &[NodeIdx] {
        subtree(self.heaps.after, self.places(), node)
    }

    /// The object that a part implements; any other object itself.
    pub(super) fn holder(&self, node: NodeIdx) -> Option<NodeIdx> {
        self.holders.lock().unwrap_or_else(PoisonError::into_inner).of(
            self.heaps.after,
            &self.tree,
            node,
        )
    }

    /// Whether an object is one that a program can make grow: no root, no engine part, no code.
    pub(super) fn can_pile_up(&self, node: NodeIdx) -> bool {
        let kind = self.heaps.after.tables.nodes.kind(node);
        node != ROOT && !is_part(self.heaps.after, node) && kind != NodeKind::Synthetic
    }

    /// Survivors that have grown themselves, with the bytes.
    pub(super) fn survivor_growth(&self) -> impl Iterator<Item = (u64, NodeIdx)> + '_ {
        let Pair { before, after } = self.heaps;
        after.tables.nodes.indices().filter_map(move |node| {
            let old = self.before(node)?;
            let more = after.shallow().of(node).saturating_sub(before.shallow().of(old));
            (more >= super::LITTLE).then_some((more, node))
        })
    }

    /// Survivors that are the nearest surviving dominator of new objects, with the bytes of
    /// these: what only they keep, however it hangs together.
    pub(super) fn owned_bytes(&self) -> impl Iterator<Item = (NodeIdx, u64)> + use<> {
        let mut bytes: HashMap<NodeIdx, u64> = HashMap::new();
        let fresh = self.fresh_bytes();
        for node in self.heaps.after.tables.nodes.indices() {
            let own = fresh.of(node);
            if own > 0
                && !self.is_fresh(node)
                && let Some(holder) = self.holder(node)
            {
                let sum = bytes.entry(holder).or_default();
                *sum = sum.saturating_add(own);
            }
        }
        bytes.into_iter()
    }

    /// Bytes of a tagged pointer: 4 where pointers are compressed.
    pub(super) fn pointer_size(&self) -> u64 {
        let heap = self.heaps.after;
        let number = heap.tables.nodes.indices().find(|n| {
            heap.tables.nodes.kind(*n) == NodeKind::Number && !heap.shallow().is_zero(*n)
        });
        if number.is_some_and(|n| heap.shallow().of(n) == 12) { 4 } else { 8 }
    }
}

/// By node: its place in the dominator tree's order.
fn places(heap: &Heap) -> Vec<u32> {
    let mut places = vec![0; heap.tables.nodes.len()];
    for (at, node) in (0..).zip(&heap.dominators().order) {
        places[node.at()] = at;
    }
    places
}

fn subtree<'h>(heap: &'h Heap, places: &[u32], node: NodeIdx) -> &'h [NodeIdx] {
    let at = places[node.at()] as usize;
    &heap.dominators().order[at..heap.dominators().end[at] as usize]
}

fn fresh_bytes(heap: &Heap, fresh: &Bits) -> Sizes {
    let mut bytes = Sizes::zero(heap.tables.nodes.len());
    for node in heap.dominators().order.iter().rev() {
        if fresh.has(node.at()) {
            let own = bytes.of(*node).saturating_add(heap.shallow().of(*node));
            bytes.set(*node, own);
            let idom = heap.dominators().idom[node.at()];
            if idom != *node {
                bytes.set(idom, bytes.of(idom).saturating_add(own));
            }
        }
    }
    bytes
}
