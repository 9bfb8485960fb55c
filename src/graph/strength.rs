//! Tables in, one bit per edge out: does the edge keep its target alive in the eyes of the
//! dominator tree? One rule book (DevTools `isEssentialEdge`):
//!
//! * the WeakMap's side of an ephemeron does not, the key's side does;
//! * weak edges and edges to oneself do not;
//! * shortcut edges do only from the root;
//! * what the page owns is not held by what it does not own, unless by the root.

use super::{Bits, Known};
use crate::ids::{EdgeIdx, NodeIdx, ROOT, StrIdx};
use crate::parse::{Bond, EdgeKind, NodeKind, Tables};

/// A node that belongs to the program and not to the engine.
pub(super) fn is_user_root(tables: &Tables, known: &Known, node: NodeIdx) -> bool {
    tables.nodes.kind(node) != NodeKind::Synthetic || is_document(tables, known, node)
}

fn is_document(tables: &Tables, known: &Known, node: NodeIdx) -> bool {
    tables.nodes.kind(node) == NodeKind::Synthetic
        && known.is(tables, tables.nodes.name(node), known.document_dom_trees)
}

/// Whether any edge of the root leads to a user root. Snapshots that expose internals have
/// none, and then DevTools merges no sizes.
pub(super) fn has_user_roots(tables: &Tables, known: &Known) -> bool {
    tables.edges_of(ROOT).any(|e| is_user_root(tables, known, tables.edges.target(e)))
}

/// Everything the page reaches: from the globals and the documents over anything but weak.
fn page_owned(tables: &Tables, known: &Known) -> Bits {
    let mut owned = Bits::new(tables.nodes.len());
    let mut stack = Vec::new();
    for edge in tables.edges_of(ROOT) {
        let target = tables.edges.target(edge);
        let starts = match tables.edges.kind(edge) {
            EdgeKind::Shortcut => true,
            EdgeKind::Element => is_document(tables, known, target),
            _ => false,
        };
        if starts && owned.add(target.at()) {
            stack.push(target);
        }
    }
    while let Some(node) = stack.pop() {
        for edge in tables.edges_of(node) {
            if tables.edges.kind(edge) == EdgeKind::Weak {
                continue;
            }
            let target = tables.edges.target(edge);
            if owned.add(target.at()) {
                stack.push(target);
            }
        }
    }
    owned
}

/// The edges that count.
pub(super) fn strong_edges(tables: &Tables, known: &Known) -> Bits {
    let owned = page_owned(tables, known);
    Bits::collect(tables.edges.len(), |range, strong| {
        if range.is_empty() {
            return;
        }
        let mut source = tables.nodes.source(EdgeIdx::from_at(range.start));
        let mut end = tables.nodes.edges(source).end;
        let mut holds_all = source == ROOT || owned.has(source.at());
        strong.fill(range, |at| {
            while at >= end {
                source.0 += 1;
                end = tables.nodes.edges(source).end;
                holds_all = owned.has(source.at());
            }
            let edge = EdgeIdx::from_at(at);
            let target = tables.edges.target(edge);
            (holds_all || !owned.has(target.at()))
                && source != target
                && keeps(tables, source, edge)
        });
    })
}

/// Whether the kind of the edge is one that keeps its target.
#[inline(always)]
fn keeps(tables: &Tables, source: NodeIdx, edge: EdgeIdx) -> bool {
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
