//! An object and some of what it leads to in, the edges that lead there from it and from its parts out.

use crate::graph::Heap;
use crate::ids::{EdgeIdx, NodeIdx};
use crate::objects::is_part;
use std::collections::{HashMap, HashSet};

/// What has been asked before: one object may have many lists.
#[derive(Default)]
pub(super) struct Entering(HashMap<NodeIdx, Vec<(NodeIdx, EdgeIdx)>>);

/// The edges of an object with no more, its parts' included, are looked through each time; those of others are
/// sorted once.
const FEW: usize = 256;

impl Entering {
    /// Tells the edges from an object and its parts to some others, but for parts that are of these.
    pub(super) fn tell(
        &mut self,
        heap: &Heap,
        owner: NodeIdx,
        others: &HashSet<NodeIdx>,
        edges: &mut Vec<EdgeIdx>,
    ) {
        let all = |owner| all(heap, owner);
        let own = |edge: &EdgeIdx| !others.contains(&heap.tables.nodes.source(*edge));
        let is_known = self.0.contains_key(&owner);
        if !is_known && all(owner).take(FEW + 1).count() <= FEW {
            let leads = |edge: &EdgeIdx| others.contains(&heap.tables.edges.target(*edge));
            edges.extend(all(owner).filter(leads).filter(own));
            return;
        }
        let sorted = self.0.entry(owner).or_insert_with(|| {
            let target = |edge| (heap.tables.edges.target(edge), edge);
            let mut sorted: Vec<(NodeIdx, EdgeIdx)> = all(owner).map(target).collect();
            sorted.sort_unstable();
            sorted
        });
        for other in others {
            let from = sorted.partition_point(|(target, _)| target < other);
            let same = sorted[from..].iter().take_while(|(target, _)| target == other);
            edges.extend(same.map(|(_, edge)| *edge).filter(own));
        }
    }
}

/// The edges of an object and of its parts. Many may lead to one part.
fn all(heap: &Heap, owner: NodeIdx) -> impl Iterator<Item = EdgeIdx> + '_ {
    let mut parts = HashSet::new();
    heap.tables.edges_of(owner).flat_map(move |edge| {
        let target = heap.tables.edges.target(edge);
        let part = target != owner && is_part(heap, target) && parts.insert(target);
        let inner = part.then(|| heap.tables.edges_of(target));
        std::iter::once(edge).chain(inner.into_iter().flatten())
    })
}
