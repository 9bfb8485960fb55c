//! Two heaps in, every edge from an object that was there before to one that is new out.
//!
//! ```text
//!   before                    after
//!   sessions:Map -> s1        sessions:Map -> s1           survivors: sessions, s1
//!                                          -> s2  *        new: s2, s3, u2, u3
//!                                          -> s3  *        * the frontier
//!                                              \-> u3
//! ```
//!
//! Whatever leaks hangs below such an edge. Parts (hash tables, elements) are taken for the
//! object they implement, whether they are new or not: a Map that grows gets a new table.

use super::Matched;
use crate::graph::sweep;
use crate::ids::{EdgeIdx, NodeIdx};
use crate::objects::{holds, is_part};
use crate::parse::Hop;

/// One edge of the frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Crossing {
    /// The surviving object, or the one that a part on the way implements.
    pub holder: NodeIdx,
    /// The new object.
    pub entry: NodeIdx,
    /// The last edge, which leads into the entry.
    pub edge: EdgeIdx,
}

/// All crossings, by holder, then by entry.
pub(crate) fn frontier(matched: &Matched<'_>) -> Vec<Crossing> {
    let (heap, fresh) = (matched.heaps.after, &matched.fresh);
    let mut found = Vec::new();
    let mut from = From { source: NodeIdx::NONE, holder: Holder::Unknown };
    let wants = |_: &_, hop: Hop| fresh.has(hop.target().at());
    sweep(&heap.tables, &mut from, wants, |from, source, edge| {
        if from.source != source {
            *from = From { source, holder: Holder::Unknown };
        }
        let entry = heap.tables.edges.target(edge);
        if matches!(from.holder, Holder::None) || is_part(heap, entry) || !holds(heap, source, edge)
        {
            return;
        }
        if matches!(from.holder, Holder::Unknown) {
            let holder = matched.holder(source).filter(|holder| !fresh.has(holder.at()));
            from.holder = holder.map_or(Holder::None, Holder::Is);
        }
        if let Holder::Is(holder) = from.holder {
            found.push(Crossing { holder, entry, edge });
        }
    });
    found.sort_unstable();
    found
}

/// The source of the edges in hand, and who counts for it.
struct From {
    source: NodeIdx,
    holder: Holder,
}

enum Holder {
    Unknown,
    /// None, or one that is new.
    None,
    Is(NodeIdx),
}
