//! A heap in, promises that something waits for out, by the function that waits.

use super::grouped::Functions;
use super::whole::Most;
use super::{Rows, WaitingRow};
use crate::explore::Explorer;
use crate::graph::Bits;
use crate::ids::NodeIdx;
use crate::objects::Promises;
use std::cmp::Reverse;

/// One function that waits for one promise.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Wait {
    /// What all closures of the function share; NONE if there is no function.
    function: NodeIdx,
    promise: NodeIdx,
    closure: NodeIdx,
}

impl Explorer {
    /// What waits for promises, by how often.
    pub(super) fn waiting(&self, most: Most) -> Rows<WaitingRow> {
        let waits = self.waits();
        let mut found: Vec<&[Wait]> = waits.chunk_by(|a, b| a.function == b.function).collect();
        found.sort_by_key(|all| (Reverse(all.len()), all[0].promise));
        let mut teller = self.teller(most.objects());
        most.of(found, |all| {
            let by_promise = || all.chunk_by(|a, b| a.promise == b.promise);
            let usual = by_promise().max_by_key(|all| (all.len(), Reverse(all[0].promise)));
            let promise = usual.map_or(all[0].promise, |all| all[0].promise);
            let function = (!all[0].function.is_none()).then(|| teller.object(all[0].closure));
            WaitingRow {
                function,
                count: all.len() as u64,
                promises: by_promise().count() as u64,
                promise: teller.object(promise),
                path: self.path_to(promise),
            }
        })
    }

    /// All of them. What two promises share is told of the first.
    fn waits(&self) -> Vec<Wait> {
        let mut promises = Promises::of(&self.heap);
        let mut functions = Functions::of(&self.heap);
        let mut seen = Bits::new(self.heap.tables.nodes.len());
        let mut waits = Vec::new();
        for promise in self.objects() {
            let mut reaction = promises.first(promise);
            while let Some(at) = reaction.filter(|at| seen.add(at.at())) {
                let (next, waiter) = promises.look(at);
                let (function, closure) =
                    waiter.map_or((NodeIdx::NONE, NodeIdx::NONE), |waiter| functions.get(waiter));
                waits.push(Wait { function, promise, closure });
                reaction = next;
            }
        }
        waits.sort_unstable();
        waits
    }
}
