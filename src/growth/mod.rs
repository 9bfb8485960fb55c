//! Two heaps in, the containers that were there before and hold more now out.
//!
//! A class that grew is a symptom; the container that was never cleaned is the cause. It is
//! in no row of a comparison, because objects that are in both snapshots are not compared.

mod earlier;
mod entering;
mod fields;
mod frontier;
mod handles;
mod links;
mod lists;
mod matched;
mod merge;
mod replaced;
mod spines;

pub use earlier::entries_then;
pub use handles::{handles, held_then};
pub use matched::Matched;
pub(crate) use replaced::stood;

use crate::graph::{Bits, Heap};
use crate::ids::{EdgeIdx, NodeIdx};
use crate::objects::{Shape, entries, is_weak};
use crate::ways::Preferred;
use earlier::Linked;
use frontier::Crossing;
use replaced::Insides;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

/// A container that holds more now.
#[derive(Debug, Clone)]
pub struct Growth {
    /// The container, in the newer heap.
    pub holder: NodeIdx,
    /// What kind of container it is.
    pub shape: Shape,
    /// How it is known to hold more.
    pub how: How,
    /// Its entries in the older heap.
    pub entries_before: u64,
    /// Its entries in the newer heap.
    pub entries_after: u64,
    /// The new objects it holds; empty if the entries are numbers.
    pub new_entries: Vec<NodeIdx>,
    /// The edges from the container (or its parts) to its new entries.
    pub edges: Vec<EdgeIdx>,
    /// Bytes retained by the new entries, none counted twice.
    pub retained_new: u64,
    /// The containers at the same place that are taken together here, this one first.
    pub together: Vec<NodeIdx>,
    /// Whether these are there under different keys of one object.
    pub keyed: bool,
    /// Of a list, what it is known by in another heap.
    pub(crate) linked: Option<Arc<Linked>>,
}

/// How a container is known to hold more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It holds more entries itself, so that any heap that has it can be asked.
    Entries,
    /// It stands where one stood that held less.
    Replaced,
    /// A list that begins at it has become longer.
    List {
        /// The edge that leads from it into the list; `None` if only something new does.
        incoming: Option<EdgeIdx>,
    },
    /// It has become larger itself. Numbers leave no edges, so the counts are guessed from sizes.
    InPlace,
    /// It is a root, and holds more objects of one class.
    Root,
}

impl How {
    /// Of a list, the edge that leads into it: one object may have several.
    #[must_use]
    pub const fn incoming(self) -> Option<EdgeIdx> {
        match self {
            Self::List { incoming } => incoming,
            _ => None,
        }
    }
}

impl Growth {
    /// How many entries more.
    #[must_use]
    pub const fn more(&self) -> u64 {
        self.entries_after.saturating_sub(self.entries_before)
    }

    /// Of a list, the edge over which its holder has it: one object may have several. It may be entered
    /// over parts of the holder, over something new, or from an entry; up from there.
    #[must_use]
    pub fn field(&self, heap: &Heap, tree: &Preferred) -> Option<EdgeIdx> {
        let How::List { incoming } = self.how else { return None };
        let mut edge = incoming.or_else(|| self.edges.first().copied())?;
        while heap.tables.nodes.source(edge) != self.holder {
            edge = tree.via(heap.tables.nodes.source(edge))?;
        }
        Some(edge)
    }

    /// Whether the counts are guessed.
    #[must_use]
    pub const fn is_approximate(&self) -> bool {
        matches!(self.how, How::InPlace)
    }
}

/// Entries that a container must have got to be looked at, and new objects of a sort that may be a list.
pub(crate) const PILE: u64 = 10;
/// Bytes that an object's new objects must retain if they are fewer, or that numbers in place must have grown
/// by, to be looked at.
const LITTLE: u64 = 4096;

/// The containers that pile up, heaviest first.
#[must_use]
pub fn find(matched: &Matched<'_>) -> Vec<Growth> {
    let (mut found, lists) = rayon::join(|| containers(matched), || lists::grown(matched));
    without_known(matched, lists, &mut found);
    found.sort_by_key(|g| (Reverse(g.retained_new), g.holder));
    let mut seen = std::collections::HashSet::new();
    found.retain(|growth| {
        seen.insert((growth.holder, growth.field(matched.heaps.after, &matched.tree)))
    });
    merge::alike(matched, found)
}

/// What piles up otherwise, to be asked for where no container does.
#[must_use]
pub fn chains(matched: &Matched<'_>) -> Vec<Growth> {
    spines::grown(matched)
}

/// Every survivor that holds more.
fn containers(matched: &Matched<'_>) -> Vec<Growth> {
    let groups: HashMap<NodeIdx, &[Crossing]> = matched
        .frontier()
        .chunk_by(|a, b| a.holder == b.holder)
        .map(|g| (g[0].holder, g))
        .collect();
    let (grown, owned) = rayon::join(
        || matched.survivor_growth().collect::<Vec<_>>(),
        || matched.owned_bytes().collect::<Vec<_>>(),
    );
    let mut candidates: Vec<(u64, NodeIdx)> = grown
        .into_iter()
        .chain(groups.iter().map(|(holder, group)| (matched.weight(distinct(group)), *holder)))
        .chain(owned.into_iter().map(|(holder, bytes)| (bytes, holder)))
        .filter(|(_, holder)| matched.can_pile_up(*holder))
        .collect();
    candidates.sort_unstable_by_key(|(weight, holder)| (*holder, Reverse(*weight)));
    candidates.dedup_by_key(|(_, holder)| *holder);
    candidates.sort_unstable_by_key(|(weight, holder)| (Reverse(*weight), *holder));
    let enough = |(weight, holder): &(u64, NodeIdx)| {
        *weight >= LITTLE
            || groups.get(holder).is_some_and(|group| distinct(group).count() as u64 >= PILE)
    };
    candidates.retain(enough);
    let mut below = Insides::default();
    let look = |(_, holder): &(u64, NodeIdx)| {
        look(matched, *holder, groups.get(holder).copied().unwrap_or(&[]), &mut below)
    };
    candidates.iter().filter_map(look).collect()
}

