//! Sets of edges in, the bytes that each cut would free out: computed, not guessed.
//!
//! All cuts are tried in one walk. Every node has one bit per cut that says "still reached",
//! so a walk for sixty cuts costs little more than a walk for one.

use crate::graph::{Bits, Heap};
use crate::growth::holds;
use crate::ids::{EdgeIdx, NodeIdx, ROOT};
use std::collections::HashMap;

/// So many cuts can be tried at once; one more bit stands for "nothing cut".
pub const MOST_CUTS: usize = 63;

/// Bytes that become unreachable when the edges of each cut are removed, by cut.
///
/// # Panics
/// Never; cuts beyond [`MOST_CUTS`] are ignored and free nothing.
#[must_use]
pub fn freed(heap: &Heap, cuts: &[Vec<EdgeIdx>]) -> Vec<u64> {
    let mut cut_by: HashMap<EdgeIdx, u64> = HashMap::new();
    let mut sources = Bits::new(heap.tables.nodes.len());
    for (bit, edges) in cuts.iter().take(MOST_CUTS).enumerate() {
        for edge in edges {
            *cut_by.entry(*edge).or_default() |= 1 << bit;
            sources.set(heap.tables.nodes.source(*edge).at());
        }
    }
    let mut reached = vec![0_u64; heap.tables.nodes.len()];
    reached[ROOT.at()] = u64::MAX;
    let mut stack = vec![ROOT];
    while let Some(node) = stack.pop() {
        let all = reached[node.at()];
        let cut = sources.has(node.at());
        for edge in heap.tables.edges_of(node) {
            let target = heap.tables.edges.target(edge);
            let mut bits = all & !reached[target.at()];
            if bits == 0 || !holds(heap, node, edge) {
                continue;
            }
            if cut {
                bits &= !cut_by.get(&edge).copied().unwrap_or(0);
            }
            if bits != 0 {
                reached[target.at()] |= bits;
                stack.push(target);
            }
        }
    }
    let mut freed = vec![0_u64; cuts.len()];
    for (at, bits) in reached.iter().enumerate() {
        if *bits == u64::MAX || *bits == 0 {
            continue;
        }
        let size = heap.shallow.of(NodeIdx::from_at(at));
        for (bit, sum) in freed.iter_mut().enumerate().take(MOST_CUTS) {
            if bits >> bit & 1 == 0 {
                *sum = sum.saturating_add(size);
            }
        }
    }
    freed
}
