//! All that was gathered in, the report out: each process judged by one of its runs, the worst first.

use super::gather::{Gathered, Process};
use super::judge::{BOTTOMS, Judged, Rules, SAMPLES, SMALLEST, Verdict, judge};
use super::load::load;
use super::options::TrendOptions;
use super::prepare::{Prepared, Sample, Units, lows, prepare, units};
use super::read::AFTER_FULL;
use super::report::{
    LogFile, NextLook, PerTrend, ProcessTrend, RunTrend, SeriesTrend, TREND_SCHEMA, TrendReport,
};
use super::robust::median;
use super::runs::{Cut, cuts};
use super::sample::{Kind, Labels, Says};
use super::series::{Limit, series};
use super::words;
use crate::report::{Tool, masked};
use crate::units::{count, counted};
use std::collections::BTreeSet;

/// A heap may rise by so much before V8 collects anything of it: the size of its young generation.
const FILLS: f64 = 64.0 * 1024.0 * 1024.0;
/// Of a process with fewer samples nothing is told, if others have more.
const FEW: u64 = 5;
/// The last run is judged if it has such a share of the samples of the longest.
const SHARE: u64 = 3;
/// A leak of which heap and external memory explain less than this share is native.
const EXPLAINED: f64 = 0.5;

/// Makes the report.
pub(super) fn build(
    gathered: Gathered,
    logs: Vec<LogFile>,
    long: u64,
    options: &TrendOptions,
) -> TrendReport {
    let units = units(&gathered.processes);
    let mut notes = notes(&gathered, &units, long);
    let all = gathered.processes.iter();
    let told =
        |process: &&Process| process.series.iter().any(|s| matches!(s.says, Says::Memory(_)));
    let most = |process: &Process| process.series.iter().map(|s| s.samples).max().unwrap_or(0);
    let (few, enough): (Vec<_>, Vec<_>) =
        all.clone().filter(told).partition(|process| most(process) < FEW);
    let brief = if enough.is_empty() { 0 } else { few.len() as u64 };
    let shown = if enough.is_empty() { few } else { enough };
    let differing = differing(&shown);
    let mut processes: Vec<ProcessTrend> = shown
        .into_iter()
        .map(|process| process_trend(process, &gathered, &units, options, &differing))
        .collect();
    processes.sort_by(|a, b| {
        let rank = |p: &ProcessTrend| (p.verdict.weight(), words::fastest(p));
        rank(b).0.cmp(&rank(a).0).then(rank(b).1.total_cmp(&rank(a).1)).then(a.name.cmp(&b.name))
    });
    let verdict = processes.first().map_or(Verdict::TooShort, |worst| worst.verdict);
    if options.per.is_some() && processes.iter().all(|process| process.per.is_none()) {
        let field = options.per.as_deref().unwrap_or_default();
        notes.push(format!("no line has the field {}", masked(field)));
    }
    TrendReport {
        schema: TREND_SCHEMA,
        tool: Tool::this(),
        logs,
        verdict,
        reasons: words::reasons_of_all(&processes),
        next: processes.first().map_or(NextLook::Nothing, words::next),
        processes,
        brief_processes: brief,
        gates: Vec::new(),
        notes,
    }
}

fn notes(gathered: &Gathered, units: &Units, long: u64) -> Vec<String> {
    let mut notes = Vec::new();
    for (field, unit) in units {
        let unit = match *unit {
            u if u > 1e6 => "MB",
            u if u > 1.0 => "kB",
            _ => continue,
        };
        notes.push(format!("{} has no unit; by its size it is taken for {unit}", masked(field)));
    }
    if long > 0 {
        notes.push(format!("{} longer than 1 MiB left out", counted(long, "line", "lines")));
    }
    if gathered.unread > 0 {
        let unread = counted(gathered.unread, "sample", "samples");
        notes.push(format!("the time of {unread} could not be read; 2026-11-30T11:02:03Z can"));
    }
    if gathered.left_out > 0 {
        let left = count(gathered.left_out);
        notes.push(format!(
            "{left} samples left out: more than 1,000 processes, or 64 fields of one"
        ));
    }
    notes
}

/// Labels by which processes differ.
fn differing(processes: &[&Process]) -> BTreeSet<String> {
    let names = processes.iter().flat_map(|process| process.labels.keys());
    let differs = |name: &&String| {
        let mut values = processes.iter().map(|process| process.labels.get(*name));
        let first = values.next();
        values.any(|value| Some(value) != first)
    };
    names.filter(differs).cloned().collect()
}

/// What a process is called.
fn name(labels: &Labels, differing: &BTreeSet<String>) -> String {
    let own = labels.iter().filter(|(label, _)| differing.contains(*label));
    let parts: Vec<String> =
        own.map(|(label, value)| format!("{label} {}", masked(value))).collect();
    parts.join(", ")
}

