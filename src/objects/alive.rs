//! An edge in, whether it keeps its target alive out.

use super::is_part;
use crate::graph::Heap;
use crate::ids::{EdgeIdx, NodeIdx, ROOT, StrIdx};
use crate::parse::Bond;

/// Whether an edge keeps its target alive.
pub(crate) fn holds(heap: &Heap, source: NodeIdx, edge: EdgeIdx) -> bool {
    let tables = &heap.tables;
    match tables.edges.bond(edge) {
        Bond::Weak => false,
        Bond::Shortcut => source == ROOT,
        Bond::Entry => {
            let name = StrIdx(tables.edges.label(edge));
            match tables.ephemerons.get(name) {
                Some(pair) => !pair.is_from_table(tables.nodes.id(source)),
                None => !(tables.ephemerons.is_blank(name) && is_part(heap, source)),
            }
        }
        _ => true,
    }
}
