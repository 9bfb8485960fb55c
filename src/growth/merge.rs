//! Growths in, one for all containers at the same place out: the arrays in a Map of arrays,
//! each of which grew, are one leak.

use super::{Ground, Growth, is_part};
use crate::parse::EdgeKind;
use std::cmp::Reverse;
use std::collections::HashMap;

/// Above this many steps two places are taken to be the same.
const STEPS: usize = 12;

/// Takes growths at the same place together; the heaviest stands for all.
pub(super) fn alike(ground: &Ground<'_>, growths: Vec<Growth>) -> Vec<Growth> {
    let mut at: HashMap<Vec<u64>, usize> = HashMap::new();
    let mut merged: Vec<Growth> = Vec::new();
    for growth in growths {
        let place = place(ground, &growth);
        match at.get(&place) {
            Some(first) if merged[*first].approximate == growth.approximate => {
                let first = &mut merged[*first];
                first.entries_before += growth.entries_before;
                first.entries_after += growth.entries_after;
                first.new_entries.extend(growth.new_entries);
                first.edges.extend(growth.edges);
                first.together += 1;
            }
            _ => {
                at.entry(place).or_insert(merged.len());
                merged.push(growth);
            }
        }
    }
    for growth in merged.iter_mut().filter(|g| g.together > 1) {
        growth.new_entries.sort_unstable();
        growth.new_entries.dedup();
        if !growth.new_entries.is_empty() {
            growth.retained_new = ground.weight(growth.new_entries.iter().copied());
        }
    }
    merged.sort_by_key(|g| (Reverse(g.retained_new), g.holder));
    merged
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
