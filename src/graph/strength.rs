//! An edge in, whether it keeps its target alive in the eyes of the dominator tree out. One rule
//! book (DevTools `isEssentialEdge`):
//!
//! * the WeakMap's side of an ephemeron does not, the key's side does;
//! * weak edges and edges to oneself do not;
//! * shortcut edges do only from the root;
//! * what the page owns is not held by what it does not own, unless by the root.

use super::KnownStrings;
use crate::ids::{EdgeIdx, NodeIdx, ROOT, StrIdx};
use crate::parse::{Bond, EdgeKind, NodeKind, Tables};

/// A node that belongs to the program and not to the engine.
pub(super) fn is_user_root(tables: &Tables, known: &KnownStrings, node: NodeIdx) -> bool {
    tables.nodes.kind(node) != NodeKind::Synthetic || is_document(tables, known, node)
}

fn is_document(tables: &Tables, known: &KnownStrings, node: NodeIdx) -> bool {
    tables.nodes.kind(node) == NodeKind::Synthetic
        && known.is(tables, tables.nodes.name(node), known.document_dom_trees)
}

/// Whether any edge of the root leads to a user root. Snapshots that expose internals have
/// none, and then DevTools merges no sizes.
pub(super) fn has_user_roots(tables: &Tables, known: &KnownStrings) -> bool {
    tables.edges_of(ROOT).any(|e| is_user_root(tables, known, tables.edges.target(e)))
}

/// Whether what an edge of the root leads to is the page's: a global object or a document.
pub(super) fn starts_page(tables: &Tables, known: &KnownStrings, edge: EdgeIdx) -> bool {
    match tables.edges.kind(edge) {
        EdgeKind::Shortcut => true,
        EdgeKind::Element => is_document(tables, known, tables.edges.target(edge)),
        _ => false,
    }
}

/// Whether the kind of an edge is one that keeps its target.
#[inline(always)]
pub(super) fn keeps(tables: &Tables, source: NodeIdx, edge: EdgeIdx) -> bool {
    match tables.edges.bond(edge) {
        Bond::Weak => false,
        Bond::Shortcut => source == ROOT,
        Bond::Entry => {
            let pair = tables.ephemerons.get(StrIdx(tables.edges.label(edge)));
            pair.is_none_or(|p| !p.is_from_table(tables.nodes.id(source)))
        }
        _ => true,
    }
}
