//! A name in, where edges of that name lead out. It is looked up once, however many nodes are asked.

use crate::graph::Heap;
use crate::ids::{EdgeIdx, NodeIdx, StrIdx};
use crate::parse::EdgeKind;

/// A name of edges in one heap.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Label(Option<StrIdx>);

impl Label {
    pub(super) fn of(heap: &Heap, name: &str) -> Self {
        Self(heap.tables.strings.find(&name.into()))
    }

    /// Whether an edge that has a name is called so.
    pub(super) fn names(self, heap: &Heap, edge: EdgeIdx) -> bool {
        let name = || StrIdx(heap.tables.edges.label(edge));
        self.0.is_some_and(|label| heap.tables.strings.canonical(name()) == label)
    }

    /// The first node of those that a node's edges of a kind and this name lead to.
    fn target(self, heap: &Heap, node: NodeIdx, kind: EdgeKind) -> Option<NodeIdx> {
        let edges = &heap.tables.edges;
        self.0?;
        let mut found = heap.tables.edges_of(node);
        let edge = found.find(|edge| edges.kind(*edge) == kind && self.names(heap, *edge))?;
        Some(edges.target(edge))
    }

    /// The same over internal edges.
    pub(crate) fn internal(self, heap: &Heap, node: NodeIdx) -> Option<NodeIdx> {
        self.target(heap, node, EdgeKind::Internal)
    }

    /// The same over properties.
    pub(crate) fn property(self, heap: &Heap, node: NodeIdx) -> Option<NodeIdx> {
        self.target(heap, node, EdgeKind::Property)
    }
}
