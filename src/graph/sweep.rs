//! Tables and a question in, every edge that passes it out, in file order, with its source.
//!
//! Few edges lead to what a walk looks for, but each has to be asked. A walk from node to node jumps
//! about in the edge table and waits at each branch; here the table is read from front to back, and
//! a block's answers are put down without a branch before the first of them is looked at.

use crate::ids::{EdgeIdx, NodeIdx};
use crate::parse::{Hop, Tables};
use rayon::prelude::*;
use std::ops::Range;

const BLOCK: usize = 2048;

/// Calls `visit` for every edge that `wants` says yes to. What `visit` does to the state may come
/// too late for the answers of its own block, so it has to ask once more where that matters.
#[inline(always)]
pub(crate) fn sweep<S>(
    tables: &Tables,
    state: &mut S,
    wants: impl Fn(&S, Hop) -> bool,
    visit: impl FnMut(&mut S, NodeIdx, EdgeIdx),
) {
    sweep_part(tables, 0..tables.edges.len(), state, wants, visit);
}

/// Edges in one part.
const PART: usize = 128 * BLOCK;

/// Every edge that `wants` and then `takes` say yes to, in file order, looked for in parallel.
pub(crate) fn sweep_for(
    tables: &Tables,
    wants: impl Fn(Hop) -> bool + Sync,
    takes: impl Fn(NodeIdx, EdgeIdx) -> bool + Sync,
) -> Vec<(NodeIdx, EdgeIdx)> {
    let parts = 0..tables.edges.len().div_ceil(PART);
    let found = parts.into_par_iter().flat_map_iter(|part| {
        let edges = part * PART..tables.edges.len().min((part + 1) * PART);
        let mut found = Vec::new();
        let wants = |_: &_, hop| wants(hop);
        sweep_part(tables, edges, &mut found, wants, |found, source, edge| {
            if takes(source, edge) {
                found.push((source, edge));
            }
        });
        found
    });
    found.collect()
}

#[inline(always)]
fn sweep_part<S>(
    tables: &Tables,
    edges: Range<usize>,
    state: &mut S,
    wants: impl Fn(&S, Hop) -> bool,
    mut visit: impl FnMut(&mut S, NodeIdx, EdgeIdx),
) {
    let hops = &tables.edges.hops()[edges.clone()];
    let first = tables.nodes.first_edges();
    let mut wanted = [0_u32; BLOCK];
    let mut source = first.partition_point(|first| *first as usize <= edges.start) - 1;
    for (block, start) in hops.chunks(BLOCK).zip((edges.start as u32..).step_by(BLOCK)) {
        let mut count = 0;
        for (hop, edge) in block.iter().zip(start..) {
            wanted[count] = edge;
            count += usize::from(wants(state, Hop(*hop)));
        }
        for edge in &wanted[..count] {
            while first[source + 1] <= *edge {
                source += 1;
            }
            visit(state, NodeIdx::from_at(source), EdgeIdx(*edge));
        }
    }
}
