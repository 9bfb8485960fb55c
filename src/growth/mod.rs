//! Two heaps in, the containers that were there before and hold more now out.
//!
//! A class that grew is a symptom; the container that was never cleaned is the cause. It is
//! in no row of a comparison, because objects that are in both snapshots are not compared.

mod frontier;
mod ground;
mod handles;
mod lists;
mod merge;
mod replaced;

pub use ground::Ground;
pub use handles::handles;

use crate::ids::{EdgeIdx, NodeIdx};
use crate::objects::{Shape, entries};
use frontier::Crossing;
use std::cmp::Reverse;
use std::collections::HashMap;

/// A container that holds more now.
#[derive(Debug, Clone)]
pub struct Growth {
    /// The container, in the newer heap.
    pub holder: NodeIdx,
    /// What kind of container it is.
    pub shape: Shape,
    /// Its entries in the older heap.
    pub entries_before: u64,
    /// Its entries in the newer heap.
    pub entries_after: u64,
    /// Whether the counts are guessed from sizes: numbers leave no edges.
    pub approximate: bool,
    /// The new objects it holds; empty if the entries are numbers.
    pub new_entries: Vec<NodeIdx>,
    /// The edges from the container (or its parts) to its new entries.
    pub edges: Vec<EdgeIdx>,
    /// Bytes retained by the new entries, none counted twice.
    pub retained_new: u64,
    /// The containers at the same place that are taken together here, this one first.
    pub together: Vec<NodeIdx>,
    /// Whether the entries are what the container itself holds, so that any heap that has it
    /// can be asked.
    pub direct: bool,
}

impl Growth {
    /// How many entries more.
    #[must_use]
    pub const fn more(&self) -> u64 {
        self.entries_after.saturating_sub(self.entries_before)
    }
}

/// So many holders are looked at closely.
const CANDIDATES: usize = 96;
/// Fewer new entries than this are not a pile.
pub(crate) const PILE: u64 = 10;
/// In bytes: what grew by less is not worth a look.
const LITTLE: u64 = 4096;

/// The containers that pile up, heaviest first.
#[must_use]
pub fn find(ground: &Ground<'_>) -> Vec<Growth> {
    let groups: HashMap<NodeIdx, &[Crossing]> =
        ground.frontier().chunk_by(|a, b| a.holder == b.holder).map(|g| (g[0].holder, g)).collect();
    let (grown, owned) = rayon::join(
        || ground.survivor_growth().collect::<Vec<_>>(),
        || ground.owned_bytes().collect::<Vec<_>>(),
    );
    let mut candidates: Vec<(u64, NodeIdx)> = grown
        .into_iter()
        .chain(groups.iter().map(|(holder, group)| (ground.weight(distinct(group)), *holder)))
        .chain(owned.into_iter().map(|(holder, bytes)| (bytes, holder)))
        .filter(|(_, holder)| ground.can_pile_up(*holder))
        .collect();
    candidates.sort_unstable_by_key(|(weight, holder)| (*holder, Reverse(*weight)));
    candidates.dedup_by_key(|(_, holder)| *holder);
    candidates.sort_unstable_by_key(|(weight, holder)| (Reverse(*weight), *holder));
    let enough = |(weight, holder): &(u64, NodeIdx)| {
        *weight >= LITTLE
            || groups.get(holder).is_some_and(|group| distinct(group).count() as u64 >= PILE)
    };
    candidates.retain(enough);
    candidates.truncate(CANDIDATES);
    let mut found: Vec<Growth> = candidates
        .iter()
        .filter_map(|(_, holder)| look(ground, *holder, groups.get(holder).copied().unwrap_or(&[])))
        .collect();
    found.sort_by_key(|g| (Reverse(g.retained_new), g.holder));
    let mut seen = std::collections::HashSet::new();
    found.retain(|growth| seen.insert(growth.holder));
    merge::alike(ground, found)
}

fn distinct(group: &[Crossing]) -> impl Iterator<Item = NodeIdx> + '_ {
    group.chunk_by(|a, b| a.entry == b.entry).map(|same| same[0].entry)
}

/// Looks closely at one holder: does it hold more entries, has one of its fields been replaced
/// by something that holds more, has a list below it grown, or has it grown in place?
fn look(ground: &Ground<'_>, holder: NodeIdx, group: &[Crossing]) -> Option<Growth> {
    let before = ground.before(holder);
    let entries_after = entries(ground.heaps.after, holder);
    let entries_before = before.map_or(0, |b| entries(ground.heaps.before, b));
    let new_entries: Vec<NodeIdx> = distinct(group).collect();
    let more = entries_after.saturating_sub(entries_before);
    // Something else than entries may be new as well: the piled up ones have to be there.
    if more >= PILE && new_entries.len() as u64 >= more / 2 {
        return Some(Growth {
            holder,
            shape: Shape::of(ground.heaps.after, holder),
            entries_before,
            entries_after,
            approximate: false,
            retained_new: ground.weight(new_entries.iter().copied()),
            new_entries,
            edges: group.iter().map(|c| c.edge).collect(),
            together: vec![holder],
            direct: true,
        });
    }
    let heaviest = group.iter().max_by_key(|c| (ground.brought(c.entry), Reverse(**c)));
    heaviest
        .and_then(|crossing| replaced::grown(ground, before, *crossing))
        .or_else(|| lists::grown(ground, holder, group))
        .or_else(|| grown_in_place(ground, holder, before?, entries_after))
}

/// Numbers leave no edges; the container's own size tells.
fn grown_in_place(
    ground: &Ground<'_>,
    holder: NodeIdx,
    before: NodeIdx,
    seen: u64,
) -> Option<Growth> {
    let (old, young) =
        (ground.heaps.before.shallow().of(before), ground.heaps.after.shallow().of(holder));
    let shape = Shape::of(ground.heaps.after, holder);
    if young < old.saturating_add(LITTLE)
        || !matches!(shape, Shape::Array | Shape::Map | Shape::Set)
    {
        return None;
    }
    let each = ground.pointer_size()
        * match shape {
            Shape::Map => 4,
            Shape::Set => 3,
            _ => 1,
        };
    // Where entries are seen, what is not seen is room for more; weak keys are never numbers.
    let class = ground.heaps.after.raw_name(holder);
    if seen.saturating_mul(64) > young / each || class.starts_with("Weak") {
        return None;
    }
    Some(Growth {
        holder,
        shape,
        entries_before: old / each,
        entries_after: young / each,
        approximate: true,
        new_entries: Vec::new(),
        edges: Vec::new(),
        retained_new: young - old,
        together: vec![holder],
        direct: false,
    })
}
