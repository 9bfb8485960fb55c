//! Two heaps whose ids mean nothing to each other in, which objects are in both out.

mod anchors;
mod lists;
mod looks;
mod matches;
mod names;
mod order;
mod walk;

use super::{Comparison, Survivors};
use crate::ids::NodeIdx;
use crate::phase::phase;
use anchors::anchors;
use lists::Lists;
use looks::Side;
use matches::Matches;
use order::by_order;
use walk::walk;

/// The same objects of two heaps, told by what they look like, and by where they hang and stand.
pub(crate) struct ByStructure {
    pub(crate) survivors: Survivors,
    /// Whether the survivors have kept their order, as they do within a process.
    pub(crate) in_order: bool,
}

/// Matches the objects of two heaps.
pub(crate) fn by_structure(comparison: &Comparison) -> ByStructure {
    let heaps = comparison.heaps();
    let naming = comparison.census.as_ref().map(|c| &c.naming);
    let sides = phase!("looks", Side::of(heaps, naming));
    let mut matches = Matches::new(&sides);
    phase!("anchors", anchors(&mut matches));
    phase!("order", by_order(&mut matches));
    let mut lists = Lists::new(heaps.after.tables.nodes.len());
    phase!("outward", walk(&mut matches, &mut lists));
    let in_order = are_in_order(&matches.twins().before);
    ByStructure { survivors: Survivors(matches.survivors()), in_order }
}

/// Whether most survivors that are next to each other in the older file still are in the newer one.
/// Measured: 70 to 99 % within a process, 35 to 61 % between two that do the same.
fn are_in_order(twins: &[NodeIdx]) -> bool {
    let both = twins.windows(2).filter(|two| !two[0].is_none() && !two[1].is_none());
    let (all, still) = both.fold((0_usize, 0_usize), |(all, still), two| {
        (all + 1, still + usize::from(two[0].at() + 1 == two[1].at()))
    });
    still * 3 >= all * 2
}