/// Adds the lists whose entries no other container has: a list of what a Map holds too is the same
/// leak, and the Map has the better name.
fn without_known(matched: &Matched<'_>, mut lists: Vec<Growth>, found: &mut Vec<Growth>) {
    if lists.is_empty() {
        return;
    }
    let mut known = Bits::new(matched.heaps.after.tables.nodes.len());
    let mut add = |growth: &Growth| growth.new_entries.iter().for_each(|n| known.set(n.at()));
    found.iter().for_each(&mut add);
    // Of two links of one list, to the next and to the one before, one is enough: in any capture
    // the same.
    let name = |edge: EdgeIdx| matched.heaps.after.edge_name(edge);
    lists.sort_by_cached_key(|list| {
        let How::List { incoming } = list.how else { return (true, Reverse(0), list.holder, None) };
        (incoming.is_none(), Reverse(list.entries_after), list.holder, incoming.map(name))
    });
    // What lies below the entries of another list is of the same leak: each entry holds the next one
    // over something that looks like a list as well.
    let mut below = Bits::new(matched.heaps.after.tables.nodes.len());
    for list in lists {
        let is_known = |entry: &&NodeIdx| known.has(entry.at()) || below.has(entry.at());
        if list.new_entries.iter().filter(is_known).count() * 2 < list.new_entries.len() {
            for entry in &list.new_entries {
                known.set(entry.at());
                if !below.has(entry.at()) {
                    matched.dominated(*entry).iter().for_each(|node| below.set(node.at()));
                }
            }
            found.push(list);
        }
    }
}

fn distinct(group: &[Crossing]) -> impl Iterator<Item = NodeIdx> + '_ {
    group.chunk_by(|a, b| a.entry == b.entry).map(|same| same[0].entry)
}

/// Looks closely at one holder: does it hold more entries, has one of its fields been replaced
/// by something that holds more, or has it grown in place?
fn look(
    matched: &Matched<'_>,
    holder: NodeIdx,
    group: &[Crossing],
    below: &mut Insides,
) -> Option<Growth> {
    let before = matched.before(holder);
    let entries_after = entries(matched.heaps.after, holder);
    // Without ids another one may be taken for it: what stood at its place counts as well.
    let stood = if matched.by_id { None } else { replaced::stood(matched, holder) };
    let earlier = before.into_iter().chain(stood).map(|old| entries(matched.heaps.before, old));
    let entries_before = earlier.max().unwrap_or(0);
    let new_entries: Vec<NodeIdx> = distinct(group).collect();
    let more = entries_after.saturating_sub(entries_before);
    // Something else than entries may be new as well: the piled up ones have to be there.
    if more >= PILE && new_entries.len() as u64 >= more / 2 {
        return Some(Growth {
            holder,
            shape: Shape::of(matched.heaps.after, holder),
            how: How::Entries,
            entries_before,
            entries_after,
            retained_new: matched.weight(new_entries.iter().copied()),
            new_entries,
            edges: group.iter().map(|c| c.edge).collect(),
            together: vec![holder],
            keyed: false,
            linked: None,
        });
    }
    let heaviest = group.iter().max_by_key(|c| (matched.brought(c.entry), Reverse(**c)));
    heaviest
        .and_then(|crossing| replaced::grown(matched, before, *crossing, below))
        .or_else(|| grown_in_place(matched, holder, before?, entries_after))
}

/// Numbers leave no edges; the container's own size tells.
fn grown_in_place(
    matched: &Matched<'_>,
    holder: NodeIdx,
    before: NodeIdx,
    seen: u64,
) -> Option<Growth> {
    let (old, young) =
        (matched.heaps.before.shallow().of(before), matched.heaps.after.shallow().of(holder));
    let shape = Shape::of(matched.heaps.after, holder);
    if young < old.saturating_add(LITTLE)
        || !matches!(shape, Shape::Array | Shape::Map | Shape::Set)
    {
        return None;
    }
    let each = matched.pointer_size()
        * match shape {
            Shape::Map => 4,
            Shape::Set => 3,
            _ => 1,
        };
    // Where entries are seen, what is not seen is room for more; weak keys are never numbers.
    if seen.saturating_mul(64) > young / each || is_weak(matched.heaps.after, holder) {
        return None;
    }
    Some(Growth {
        holder,
        shape,
        how: How::InPlace,
        entries_before: old / each,
        entries_after: young / each,
        new_entries: Vec::new(),
        edges: Vec::new(),
        retained_new: young - old,
        together: vec![holder],
        keyed: false,
        linked: None,
    })
}
