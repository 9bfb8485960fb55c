//! A report in, gauges out: for node_exporter's text-file collector, and OpenMetrics.

use super::brief;
use super::safe::shown;
use crate::report::answer::VerdictKind;
use crate::report::{ClassRow, Gate, Measure, Report};
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

/// Every class would be a time series of its own.
const CLASSES: usize = 20;
const CONTAINERS: usize = 20;

/// A gauge: its name, what it means, and its samples by labels.
pub(super) struct Family {
    name: &'static str,
    help: &'static str,
    samples: Vec<(String, f64)>,
}

impl Family {
    pub(super) const fn new(name: &'static str, help: &'static str) -> Self {
        Self { name, help, samples: Vec::new() }
    }

    /// Equal labels are one series, which may occur only once: they are added up.
    pub(super) fn add(&mut self, labels: &[(&str, &str)], value: f64) {
        let labels: Vec<String> =
            labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
        let labels = labels.join(",");
        match self.samples.iter_mut().find(|(known, _)| *known == labels) {
            Some((_, sum)) => *sum += value,
            None => self.samples.push((labels, value)),
        }
    }

    fn write(&self, out: &mut String) {
        if self.samples.is_empty() {
            return;
        }
        let _ = writeln!(out, "# HELP {} {}\n# TYPE {} gauge", self.name, self.help, self.name);
        for (labels, value) in &self.samples {
            let labels = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
            let _ = writeln!(out, "{}{labels} {value}", self.name);
        }
    }
}

/// The verdict, the heap, what piles up, the classes that grew most, the gates.
#[must_use]
pub fn openmetrics(report: &Report) -> String {
    let heap = whole(report).into_iter().chain(containers(report));
    written(heap.chain(classes(report)).chain(gates(&report.gates)))
}

/// Those that have samples, and the end.
pub(super) fn written(families: impl IntoIterator<Item = Family>) -> String {
    let mut out = String::new();
    families.into_iter().for_each(|family| family.write(&mut out));
    out.push_str("# EOF\n");
    out
}

fn whole(report: &Report) -> [Family; 6] {
    let mut truncated =
        Family::new("heapdiff_truncated_files", "Files that are cut off; figures are of the rest.");
    let cuts = report.cuts().count();
    if cuts > 0 {
        truncated.add(&[], cuts as f64);
    }
    let mut warnings =
        Family::new("heapdiff_warning", "1 for each thing that is wrong with the files.");
    let ids: BTreeSet<&str> = report.warnings().map(|warning| warning.id).collect();
    for id in ids {
        warnings.add(&[("warning", id)], 1.0);
    }
    let mut verdict = Family::new("heapdiff_verdict", "1 for the verdict, 0 for the others.");
    let all = [
        (VerdictKind::LeakLikely, "leak_likely"),
        (VerdictKind::Grew, "grew"),
        (VerdictKind::NoGrowth, "no_growth"),
        (VerdictKind::NotComparable, "not_comparable"),
    ];
    for (kind, word) in all {
        let is = report.answer.verdict.kind == kind;
        verdict.add(&[("verdict", word)], f64::from(u8::from(is)));
    }
    let mut bytes = Family::new("heapdiff_heap_bytes", "Size of the heap in each snapshot.");
    let mut objects = Family::new("heapdiff_heap_objects", "Objects in each snapshot.");
    for (word, snapshot) in
        [("before", &report.snapshots.before), ("after", &report.snapshots.after)]
    {
        bytes.add(&[("snapshot", word)], snapshot.total_size as f64);
        objects.add(&[("snapshot", word)], snapshot.nodes as f64);
    }
    let mut ignored =
        Family::new("heapdiff_ignored_bytes", "What the configuration leaves out retains.");
    if let Some(left_out) = report.ignored {
        ignored.add(&[], left_out.bytes as f64);
    }
    [truncated, warnings, verdict, bytes, objects, ignored]
}

fn containers(report: &Report) -> [Family; 3] {
    let piling = report.piling_up();
    let mut number = Family::new("heapdiff_containers_piling_up", "Containers that pile up.");
    number.add(&[], piling.len() as f64);
    let mut entries =
        Family::new("heapdiff_container_entries", "Entries of a container that piles up.");
    let mut bytes =
        Family::new("heapdiff_container_retained_new_bytes", "What its new entries retain.");
    for container in piling.into_iter().take(CONTAINERS) {
        let path = brief::name(&container.path);
        let labels = |snapshot| [("path", path.as_str()), ("kind", container.kind), snapshot];
        entries.add(&labels(("snapshot", "before")), container.entries_before as f64);
        entries.add(&labels(("snapshot", "after")), container.entries_after as f64);
        bytes.add(&labels(("snapshot", "after"))[..2], container.retained_new as f64);
    }
    [number, entries, bytes]
}

fn classes(report: &Report) -> [Family; 2] {
    let mut delta = Family::new("heapdiff_class_delta_objects", "Objects after less before.");
    let mut bytes =
        Family::new("heapdiff_class_retained_new_bytes", "What its new objects retain.");
    let name = |row: &ClassRow| brief::name(&shown(row.shown()));
    // Rows of one name are one series, with those that did not grow: else it is not after less before.
    let mut sums: HashMap<String, (f64, f64)> = HashMap::new();
    for row in &report.classes {
        let (objects, retained) = sums.entry(name(row)).or_default();
        *objects += row.delta as f64;
        *retained += row.retained_new as f64;
    }
    for name in report.growers().into_iter().take(CLASSES).map(name) {
        if let Some((objects, retained)) = sums.remove(&name) {
            delta.add(&[("class", &name)], objects);
            bytes.add(&[("class", &name)], retained);
        }
    }
    [delta, bytes]
}

/// What came of gates.
pub(super) fn gates(gates: &[Gate]) -> [Family; 3] {
    let mut ok = Family::new(
        "heapdiff_gate_ok",
        "1 if the gate is kept, 0 if it is broken or could not be judged.",
    );
    let mut measured = Family::new("heapdiff_gate_measured", "What was measured.");
    let mut limit = Family::new("heapdiff_gate_limit", "What it is held against.");
    // The same condition twice is one series; it is kept if both are.
    let mut seen: HashMap<String, bool> = HashMap::new();
    for gate in gates {
        *seen.entry(brief::name(&gate.condition)).or_insert(true) &= gate.ok;
    }
    for gate in gates {
        let condition = brief::name(&gate.condition);
        let Some(kept) = seen.remove(&condition) else { continue };
        ok.add(&[("condition", &condition)], f64::from(u8::from(kept)));
        for (family, value) in [(&mut measured, gate.measured), (&mut limit, Some(gate.limit))] {
            if let Some((value, unit)) = value.and_then(number) {
                family.add(&[("condition", &condition), ("unit", unit)], value);
            }
        }
    }
    [ok, measured, limit]
}

fn number(measure: Measure) -> Option<(f64, &'static str)> {
    match measure {
        Measure::Bytes(n) => Some((n as f64, "bytes")),
        Measure::Count(n) => Some((n as f64, "count")),
        Measure::Percent(p) => Some((p, "percent")),
        Measure::BytesPerCall(n) => Some((n, "bytes_per_call")),
        Measure::CountPerCall(n) => Some((n, "count_per_call")),
        Measure::BytesPerHour(n) => Some((n, "bytes_per_hour")),
        Measure::BytesEach(n) => Some((n, "bytes_each")),
        Measure::Verdict(_) | Measure::Trend(_) => None,
    }
}

/// A label's value.
fn escaped(text: &str) -> String {
    text.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n")
}
