//! A comparison in, the report out.

use super::answer::VerdictKind;
use super::facts::engine;
use super::originals::Sources;
use super::redact::Redactor;
use super::{ClassRow, Options, Report, SCHEMA, Snapshot, Tool, Totals, Truncated};
use crate::classes::{ClassFigures, ClassKey};
use crate::diagnose::{Case, Diagnosis};
use crate::diff::{ClassDelta, Comparison, IdentityKind};
use crate::graph::{Bits, Heap};
use crate::ids::{EdgeIdx, StrIdx};
use crate::objects::{is_engine_object, symbol};
use crate::pair::Pair;
use crate::parse::{Around, EdgeKind, NodeKind, Tables};
use crate::places::Maps;
use crate::text::Text;
use crate::units::count;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::path::Path;

/// So many scripts are named.
const SCRIPTS: usize = 1_000;

/// What there is besides the two snapshots that are compared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Series<'a> {
    /// Where scripts were made from.
    pub maps: &'a Maps,
    /// The snapshots between them.
    pub between: &'a [&'a Heap],
    /// By snapshot, from the first to the last: one before it that is the same one.
    pub repeats: &'a [Option<usize>],
}

/// Builds the report.
#[must_use]
pub(crate) fn build(
    case: &Case<'_>,
    diagnosis: &Diagnosis,
    series: &Series<'_>,
    options: &Options,
) -> Report {
    let comparison = case.comparison;
    let Series { maps, between, .. } = *series;
    let redactor = Redactor::new(options, comparison);
    let mut rows: Vec<&ClassDelta> = comparison.deltas().iter().collect();
    rows.sort_by(|a, b| b.alloc_size.cmp(&a.alloc_size).then_with(|| by_name(a, b)));
    let classes = class_rows(case, &rows, redactor, maps);
    let mut notes = Vec::new();
    rows.sort_by(|a, b| b.new.cmp(&a.new).then_with(|| by_name(a, b)));
    let chains = match options.need.chains {
        true => super::chains::chains(comparison, &rows, redactor, &mut notes),
        false => Vec::new(),
    };
    let paths = comparison.heaps().map(path);
    notes.extend(super::names::note(paths, case.matched.identity.kind));
    notes.extend(repeated_ids(paths, comparison.ids_repeat));
    let Pair { before: first, after: last } = comparison.heaps();
    let all = [first].into_iter().chain(between.iter().copied()).chain([last]);
    notes.extend(all.clone().filter_map(text_around).chain(wide_ids(all)));
    let mut answer = super::diagnosis::answer(case, diagnosis, options, maps);
    notes.extend(maps.notes().iter().map(|note| super::masked(note)));
    answer.verdict.reasons.extend(engine(answer.verdict.kind, comparison, &classes));
    if matches!(answer.verdict.kind, VerdictKind::Grew | VerdictKind::LeakLikely) {
        let sizes = comparison.heaps().map(Heap::total_size);
        answer.verdict.reasons.extend(super::names::rate(paths, sizes));
    }
    let totals = Totals::of(&classes);
    let mut report = Report {
        schema: SCHEMA,
        tool: Tool::this(),
        snapshots: Pair::new(
            in_series(first, 0, series),
            in_series(last, between.len() + 1, series),
        ),
        between: (1..).zip(between).map(|(at, heap)| in_series(heap, at, series)).collect(),
        calls: options.calls,
        scripts: case.scripts.own().iter().take(SCRIPTS).map(|name| super::masked(name)).collect(),
        common_prefix: super::prefix::common_prefix(&answer),
        answer,
        class_names: class_names(comparison, &classes),
        members: if options.need.members { members(comparison) } else { BTreeSet::new() },
        resized: resized(comparison.heaps().map(Heap::total_size), totals.size_delta),
        totals,
        classes,
        chains,
        gates: Vec::new(),
        ignored: None,
        run: None,
        captured: None,
        notes,
    };
    let cuts: Vec<String> = cut_notes(&report).collect();
    report.notes.splice(..0, cuts);
    report
}

/// What the heap has grown by and no class has: objects in both files that have become larger.
fn resized(heaps: Pair<u64>, by_class: i64) -> i64 {
    let grown = i128::from(heaps.after) - i128::from(heaps.before) - i128::from(by_class);
    grown.clamp(i64::MIN.into(), i64::MAX.into()) as i64
}

