//! An explorer in, the whole summary out: each part from its own file.

use super::{Rows, Summary};
use crate::error::Result;
use crate::explore::Explorer;
use crate::ids::NodeIdx;

/// So many rows are told at most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Most(usize);

impl Most {
    /// How many objects a list may tell.
    pub(super) const fn objects(self) -> u64 {
        self.0 as u64
    }

    /// The first rows of a list that is in its order, each told.
    pub(super) fn of<R, T>(self, all: Vec<R>, tell: impl FnMut(R) -> T) -> Rows<T> {
        let total = all.len() as u64;
        Rows { rows: all.into_iter().take(self.0).map(tell).collect(), total }
    }
}

impl Explorer {
    /// What the snapshot is made of; `limit` rows of each list, and all classes.
    ///
    /// # Errors
    /// `Damaged` if what the file says of who reads which variable cannot be.
    pub fn summary(&self, limit: u64) -> Result<Summary> {
        rayon::join(|| self.prepare(), || rayon::join(|| self.ways(), || self.heap.shortest()));
        let most = Most(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(Summary {
            total_size: self.heap.total_size(),
            nodes: self.heap.tables.nodes.len() as u64,
            limit,
            kinds: super::totals::kinds(&self.heap),
            statistics: super::totals::statistics(&self.heap),
            classes: self.class_summaries(),
            dominators: self.heaviest(most),
            containers: self.containers(most),
            copies: self.copies(most),
            detached: self.detached(most),
            closures: self.closures(most),
            unread: self.unread(most)?,
            outside: crate::report::outside(&self.heap),
            waiting: self.waiting(most),
            listeners: self.listeners(most),
            timers: self.timers(most),
        })
    }

    /// All objects of the heap, without the engine's parts.
    pub(super) fn objects(&self) -> impl Iterator<Item = NodeIdx> + '_ {
        let nodes = self.heap.tables.nodes.indices();
        nodes.filter(|node| !crate::objects::is_part(&self.heap, *node))
    }
}
