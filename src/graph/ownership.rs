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

use super::{Bits, KnownStrings, sweep};
use crate::ids::{NodeIdx, ROOT};
use crate::parse::{Bond, Hop, NodeKind, Sizes, Tables};

const NOBODY: u32 = u32::MAX;
const SEVERAL: u32 = u32::MAX - 1;
/// So many parts wait before they are looked at: what is fetched has time to come.
const AHEAD: usize = 32;

/// Makes shallow sizes, after ownership, of sizes as written. `state` is the DOM state (a detached
/// node is renamed, and then no longer external string data).
pub(super) fn shallow_sizes(
    mut sizes: Sizes,
    tables: &Tables,
    known: &KnownStrings,
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

fn find_parts(tables: &Tables, known: &KnownStrings, state: &[u8]) -> Bits {
    let nodes = &tables.nodes;
    let is_part = |node: &NodeIdx| match nodes.kind(*node) {
        NodeKind::Hidden | NodeKind::Array => true,
        NodeKind::Native => {
            known.is(tables, nodes.name(*node), known.external_string_data)
                && !super::is_renamed(tables, state, *node)
        }
        _ => false,
    };
    let mut parts = Bits::new(nodes.len());
    nodes.indices().filter(is_part).for_each(|part| parts.set(part.at()));
    parts
}

/// For every part: its owner, SEVERAL or NOBODY.
fn find_owners(tables: &Tables, parts: &Bits) -> Vec<u32> {
    let mut owners = Owners {
        tables,
        owner: vec![NOBODY; tables.nodes.len()],
        open: parts.clone(),
        changed: Vec::new(),
    };
    let wants = |owners: &Owners<'_>, hop: Hop| {
        owners.open.has(hop.target().at()) & (hop.bond() != Bond::Weak)
    };
    sweep(tables, &mut owners, wants, |owners, source, edge| {
        if parts.has(source.at()) {
            return;
        }
        owners.give(tables.edges.target(edge), source.0);
        if owners.changed.len() >= AHEAD {
            owners.tell();
        }
    });
    owners.tell();
    owners.owner
}

struct Owners<'a> {
    tables: &'a Tables,
    owner: Vec<u32>,
    /// Parts that have not several owners yet.
    open: Bits,
    /// Parts whose own parts have not been told.
    changed: Vec<NodeIdx>,
}

impl Owners<'_> {
    /// Gives the owners of what has changed to its own parts, and so on.
    fn tell(&mut self) {
        let tables = self.tables;
        while let Some(part) = self.changed.pop() {
            let owner = self.owner[part.at()];
            for hop in &tables.edges.hops()[tables.nodes.edges(part)] {
                if Hop(*hop).bond() != Bond::Weak {
                    self.give(Hop(*hop).target(), owner);
                }
            }
        }
    }

    #[inline(always)]
    fn give(&mut self, part: NodeIdx, owner: u32) {
        if !self.open.has(part.at()) {
            return;
        }
        let now = &mut self.owner[part.at()];
        let next = if *now == NOBODY || *now == owner { owner } else { SEVERAL };
        if *now != next {
            *now = next;
            if next == SEVERAL {
                self.open.clear(part.at());
            }
            self.changed.push(part);
            self.tables.fetch(&[part]);
        }
    }
}
