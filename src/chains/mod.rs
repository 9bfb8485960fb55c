//! A comparison in, for each class the shortest retainer chain of a typical new object out.

mod cut;
mod length;
mod source;

pub use cut::{MOST_CUTS, freed};
pub use source::{Compiled, Place, Script, Scripts};

use crate::diff::{ClassDelta, Comparison};
use crate::graph::{Heap, ShortestTree};
use crate::ids::{EdgeIdx, NodeIdx, ROOT};
use length::Lengths;

/// One step of a chain: the edge that leads into the node (NONE for the root).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Leads from the step before into this one.
    pub edge: EdgeIdx,
    /// Where it leads.
    pub node: NodeIdx,
}

/// The way from the root to an object; no steps if no search reached it.
#[derive(Debug, Clone)]
pub struct Chain {
    /// The object.
    pub object: NodeIdx,
    /// From the root down to the object.
    pub steps: Vec<Step>,
}

/// Finds chains in the newer heap.
#[derive(Debug)]
pub struct ChainFinder<'a> {
    comparison: &'a Comparison,
    lengths: Lengths,
    /// Distances that ignore the root's weak edges; made only if a chain starts over one.
    strong: Option<(ShortestTree, Lengths)>,
}

impl<'a> ChainFinder<'a> {
    /// Prepares for one comparison.
    #[must_use]
    pub fn new(comparison: &'a Comparison) -> Self {
        Self { comparison, lengths: Lengths::new(&comparison.heaps.after), strong: None }
    }

    /// The typical new object of a class: least distance, then largest retained size, then
    /// lowest id. DevTools' "unreached" (-5) counts as farthest.
    #[must_use]
    pub fn typical(&self, row: &ClassDelta) -> Option<NodeIdx> {
        let heap = &self.comparison.heaps.after;
        let rank = |node: &&NodeIdx| {
            let at = node.at();
            let distance = heap.shortest().distance[at].cast_unsigned();
            let retained = std::cmp::Reverse(heap.retained().of(**node));
            (distance, retained, heap.tables.nodes.whole_id(**node))
        };
        self.comparison.new_objects(row).iter().min_by_key(rank).copied()
    }

    /// The chain by which the search reached the object first. A weak edge of the root starts
    /// it only if there is no other way.
    #[must_use]
    pub fn shortest(&mut self, object: NodeIdx) -> Chain {
        let heap = &self.comparison.heaps.after;
        let (tree, _) = self.tree(object);
        Chain { object, steps: steps(heap, tree, object) }
    }

    /// How many steps that chain has. To know it is cheap, however many chains have most of their
    /// steps in common.
    #[must_use]
    pub fn length(&mut self, object: NodeIdx) -> usize {
        self.tree(object).1
    }

    /// Where the chain is found, and its length.
    fn tree(&mut self, object: NodeIdx) -> (&ShortestTree, usize) {
        let heap = &self.comparison.heaps.after;
        let length = self.lengths.of(heap, heap.shortest(), object);
        if length.starts_weak {
            let make = || (heap.shortest_without_weak_roots(), Lengths::new(heap));
            let (tree, lengths) = self.strong.get_or_insert_with(make);
            let other = lengths.of(heap, tree, object);
            if other.steps > 0 {
                return (tree, other.steps);
            }
        }
        (heap.shortest(), length.steps)
    }
}

fn steps(heap: &Heap, tree: &ShortestTree, object: NodeIdx) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut node = object;
    while node != ROOT {
        let edge = tree.via[node.at()];
        if edge.is_none() {
            return Vec::new();
        }
        steps.push(Step { edge, node });
        node = heap.tables.nodes.source(edge);
    }
    steps.push(Step { edge: EdgeIdx::NONE, node: ROOT });
    steps.reverse();
    steps
}
