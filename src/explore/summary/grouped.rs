//! A closure in, what it has in common with all closures of its function out.

use crate::graph::Heap;
use crate::ids::NodeIdx;
use crate::objects::{ScopeNames, unbound};
use std::collections::HashMap;

/// Knows closures by their functions; each is looked at once.
pub(super) struct Functions<'a> {
    heap: &'a Heap,
    names: ScopeNames<'a>,
    known: HashMap<NodeIdx, (NodeIdx, NodeIdx)>,
}

impl<'a> Functions<'a> {
    pub(super) fn of(heap: &'a Heap) -> Self {
        Self { heap, names: ScopeNames::of(heap), known: HashMap::new() }
    }

    /// What closures of one function share, or else the closure itself; and the closure that is called
    /// where this one is bound.
    pub(super) fn get(&mut self, closure: NodeIdx) -> (NodeIdx, NodeIdx) {
        let Self { heap, names, known } = self;
        *known.entry(closure).or_insert_with(|| {
            let called = unbound(heap, closure);
            (names.shared(called).unwrap_or(called), called)
        })
    }
}
