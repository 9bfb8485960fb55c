//! A heap and the class of every node in, the figures of every class out.

use super::Naming;
use crate::graph::{Bits, Heap};
use crate::ids::{ClassIdx, NodeIdx};

/// The figures of one class. Objects of size 0 belong to no class, as in DevTools.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct ClassFigures {
    /// Number of objects; 0 if the class is not in that snapshot.
    pub count: u64,
    /// Sum of their shallow sizes.
    pub shallow: u64,
    /// Sum of the retained sizes of those that no other object of the class dominates: DevTools'
    /// retained size of the class. JSON always has it; other reports may be made without.
    #[cfg_attr(feature = "schema", schemars(with = "u64"))]
    pub retained: Option<u64>,
    /// The least distance of any of them; 0 if there is none. JSON always has it; other reports may be
    /// made without.
    #[cfg_attr(feature = "schema", schemars(with = "i32"))]
    pub distance: Option<i32>,
}

impl ClassFigures {
    /// Those of a class that a heap does not have.
    pub(crate) fn none(weighed: bool) -> Self {
        let (retained, distance) = (weighed.then_some(0), weighed.then_some(0));
        Self { retained, distance, ..Self::default() }
    }
}

/// How many objects each class has and what their shallow sizes come to, by class.
pub(crate) fn count(heap: &Heap, naming: &Naming) -> Vec<ClassFigures> {
    let mut figures = vec![ClassFigures::default(); naming.classes.len()];
    for node in heap.tables.nodes.indices() {
        let size = heap.shallow().of(node);
        if size > 0 {
            let class = &mut figures[naming.class_of[node.at()].at()];
            class.count += 1;
            class.shallow = class.shallow.saturating_add(size);
        }
    }
    figures
}

/// Adds what each class retains and how far it is.
pub(crate) fn weigh(heap: &Heap, naming: &Naming, figures: &mut [ClassFigures]) {
    let distances = &heap.shortest().distance;
    let counted = heap.tables.nodes.indices().filter(|n| !heap.shallow().is_zero(*n));
    for node in counted {
        let distance = distances[node.at()];
        let least = &mut figures[naming.class_of[node.at()].at()].distance;
        *least = Some(least.map_or(distance, |least| least.min(distance)));
    }
    for (class, retained) in figures.iter_mut().zip(retained(heap, naming, None)) {
        class.retained = Some(retained);
        class.distance = class.distance.or(Some(0));
    }
}

/// By class: the sum of the retained sizes of its members (of those in `only`) that have no
/// proper ancestor of the same kind in the dominator tree.
///
/// In the tree's order every subtree is one stretch, so one stamp per class tells whether
/// the walk is still below a counted member.
pub(crate) fn retained(heap: &Heap, naming: &Naming, only: Option<&Bits>) -> Vec<u64> {
    topmost(heap, naming, only, |node| heap.retained().of(node))
}

/// The same for any size that a node has together with what it dominates.
pub(crate) fn topmost(
    heap: &Heap,
    naming: &Naming,
    only: Option<&Bits>,
    size: impl Fn(NodeIdx) -> u64,
) -> Vec<u64> {
    let mut sums = vec![0_u64; naming.classes.len()];
    let mut covered_to = vec![0_u32; naming.classes.len()];
    for (at, node) in (0_u32..).zip(&heap.dominators().order) {
        if heap.shallow().is_zero(*node) || only.is_some_and(|only| !only.has(node.at())) {
            continue;
        }
        let class = naming.class_of[node.at()].at();
        if at >= covered_to[class] {
            covered_to[class] = heap.dominators().end[at as usize];
            sums[class] = sums[class].saturating_add(size(*node));
        }
    }
    sums
}

/// Nodes grouped by class, in node order within each.
#[derive(Debug)]
pub(crate) struct Members {
    /// By class: its part of `nodes` begins here.
    first: Vec<u32>,
    nodes: Vec<NodeIdx>,
}

impl Members {
    /// Groups the nodes of a set.
    pub(crate) fn group(naming: &Naming, set: &Bits) -> Self {
        let members = || set.iter().map(NodeIdx::from_at);
        let mut first = vec![0_u32; naming.classes.len() + 1];
        for node in members() {
            first[naming.class_of[node.at()].at() + 1] += 1;
        }
        for class in 0..naming.classes.len() {
            first[class + 1] += first[class];
        }
        let mut next = first.clone();
        let mut nodes = vec![NodeIdx::NONE; *first.last().unwrap_or(&0) as usize];
        for node in members() {
            let slot = &mut next[naming.class_of[node.at()].at()];
            nodes[*slot as usize] = node;
            *slot += 1;
        }
        Self { first, nodes }
    }

    /// The members of a class; none for a class the heap does not have.
    pub(crate) fn of(&self, class: ClassIdx) -> &[NodeIdx] {
        match (self.first.get(class.at()), self.first.get(class.at() + 1)) {
            (Some(start), Some(end)) => &self.nodes[*start as usize..*end as usize],
            _ => &[],
        }
    }
}
