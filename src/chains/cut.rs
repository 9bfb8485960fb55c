//! Sets of edges in, the bytes that each cut would free out: computed, not guessed.
//!
//! All cuts are tried at once: every node has one bit per cut that says "lost". Nodes are lost with
//! the edges of their known way (any way will do; the preferred ones are there), and saved again by
//! any other edge from what is not lost:
//!
//! ```text
//!        root                  cut x: a, b and d are lost, over the known ways (=)
//!       x//  \                 c -> b saves b, and b -> d saves d
//!       a     c                x frees a
//!       \\   /
//!         b
//!         ||
//!         d
//! ```
//!
//! What is below no cut is never walked over, and that is nearly all.

use crate::graph::{Bits, Heap, sweep_for};
use crate::ids::{EdgeIdx, NodeIdx};
use crate::objects::holds;
use crate::parse::Hop;
use crate::ways::Preferred;
use std::collections::HashMap;

/// So many cuts can be tried at once.
pub const MOST_CUTS: usize = 64;

/// Bytes of what counts that become unreachable when the edges of each cut are removed, by cut. `tree`
/// has the ways in the same heap.
///
/// # Panics
/// Never; cuts beyond [`MOST_CUTS`] are ignored and free nothing.
#[must_use]
pub fn freed(
    heap: &Heap,
    tree: &Preferred,
    cuts: &[Vec<EdgeIdx>],
    counts: impl Fn(NodeIdx) -> bool,
) -> Vec<u64> {
    let mut cut_by: HashMap<EdgeIdx, u64> = HashMap::new();
    let mut sources = Bits::new(heap.tables.nodes.len());
    for (bit, edges) in cuts.iter().take(MOST_CUTS).enumerate() {
        for edge in edges {
            *cut_by.entry(*edge).or_default() |= 1 << bit;
            sources.set(heap.tables.nodes.source(*edge).at());
        }
    }
    if cut_by.is_empty() {
        return vec![0; cuts.len()];
    }
    let count = heap.tables.nodes.len();
    let mut losses = Losses {
        heap,
        tree,
        cut_by,
        sources,
        lost: vec![0; count],
        open: Bits::new(count),
        members: Vec::new(),
    };
    losses.lose();
    losses.save();
    losses.sum(cuts.len(), counts)
}

struct Losses<'a> {
    heap: &'a Heap,
    tree: &'a Preferred,
    cut_by: HashMap<EdgeIdx, u64>,
    /// Nodes with edges that are cut.
    sources: Bits,
    /// By node: one bit for each cut under which nothing is known to reach it.
    lost: Vec<u64>,
    /// Nodes that are lost under any cut, before others save them.
    open: Bits,
    /// All that ever were.
    members: Vec<NodeIdx>,
}

impl Losses<'_> {
    /// Follows the known ways down from the cuts.
    fn lose(&mut self) {
        let tables = &self.heap.tables;
        let mut stack = Vec::new();
        let cuts: Vec<(EdgeIdx, u64)> = self.cut_by.iter().map(|(e, bits)| (*e, *bits)).collect();
        for (edge, bits) in cuts {
            stack.extend(self.lose_over(edge, bits));
        }
        while let Some(node) = stack.pop() {
            let bits = self.lost[node.at()];
            let before = stack.len();
            for edge in tables.edges_of(node) {
                stack.extend(self.lose_over(edge, bits));
            }
            tables.fetch(&stack[before..]);
        }
    }

    /// The target, if it is lost now in more ways.
    fn lose_over(&mut self, edge: EdgeIdx, bits: u64) -> Option<NodeIdx> {
        let target = self.heap.tables.edges.target(edge);
        if self.tree.via(target) != Some(edge) {
            return None;
        }
        let lost = &mut self.lost[target.at()];
        if bits & !*lost == 0 {
            return None;
        }
        *lost |= bits;
        if self.open.add(target.at()) {
            self.members.push(target);
        }
        Some(target)
    }

    /// Finds the other edges that lead to what is lost, and follows each from there.
    fn save(&mut self) {
        let heap = self.heap;
        let wants = |hop: Hop| self.open.has(hop.target().at());
        let saves = |source, edge| self.tree.reaches(source) && self.saved_over(source, edge) != 0;
        let mut stack = Vec::new();
        for (source, edge) in sweep_for(&heap.tables, wants, saves) {
            stack.extend(self.save_over(source, edge));
            while let Some(node) = stack.pop() {
                for edge in heap.tables.edges_of(node) {
                    stack.extend(self.save_over(node, edge));
                }
            }
        }
    }

    /// The target, if it is lost now in fewer ways.
    fn save_over(&mut self, source: NodeIdx, edge: EdgeIdx) -> Option<NodeIdx> {
        let bits = self.saved_over(source, edge);
        let target = self.heap.tables.edges.target(edge);
        self.lost[target.at()] &= !bits;
        (bits != 0).then_some(target)
    }

    /// In which ways the target is not lost, since an edge leads there.
    fn saved_over(&self, source: NodeIdx, edge: EdgeIdx) -> u64 {
        let target = self.heap.tables.edges.target(edge);
        let bits = self.lost[target.at()] & !self.lost[source.at()];
        if bits == 0 || !holds(self.heap, source, edge) {
            return 0;
        }
        if !self.sources.has(source.at()) {
            return bits;
        }
        bits & !self.cut_by.get(&edge).copied().unwrap_or(0)
    }

    fn sum(&self, cuts: usize, counts: impl Fn(NodeIdx) -> bool) -> Vec<u64> {
        let mut freed = vec![0_u64; cuts];
        for node in self.members.iter().filter(|node| counts(**node)) {
            let size = self.heap.shallow().of(*node);
            let mut bits = self.lost[node.at()];
            while bits != 0 {
                let sum = &mut freed[bits.trailing_zeros() as usize];
                *sum = sum.saturating_add(size);
                bits &= bits - 1;
            }
        }
        freed
    }
}