/// What the files that are cut off have lost, and what follows from that.
fn cut_notes(report: &Report) -> impl Iterator<Item = String> + '_ {
    let Pair { before, after } = &report.snapshots;
    let between = report.between.iter().map(|file| (file, LOSS_BETWEEN));
    let files = [(before, LOSS)].into_iter().chain(between).chain([(after, LOSS)]);
    files.filter_map(|(file, meaning)| {
        let cut = file.cut()?;
        let lost = file.truncated.as_ref().and_then(Truncated::lost);
        Some(lost.map_or_else(|| cut.clone(), |_| format!("{cut}; {meaning}")))
    })
}

fn class_names(comparison: &Comparison, rows: &[ClassRow]) -> BTreeSet<Text> {
    let Pair { before, after } = comparison.census.as_ref().map(|census| {
        let classes = census.naming.classes.iter().zip(census.figures());
        classes.filter(|(_, figures)| figures.count > 0).map(|(class, _)| class.name.clone())
    });
    let original = rows.iter().filter_map(|row| row.original.clone());
    before.chain(after).chain(original).collect()
}

/// What its author calls a class. One that has gone has its place in the older file, whose scripts have
/// the same numbers if it is of the same process.
fn original(row: &ClassDelta, case: &Case<'_>, sources: Sources<'_>) -> Option<Text> {
    let classes = &case.comparison.census.after.naming.classes;
    let is_same = case.matched.identity.kind == IdentityKind::SameProcess;
    let gone = || Some(&row.key).filter(|_| is_same);
    sources.class(classes.get(row.class.after.at()).or_else(gone)?)
}

/// A name longer than this is nobody's to write.
const LONGEST_MEMBER: usize = 200;

/// What properties and variables are called in either file; symbols by their description.
fn members(comparison: &Comparison) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for heap in comparison.heaps().iter() {
        let Tables { edges, strings, .. } = &heap.tables;
        let mut named = Bits::new(strings.len());
        for edge in (0..edges.len()).map(EdgeIdx::from_at) {
            if matches!(edges.kind(edge), EdgeKind::Property | EdgeKind::Context)
                && let Some(name) = edges.name(edge)
            {
                named.set(name.at());
            }
        }
        let names = (0..strings.len()).filter(|at| named.has(*at));
        let names = names.map(|at| strings.get(StrIdx::from_at(at)));
        let short = names.filter(|name| name.len() <= LONGEST_MEMBER);
        all.extend(short.map(|name| {
            let name = name.to_string_lossy();
            symbol(&name).map_or(name.clone(), str::to_owned)
        }));
    }
    all
}

const LOSS: &str = "sizes and the verdict cover only what could be read; an object that lost its \
                    name counts as deleted from its class and as new in (lost)";
const LOSS_BETWEEN: &str = "it is not looked at to tell what goes on growing";

fn path(heap: &Heap) -> &Path {
    heap.tables.strings.input().path()
}

/// What there is to say of a file.
pub(crate) fn snapshot(heap: &Heap) -> Snapshot {
    Snapshot {
        path: path(heap).to_string_lossy().into_owned(),
        file_bytes: heap.tables.file_bytes,
        nodes: heap.tables.nodes.len() as u64,
        edges: heap.tables.edges.len() as u64,
        total_size: heap.total_size(),
        extra_native_bytes: heap.tables.extra_native_bytes,
        truncated: heap.tables.truncated.as_ref().map(|cut| Truncated {
            byte: cut.byte,
            inside: cut.place,
            edges_lost: cut.edges_lost,
            names_lost: cut.names_lost,
            edge_names_lost: cut.edge_names_lost,
        }),
        scrubbed: heap.tables.scrubbed.clone(),
        same_as: None,
    }
}

/// The same of one of a series.
fn in_series(heap: &Heap, at: usize, series: &Series<'_>) -> Snapshot {
    let same_as = series.repeats[at].map(|file| file as u64 + 1);
    Snapshot { same_as, ..snapshot(heap) }
}

fn by_name(a: &ClassDelta, b: &ClassDelta) -> Ordering {
    a.name.cmp(&b.name).then_with(|| a.key.cmp(&b.key))
}

