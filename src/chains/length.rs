//! A search tree in, how long the way to an object is out.
//!
//! ```text
//!   root -> a -> b -> ... -> z -> C1        the ways to a million classes may have a million
//!                             \-> C2        steps in common: each step is walked once
//! ```

use crate::graph::{Heap, ShortestTree};
use crate::ids::{NodeIdx, ROOT};
use crate::parse::EdgeKind;

/// How long ways are, as far as it was asked.
#[derive(Debug)]
pub(super) struct Lengths {
    /// By node: twice the number of steps, one more if the first leads over a weak edge; 0 if
    /// nobody has asked.
    known: Vec<u32>,
}

/// What there is to know of a way before it is walked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Length {
    /// The root's and the object's among them; 0 if no search reached it.
    pub steps: usize,
    /// Whether the first edge is a weak one.
    pub starts_weak: bool,
}

/// The root's own.
const START: u32 = 2;

impl Lengths {
    pub(super) fn new(heap: &Heap) -> Self {
        Self { known: vec![0; heap.tables.nodes.len()] }
    }

    /// The length of the way to an object.
    pub(super) fn of(&mut self, heap: &Heap, tree: &ShortestTree, object: NodeIdx) -> Length {
        let mut path = Vec::new();
        let mut at = object;
        while at != ROOT && self.known[at.at()] == 0 {
            let edge = tree.via[at.at()];
            if edge.is_none() {
                return Length { steps: 0, starts_weak: false };
            }
            path.push(edge);
            at = heap.tables.nodes.source(edge);
        }
        let mut length = if at == ROOT { START } else { self.known[at.at()] };
        for edge in path.into_iter().rev() {
            let first = length == START;
            length += START + u32::from(first && heap.tables.edges.kind(edge) == EdgeKind::Weak);
            self.known[heap.tables.edges.target(edge).at()] = length;
        }
        Length { steps: (length / 2) as usize, starts_weak: length % 2 == 1 }
    }
}
