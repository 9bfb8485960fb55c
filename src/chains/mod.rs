//! A comparison in, for each class the shortest retainer chain of a typical new object out.

mod access;
mod cut;
mod source;

pub use access::{Access, Label, access, anchor, fold_cycles};
pub use cut::{MOST_CUTS, freed};
pub use source::{Place, Scripts, is_program_file};

use crate::diff::{ClassDelta, Comparison};
use crate::graph::{Heap, ShortestTree};
use crate::ids::{EdgeIdx, NodeIdx, ROOT};
use crate::parse::EdgeKind;
use std::cell::OnceCell;

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
pub struct Finder<'a> {
    comparison: &'a Comparison,
    /// Distances that ignore the root's weak edges; made only if a chain starts over one.
    strong: OnceCell<ShortestTree>,
}

impl<'a> Finder<'a> {
    /// Prepares for one comparison.
    #[must_use]
    pub const fn new(comparison: &'a Comparison) -> Self {
        Self { comparison, strong: OnceCell::new() }
    }

    /// The typical new object of a class: least distance, then largest retained size, then
    /// lowest id. DevTools' "unreached" (-5) counts as farthest.
    #[must_use]
    pub fn typical(&self, row: &ClassDelta) -> Option<NodeIdx> {
        let heap = &self.comparison.heaps.after;
        let rank = |node: &&NodeIdx| {
            let at = node.at();
            let distance = heap.shortest().distance[at].cast_unsigned();
            (distance, std::cmp::Reverse(heap.retained().of(**node)), heap.tables.nodes.id(**node))
        };
        self.comparison.new_objects(row).iter().min_by_key(rank).copied()
    }

    /// The chain by which the search reached the object first. A weak edge of the root starts
    /// it only if there is no other way.
    #[must_use]
    pub fn shortest(&self, object: NodeIdx) -> Chain {
        let heap = &self.comparison.heaps.after;
        let steps = steps(heap, heap.shortest(), object);
        let weak = steps.get(1).is_some_and(|s| heap.tables.edges.kind(s.edge) == EdgeKind::Weak);
        if weak {
            let strong = self.strong.get_or_init(|| heap.shortest_without_weak_roots());
            let other = self::steps(heap, strong, object);
            if !other.is_empty() {
                return Chain { object, steps: other };
            }
        }
        Chain { object, steps }
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
