//! An edge in, whether it keeps its target alive in the eyes of whoever looks for a leak out.

use super::is_part;
use crate::graph::Heap;
use crate::ids::{EdgeIdx, NodeIdx, StrIdx};
use crate::parse::Bond;

/// Whether an edge keeps its target alive. It is the rule of the dominators, which is DevTools', but
/// for one thing: where a producer has left out the names that tell a WeakMap's key from its table, an
/// entry is the key's, as it always is. DevTools takes it for both, and so do our sizes.
#[inline]
pub(crate) fn holds(heap: &Heap, source: NodeIdx, edge: EdgeIdx) -> bool {
    heap.keeps(source, edge) && !is_table_side(heap, source, edge)
}

fn is_table_side(heap: &Heap, source: NodeIdx, edge: EdgeIdx) -> bool {
    let tables = &heap.tables;
    if tables.edges.bond(edge) != Bond::Entry {
        return false;
    }
    let name = StrIdx(tables.edges.label(edge));
    tables.ephemerons.get(name).is_none()
        && tables.ephemerons.is_blank(name)
        && is_part(heap, source)
}
