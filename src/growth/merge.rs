//! Growths in, one for all containers at the same place out: the arrays in a Map of arrays,
//! each of which grew, are one leak.

use super::{Ground, Growth};
use crate::objects::is_part;
use crate::parse::EdgeKind;
use std::cmp::Reverse;
use std::collections::HashMap;

/// Above this many steps two places are taken to be the same.
const STEPS: usize = 12;

/// So many containers under different keys of one object are entries of a dictionary.
const SIBLINGS: usize = 3;

/// Takes growths at the same place together; the heaviest stands for all.
pub(super) fn alike(ground: &Ground<'_>, growths: Vec<Growth>) -> Vec<Growth> {
    let mut siblings: HashMap<Vec<u64>, usize> = HashMap::new();
    let places: Vec<Vec<u64>> = growths.iter().map(|g| place(ground, g)).collect();
    for place in &places {
        *siblings.entry(without_key(place)).or_default() += 1;
    }
    let places = places.into_iter().zip(&growths).map(|(place, growth)| {
        let key = without_key(&place);
        let dictionary = siblings[&key] >= SIBLINGS && is_in_dictionary(ground, growth);
        if dictionary { key } else { place }
    });
    let places: Vec<Vec<u64>> = places.collect();
    let mut at: HashMap<Vec<u64>, usize> = HashMap::new();
    let mut merged: Vec<Growth> = Vec::new();
    for (growth, place) in growths.into_iter().zip(places) {
        match at.get(&place) {
            Some(first)
                if std::mem::discriminant(&merged[*first].how)
                    == std::mem::discriminant(&growth.how) =>
            {
                let first = &mut merged[*first];
                first.entries_before = first.entries_before.saturating_add(growth.entries_before);
                first.entries_after = first.entries_after.saturating_add(growth.entries_after);
                first.new_entries.extend(growth.new_entries);
                first.edges.extend(growth.edges);
                first.together.extend(growth.together);
            }
            _ => {
                at.entry(place).or_insert(merged.len());
                merged.push(growth);
            }
        }
    }
    for growth in merged.iter_mut().filter(|g| g.together.len() > 1) {
        growth.new_entries.sort_unstable();
        growth.new_entries.dedup();
        if !growth.new_entries.is_empty() {
            growth.retained_new = ground.weight(growth.new_entries.iter().copied());
        }
    }
    merged.sort_by_key(|g| (Reverse(g.retained_new), g.holder));
    merged
}

/// Whether the container is a property of a plain object. The fields of a class have names of
/// their own, and each is a container of its own.
fn is_in_dictionary(ground: &Ground<'_>, growth: &Growth) -> bool {
    let heap = ground.heaps.after;
    let mut at = growth.holder;
    while let Some(parent) = ground.tree.parent(heap, at) {
        if !is_part(heap, parent) {
            return heap.is_plain_object(parent);
        }
        at = parent;
    }
    false
}

/// A place without the name under which its parent has it.
fn without_key(place: &[u64]) -> Vec<u64> {
    let mut place = place.to_vec();
    if let Some(key) = place.get_mut(1) {
        *key = 0;
    }
    place
}

/// The last steps of the way to the container: classes, and names of properties and variables.
/// Which element or entry it is does not matter.
fn place(ground: &Ground<'_>, growth: &Growth) -> Vec<u64> {
    let heap = ground.heaps.after;
    let mut place = Vec::new();
    let mut node = growth.holder;
    while let Some(edge) = ground.tree.via(node).filter(|_| place.len() < 2 * STEPS) {
        if !is_part(heap, node) {
            place.push(u64::from(ground.class(node).0));
            place.push(match heap.tables.edges.kind(edge) {
                EdgeKind::Property | EdgeKind::Context => {
                    u64::from(heap.tables.edges.label(edge)) + 1
                }
                _ => 0,
            });
        }
        node = heap.tables.nodes.source(edge);
    }
    place
}
