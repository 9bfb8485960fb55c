//! An explorer in, the containers with the most entries out.

use super::whole::Most;
use super::{Holding, Rows};
use crate::explore::Explorer;
use crate::ids::NodeIdx;
use crate::objects::{Holdings, Shape};
use std::cmp::Reverse;

impl Explorer {
    /// Containers by entries; of equal ones the heavier one first.
    pub(super) fn containers(&self, most: Most) -> Rows<Holding> {
        let mut holdings = Holdings::of(&self.heap);
        let count = |node| holdings.count(node).map(|(shape, entries)| (entries, node, shape));
        let mut found: Vec<(u64, NodeIdx, Shape)> = self.objects().filter_map(count).collect();
        let retained = |node: NodeIdx| self.heap.retained().of(node);
        found.sort_by_key(|(entries, node, _)| (Reverse((*entries, retained(*node))), *node));
        let mut teller = self.teller(most.objects());
        most.of(found, |(entries, node, shape)| Holding {
            shape: shape.word(),
            entries,
            object: teller.holding(node, Some(entries).filter(|_| shape != Shape::Object)),
            path: self.path_to(node),
        })
    }
}
