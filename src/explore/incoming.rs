//! A heap in, every object's incoming edges out.

use crate::graph::Heap;
use crate::ids::{EdgeIdx, NodeIdx};
use crate::parse::Hop;

/// The edges that lead to each node, in the order of the file.
#[derive(Debug)]
pub(super) struct Incoming {
    /// By node: its part of `edges` begins here.
    first: Vec<u32>,
    edges: Vec<EdgeIdx>,
}

impl Incoming {
    pub(super) fn of(heap: &Heap) -> Self {
        let hops = heap.tables.edges.hops();
        let mut first = vec![0_u32; heap.tables.nodes.len() + 1];
        for hop in hops {
            first[Hop(*hop).target().at()] += 1;
        }
        let mut sum = 0;
        for first in &mut first {
            sum += *first;
            *first = sum;
        }
        // Filled from each list's end: what is left in `first` at last is its start.
        let mut edges = vec![EdgeIdx::NONE; hops.len()];
        for (at, hop) in hops.iter().enumerate().rev() {
            let slot = &mut first[Hop(*hop).target().at()];
            *slot -= 1;
            edges[*slot as usize] = EdgeIdx::from_at(at);
        }
        Self { first, edges }
    }

    /// The edges that lead to a node.
    pub(super) fn to(&self, node: NodeIdx) -> &[EdgeIdx] {
        &self.edges[self.first[node.at()] as usize..self.first[node.at() + 1] as usize]
    }
}
