//! A node in, whether it is an object or a part of one out.

use super::blink::BACKINGS;
use crate::graph::Heap;
use crate::ids::NodeIdx;
use crate::parse::NodeKind;

/// Whether a node is plumbing: it implements the object that holds it and is no object itself.
#[inline]
pub(crate) fn is_part(heap: &Heap, node: NodeIdx) -> bool {
    match heap.tables.nodes.kind(node) {
        NodeKind::Hidden | NodeKind::Array | NodeKind::Code | NodeKind::ObjectShape => true,
        NodeKind::Native => is_backing(heap, node),
        _ => false,
    }
}

/// Chromium's vectors and hash tables.
fn is_backing(heap: &Heap, node: NodeIdx) -> bool {
    let name = heap.tables.nodes.name(node);
    BACKINGS.iter().any(|backing| heap.tables.strings.starts_with(name, backing))
}
