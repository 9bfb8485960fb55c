//! A comparison in, the report out: the only place where facts of a heap become text.

use super::{
    ChainReport, ClassRow, Report, SCHEMA, Snapshot, StepReport, StringFacts, Tool, Totals,
};
use crate::chains::{Chain, Finder, Step};
use crate::classes::display_name;
use crate::diff::{ClassDelta, Comparison};
use crate::graph::Heap;
use crate::ids::NodeIdx;
use crate::pair::Pair;
use crate::parse::NodeKind;
use crate::text::Text;
use std::cmp::Reverse;
use std::path::Path;

/// Steps that all chains of a report may have together. A list a million objects long is
/// one leak; its chain is worth printing once and not for each class in it.
const MOST_STEPS: usize = 200_000;

/// Builds the report. `show_strings` puts the values of strings in.
#[must_use]
pub fn build(comparison: &Comparison, paths: Pair<&Path>, show_strings: bool) -> Report {
    let mut rows: Vec<&ClassDelta> = comparison.deltas.iter().collect();
    rows.sort_by_cached_key(|r| (Reverse(r.alloc_size), r.name.clone(), r.key.clone()));
    let classes: Vec<ClassRow> = rows.iter().map(|row| class_row(row)).collect();
    let mut notes = Vec::new();
    rows.sort_by_cached_key(|r| (Reverse(r.new), r.name.clone(), r.key.clone()));
    let chains = chains(comparison, &rows, show_strings, &mut notes);
    Report {
        schema: SCHEMA,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        snapshots: paths.zip(comparison.heaps.as_ref()).map(|(path, heap)| snapshot(path, heap)),
        totals: Totals::of(&classes),
        classes,
        chains,
        notes,
    }
}

fn snapshot(path: &Path, heap: &Heap) -> Snapshot {
    Snapshot {
        path: path.to_string_lossy().into_owned(),
        file_bytes: heap.tables.file_bytes,
        nodes: heap.tables.nodes.len() as u64,
        edges: heap.tables.edges.len() as u64,
        total_size: heap.total_size(),
        extra_native_bytes: heap.tables.extra_native_bytes,
    }
}

fn class_row(row: &ClassDelta) -> ClassRow {
    ClassRow {
        key: row.key.clone(),
        name: row.name.clone(),
        new: row.new,
        deleted: row.deleted,
        delta: row.delta(),
        alloc_size: row.alloc_size,
        freed_size: row.freed_size,
        size_delta: row.size_delta(),
        retained_new: row.retained_new,
        engine: is_engine(row),
        before: row.figures.before,
        after: row.figures.after,
    }
}

/// V8's own parts, and embedder objects that get new ids in every snapshot and so look all
/// new and all deleted at once.
fn is_engine(row: &ClassDelta) -> bool {
    let renumbered = row.new == row.deleted
        && row.new == row.figures.after.count
        && row.deleted == row.figures.before.count;
    match row.kind {
        NodeKind::Hidden | NodeKind::Code | NodeKind::ObjectShape => true,
        NodeKind::Native | NodeKind::Synthetic => renumbered,
        _ => false,
    }
}

fn chains(
    comparison: &Comparison,
    rows: &[&ClassDelta],
    show_strings: bool,
    notes: &mut Vec<String>,
) -> Vec<ChainReport> {
    let finder = Finder::new(comparison);
    let mut chains = Vec::new();
    let mut steps = 0;
    let mut left_out = 0;
    for row in rows {
        let Some(object) = finder.typical(row) else { continue };
        let chain = finder.shortest(object);
        steps += chain.steps.len();
        if steps > MOST_STEPS && !chains.is_empty() {
            left_out += 1;
            steps -= chain.steps.len();
            continue;
        }
        chains.push(chain_report(comparison, row, &chain, show_strings));
    }
    if left_out > 0 {
        notes.push(format!("{left_out} chains are left out, being {MOST_STEPS} steps together"));
    }
    chains
}

fn chain_report(
    comparison: &Comparison,
    row: &ClassDelta,
    chain: &Chain,
    show_strings: bool,
) -> ChainReport {
    let heap = &comparison.heaps.after;
    ChainReport {
        class: row.name.clone(),
        key: row.key.clone(),
        object: heap.tables.nodes.id(chain.object),
        distance: heap.shortest.distance[chain.object.at()],
        steps: chain.steps.iter().map(|s| step_report(comparison, *s, show_strings)).collect(),
    }
}

fn step_report(comparison: &Comparison, step: Step, show_strings: bool) -> StepReport {
    let heap = &comparison.heaps.after;
    let edge = (!step.edge.is_none()).then_some(step.edge);
    StepReport {
        edge: edge.map(|e| heap.edge_name(e)),
        edge_type: edge.map(|e| heap.tables.edges.kind(e).name()),
        class: comparison.census.after.naming.of(step.node).name.clone(),
        name: own_name(heap, step.node),
        id: heap.tables.nodes.id(step.node),
        shallow: heap.shallow[step.node.at()],
        retained: heap.retained[step.node.at()],
        string: string_facts(heap, step.node, show_strings),
    }
}

/// What an object is called beside its class; never the value of a string.
fn own_name(heap: &Heap, node: NodeIdx) -> Text {
    match heap.tables.nodes.kind(node) {
        NodeKind::Closure
        | NodeKind::Hidden
        | NodeKind::Code
        | NodeKind::Synthetic
        | NodeKind::Array
        | NodeKind::ObjectShape => heap.raw_name(node),
        _ => Text::default(),
    }
}

fn string_facts(heap: &Heap, node: NodeIdx, show: bool) -> Option<StringFacts> {
    let kind = heap.tables.nodes.kind(node);
    if !matches!(kind, NodeKind::String | NodeKind::ConsString | NodeKind::SlicedString) {
        return None;
    }
    let value = display_name(heap, node);
    Some(StringFacts {
        length: value.len() as u64,
        hash: format!("{:08x}", value.fnv1a()),
        value: show.then_some(value),
    })
}