/// The samples of a line in one run.
fn inside(samples: &[Sample], run: (f64, f64)) -> &[Sample] {
    let from = samples.partition_point(|sample| sample.time < run.0);
    let to = samples.partition_point(|sample| sample.time < run.1);
    &samples[from..to.max(from)]
}

/// From one cut to the next.
fn spans(cuts: &[Cut]) -> Vec<(f64, f64)> {
    let times = cuts.iter().map(|cut| cut.time);
    let from = std::iter::once(f64::NEG_INFINITY).chain(times.clone());
    from.zip(times.chain([f64::INFINITY])).collect()
}

/// The run that is judged: the last one, if there is enough of it, or else the longest.
fn chosen(sizes: &[u64]) -> usize {
    let most = sizes.iter().copied().max().unwrap_or(0);
    let enough = |size: &u64| *size > 0 && (*size * SHARE >= most || *size >= 4 * SAMPLES as u64);
    match sizes.last() {
        Some(last) if enough(last) => sizes.len() - 1,
        _ => sizes.iter().position(|size| *size == most).unwrap_or(0),
    }
}

fn runs(prepared: &Prepared) -> (Vec<RunTrend>, (f64, f64)) {
    let cuts = cuts(prepared);
    let spans = spans(&cuts);
    let memory = |kind| prepared.line(Says::Memory(kind));
    let lines: Vec<&[Sample]> =
        Kind::ALL.into_iter().filter_map(memory).map(|line| line.samples.as_slice()).collect();
    let longest = |span| lines.iter().map(|line| inside(line, span)).max_by_key(|run| run.len());
    let all: Vec<&[Sample]> = spans.iter().map(|span| longest(*span).unwrap_or_default()).collect();
    let sizes: Vec<u64> = all.iter().map(|run| run.len() as u64).collect();
    let judged = chosen(&sizes);
    let run = |(at, samples): (usize, &&[Sample])| {
        let (first, last) = (samples.first()?, samples.last()?);
        Some(RunTrend {
            from: first.time,
            to: last.time,
            samples: samples.len() as u64,
            judged: at == judged,
            ended_by: cuts.get(at).map(|cut| cut.why),
        })
    };
    (all.iter().enumerate().filter_map(run).collect(), spans[judged])
}

fn process_trend(
    process: &Process,
    gathered: &Gathered,
    units: &Units,
    options: &TrendOptions,
    differing: &BTreeSet<String>,
) -> ProcessTrend {
    let prepared = prepare(process, units, options.interval);
    let (runs, span) = runs(&prepared);
    let mut judged: Vec<(SeriesTrend, Judged)> = Vec::new();
    let least = least(&prepared, span);
    for kind in Kind::ALL {
        let Some(line) = prepared.line(Says::Memory(kind)) else { continue };
        let samples = inside(&line.samples, span);
        if samples.is_empty() {
            continue;
        }
        let bottoms = line.field == AFTER_FULL;
        let fills = (kind == Kind::Heap && !bottoms).then_some(FILLS);
        let found = judge(&lows(samples), Rules { fills, least, bottoms });
        let limit = limit(kind, &prepared, process, gathered, options);
        judged.push((series(kind, line, samples, &found, &prepared, limit.as_ref()), found));
    }
    let per = options.per.as_ref().and_then(|_| per(process, gathered, &prepared, span, &judged));
    let series: Vec<SeriesTrend> = judged.into_iter().map(|(series, _)| series).collect();
    let leaks = leaks(&series, per.as_ref());
    let verdict = verdict(&series, &leaks, per.as_ref());
    let labels = process.labels.iter().map(|(name, value)| (name.clone(), masked(value))).collect();
    let name = name(&process.labels, differing);
    let reasons = Vec::new();
    let axis = prepared.axis;
    let mut told = ProcessTrend { name, labels, verdict, reasons, leaks, axis, runs, series, per };
    told.reasons = words::reasons(&told);
    told
}

/// What growth of heap or external memory can be neglected: both together are what an object takes.
fn least(prepared: &Prepared, span: (f64, f64)) -> f64 {
    let level = |kind| {
        let line = prepared.line(Says::Memory(kind));
        let samples = line.map_or(&[][..], |line| inside(&line.samples, span));
        median(&mut samples.iter().map(|sample| sample.low).collect::<Vec<f64>>())
    };
    SMALLEST * (level(Kind::Heap) + level(Kind::External))
}

