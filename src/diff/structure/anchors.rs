//! What every node looks like in, matches without regard to where they hang out.

use super::looks::{Depth, Side};
use super::matches::Matches;
use crate::ids::NodeIdx;
use rayon::prelude::*;

/// Matches what looks like nothing else in its heap: a class, a module, a named function, a text.
pub(super) fn anchors(matches: &mut Matches<'_>) {
    let sorted = matches.sides.as_ref().join(sorted);
    let mut found = Vec::new();
    let mut others = sorted.after.chunk_by(|a, b| look(*a) == look(*b)).peekable();
    for group in sorted.before.chunk_by(|a, b| look(*a) == look(*b)) {
        while others.next_if(|other| look(other[0]) < look(group[0])).is_some() {}
        let other = others.next_if(|other| look(other[0]) == look(group[0]));
        if let ([old], Some([new])) = (group, other) {
            found.push((node(*old), node(*new)));
        }
    }
    // In the order of the file, since later steps go through the queue.
    found.par_sort_unstable();
    for (old, new) in found {
        matches.pair(old, new);
    }
}

/// A look, and the node that has it.
type Entry = u64;

fn sorted(side: &Side<'_>) -> Vec<Entry> {
    let nodes = side.heap.tables.nodes.indices();
    let entry = |node: NodeIdx| u64::from(side.look(Depth::Far, node)) << 32 | u64::from(node.0);
    let mut sorted: Vec<Entry> = nodes.map(entry).collect();
    sorted.par_sort_unstable();
    sorted
}

const fn look(entry: Entry) -> u32 {
    (entry >> 32) as u32
}

const fn node(entry: Entry) -> NodeIdx {
    NodeIdx(entry as u32)
}
