//! Sizes in bytes in, a column of 32-bit numbers out, with the few that are larger beside it.

use crate::ids::NodeIdx;
use std::collections::BTreeMap;

/// One size for each node, in bytes. A snapshot may claim any 64-bit size, but an object of 4 GiB
/// is rare, and half as wide a column is half as much to fetch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sizes {
    small: Vec<u32>,
    /// Those of [`LARGE`] bytes and more.
    large: BTreeMap<u32, u64>,
}

const LARGE: u32 = u32::MAX;

impl Sizes {
    /// Nothing for each of some nodes.
    pub(crate) fn zero(nodes: usize) -> Self {
        Self { small: vec![0; nodes], large: BTreeMap::new() }
    }

    pub(super) fn new(small: Vec<u32>, large: BTreeMap<u32, u64>) -> Self {
        Self { small, large }
    }

    /// The size of a node, in bytes.
    #[inline]
    #[must_use]
    pub fn of(&self, node: NodeIdx) -> u64 {
        match self.small[node.at()] {
            LARGE => self.large.get(&node.0).copied().unwrap_or(u64::from(LARGE)),
            small => u64::from(small),
        }
    }

    /// Whether a node has no size at all.
    #[inline]
    #[must_use]
    pub fn is_zero(&self, node: NodeIdx) -> bool {
        self.small[node.at()] == 0
    }

    /// All sizes, in node order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = u64> + '_ {
        (0..self.small.len() as u32).map(|node| self.of(NodeIdx(node)))
    }

    /// Gives a size to a node that has none.
    #[inline(always)]
    pub(crate) fn put(&mut self, node: NodeIdx, size: u64) {
        let small = narrow(size);
        self.small[node.at()] = small;
        if small == LARGE {
            self.large.insert(node.0, size);
        }
    }

    pub(crate) fn set(&mut self, node: NodeIdx, size: u64) {
        let small = narrow(size);
        let old = std::mem::replace(&mut self.small[node.at()], small);
        if small == LARGE {
            self.large.insert(node.0, size);
        } else if old == LARGE {
            self.large.remove(&node.0);
        }
    }
}

/// What stands for a size in the narrow column.
pub(super) fn narrow(size: u64) -> u32 {
    u32::try_from(size).unwrap_or(LARGE)
}
