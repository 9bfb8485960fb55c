//! Rows of the comparison in, why one object of each class stays out.

use super::redact::Redactor;
use super::{ChainReport, StepReport};
use crate::chains::{Chain, ChainFinder, Step};
use crate::classes::{ClassKey, DisplayNames};
use crate::diff::{ClassDelta, Comparison};
use crate::ids::{ClassIdx, EdgeIdx, NodeIdx, StrIdx};
use crate::parse::NodeKind;
use crate::text::Text;
use std::collections::HashMap;

/// Steps that all chains of a report may have together, for so many bytes of the file one. A list a
/// million objects long is one leak; its chain is worth printing once and not for each class in it.
const BYTES_OF_STEP: u64 = 256;
/// So many they may have in any case.
const FEW_STEPS: u64 = 10_000;

/// Chains until they have as many steps as a report may have. How long one is, is known before it
/// is walked, and so how long the names in them may be.
pub(super) fn chains(
    comparison: &Comparison,
    rows: &[&ClassDelta],
    redactor: Redactor,
    notes: &mut Vec<String>,
) -> Vec<ChainReport> {
    let bytes = comparison.heaps.after.tables.file_bytes;
    let most = (bytes / BYTES_OF_STEP).max(FEW_STEPS) as usize;
    let mut finder = ChainFinder::new(comparison);
    let mut told: Vec<(&ClassDelta, NodeIdx)> = Vec::new();
    let mut steps = 0;
    let mut left_out = 0;
    for row in rows {
        let Some(object) = finder.typical(row) else { continue };
        let length = finder.length(object);
        if steps + length > most && !told.is_empty() {
            left_out += 1;
            continue;
        }
        steps += length;
        told.push((row, object));
    }
    let names = DisplayNames::new(&comparison.heaps.after);
    let inside = redactor.saying(bytes, steps);
    let mut words = ChainWords { comparison, redactor, inside, names, told: HashMap::new() };
    let chain = |(row, object)| words.chain(row, &finder.shortest(object));
    let chains = told.into_iter().map(chain).collect();
    if left_out > 0 {
        notes.push(format!("{left_out} chains are left out, having more than {most} steps together with those that are told"));
    }
    chains
}

/// Puts chains into words.
struct ChainWords<'a> {
    comparison: &'a Comparison,
    redactor: Redactor,
    /// For the steps.
    inside: Redactor,
    names: DisplayNames<'a>,
    /// What has been told before: a long name may be that of many steps.
    told: HashMap<Said, Text>,
}

/// What a step says.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Said {
    Class(ClassIdx),
    Own(StrIdx),
    /// Between strings, or what may be one, it may be masked.
    Edge(StrIdx, NodeKind, NodeKind),
}

impl ChainWords<'_> {
    fn chain(&mut self, row: &ClassDelta, chain: &Chain) -> ChainReport {
        let heap = &self.comparison.heaps.after;
        ChainReport {
            class: self.redactor.name(&self.classes()[row.class.after.at()].name),
            key: self.redactor.key(&row.key),
            object: heap.tables.nodes.whole_id(chain.object),
            distance: heap.shortest().distance[chain.object.at()],
            steps: chain.steps.iter().map(|s| self.step(*s)).collect(),
        }
    }

    fn step(&mut self, step: Step) -> StepReport {
        let heap = &self.comparison.heaps.after;
        let edge = (!step.edge.is_none()).then_some(step.edge);
        StepReport {
            edge: edge.map(|edge| self.edge(edge)),
            edge_type: edge.map(|edge| heap.tables.edges.kind(edge).name()),
            class: self.class(self.comparison.census.after.naming.class_of[step.node.at()]),
            name: self.own_name(step.node),
            id: heap.tables.nodes.whole_id(step.node),
            shallow: heap.shallow().of(step.node),
            retained: heap.retained().of(step.node),
            string: self.inside.value(heap, &mut self.names, step.node),
        }
    }

    fn classes(&self) -> &[ClassKey] {
        &self.comparison.census.after.naming.classes
    }

    fn class(&mut self, class: ClassIdx) -> Text {
        let (redactor, classes) = (self.inside, &self.comparison.census.after.naming.classes);
        let name = || redactor.name(&classes[class.at()].name);
        self.told.entry(Said::Class(class)).or_insert_with(name).clone()
    }

    fn edge(&mut self, edge: EdgeIdx) -> Text {
        let (redactor, heap) = (self.inside, &self.comparison.heaps.after);
        let Some(name) = heap.tables.edges.name(edge) else { return redactor.edge(heap, edge) };
        let kind = |node: NodeIdx| heap.tables.nodes.kind(node);
        let [from, to] = [heap.tables.nodes.source(edge), heap.tables.edges.target(edge)].map(kind);
        let said = Said::Edge(name, from, to);
        self.told.entry(said).or_insert_with(|| redactor.edge(heap, edge)).clone()
    }

    /// What an object is called beside its class; never the value of a string.
    fn own_name(&mut self, node: NodeIdx) -> Text {
        let (redactor, heap) = (self.inside, &self.comparison.heaps.after);
        match heap.tables.nodes.kind(node) {
            NodeKind::Closure
            | NodeKind::Hidden
            | NodeKind::Code
            | NodeKind::Synthetic
            | NodeKind::Array
            | NodeKind::ObjectShape => {
                let said = Said::Own(heap.tables.nodes.name(node));
                self.told.entry(said).or_insert_with(|| redactor.name(&heap.raw_name(node))).clone()
            }
            _ => Text::default(),
        }
    }
}
