//! An edge of the newer heap in, the edge of the same name that an object of the older heap has out.

use crate::graph::Heap;
use crate::ids::{EdgeIdx, NodeIdx, StrIdx};
use crate::pair::Pair;
use crate::parse::EdgeKind;
use std::collections::HashMap;

/// The kind of an edge, and its name (the canonical one) or index.
type Name = (EdgeKind, u32);

/// What has been asked before. Many containers may be fields of one object, and many edges have one
/// long name.
#[derive(Debug, Default)]
pub(super) struct Fields {
    /// By name in the newer heap: the same in the older one.
    names: HashMap<u32, Option<u32>>,
    /// By object of the older heap with many edges: the first edge of each name.
    edges: HashMap<NodeIdx, HashMap<Name, EdgeIdx>>,
}

/// The edges of an object with no more are looked through each time; those of others are filed by name once.
const FEW: usize = 32;

impl Fields {
    /// The first edge of an object of the older heap that is called as one of the newer heap is.
    pub(super) fn same(
        &mut self,
        heaps: Pair<&Heap>,
        before: NodeIdx,
        edge: EdgeIdx,
    ) -> Option<EdgeIdx> {
        let (kind, label) = name(heaps.after, edge);
        let label = if kind.is_indexed() { label } else { self.before(heaps, label)? };
        let (old, wanted) = (heaps.before, (kind, label));
        if old.tables.nodes.edges(before).len() <= FEW {
            return old.tables.edges_of(before).find(|edge| name(old, *edge) == wanted);
        }
        let edges = self.edges.entry(before).or_insert_with(|| {
            let mut first = HashMap::new();
            for edge in old.tables.edges_of(before) {
                first.entry(name(old, edge)).or_insert(edge);
            }
            first
        });
        edges.get(&wanted).copied()
    }

    /// What a name is in the older heap.
    pub(super) fn before(&mut self, heaps: Pair<&Heap>, label: u32) -> Option<u32> {
        let Pair { before, after } = heaps.map(|heap| &heap.tables.strings);
        let same = || before.find(&after.get(StrIdx(label))).map(|same| same.0);
        *self.names.entry(label).or_insert_with(same)
    }
}

/// What an edge is called.
pub(super) fn name(heap: &Heap, edge: EdgeIdx) -> Name {
    let (edges, strings) = (&heap.tables.edges, &heap.tables.strings);
    let label = edges.name(edge).map(|name| strings.canonical(name).0);
    (edges.kind(edge), label.unwrap_or_else(|| edges.label(edge)))
}
