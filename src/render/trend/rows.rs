//! What logs of memory tell in, JSON, a JSON object a line, and a row for each series out.

use crate::render::json::pretty;
use crate::render::ndjson::{Line, lines};
use crate::render::rows::{field, table};
use crate::text::json_without_commands;
use crate::trend::{Each, ProcessTrend, SeriesTrend, TrendReport};
use std::io;

/// The columns, named as the fields of JSON are.
const COLUMNS: [&str; 16] = [
    "process",
    "process_verdict",
    "kind",
    "field",
    "verdict",
    "samples",
    "collections",
    "first",
    "last",
    "highest",
    "rate",
    "rate_low",
    "rate_high",
    "each",
    "limit",
    "hours_left",
];

/// All of it, indented, with a line feed at the end.
///
/// # Errors
/// Never for a report made by [`trend`](crate::trend::trend()).
pub fn trend_json(report: &TrendReport) -> io::Result<String> {
    pretty(report)
}

/// A line for what there is one of, then one for each gate and each process.
///
/// # Errors
/// Never for a report made by [`trend`](crate::trend::trend()).
pub fn trend_ndjson(report: &TrendReport) -> io::Result<String> {
    let head = TrendReport { processes: Vec::new(), gates: Vec::new(), ..report.clone() };
    let mut head = serde_json::to_value(Line { kind: "trend", value: &head })?;
    if let Some(members) = head.as_object_mut() {
        members.remove("processes");
        members.remove("gates");
    }
    let mut out = format!("{head}\n");
    lines(&mut out, "gate", &report.gates)?;
    lines(&mut out, "process", &report.processes)?;
    Ok(json_without_commands(out))
}

/// Every series, separated by commas.
///
/// # Errors
/// Never: it is written into memory.
pub fn trend_csv(report: &TrendReport) -> io::Result<String> {
    rows(report, b',')
}

/// Every series, separated by tabs.
///
/// # Errors
/// Never: it is written into memory.
pub fn trend_tsv(report: &TrendReport) -> io::Result<String> {
    rows(report, b'\t')
}

fn rows(report: &TrendReport, delimiter: u8) -> io::Result<String> {
    let rows = report
        .processes
        .iter()
        .flat_map(|process| process.series.iter().map(|series| cells(process, series).to_vec()));
    table(&COLUMNS, rows, delimiter)
}

fn cells(process: &ProcessTrend, series: &SeriesTrend) -> [String; 16] {
    let rate = |figure: fn(&crate::trend::Rate) -> f64| {
        series.rate.as_ref().map_or_else(String::new, |rate| format!("{:.1}", figure(rate)))
    };
    let each = series.rate.map_or("", |rate| match rate.each {
        Each::Hour => "hour",
        Each::Sample => "sample",
    });
    let limit = series.limit.as_ref();
    [
        field(&process.name),
        process.verdict.id().to_owned(),
        series.kind.id().to_owned(),
        field(&series.field),
        series.verdict.id().to_owned(),
        series.samples.to_string(),
        series.collections.to_string(),
        series.first.to_string(),
        series.last.to_string(),
        series.highest.to_string(),
        rate(|rate| rate.bytes),
        rate(|rate| rate.low),
        rate(|rate| rate.high),
        each.to_owned(),
        limit.map_or_else(String::new, |limit| limit.bytes.to_string()),
        limit.and_then(|l| l.hours_left).map_or_else(String::new, |hours| format!("{hours:.1}")),
    ]
}