/// What a series may have: as the log tells of this process, or of all, or as it was given.
fn limit(
    kind: Kind,
    prepared: &Prepared,
    process: &Process,
    gathered: &Gathered,
    options: &TrendOptions,
) -> Option<Limit> {
    let (says, given) = match kind {
        Kind::Heap => (Says::HeapLimit, options.heap_limit),
        Kind::Rss => (Says::GroupLimit, options.rss_limit),
        Kind::External | Kind::ArrayBuffers => return None,
    };
    let given = given.map(|bytes| Limit { bytes: bytes as f64, source: "given".into() });
    let own = || {
        let line = prepared.line(says)?;
        Some(Limit { bytes: line.samples.last()?.high, source: line.field.clone() })
    };
    let of_all = || {
        // A line without a process or a time, such as the one with the arguments, is of all of them.
        let all = gathered.processes.iter().filter(|other| is_part(other, process));
        let series = all.flat_map(|part| &part.series).find(|series| series.says == says)?;
        let bytes = series.points.last()?.high * series.unit.unwrap_or(1.0);
        Some(Limit { bytes, source: series.field.clone() })
    };
    // Groups without a limit say so by a number that is larger than any memory.
    let real = |limit: &Limit| limit.bytes > 0.0 && limit.bytes < 1e15;
    given.or_else(own).or_else(of_all).filter(real)
}

/// Whether all that is known of one process fits the other.
fn is_part(one: &Process, other: &Process) -> bool {
    one.labels.iter().all(|(label, value)| other.labels.get(label).is_none_or(|own| own == value))
}

/// What leaks, or else the heap, against the load.
fn per(
    process: &Process,
    gathered: &Gathered,
    prepared: &Prepared,
    span: (f64, f64),
    judged: &[(SeriesTrend, Judged)],
) -> Option<PerTrend> {
    let leaking = judged.iter().find(|(series, _)| series.verdict == Verdict::Leak);
    let (series, judged) = leaking.or_else(|| judged.first())?;
    // What comes and goes with its load alone has hardly a bottom of its own.
    let few = judged.envelope.spots.len() < BOTTOMS;
    let samples = prepared.line(Says::Memory(series.kind)).filter(|_| few);
    let samples = samples.map_or_else(Vec::new, |line| lows(inside(&line.samples, span)));
    let spots = if samples.is_empty() { &judged.envelope.spots } else { &samples };
    let elsewhere = || {
        let mut others = gathered.processes.iter().filter(|other| is_part(other, process));
        let other = others.find(|other| other.series.iter().any(|s| s.says == Says::Load))?;
        let other = prepare(other, &Units::new(), None);
        let line = other.line(Says::Load)?.clone();
        (other.axis == prepared.axis).then_some(line)
    };
    let line = prepared.line(Says::Load).cloned().or_else(elsewhere)?;
    let found = load(spots, &line, inside(&line.samples, span))?;
    Some(PerTrend {
        field: masked(&line.field),
        counter: found.counter,
        first: found.first,
        last: found.last,
        bytes: found.bytes,
        follows: found.follows,
    })
}

/// What leaks. RSS does so on its own if heap and external memory explain too little of its growth.
fn leaks(series: &[SeriesTrend], per: Option<&PerTrend>) -> Vec<Kind> {
    let of = |kind: Kind| series.iter().find(|series| series.kind == kind);
    let leaks = |kind: Kind| of(kind).is_some_and(|series| series.verdict == Verdict::Leak);
    let rate = |kind: Kind| of(kind).and_then(|s| s.rate).map_or(0.0, |rate| rate.bytes);
    let follows = per.is_some_and(|per| per.follows);
    let heap_open = of(Kind::Heap).is_some_and(|heap| heap.verdict == Verdict::TooShort);
    let explained = rate(Kind::Heap) + rate(Kind::External);
    let mut all: Vec<Kind> =
        [Kind::Heap, Kind::External].into_iter().filter(|k| leaks(*k)).collect();
    if of(Kind::External).is_none() && leaks(Kind::ArrayBuffers) {
        all.push(Kind::ArrayBuffers);
    }
    if leaks(Kind::Rss) && !heap_open && explained < EXPLAINED * rate(Kind::Rss) {
        all.push(Kind::Rss);
    }
    all.retain(|kind| *kind != Kind::Heap || !follows);
    if follows {
        all.retain(|kind| *kind != Kind::Rss);
    }
    all
}

fn verdict(series: &[SeriesTrend], leaks: &[Kind], per: Option<&PerTrend>) -> Verdict {
    if !leaks.is_empty() {
        return Verdict::Leak;
    }
    let first = series.first();
    if first.is_some_and(|first| first.verdict == Verdict::TooShort) {
        return Verdict::TooShort;
    }
    if per.is_some_and(|per| per.follows) {
        return Verdict::Plateau;
    }
    // RSS that rises with the heap has no say of its own, and what is level beside it none at all.
    let mut own = series.iter().filter(|s| s.kind != Kind::Rss || series.len() == 1);
    match first.map(|first| first.verdict) {
        _ if own.any(|series| series.verdict == Verdict::StillWarming) => Verdict::StillWarming,
        Some(Verdict::Leak) | None => Verdict::Plateau,
        Some(verdict) => verdict,
    }
}
