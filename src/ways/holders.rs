//! A part in, the object that it implements out.

use super::Preferred;
use crate::graph::Heap;
use crate::ids::NodeIdx;
use crate::objects::is_part;

/// The objects that parts implement.
#[derive(Debug)]
pub(crate) struct Holders {
    /// By node: what was found before. A promise's reactions are a list of parts, and asking
    /// for each of them must not walk the list each time.
    found: Vec<NodeIdx>,
}

impl Holders {
    pub(crate) fn new(nodes: usize) -> Self {
        Self { found: vec![NodeIdx::NONE; nodes] }
    }

    /// The first on the node's way up that is no part: often the node itself.
    pub(crate) fn of(&mut self, heap: &Heap, tree: &Preferred, node: NodeIdx) -> Option<NodeIdx> {
        let mut path = Vec::new();
        let mut at = node;
        let holder = loop {
            if !is_part(heap, at) {
                break at;
            }
            let known = self.found[at.at()];
            if !known.is_none() {
                break known;
            }
            path.push(at);
            at = tree.parent(heap, at)?;
        };
        for part in path {
            self.found[part.at()] = holder;
        }
        Some(holder)
    }
}
