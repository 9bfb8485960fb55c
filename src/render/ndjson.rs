//! A report in, one JSON object a line out: for readers that take one thing at a time.

use crate::pair::Pair;
use crate::report::answer::{IdentityReport, Outside, Verdict};
use crate::report::{Captured, Ignored, Report, Run, Snapshot, Tool, Totals};
use crate::text::json_without_commands;
use serde::Serialize;
use std::io;

/// What there is only one of.
#[derive(Serialize)]
struct Head<'a> {
    schema: u32,
    tool: &'a Tool,
    snapshots: &'a Pair<Snapshot>,
    between: &'a [Snapshot],
    calls: Option<u64>,
    scripts: &'a [String],
    identity: &'a IdentityReport,
    verdict: &'a Verdict,
    outside: &'a Pair<Outside>,
    totals: &'a Totals,
    resized: i64,
    ignored: Option<Ignored>,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<&'a Run>,
    #[serde(skip_serializing_if = "Option::is_none")]
    captured: Option<&'a Captured>,
    notes: &'a [String],
}

/// A line: what it is, and its members as in the JSON report.
#[derive(Serialize)]
pub(super) struct Line<'a, T> {
    #[serde(rename = "type")]
    pub kind: &'a str,
    #[serde(flatten)]
    pub value: &'a T,
}

/// Adds a line for each of a kind.
///
/// # Errors
/// If one has no form in JSON.
pub(super) fn lines<T: Serialize>(out: &mut String, kind: &str, values: &[T]) -> io::Result<()> {
    for value in values {
        out.push_str(&serde_json::to_string(&Line { kind, value })?);
        out.push('\n');
    }
    Ok(())
}

/// The whole report, a line for what there is one of, then one for each gate, container,
/// suspect, finding, fix, class and chain. `type` tells which.
///
/// # Errors
/// Never for a report made by [`compare`](crate::compare()).
pub fn ndjson(report: &Report) -> io::Result<String> {
    let answer = &report.answer;
    let head = Head {
        schema: report.schema,
        tool: &report.tool,
        snapshots: &report.snapshots,
        between: &report.between,
        calls: report.calls,
        scripts: &report.scripts,
        identity: &answer.identity,
        verdict: &answer.verdict,
        outside: &answer.outside,
        totals: &report.totals,
        resized: report.resized,
        ignored: report.ignored,
        run: report.run.as_ref(),
        captured: report.captured.as_ref(),
        notes: &report.notes,
    };
    let mut out = String::new();
    lines(&mut out, "report", &[head])?;
    lines(&mut out, "gate", &report.gates)?;
    lines(&mut out, "container", &answer.containers)?;
    lines(&mut out, "suspect", &answer.suspects)?;
    lines(&mut out, "finding", &answer.findings)?;
    lines(&mut out, "fix", &answer.fixes)?;
    lines(&mut out, "class", &report.classes)?;
    lines(&mut out, "chain", &report.chains)?;
    Ok(json_without_commands(out))
}