/// Many classes that follow each other may have one long name, which is looked at once.
fn class_rows<'a>(
    case: &Case<'_>,
    rows: &[&'a ClassDelta],
    redactor: Redactor,
    maps: &Maps,
) -> Vec<ClassRow> {
    let comparison = case.comparison;
    let sources = Sources { heap: comparison.heaps().after, scripts: case.scripts, maps };
    let mut last: Option<(&Text, Text, bool)> = None;
    let row = |row: &&'a ClassDelta| {
        let known = last.take().filter(|(name, ..)| name.is_copy_of(&row.name));
        let (_, shown, hidden) = known
            .unwrap_or_else(|| (&row.name, redactor.name(&row.name), redactor.hides(&row.name)));
        let (name, real) = (shown.clone(), hidden.then(|| row.name.clone()));
        last = Some((&row.name, shown, hidden));
        let figures = comparison.figures(row.class);
        let original = original(row, case, sources).map(|name| redactor.name(&name));
        ClassRow { original, ..class_row(row, figures, (name, real), redactor) }
    };
    rows.iter().map(row).collect()
}

fn class_row(
    row: &ClassDelta,
    figures: Pair<ClassFigures>,
    (name, real): (Text, Option<Text>),
    redactor: Redactor,
) -> ClassRow {
    // A class that has gone may be called otherwise than it is known.
    let known = row.key.name.is_copy_of(&row.name);
    let known = if known { name.clone() } else { redactor.name(&row.key.name) };
    ClassRow {
        key: ClassKey { name: known, location: row.key.location },
        name,
        original: None,
        real,
        new: row.new,
        deleted: row.deleted,
        delta: row.delta(),
        alloc_size: row.alloc_size,
        freed_size: row.freed_size,
        size_delta: row.size_delta(),
        retained_new: row.retained_new,
        engine: is_engine(row, figures),
        before: figures.before,
        after: figures.after,
    }
}

/// A file that holds more than the snapshot.
/// What a reader of one file's figures should know.
pub(crate) fn notes_of(heap: &Heap) -> impl Iterator<Item = String> + '_ {
    let cut = snapshot(heap).cut().map(|cut| format!("{cut}; {LOSS}"));
    cut.into_iter().chain(text_around(heap)).chain(wide_ids([heap].into_iter()))
}

fn text_around(heap: &Heap) -> Option<String> {
    let Around { before, behind } = heap.tables.around;
    let bytes = |bytes: u64| format!("{} byte{}", count(bytes), if bytes == 1 { "" } else { "s" });
    (before + behind > 0).then(|| {
        let file = path(heap).display();
        format!(
            "in {file} the {} before the snapshot and the {} behind it are passed over",
            bytes(before),
            bytes(behind)
        )
    })
}

/// Files whose ids are addresses.
fn wide_ids<'a>(heaps: impl Iterator<Item = &'a Heap> + Clone) -> Option<String> {
    let wide = heaps.clone().filter(|heap| heap.tables.nodes.has_wide_ids());
    let names: Vec<String> = wide.map(|heap| path(heap).display().to_string()).collect();
    (!names.is_empty()).then(|| {
        let all = names.len() == heaps.count();
        let file = if all { "all files".to_owned() } else { names.join(", ") };
        format!("in {file} ids have more than 32 bits; as in DevTools, objects are compared by the last 32")
    })
}

/// Files in which an id is not one object's alone.
fn repeated_ids(paths: Pair<&Path>, repeat: Pair<bool>) -> Option<String> {
    let files = match repeat {
        Pair { before: true, after: true } => "both files".to_owned(),
        Pair { before: true, .. } => paths.before.display().to_string(),
        Pair { after: true, .. } => paths.after.display().to_string(),
        _ => return None,
    };
    Some(format!(
        "in {files} several objects have one id; these are matched one by one within their class"
    ))
}

/// V8's own parts (arrays that belong to no object among them), and embedder objects that get new ids in every snapshot and so look all
/// new and all deleted at once.
fn is_engine(row: &ClassDelta, figures: Pair<ClassFigures>) -> bool {
    let renumbered = row.new == row.deleted
        && row.new == figures.after.count
        && row.deleted == figures.before.count;
    match row.kind {
        _ if is_engine_object(&row.name) => true,
        NodeKind::Hidden | NodeKind::Code | NodeKind::ObjectShape | NodeKind::Array => true,
        NodeKind::Native | NodeKind::Synthetic => renumbered,
        _ => false,
    }
}
