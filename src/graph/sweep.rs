//! Tables and a question in, every edge that passes it out, in file order, with its source.
//!
//! Few edges lead to what a walk looks for, but each has to be asked. A walk from node to node jumps
//! about in the edge table and waits at each branch; here the table is read from front to back, and
//! a block's answers are put down without a branch before the first of them is looked at.

use crate::ids::{EdgeIdx, NodeIdx};
use crate::parse::{Hop, Tables};

const BLOCK: usize = 2048;

/// Calls `visit` for every edge that `wants` says yes to. What `visit` does to the state may come
/// too late for the answers of its own block, so it has to ask once more where that matters.
#[inline(always)]
pub(crate) fn sweep<S>(
    tables: &Tables,
    state: &mut S,
    wants: impl Fn(&S, Hop) -> bool,
    mut visit: impl FnMut(&mut S, NodeIdx, EdgeIdx),
) {
    let hops = tables.edges.hops();
    let first = tables.nodes.first_edges();
    let mut wanted = [0_u32; BLOCK];
    let mut source = 0;
    for (block, start) in hops.chunks(BLOCK).zip((0_u32..).step_by(BLOCK)) {
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
