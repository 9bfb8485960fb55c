//! A heap in, sums over all its nodes out: by V8's kinds, and as DevTools' Statistics has them.

use super::{KindRow, Statistics};
use crate::graph::Heap;
use crate::ids::NodeIdx;
use crate::objects::{Statistic, elements, statistic};
use crate::parse::Hop;
use std::cmp::Reverse;

/// Sums by kind.
pub(super) fn kinds(heap: &Heap) -> Vec<KindRow> {
    let nodes = &heap.tables.nodes;
    let mut sums = vec![(0_u64, 0_u64); nodes.kind_names.len()];
    for node in nodes.indices() {
        let sum = &mut sums[usize::from(nodes.raw_kind[node.at()])];
        sum.0 += 1;
        sum.1 = sum.1.saturating_add(heap.shallow().of(node));
    }
    let named = nodes.kind_names.iter().zip(sums).filter(|(_, (count, _))| *count > 0);
    let row =
        |(kind, (count, shallow)): (&String, _)| KindRow { kind: kind.clone(), count, shallow };
    let mut rows: Vec<KindRow> = named.map(row).collect();
    rows.sort_by_key(|row| (Reverse(row.shallow), Reverse(row.count)));
    rows
}

/// DevTools' Statistics: of an array's elements it counts those that nothing else has.
pub(super) fn statistics(heap: &Heap) -> Statistics {
    let extra = heap.tables.extra_native_bytes.unwrap_or(0);
    let mut sums = Statistics { total: heap.total_size(), native: extra, ..Statistics::default() };
    let mut arrays = Vec::new();
    for node in heap.tables.nodes.indices() {
        let size = heap.shallow().of(node);
        let sum = match statistic(heap, node) {
            Statistic::System => &mut sums.system,
            Statistic::Native => &mut sums.native,
            Statistic::Bytes => {
                sums.typed_arrays = sums.typed_arrays.saturating_add(size);
                &mut sums.native
            }
            Statistic::Code => &mut sums.code,
            Statistic::Strings => &mut sums.strings,
            Statistic::Array => {
                arrays.extend(elements(heap, node));
                &mut sums.js_arrays
            }
            Statistic::Other => continue,
        };
        *sum = sum.saturating_add(size);
    }
    for list in held_once(heap, arrays) {
        sums.js_arrays = sums.js_arrays.saturating_add(heap.shallow().of(list));
    }
    sums.v8_heap = sums.total.saturating_sub(sums.native);
    let known = [sums.code, sums.strings, sums.js_arrays, sums.system];
    sums.other = known.iter().fold(sums.v8_heap, |left, sum| left.saturating_sub(*sum));
    sums
}

/// Those of some nodes to which one edge leads.
fn held_once(heap: &Heap, nodes: Vec<NodeIdx>) -> impl Iterator<Item = NodeIdx> {
    let mut edges = vec![0_u8; heap.tables.nodes.len()];
    for hop in heap.tables.edges.hops() {
        let count = &mut edges[Hop(*hop).target().at()];
        *count = count.saturating_add(1);
    }
    nodes.into_iter().filter(move |node| edges[node.at()] == 1)
}
