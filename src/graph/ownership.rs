//! Tables in, adjusted shallow sizes out: hidden parts count for the object that owns them.
//!
//! ```text
//!   map:Map(32) -table-> store:(array, 8192)      map 8224, store 0
//!
//!   a:Array -\
//!             > shared:(array, 64)                two owners: shared keeps its 64
//!   b:Array -/
//! ```
//!
//! Hidden nodes, arrays and external string data are parts; a part's owner is the one
//! whole object from which it is reached through parts only, over anything but weak edges
//! (DevTools `calculateShallowSizes`). Sizes are 64-bit here and never wrap.

use super::{Bits, Known};
use crate::ids::{NodeIdx, ROOT};
use crate::parse::{EdgeKind, NodeKind, Sizes, Tables};

const NOBODY: u32 = u32::MAX;
const SEVERAL: u32 = u32::MAX - 1;

/// Makes shallow sizes, after ownership, of sizes as written. `state` is the DOM state (a detached
/// node is renamed, and then no longer external string data).
pub(super) fn shallow_sizes(
    mut sizes: Sizes,
    tables: &Tables,
    known: &Known,
    state: &[u8],
) -> Sizes {
    if !super::strength::has_user_roots(tables, known) {
        return sizes;
    }
    let parts = find_parts(tables, known, state);
    let owner = find_owners(tables, &parts);
    for node in tables.nodes.indices() {
        let holder = owner[node.at()];
        if !parts.has(node.at()) || holder >= SEVERAL || NodeIdx(holder) == ROOT {
            continue;
        }
        if tables.nodes.kind(NodeIdx(holder)) != NodeKind::Synthetic {
            let holder = NodeIdx(holder);
            sizes.set(holder, sizes.of(holder).saturating_add(sizes.of(node)));
            sizes.set(node, 0);
        }
    }
    sizes
}

fn find_parts(tables: &Tables, known: &Known, state: &[u8]) -> Bits {
    let nodes = &tables.nodes;
    Bits::collect(nodes.len(), |range, parts| {
        parts.fill(range, |at| {
            let node = NodeIdx::from_at(at);
            match nodes.kind(node) {
                NodeKind::Hidden | NodeKind::Array => true,
                NodeKind::Native => {
                    known.is(tables, nodes.name(node), known.external_string_data)
                        && !super::is_renamed(tables, state, node)
                }
                _ => false,
            }
        });
    })
}

/// For every part: its owner, SEVERAL or NOBODY.
fn find_owners(tables: &Tables, parts: &Bits) -> Vec<u32> {
    let mut owner = vec![NOBODY; tables.nodes.len()];
    let mut changed: Vec<NodeIdx> = Vec::new();
    let mut hand_on = |from: NodeIdx, value: u32, changed: &mut Vec<NodeIdx>| {
        for edge in tables.edges_of(from) {
            let target = tables.edges.target(edge);
            if !parts.has(target.at()) || tables.edges.kind(edge) == EdgeKind::Weak {
                continue;
            }
            let now = &mut owner[target.at()];
            let next = if *now == NOBODY || *now == value { value } else { SEVERAL };
            if *now != next {
                *now = next;
                changed.push(target);
            }
        }
        changed.pop().map(|part| (part, owner[part.at()]))
    };
    for node in tables.nodes.indices().filter(|n| !parts.has(n.at())) {
        let mut next = hand_on(node, node.0, &mut changed);
        while let Some((part, value)) = next {
            next = hand_on(part, value, &mut changed);
        }
    }
    owner
}
