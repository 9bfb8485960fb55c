//! A report in, what conditions measure out: without what is to be ignored, by names instead of
//! ids.

use super::Ignore;
use super::metric::{OfClass, OfContainer, OfHeap};
use crate::glob::Glob;
use crate::report::answer::{ContainerReport, SuspectReport};
use crate::report::{ClassRow, Ignored, Report};
use crate::text::Text;
use crate::units::difference;
use std::collections::BTreeMap;

/// What grew, as conditions see it.
#[derive(Debug)]
pub(super) struct Figures<'a> {
    /// Of [`OfHeap`], by its number.
    of_heap: [i64; 4],
    /// What there was before: bytes and objects.
    pub(super) bytes_before: u64,
    pub(super) objects_before: u64,
    /// By name, as the script has it and as its source does.
    pub(super) classes: BTreeMap<Known, Class>,
    /// In the order of the report.
    pub(super) containers: Vec<Container<'a>>,
    /// Classes that count as a leak although nothing is said to hold their objects.
    pub(super) unheld: Vec<Known>,
    /// Whether # New and # Deleted mean anything.
    pub(super) by_id: bool,
    pub(super) ignored: Ignored,
}

/// What a class is called: as it is, and by its author where a source map tells.
pub(super) type Known = (String, Option<String>);

/// All classes of one name.
#[derive(Debug, Clone)]
pub(super) struct Class {
    /// The name as it is shown.
    pub(super) shown: String,
    /// What is shown without source maps, where these change it.
    pub(super) compiled: Option<String>,
    /// Of [`OfClass`], by its number.
    figures: [i64; 5],
    /// The engine's own, which patterns leave out.
    pub(super) engine: bool,
}

impl Class {
    /// Whether a pattern means it, by its name as it is or as it is shown, with source maps or without.
    pub(super) fn fits(&self, glob: &Glob, name: &str) -> bool {
        let shown = [Some(&self.shown), self.compiled.as_ref()];
        glob.matches(name) || shown.into_iter().flatten().any(|name| glob.matches(name))
    }

    pub(super) const fn get(&self, figure: OfClass) -> i64 {
        self.figures[figure as usize]
    }

    /// New is what there is more of, deleted what there is less of.
    fn count_by_delta(&mut self) {
        let delta = self.get(OfClass::Delta);
        self.figures[OfClass::New as usize] = delta.max(0);
        self.figures[OfClass::Deleted as usize] = delta.saturating_neg().max(0);
    }
}

#[derive(Debug)]
pub(super) struct Container<'a> {
    report: &'a ContainerReport,
    figures: [i64; 2],
}

impl std::ops::Deref for Container<'_> {
    type Target = ContainerReport;

    fn deref(&self) -> &ContainerReport {
        self.report
    }
}

impl Container<'_> {
    pub(super) const fn get(&self, figure: OfContainer) -> i64 {
        self.figures[figure as usize]
    }
}

impl<'a> Figures<'a> {
    pub(super) fn of(report: &'a Report, ignore: &Ignore) -> Self {
        let by_id = report.answer.identity.by_id;
        let mut ignored = Ignored::default();
        let mut classes: BTreeMap<Known, Class> = BTreeMap::new();
        let (mut bytes, mut objects) = (0_i64, 0_i64);
        for row in &report.classes {
            if ignore.has_class(row) {
                ignored.classes += 1;
                bytes = bytes.saturating_add(row.size_delta);
                objects = objects.saturating_add(row.delta);
                continue;
            }
            let name = row.real.as_ref().unwrap_or(&row.name).to_string_lossy();
            let original = row.original.as_ref().map(Text::to_string_lossy);
            let shown = row.shown().to_string_lossy();
            let compiled = original.as_ref().map(|_| row.name.to_string_lossy());
            let class = classes.entry((name, original));
            let new = || Class { shown, compiled, figures: [0; 5], engine: true };
            let class = class.or_insert_with(new);
            class.engine &= row.engine;
            for (sum, figure) in class.figures.iter_mut().zip(class_figures(row, by_id)) {
                *sum = sum.saturating_add(figure);
            }
        }
        if !by_id {
            classes.values_mut().for_each(Class::count_by_delta);
        }
        let (left_out, counted): (Vec<_>, Vec<_>) =
            report.answer.containers.iter().partition(|c| ignore.has_container(c));
        ignored.containers = left_out.len() as u64;
        let held =
            left_out.iter().fold(0, |sum: i64, c| sum.saturating_add(signed(c.retained_new)));
        // Objects of an ignored class may lie in an ignored container: so that nothing is left
        // out twice, only the larger part is.
        let bytes = if left_out.is_empty() { bytes } else { bytes.max(held) };
        ignored.bytes = u64::try_from(bytes).unwrap_or(0);
        let unheld = report.answer.suspects.iter().filter(|s| s.unheld);
        let (before, after) = (&report.snapshots.before, &report.snapshots.after);
        let delta = |before: u64, after: u64| difference(after, before);
        Self {
            of_heap: [
                delta(before.total_size, after.total_size).saturating_sub(bytes),
                signed(after.total_size),
                delta(before.nodes, after.nodes).saturating_sub(objects),
                signed(after.nodes),
            ],
            bytes_before: before.total_size,
            objects_before: before.nodes,
            classes,
            containers: counted.into_iter().map(container).collect(),
            unheld: unheld.map(known).collect(),
            by_id,
            ignored,
        }
    }

    pub(super) const fn get(&self, figure: OfHeap) -> i64 {
        self.of_heap[figure as usize]
    }
}

fn known(suspect: &SuspectReport) -> Known {
    let name = suspect.real.as_ref().unwrap_or(suspect.compiled()).to_string_lossy();
    (name, suspect.compiled_class.as_ref().map(|_| suspect.class.to_string_lossy()))
}

/// In the order of [`OfClass`]. Where ids mean nothing, only the numbers before and after do, and what
/// is new or deleted stands when all rows of the name are added up: a class of two processes may have
/// a row for each.
fn class_figures(row: &ClassRow, by_id: bool) -> [i64; 5] {
    if by_id {
        let [new, deleted, retained] = [row.new, row.deleted, row.retained_new].map(signed);
        return [new, deleted, row.delta, row.size_delta, retained];
    }
    let grown = |before: u64, after: u64| difference(after, before);
    [
        0,
        0,
        row.delta,
        grown(row.before.shallow, row.after.shallow),
        match (row.before.retained, row.after.retained) {
            (Some(before), Some(after)) => grown(before, after),
            // What nobody computed is not within any limit.
            _ => i64::MAX,
        },
    ]
}

fn container(report: &ContainerReport) -> Container<'_> {
    let growth = signed(report.entries_after).saturating_sub(signed(report.entries_before));
    Container { report, figures: [growth, signed(report.retained_new)] }
}

pub(super) fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
