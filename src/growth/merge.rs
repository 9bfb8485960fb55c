//! Growths in, one for all containers at the same place out: the arrays in a Map of arrays,
//! each of which grew, are one leak.

use super::{Growth, How, Matched};
use crate::ids::NodeIdx;
use crate::objects::is_part;
use crate::parse::EdgeKind;
use std::cmp::Reverse;
use std::collections::HashMap;

/// Two places are like each other if their last steps are, so many.
const STEPS: usize = 12;

/// So many containers under different keys of one plain object are counted as one: the object is a dictionary.
const SIBLINGS: usize = 3;

/// Where a container stands.
struct Place {
    /// What has it.
    owner: Option<NodeIdx>,
    /// The last steps of the way to it: classes, and names of properties and variables. Which element
    /// or entry it is does not matter.
    steps: Vec<u64>,
    /// Class of most of its new entries; 0 for numbers.
    entries: u64,
}

impl Place {
    /// Its steps without the name under which its owner has it.
    fn keyless(&self) -> Vec<u64> {
        let mut steps = self.steps.clone();
        if let Some(key) = steps.get_mut(1) {
            *key = 0;
        }
        steps
    }
}

/// Takes growths at the same place together; the heaviest stands for all.
pub(super) fn alike(matched: &Matched<'_>, growths: Vec<Growth>) -> Vec<Growth> {
    let places: Vec<Place> = growths.iter().map(|growth| place(matched, growth)).collect();
    // The fields of a class have names of their own, and each is a container of its own. So has a
    // literal, unless many of its fields hold the same.
    let mut siblings: HashMap<_, usize> = HashMap::new();
    for place in &places {
        *siblings.entry((place.owner, place.entries, place.keyless())).or_default() += 1;
    }
    let is_keyed = |place: &Place| {
        let plain = place.owner.is_some_and(|owner| matched.heaps.after.is_plain_object(owner));
        plain && siblings[&(place.owner, place.entries, place.keyless())] >= SIBLINGS
    };
    let mut at: HashMap<_, usize> = HashMap::new();
    let mut merged: Vec<Growth> = Vec::new();
    for (growth, place) in growths.into_iter().zip(&places) {
        let keyed = is_keyed(place);
        let steps = if keyed { place.keyless() } else { place.steps.clone() };
        let how = std::mem::discriminant(&growth.how);
        match at.get(&(keyed, how, steps.clone())) {
            Some(first) => join(&mut merged[*first], growth),
            None => {
                at.insert((keyed, how, steps), merged.len());
                merged.push(Growth { keyed, ..growth });
            }
        }
    }
    for growth in merged.iter_mut().filter(|g| g.together.len() > 1) {
        growth.new_entries.sort_unstable();
        growth.new_entries.dedup();
        if !growth.new_entries.is_empty() {
            growth.retained_new = matched.weight(growth.new_entries.iter().copied());
        }
    }
    merged.sort_by_key(|g| (Reverse(g.retained_new), g.holder));
    merged
}

fn join(first: &mut Growth, other: Growth) {
    first.entries_before = first.entries_before.saturating_add(other.entries_before);
    first.entries_after = first.entries_after.saturating_add(other.entries_after);
    first.new_entries.extend(other.new_entries);
    first.edges.extend(other.edges);
    first.together.extend(other.together);
}

/// A list stands where it is entered.
fn place(matched: &Matched<'_>, growth: &Growth) -> Place {
    let heap = matched.heaps.after;
    let (mut node, mut via) = match growth.how {
        How::List { incoming: Some(edge) } => (heap.tables.edges.target(edge), Some(edge)),
        _ => (growth.holder, matched.tree.via(growth.holder)),
    };
    let (mut owner, mut steps) = (None, Vec::new());
    while let Some(edge) = via.filter(|_| steps.len() < 2 * STEPS) {
        if steps.is_empty() || !is_part(heap, node) {
            if steps.len() == 2 {
                owner = Some(node);
            }
            steps.push(u64::from(matched.class(node).0));
            steps.push(match heap.tables.edges.kind(edge) {
                EdgeKind::Property | EdgeKind::Context => {
                    u64::from(heap.tables.edges.label(edge)) + 1
                }
                _ => 0,
            });
        }
        node = heap.tables.nodes.source(edge);
        via = matched.tree.via(node);
    }
    Place { owner, steps, entries: class_of_most(matched, growth) }
}

fn class_of_most(matched: &Matched<'_>, growth: &Growth) -> u64 {
    let mut counts: HashMap<_, u64> = HashMap::new();
    for entry in &growth.new_entries {
        *counts.entry(matched.class(*entry)).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(class, count)| (*count, Reverse(*class)));
    most.map_or(0, |(class, _)| u64::from(class.0) + 1)
}
